"""Delivered borders: `[[geometry]]` in `nabolag.toml`, read, mended and reported.

GeoJSON, GML and GeoPackage in any coordinate system become shapes in EPSG:4326. What is wrong
with a file is said, with code and place; a file that cannot be trusted is refused whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import Field

from nabolag.core import Finding, Level, Provenance, Text
from nabolag.sources.spec import Condition, LeaveOut, Texts, Words
from nabolag.sources.vector_codes import Code, ParentRule
from nabolag.sources.vector_shapes import simplify
from nabolag.store import Section

#: Mainland Norway, Svalbard and Jan Mayen: west, south, east, north in degrees.
NORWAY = (-10.0, 57.0, 36.0, 81.5)


class GeometrySpec(Section):
    """One `[[geometry]]`: border files of one level and one year.

    `file` is one path or several that together cover the level (one file a county). `crs` is
    declared where the file does not state its coordinate system; `axes = "swapped"` where a
    file writes latitude and longitude in the other order than its system says. Coordinates
    outside `bounds` (west, south, east, north in degrees) stop the import. Overlaps and gaps
    wider than `tolerance_m` metres are reported. `duplicates = "merge"` joins rows that have
    the same code into one area. `geography` is the year of the borders.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    file: Texts = Field(min_length=1)
    level: Level
    geography: str
    code: Code
    name: str = ""
    layer: str = ""
    parents: tuple[ParentRule, ...] = ()
    keep: tuple[Condition, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    crs: str = ""
    axes: Literal["as_stated", "swapped"] = "as_stated"
    bounds: tuple[float, float, float, float] = NORWAY
    duplicates: Literal["refuse", "merge"] = "refuse"
    tolerance_m: float = Field(default=1.0, gt=0)
    producer: str = ""
    title: Words | None = None
    licence: str = ""
    url: str = ""
    retrieved: str = ""

    def provenance(self, file: str, sha256: str = "", code_version: str = "") -> Provenance:
        """Return where the borders come from."""
        return Provenance(
            source=self.id,
            producer=self.producer,
            title=self.title or Text.same(self.id),
            file=file,
            sha256=sha256,
            retrieved_at=self.retrieved,
            licence=self.licence,
            url=self.url,
            geography=self.geography,
            code_version=code_version,
        )


@dataclass(frozen=True, slots=True)
class GeometryRead:
    """What one `[[geometry]]` gave.

    `shapes`, `areas` and `links` follow `core.columns.SHAPES`, `AREAS` and `LINKS`. An area
    whose geometry could not be used is in `areas` without a shape. `findings` hold no errors:
    those are raised. `facts` go into the snapshot's provenance.
    """

    spec: GeometrySpec
    shapes: pl.DataFrame
    areas: pl.DataFrame
    links: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def read_geometry(spec: GeometrySpec, path: Path, name: str) -> GeometryRead:
    """Read one border file. `name` is the path as messages show it (relative).

    Raises `UserError` holding every error found in the file; then nothing is returned.
    """
    return read_geometries(spec, {name: path})


def read_geometries(spec: GeometrySpec, files: Mapping[str, Path]) -> GeometryRead:
    """Read the border files of one specification, by the name that messages show.

    Codes, overlaps and gaps are judged over all the files together. Raises `UserError`
    holding every error found.
    """
    raise NotImplementedError


__all__ = ["NORWAY", "GeometryRead", "GeometrySpec", "read_geometries", "read_geometry", "simplify"]
