"""Proposals for analysis areas: contiguous, large enough, alike inside, beside the drawn ones."""

from nabolag.analysis.regions.spec import Regions

__all__ = ["Regions"]
