"""What people go to, and how far it is: `[[destinations]]`, a travel-time table or places.

A table of travel times comes from whoever has a routing engine; Nabolag has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import polars as pl
from pydantic import Field, model_validator

from nabolag.core import Finding, Level, Place, Severity, raise_errors
from nabolag.geography.register import AreaRegister
from nabolag.geography.rows import number, read_rows, unread
from nabolag.sources.grid import ROW
from nabolag.sources.listed import ListFile
from nabolag.sources.vector_codes import Code, CodeRule
from nabolag.sources.vector_crs import NORWAY, in_degrees
from nabolag.sources.vector_file import VectorFile
from nabolag.store import conform

Goal: TypeAlias = Literal["school", "kindergarten", "green", "meeting"]
GOALS: Final[tuple[Goal, ...]] = get_args(Goal)

#: One row an area and place of a travel-time table (`minutes`), or one row a place (`lon`, `lat`).
#: `complete_to`: an area without a row is further away than so many minutes.
DESTINATIONS: Final[dict[str, pl.DataType]] = {
    "source": pl.String(),
    "goal": pl.String(),
    "level": pl.String(),
    "area": pl.String(),
    "point": pl.String(),
    "minutes": pl.Float64(),
    "complete_to": pl.Float64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
}


class DestinationsSpec(ListFile):
    """One `[[destinations]]`: places of one kind (`goal`), or how many minutes it is to them.

    With `minutes` the file is a travel-time table: one row an area (`code`, of `level`) and
    place. A blank number of minutes says that nobody knows. `complete_to` declares that every
    way of at most so many minutes is in the table, so that an area without a row is further
    away; without it, such an area is not known. With `x` and `y` the file holds the places
    themselves, in the coordinate system `crs`.
    """

    file: str = Field(min_length=1)
    goal: Goal
    code: Code = CodeRule(column="code")
    point: str = ""
    minutes: str = ""
    complete_to: float | None = Field(default=None, gt=0)
    x: str = ""
    y: str = ""
    crs: str = ""
    bounds: tuple[float, float, float, float] = NORWAY

    @model_validator(mode="after")
    def _one_way(self) -> DestinationsSpec:
        placed = [bool(self.x), bool(self.y), bool(self.crs)]
        if self.minutes and not any(placed):
            self.refuse_unclear_level()
        elif self.minutes or not all(placed):
            raise ValueError("give either minutes (a travel-time table) or all of x, y and crs")
        elif self.complete_to is not None or self.level or self.level_column:
            raise ValueError("places have no level and no complete_to")
        return self


@dataclass(frozen=True, slots=True)
class DestinationsRead:
    """A file that was read (columns of `DESTINATIONS`) and what was noticed."""

    table: pl.DataFrame
    findings: tuple[Finding, ...]


def read_destinations(spec: DestinationsSpec, path: Path, name: str) -> DestinationsRead:
    """Read a travel-time table or a list of places. Raises `UserError` for what is no number."""
    return _times(spec, path, name) if spec.minutes else _places(spec, path, name)


def unknown_areas(read: DestinationsRead, register: AreaRegister) -> list[Finding]:
    """Tell of areas in a travel-time table that the register does not have."""
    known = register.areas.select("level", area="code")
    asked = read.table.filter(pl.col("area").is_not_null())
    lost = asked.join(known, on=["level", "area"], how="anti").unique("area", maintain_order=True)
    if lost.is_empty():
        return []
    params = {"source": lost["source"][0], "level": lost["level"][0]}
    n, shown = lost.height, tuple(lost["area"].head(8))
    return [Finding("destinations_area_unknown", Severity.WARNING, params=params, count=n,
                    examples=shown)]  # fmt: skip


def of_points(points: pl.DataFrame) -> pl.DataFrame:
    """Return the schools and kindergartens of `[[points]]` (`POINTS`) that have coordinates."""
    held = points.filter(pl.col("level").is_in(list(GOALS))).drop_nulls(["lon", "lat"])
    return conform(held.select("source", "lon", "lat", goal="level", point="code"), DESTINATIONS)


def _times(spec: DestinationsSpec, path: Path, name: str) -> DestinationsRead:
    named: dict[str, CodeRule | str] = {"code": spec.code, "minutes": spec.minutes}
    named |= {"point": spec.point} if spec.point else {}
    rows, findings = read_rows(spec, path, name, named)
    made = rows.with_columns(
        spec.code.expression("code").alias("area"),
        number(spec.minutes).alias("_minutes"),
        (pl.col(spec.point) if spec.point else pl.lit("")).alias("point"),
    )
    findings += unread(made, {"minutes": spec.minutes}, name, kind="number")
    findings += _negative(made, spec.minutes, name)
    raise_errors(findings)
    table = made.select(
        pl.lit(spec.id).alias("source"),
        pl.lit(spec.goal).alias("goal"),
        pl.col("_level").alias("level"),
        "area",
        "point",
        pl.col("_minutes").alias("minutes"),
        pl.lit(spec.complete_to, pl.Float64).alias("complete_to"),
    )
    return DestinationsRead(conform(table, DESTINATIONS), tuple(findings))


def _negative(made: pl.DataFrame, column: str, name: str) -> list[Finding]:
    wrong = made.filter(pl.col("_minutes") < 0)
    if wrong.is_empty():
        return []
    place = Place(name, wrong[ROW][0], column)
    texts = tuple(wrong[column].head(8))
    return [Finding("destinations_negative", Severity.ERROR, place, {}, wrong.height, texts)]


def _places(spec: DestinationsSpec, path: Path, name: str) -> DestinationsRead:
    import shapely  # noqa: PLC0415

    columns = {"x": spec.x, "y": spec.y}
    named: dict[str, CodeRule | str] = {**columns, **({"point": spec.point} if spec.point else {})}
    # Rows of lists are given a level; that of a place is asked by nobody.
    rows, findings = read_rows(spec.model_copy(update={"level": Level.LAND}), path, name, named)
    made = rows.with_columns(number(column).alias(f"_{key}") for key, column in columns.items())
    raise_errors(unread(made, columns, name, kind="number"))
    blank = pl.col("_x").is_null() | pl.col("_y").is_null()
    nowhere, there = made.filter(blank), made.filter(~blank)
    if nowhere.height:
        place, n = Place(name, nowhere[ROW][0], spec.x), nowhere.height
        findings.append(Finding("destinations_nowhere", Severity.WARNING, place, {}, n))
    spots = shapely.points(there.select("_x", "_y").to_numpy())
    file = VectorFile(name, there, spots, "", "table", "")
    degrees, _, said = in_degrees(file, spec.crs, "as_stated", spec.bounds)
    findings += said
    raise_errors(findings)
    lon_lat = shapely.get_coordinates(degrees)
    table = there.select(
        pl.lit(spec.id).alias("source"),
        pl.lit(spec.goal).alias("goal"),
        (pl.col(spec.point) if spec.point else pl.lit("")).alias("point"),
        pl.Series("lon", lon_lat[:, 0], dtype=pl.Float64),
        pl.Series("lat", lon_lat[:, 1], dtype=pl.Float64),
    )
    return DestinationsRead(conform(table, DESTINATIONS), tuple(findings))
