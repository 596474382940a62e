"""The page about the years to come: how many, how old, and what it means for services."""

from nabolag.publish.views.money.projection.page import projection_page

__all__ = ["projection_page"]
