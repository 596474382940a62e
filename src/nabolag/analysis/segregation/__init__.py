"""How unevenly groups live over areas: description, never a score."""

from nabolag.analysis.segregation.spec import Segregation

__all__ = ["Segregation"]
