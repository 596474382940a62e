"""How many residents have schools, kindergartens, green areas and meeting places near."""

from nabolag.analysis.access.spec import Access

__all__ = ["Access"]
