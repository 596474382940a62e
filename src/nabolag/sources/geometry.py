"""Delivered borders: `[[geometry]]` in `nabolag.toml`, read, mended and reported.

GeoJSON, GML and GeoPackage in any coordinate system become shapes in EPSG:4326. What is wrong
with a file is said, with code and place; a file that cannot be trusted is refused whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from pydantic import Field, model_validator

from nabolag.core import (
    Finding,
    Level,
    Place,
    Severity,
    code_fits,
    error,
    raise_errors,
)
from nabolag.sources.given import Texts
from nabolag.sources.listed import Sourced
from nabolag.sources.row_rules import Condition, LeaveOut
from nabolag.sources.vector_check import mended, named, same_shapes
from nabolag.sources.vector_codes import (
    Code,
    CodeRule,
    ParentRule,
    columns_used,
    parent_links,
    rows_in,
    told_left_out,
)
from nabolag.sources.vector_coverage import coverage
from nabolag.sources.vector_crs import NORWAY, in_degrees
from nabolag.sources.vector_file import ROW, read_vector
from nabolag.sources.vector_shapes import shapes_frame, simplify
from nabolag.store import conform, sha256
from nabolag.store.frames import AREAS

if TYPE_CHECKING:
    from numpy.typing import NDArray


class GeometrySpec(Sourced):
    """One `[[geometry]]`: border files of one level and one year.

    `file` is one path or several that together cover the level (one file a county); in place of
    it, `fetch` names a `[[fetch]]` of a producer that gives borders. `crs` is declared where the
    file does not state its coordinate system; `axes = "swapped"` where a file writes latitude and
    longitude in the other order than its system says. Coordinates outside `bounds` (west, south,
    east, north in degrees) stop the import. Overlaps and gaps wider than `tolerance_m` metres are
    reported. `duplicates = "merge"` joins rows that have the same code into one area. `geography`
    is the year of the borders.
    """

    file: Texts = ()
    fetch: str = ""
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

    @model_validator(mode="after")
    def _one_place(self) -> GeometrySpec:
        if bool(self.file) == bool(self.fetch):
            raise ValueError("give either file or fetch")
        return self

    @property
    def borders_of(self) -> str:
        """The year of the borders."""
        return self.geography


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
    import numpy as np  # noqa: PLC0415

    parts = [_placed_rows(spec, path, name) for name, path in files.items()]
    rows = pl.concat([part[0] for part in parts])
    geometry = np.concatenate([part[1] for part in parts])
    findings = [finding for part in parts for finding in part[2]]
    raise_errors([*findings, *_code_errors(spec, rows)])
    links = parent_links(rows, spec.parents)
    joined, geometry, merged = _joined(rows, geometry)
    sound, usable, mending = mended(joined, geometry)
    drawn, sound = joined.filter(usable), sound[usable]
    findings += [*merged, *mending, *same_shapes(drawn, sound)]
    findings += coverage(drawn, sound, spec.tolerance_m)
    shapes = shapes_frame(drawn["_level"], drawn["_code"], sound)
    areas = joined.select(level="_level", code="_code", name="_name")
    areas = conform(areas.with_columns(geography=pl.lit(spec.geography)), AREAS)
    facts = _facts(spec, parts, shapes, findings)
    return GeometryRead(spec, shapes, areas, links, tuple(findings), facts)


_Part = tuple[pl.DataFrame, "NDArray[Any]", tuple[Finding, ...], dict[str, Any]]


def _placed_rows(spec: GeometrySpec, path: Path, name: str) -> _Part:
    """Read one file: its rows with finished codes, its geometry in degrees, findings, facts."""
    file = read_vector(path, name, _columns(spec), spec.layer)
    chosen, taken, outside = rows_in(file.frame, spec.keep, spec.leave_out)
    findings = [*file.findings, *told_left_out("geometry", Place(name), taken, outside)]
    if chosen.is_empty():
        raise error("geometry_no_rows_kept", Place(name), count_all=file.frame.height)
    kept = replace(file, frame=chosen, geometry=file.geometry[chosen[ROW].to_numpy() - 1])
    degrees, system, said = in_degrees(kept, spec.crs, spec.axes, spec.bounds)
    rows = chosen.with_columns(
        pl.lit(spec.level.value).alias("_level"),
        spec.code.expression().alias("_code"),
        (pl.col(spec.name) if spec.name else pl.lit("")).alias("_name"),
        pl.lit(name).alias("_file"),
    )
    facts = {
        "file": name,
        "sha256": sha256(path),
        "format": file.format,
        "layer": file.layer,
        "crs": system,
        "crs_stated": file.crs,
        "features": file.frame.height,
        "left_out": file.frame.height - chosen.height,
    }
    return rows, degrees, (*findings, *said), facts


def _columns(spec: GeometrySpec) -> dict[str, str]:
    rules: dict[str, CodeRule | str] = {"code": spec.code, "name": spec.name}
    rules |= {f"parents[{at}]": rule for at, rule in enumerate(spec.parents, start=1)}
    return columns_used(rules, spec.keep, spec.leave_out)


def _code_errors(spec: GeometrySpec, rows: pl.DataFrame) -> list[Finding]:
    """Return what makes codes unusable: blank, of another level, or the same twice."""
    column = spec.code.column
    blank = rows.filter(pl.col("_code") == "")
    fits = pl.Series([code_fits(spec.level, code) for code in rows["_code"]], dtype=pl.Boolean)
    unfit = rows.filter(~fits, pl.col("_code") != "")
    found = [_of_rows("geometry_code_blank", blank, column), *_unfit(spec, unfit)]
    if spec.duplicates == "refuse":
        twice = rows.filter(pl.col("_code").is_duplicated(), pl.col("_code") != "")
        found.append(_of_rows("geometry_code_twice", twice.sort("_code"), column))
    return [finding for finding in found if finding.count]


def _unfit(spec: GeometrySpec, rows: pl.DataFrame) -> list[Finding]:
    params = {"level": spec.level.value}
    return [_of_rows("geometry_code_unfit", rows, spec.code.column, params)]


def _of_rows(
    code: str, rows: pl.DataFrame, column: str, params: Mapping[str, Any] | None = None
) -> Finding:
    at = (rows["_file"][0], rows["_row"][0]) if rows.height else ("", None)
    place = Place(at[0], at[1], column)
    return Finding(code, Severity.ERROR, place, params or {}, rows.height, named(rows))


def _joined(
    rows: pl.DataFrame, geometry: NDArray[Any]
) -> tuple[pl.DataFrame, NDArray[Any], list[Finding]]:
    """Return one row and one geometry a code; rows that share a code are made one."""
    twice = rows.filter(pl.col("_code").is_duplicated())
    if twice.is_empty():
        return rows, geometry, []
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    at = rows.with_row_index("_at").group_by("_code", maintain_order=True).agg("_at")
    # A part that is broken is mended before it is joined, or the union would fail on it.
    sound = np.where(shapely.is_valid(geometry), geometry, shapely.make_valid(geometry))
    merged = [
        geometry[places[0]] if len(places) == 1 else shapely.union_all(sound[places])
        for places in at["_at"].to_list()
    ]
    first = rows.unique("_code", keep="first", maintain_order=True)
    place = Place(str(twice["_file"][0]))
    params = {"areas": twice["_code"].n_unique()}
    examples = named(twice.unique("_code", maintain_order=True))
    found = Finding("geometry_merged", Severity.INFO, place, params, twice.height, examples)
    return first, np.array(merged, dtype=object), [found]


def _facts(
    spec: GeometrySpec, parts: list[_Part], shapes: pl.DataFrame, findings: list[Finding]
) -> dict[str, Any]:
    return {
        "geography": spec.geography,
        "sha256": ", ".join(part[3]["sha256"] for part in parts),
        "files": [part[3] for part in parts],
        "shapes": shapes.height,
        "area_km2": round(float(shapes["area_km2"].sum()), 3),
        "repaired": sum(f.code.startswith("geometry_repaired_") for f in findings),
    }


__all__ = ["NORWAY", "GeometryRead", "GeometrySpec", "read_geometries", "read_geometry", "simplify"]
