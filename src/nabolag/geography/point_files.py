"""Schools and kindergartens read with their coordinates: tables, files of shapes, kept answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from nabolag.core import Finding, Place, Severity, error, raise_errors
from nabolag.geography.point_spec import PointsSpec
from nabolag.geography.rows import number, read_rows, rows_of, unread
from nabolag.sources.grid import ROW, RawTable
from nabolag.sources.producers import Kept, producer_named
from nabolag.sources.vector_codes import CodeRule, columns_used
from nabolag.sources.vector_crs import in_degrees
from nabolag.sources.vector_file import VectorFile, read_vector
from nabolag.store import conform
from nabolag.store.frames import POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXAMPLES = 8
_ERROR = Severity.ERROR
_KEY = ["level", "code"]
#: Of Shapely's numbers of kinds: none, point, several points.
_NOTHING, _POINT, _POINTS = -1, 0, 4


@dataclass(frozen=True, slots=True)
class PointsRead:
    """What one `[[points]]` gave: `points` has the columns of `POINTS`, none placed yet."""

    spec: PointsSpec
    points: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def read_points(spec: PointsSpec, files: Sequence[tuple[Path, str]]) -> PointsRead:
    """Read the files of one `[[points]]`. Raises `UserError` with every error found in a file."""
    read = _table if spec.x else _shapes
    return _together(spec, [read(spec, path, name) for path, name in files])


def read_kept_points(spec: PointsSpec, kept: Kept) -> PointsRead:
    """Read points out of kept answers; of Udir's registers only `level`, where it is given.

    Raises `UserError` where the answers are of a producer that is not known to tell of places,
    and the specification names no columns.
    """
    from nabolag.sources.producers.udir import REGISTERS  # noqa: PLC0415
    from nabolag.sources.producers.udir_units import units_of  # noqa: PLC0415

    answers, plan = kept.answers(), kept.plan
    if spec.x:
        producer = producer_named(plan["producer"], kept.ask, plan["address"])
        return _together(spec, [_of_table(spec, producer.read(answers), spec.named)])
    register = str(plan["table"]).partition("/")[0]
    if plan["producer"] != "udir" or register not in REGISTERS:
        asked = {"producer": plan["producer"], "table": plan["table"]}
        raise error("points_unplaced_fetch", Place(spec.named), **asked)
    told = units_of(answers)
    units = told.frame.select("level", "code", "name", "lon", "lat", "municipality")
    own = units if spec.level is None else units.filter(pl.col("level") == spec.level.value)
    return _together(spec, [(own, list(told.findings))])


def _table(spec: PointsSpec, path: Path, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    rows, findings = read_rows(spec, path, name, _columns(spec))
    return _of_rows(spec, rows, name, findings)


def _of_table(spec: PointsSpec, table: RawTable, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    rows, findings = rows_of(spec, table, name, _columns(spec))
    return _of_rows(spec, rows, name, findings)


def _of_rows(
    spec: PointsSpec, rows: pl.DataFrame, name: str, findings: list[Finding]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the points of rows that have coordinates in columns."""
    import shapely  # noqa: PLC0415

    axes = {"x": spec.x, "y": spec.y}
    blanked = rows.with_columns(
        pl.when(pl.col(column).is_in(list(spec.blank)))
        .then(pl.lit(""))
        .otherwise(pl.col(column))
        .alias(column)
        for column in axes.values()
    )
    made = blanked.with_columns(number(column).alias(f"_{key}") for key, column in axes.items())
    raise_errors(unread(made, axes, name, kind="number"))
    given = made.select(pl.all_horizontal(pl.col("_x", "_y").is_not_null())).to_series()
    spots = shapely.points(made.select("_x", "_y").fill_null(0.0).to_numpy())
    spots[(~given).to_numpy()] = None
    return _placed(spec, made, VectorFile(name, made, spots, "", "table", ""), findings)


def _shapes(spec: PointsSpec, path: Path, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the points of a file with shapes; anything but points is an error."""
    file = read_vector(
        path, name, columns_used(_columns(spec), spec.keep, spec.leave_out), spec.layer
    )
    rows, findings = rows_of(spec, RawTable(file.frame), name, _columns(spec))
    kept = file.geometry[rows[ROW].to_numpy() - 1]
    spots = _single(kept, rows, name)
    found = [*file.findings, *findings]
    return _placed(spec, rows, replace(file, frame=rows, geometry=spots), found)


def _single(shapes: NDArray[Any], rows: pl.DataFrame, name: str) -> NDArray[Any]:
    """Return points out of points and of collections that hold one; empty ones become nothing."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    kinds = shapely.get_type_id(shapes)
    lone = (kinds == _POINTS) & (shapely.get_num_geometries(shapes) <= 1)
    wrong = np.flatnonzero(~(np.isin(kinds, (_NOTHING, _POINT)) | lone))
    if wrong.size:
        numbers = rows[ROW].gather(wrong.tolist())
        place, shown = Place(name, numbers[0]), tuple(map(str, numbers.head(_EXAMPLES)))
        raise_errors([Finding("points_not_points", _ERROR, place, {}, int(wrong.size), shown)])
    spots = np.where(lone, shapely.get_geometry(shapes, 0), shapes)
    spots[shapely.is_empty(spots)] = None
    return spots


def _placed(
    spec: PointsSpec, rows: pl.DataFrame, file: VectorFile, findings: list[Finding]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return points in degrees beside their codes and names."""
    import shapely  # noqa: PLC0415

    degrees, _, said = in_degrees(file, spec.crs, spec.axes, spec.bounds)
    own = spec.municipality
    town = own.expression() if own.column or own.constant else pl.lit("")
    points = rows.select(
        level="_level",
        code=spec.code.expression(),
        name=pl.col(spec.name) if spec.name else pl.lit(""),
        municipality=pl.when(town != "").then(town),
        lon=pl.Series(shapely.get_x(degrees), nan_to_null=True),
        lat=pl.Series(shapely.get_y(degrees), nan_to_null=True),
    )
    blank = rows.filter(points["code"] == "")
    if blank.height:
        place, shown = Place(file.name, blank[ROW][0]), tuple(map(str, blank[ROW].head(_EXAMPLES)))
        raise_errors([Finding("area_code_blank", _ERROR, place, {}, blank.height, shown)])
    return points, [*findings, *said]


def _columns(spec: PointsSpec) -> dict[str, CodeRule | str]:
    named: Mapping[str, CodeRule | str] = {
        "code": spec.code,
        "name": spec.name,
        "municipality": spec.municipality,
        "x": spec.x,
        "y": spec.y,
    }
    return dict(named)


def _together(spec: PointsSpec, parts: Sequence[tuple[pl.DataFrame, list[Finding]]]) -> PointsRead:
    every = [conform(points, POINTS).with_columns(source=pl.lit(spec.id)) for points, _ in parts]
    findings = [finding for _, found in parts for finding in found]
    return PointsRead(spec, pl.concat(every), tuple(findings))


def once_each(points: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Return every point once. One code with different places or names is an error.

    Rows that say the same of a point, in one list or in several, are one point and are told of;
    so are different points of one level that lie at exactly the same place.
    """
    said = ["name", "lon", "lat", "municipality"]
    distinct = points.unique([*_KEY, *said], keep="first", maintain_order=True)
    unlike = distinct.filter(pl.struct(_KEY).is_duplicated()).sort(_KEY)
    again = points.filter(pl.struct(_KEY).is_duplicated()).join(unlike, on=_KEY, how="anti")
    once = distinct.unique(_KEY, keep="first", maintain_order=True)
    there = once.filter(pl.col("lon").is_not_null())
    shared = there.filter(pl.struct("level", "lon", "lat").is_duplicated()).sort("lon", "lat")
    return once, [
        *_told("points_code_twice", _ERROR, unlike),
        *_told("points_row_twice", Severity.INFO, again.unique(_KEY, maintain_order=True)),
        *_told("points_same_place", Severity.INFO, shared),
    ]


def _told(code: str, severity: Severity, points: pl.DataFrame) -> list[Finding]:
    if points.is_empty():
        return []
    shown = shown_points(points)
    return [Finding(code, severity, count=points.height, examples=shown)]


def shown_points(points: pl.DataFrame) -> tuple[str, ...]:
    """Return the first points as «974552124 Hosle skole»."""
    pairs = points.select("code", pl.col("name").fill_null("")).head(_EXAMPLES).iter_rows()
    return tuple(f"{code} {name}".strip() for code, name in pairs)
