"""Does the money reach the need? Any amounts by area against any measure of need, with bounds."""

from nabolag.allocation.reach.places import Between
from nabolag.allocation.reach.reading import areas_of, read_areas
from nabolag.allocation.reach.score import Areas, Reach, ReachResult, Score

__all__ = ["Areas", "Between", "Reach", "ReachResult", "Score", "areas_of", "read_areas"]
