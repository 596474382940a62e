"""How figures lie in space: whether areas are like their neighbours, and where."""

from nabolag.analysis.space.spec import Space

__all__ = ["Space"]
