"""Every school and kindergarten in its area on every level, and what is unsure about it.

The finest level with borders decides: a school in a grunnkrets lies in whatever that grunnkrets
lies in. A level that is not reached so is asked by its own borders. Where both can be asked and
differ, the finest stands and the difference is told of. Areas of one's own follow from members.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from nabolag.core import Finding, Level, Place, Severity
from nabolag.geography.point_files import PointsRead, once_each, shown_points
from nabolag.geography.point_spec import PointsSpec
from nabolag.geography.points import located
from nabolag.geography.register import AreaRegister
from nabolag.store import empty
from nabolag.store.frames import LINKS, POINTS

_KEY = ["level", "code"]
_UP = ["parent_level", "parent_code"]
_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


@dataclass(frozen=True)
class PlacedPoints:
    """Places and the areas they lie in.

    `points` has the columns of `POINTS`, one row each; `areas` those of `LINKS`: one row for each
    area a place lies in, several of the level `custom` where sets of own areas overlap. A place
    that was found nowhere has no row in `areas`.
    """

    points: pl.DataFrame = field(default_factory=lambda: empty(POINTS))
    areas: pl.DataFrame = field(default_factory=lambda: empty(LINKS))
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _At:
    """What one level's borders say: `points` with `area`, `how` and `to_border_m`."""

    level: Level
    points: pl.DataFrame


def place_everywhere(reads: Sequence[PointsRead], register: AreaRegister) -> PlacedPoints:
    """Find every point of every `[[points]]` on every level that the register has.

    Errors among the findings: one code with two places, and a register without borders.
    """
    if not reads:
        return PlacedPoints()
    points, findings = once_each(pl.concat([read.points for read in reads]))
    parts = [
        _placed(read.spec, points.filter(pl.col("source") == read.spec.id), register)
        for read in reads
    ]
    every = pl.concat([part.points for part in parts]).sort(_KEY)
    areas = pl.concat([part.areas for part in parts]).sort(list(LINKS))
    told = (*findings, *(finding for part in parts for finding in part.findings))
    return PlacedPoints(every, areas, told)


def _placed(spec: PointsSpec, points: pl.DataFrame, register: AreaRegister) -> PlacedPoints:
    """Place the points of one specification."""
    place = Place(spec.named)
    levels = [level for level in _drawn(register) if level is not Level.CUSTOM]
    if not levels:
        return PlacedPoints(points, findings=(Finding("points_no_borders", _ERROR, place),))
    asked = points.with_row_index("id").rename({"lon": "x", "lat": "y"})
    answers = [_asked(spec, asked, register, level) for level in levels]
    areas, unlike = _areas(answers, register)
    first = _finest(answers)
    done = points.select(pl.exclude("how", "at_level", "to_border_m")).with_columns(first)
    said = [
        *_located(spec, done),
        *_borders_differ(unlike),
        *_not_on(done, areas, levels),
        *_elsewhere(done, areas),
    ]
    findings = tuple(
        Finding(f.code, f.severity, place, f.params, f.count, f.examples) for f in said
    )
    return PlacedPoints(done.select(list(POINTS)), areas, findings)


def _drawn(register: AreaRegister) -> Iterable[Level]:
    """Return the levels that have borders, the finest first."""
    drawn = set(register.shapes["level"].unique())
    return (level for level in reversed(Level) if level.value in drawn)


def _asked(spec: PointsSpec, points: pl.DataFrame, register: AreaRegister, level: Level) -> _At:
    """Ask one level's borders. A neighbour's school near the border lies in no area of ours."""
    told = located(points.drop("how", "to_border_m"), register, level, near_m=spec.near_m)
    towns = register.ancestor(level, Level.KOMMUNE).rename({"code": "area", "parent_code": "_town"})
    joined = told.join(towns, on="area", how="left", maintain_order="left")
    foreign = ((pl.col("how") == "near") & (pl.col("_town") != pl.col("municipality"))).fill_null(
        value=False
    )
    nothing = [pl.when(~foreign).then(pl.col(name)).alias(name) for name in ("area", "to_border_m")]
    how = pl.when(foreign).then(pl.lit("outside")).otherwise(pl.col("how")).alias("how")
    return _At(level, joined.with_columns(*nothing, how).drop("_town"))


def _areas(answers: Sequence[_At], register: AreaRegister) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return each point's areas, and where a level's own borders say otherwise.

    The second frame has the columns of `LINKS`, the points' names, and `other_code`: the area by
    the level's own borders.
    """
    up = register.closed_links.rename({"level": "_level", "code": "_area"})
    found, unlike = empty(LINKS), []
    for at in answers:
        here = at.points.filter(pl.col("area").is_not_null()).select(
            *_KEY, "name", parent_level=pl.lit(at.level.value), parent_code="area"
        )
        known = here.join(found, on=[*_KEY, "parent_level"], how="inner", suffix="_found")
        differing = known.filter(pl.col("parent_code") != pl.col("parent_code_found"))
        unlike.append(differing)
        new = here.join(found, on=[*_KEY, "parent_level"], how="anti").select(list(LINKS))
        above = new.join(up, left_on=_UP, right_on=["_level", "_area"], suffix="_above").select(
            *_KEY, parent_level="parent_level_above", parent_code="parent_code_above"
        )
        own = pl.col("parent_level") == Level.CUSTOM.value
        further = above.join(found, on=[*_KEY, "parent_level"], how="anti")
        found = pl.concat([found, new, further, above.filter(own)]).unique(maintain_order=True)
    return found, pl.concat(unlike)


def _finest(answers: Sequence[_At]) -> list[pl.Series]:
    """Return `how`, `at_level` and `to_border_m` of the finest level that has each point."""
    rows = [
        at.points.select("id", "how", "to_border_m", at_level=pl.lit(at.level.value))
        for at in answers
    ]
    hit = pl.col("how").is_in(["inside", "near"])
    every = pl.concat(rows).with_columns(hit.alias("_hit"))
    best = every.sort("_hit", descending=True, maintain_order=True).unique("id", keep="first")
    told = best.sort("id").with_columns(pl.when("_hit").then("at_level").alias("at_level"))
    return [told["how"], told["at_level"], told["to_border_m"]]


def _located(spec: PointsSpec, points: pl.DataFrame) -> list[Finding]:
    """Tell of points without coordinates, outside every area, near one, or at a border."""
    how, edge = pl.col("how"), pl.col("to_border_m") < spec.edge_m
    asked = (
        ("point_missing", _WARNING, how == "no_point"),
        ("points_nowhere", _WARNING, how == "outside"),
        ("point_near", _WARNING, how == "near"),
        ("point_on_edge", _INFO, (how == "inside") & edge),
    )
    found = []
    for code, severity, holds in asked:
        for part in points.filter(holds).partition_by("at_level", maintain_order=True):
            params = {"level": part["at_level"][0] or ""}
            params |= {"near": f"{spec.near_m:g}", "edge": f"{spec.edge_m:g}"}
            shown = shown_points(part)
            found.append(Finding(code, severity, params=params, count=part.height, examples=shown))
    return found


def _borders_differ(unlike: pl.DataFrame) -> list[Finding]:
    found = []
    for part in unlike.partition_by("parent_level", maintain_order=True):
        rows = part.select("code", "parent_code_found", "parent_code").head(8).iter_rows()
        shown = tuple(f"{code} ({one} / {other})" for code, one, other in rows)
        params = {"level": part["parent_level"][0]}
        code, n = "points_borders_differ", part.height
        found.append(Finding(code, _WARNING, params=params, count=n, examples=shown))
    return found


def _not_on(points: pl.DataFrame, areas: pl.DataFrame, levels: Iterable[Level]) -> list[Finding]:
    """Tell of points that have an area, but none at some level that has borders."""
    placed = points.join(areas, on=_KEY, how="semi", maintain_order="left")
    found = []
    for level in levels:
        here = areas.filter(pl.col("parent_level") == level.value)
        rest = placed.join(here, on=_KEY, how="anti", maintain_order="left")
        if rest.height:
            params, shown = {"level": level.value}, shown_points(rest)
            found.append(
                Finding(
                    "points_not_on_level", _INFO, params=params, count=rest.height, examples=shown
                )
            )
    return found


def _elsewhere(points: pl.DataFrame, areas: pl.DataFrame) -> list[Finding]:
    """Tell of points that lie in another municipality than their register says."""
    towns = areas.filter(pl.col("parent_level") == Level.KOMMUNE.value)
    held = points.join(towns, on=_KEY, how="inner", maintain_order="left")
    unlike = held.filter(pl.col("municipality") != pl.col("parent_code"))
    if unlike.is_empty():
        return []
    rows = unlike.select("code", "name", "municipality", "parent_code").head(8).iter_rows()
    shown = tuple(f"{code} {name} ({said} / {lies})" for code, name, said, lies in rows)
    return [Finding("points_municipality_differs", _WARNING, count=unlike.height, examples=shown)]


def with_areas(points: pl.DataFrame, links: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Return points with a column for each level that has some of them, and one for its name.

    Columns: those of `POINTS`, then `<level>` and `<level>_name`, the coarsest level first; null
    where a point has no area of the level. Several areas of a level, of sets that overlap, are
    joined by `;`. `areas` follows `AREAS`.
    """
    names = areas.select(parent_level="level", parent_code="code", _area="name")
    named = links.join(names, on=_UP, how="left").sort(list(LINKS))
    held = set(named["parent_level"].unique())
    for level in (level.value for level in Level if level.value in held):
        joined = (
            named.filter(pl.col("parent_level") == level)
            .group_by(_KEY)
            .agg(
                pl.col("parent_code").str.join(";").alias(level),
                pl.col("_area").fill_null("").str.join(";").alias(f"{level}_name"),
            )
        )
        points = points.join(joined, on=_KEY, how="left", maintain_order="left")
    return points
