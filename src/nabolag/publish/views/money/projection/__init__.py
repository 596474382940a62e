"""The page about the years to come: how many, how old, and what it means for services."""

from nabolag.publish.views.money.projection.page import has_projection, projection_page

__all__ = ["has_projection", "projection_page"]
