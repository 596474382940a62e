"""Population by area, age and sex in years to come, and what follows for services and money."""

from nabolag.projection.method import Projection
from nabolag.projection.result import ProjectionResult
from nabolag.projection.spec import ProjectionSpec

__all__ = ["Projection", "ProjectionResult", "ProjectionSpec"]
