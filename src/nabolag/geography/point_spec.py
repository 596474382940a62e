"""What `[[points]]` in `nabolag.toml` declares: schools and kindergartens by their coordinates."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from nabolag.core import Level
from nabolag.sources.given import Texts
from nabolag.sources.listed import ListFile
from nabolag.sources.vector_codes import Code, CodeRule
from nabolag.sources.vector_crs import NORWAY

#: Institutions alone: where a person lives is never a point here.
POINT_LEVELS = (Level.SCHOOL, Level.KINDERGARTEN)


class PointsSpec(ListFile):
    """One `[[points]]`: places that are to be found in areas.

    `file` is one path or several, `*` for any characters: a file with shapes (GeoJSON, GML,
    GeoPackage), or, where `x` and `y` name columns, a table in the coordinate system `crs`; texts
    in `blank` stand for no coordinate. In place of it, `fetch` names a `[[fetch]]`: of Udir's
    registers everything is known, of others `x`, `y` and `crs` must say it. `municipality` is the
    column with the municipality a place has by its register, which is held against where it lies.

    A point outside every area is given the nearest within `near_m` metres; points nearer than
    `edge_m` metres to a border are told of.
    """

    file: Texts = ()
    fetch: str = ""
    code: Code = CodeRule(column="code")
    name: str = ""
    municipality: Code = CodeRule()
    x: str = ""
    y: str = ""
    blank: Texts = ()
    crs: str = ""
    axes: Literal["as_stated", "swapped"] = "as_stated"
    layer: str = ""
    bounds: tuple[float, float, float, float] = NORWAY
    near_m: float = Field(default=200.0, ge=0)
    edge_m: float = Field(default=10.0, ge=0)

    @model_validator(mode="after")
    def _consistent(self) -> PointsSpec:
        if bool(self.file) == bool(self.fetch):
            raise ValueError("give either file or fetch")
        if bool(self.x) != bool(self.y) or (self.x and not self.crs):
            raise ValueError("columns of coordinates need all of x, y and crs")
        if not self.fetch or self.x:
            self.refuse_unclear_level()
        declared = {*self.levels.values(), *([self.level] if self.level else [])}
        if not declared <= set(POINT_LEVELS):
            raise ValueError("points are schools or kindergartens")
        return self

    @property
    def named(self) -> str:
        """What messages call the whole: its (first) file, or its fetch."""
        return self.file[0] if self.file else f"[[fetch]] {self.fetch}"
