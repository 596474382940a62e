"""Status and development: every area of the municipality in a few plain classes."""

from nabolag.analysis.development.spec import Development

__all__ = ["Development"]
