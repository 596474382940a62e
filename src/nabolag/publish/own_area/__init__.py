"""An area that a reader puts together: figures from what a release shows, and from nothing else."""

from nabolag.publish.own_area.release import OwnArea, OwnRelease, with_own_area

__all__ = ["OwnArea", "OwnRelease", "with_own_area"]
