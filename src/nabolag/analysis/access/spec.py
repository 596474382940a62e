"""`kind = "access"`: the share of residents with a place of a kind within so many minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.access.minutes import MINUTES, from_lines, from_table, within
from nabolag.analysis.asked import (
    PeriodOrNone,
    figures_of,
    periods_of,
    refuse_twice,
    refuse_unknown,
)
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.words import declared
from nabolag.core import Finding, Indicator, Lang, Level, Severity, Unit, label, raise_errors
from nabolag.geography.destinations import GOALS, Goal

#: One row an area and kind of place. `residents` is null where hidden or missing.
AREAS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "goal": pl.String(),
    "minutes": pl.Float64(),
    "beyond": pl.Float64(),
    "basis": pl.String(),
    "within": pl.Boolean(),
    "residents": pl.Float64(),
}
#: One row an area of `within` and kind of place. `reached` and `counted` are residents of areas
#: where both their number and the way are known; `lower` and `upper` bound the share for all.
SHARES: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "goal": pl.String(),
    "reached": pl.Float64(),
    "counted": pl.Float64(),
    "everybody": pl.Float64(),
    "areas": pl.Int64(),
    "areas_unknown": pl.Int64(),
    "share": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
}


class Access(AnalysisSpec):
    """The share of residents who have a place of each kind in `goals` within `minutes`.

    Ten minutes: NIBR 2019:6 L1334–1335 («innenfor en radius på ti minutter»). Residents
    (`population`, a count) of each area of `level` are taken to live together, so an area is
    within or it is not.
    Where there is a travel-time table for a kind of place, it is used; else places are reached in
    a straight line, times `detour`, at `speed_km_h`. No document gives these two: they are
    declared, or the straight line is not used. Shares are for the areas of `within`.
    """

    KIND: ClassVar[str] = "access"

    kind: Literal["access"] = "access"
    level: Level
    population: str = "population"
    goals: tuple[Goal, ...] = Field(default=GOALS, min_length=1)
    minutes: float = Field(default=10.0, gt=0)
    within: tuple[Level, ...] = Field(default=(Level.KOMMUNE,), min_length=1)
    period: PeriodOrNone = ""
    speed_km_h: float | None = Field(default=None, gt=0)
    detour: float | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_twice("goals", self.goals)
        if self.level in self.within:
            raise ValueError("within are levels that areas of level lie in")
        if (self.speed_km_h is None) != (self.detour is None):
            raise ValueError("a straight line needs both speed_km_h and detour")
        return self

    def analyse(self, given: Given) -> Found:
        """Return `areas` (`AREAS`) and `shares` (`SHARES`)."""
        self._check(given.catalogue)
        figures = figures_of(given.observations, self.population, self.level)
        period = next(iter(periods_of(figures, (self.period,) if self.period else ())), "")
        people = figures.filter(pl.col("period") == period).select("area", residents="value")
        codes = given.areas.filter(pl.col("level") == self.level.value)["code"].unique().sort()
        parts = [self._goal(given, goal, codes) for goal in self.goals]
        areas = (
            pl.concat([part.with_columns(pl.lit(goal).alias("goal"))
                       for goal, part in zip(self.goals, parts, strict=True)])
            .join(people, on="area", how="left", maintain_order="left")
            .with_columns(pl.lit(self.level.value).alias("level"), pl.lit(period).alias("period"),
                          within(self.minutes).alias("within"))
            .select(pl.col(name).cast(kind) for name, kind in AREAS.items())
        )  # fmt: skip
        shares = pl.concat([self._shares(given, areas, level, period) for level in self.within])
        basis = dict(zip(self.goals, (_basis(part) for part in parts), strict=True))
        tables, told = {"areas": areas, "shares": shares}, self._told(given, basis, period)
        return Found(tables, {"period": period, "basis": basis}, told)

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        minutes = declared(self.minutes, lang)
        said = label("access.explain", lang, level=self.level.plural.in_(lang), minutes=minutes)
        if self.speed_km_h is None or self.detour is None:
            return f"{said} {label('access.explain_table', lang)}"
        line = label("access.explain_line", lang, speed=declared(self.speed_km_h, lang),
                     detour=declared(self.detour, lang))  # fmt: skip
        return f"{said} {line}"

    def _check(self, catalogue: Mapping[str, Indicator]) -> None:
        refuse_unknown(self.id, [self.population], catalogue, background=True)
        if catalogue[self.population].unit is not Unit.COUNT:
            params = {"id": self.id, "indicator": self.population}
            raise_errors([Finding("access_no_count", Severity.ERROR, params=params)])

    def _goal(self, given: Given, goal: Goal, codes: pl.Series) -> pl.DataFrame:
        """Return minutes to one kind of place for every area; a table goes before a line."""
        own = given.destinations.filter(pl.col("goal") == goal)
        table = own.filter(pl.col("level") == self.level.value)
        if table.height:
            return from_table(table, self.level, codes)
        places = own.drop_nulls(["lon", "lat"])
        shapes = given.shapes.filter(pl.col("level") == self.level.value)
        if self.speed_km_h is None or self.detour is None or places.is_empty():
            unknown = pl.DataFrame({"area": codes}, schema=["area"])
            return unknown.select(
                "area", *(pl.lit(None, kind).alias(n) for n, kind in MINUTES.items() if n != "area")
            )
        return from_lines(places, shapes, codes, self.speed_km_h * 1000 / 60 / self.detour)

    def _shares(self, given: Given, areas: pl.DataFrame, level: Level, period: str) -> pl.DataFrame:
        """Return the shares for the areas of one level that areas of `level` lie in."""
        up = given.links.filter(
            pl.col("level") == self.level.value, pl.col("parent_level") == level.value
        ).select("parent_code", area="code")
        whole = figures_of(given.observations, self.population, level).filter(
            pl.col("period") == period
        ).select("area", everybody="value")  # fmt: skip
        known = pl.col("residents").is_not_null() & pl.col("within").is_not_null()
        made = (
            areas.join(up, on="area")
            .group_by("parent_code", "goal")
            .agg(
                pl.col("residents").filter(known & pl.col("within")).sum().alias("reached"),
                pl.col("residents").filter(known).sum().alias("counted"),
                pl.len().cast(pl.Int64).alias("areas"),
                (~known).sum().cast(pl.Int64).alias("areas_unknown"),
            )
            .rename({"parent_code": "area"})
            .join(whole, on="area", how="left")
        )
        counted, reached, everybody = pl.col("counted"), pl.col("reached"), pl.col("everybody")
        rest = (everybody - counted).clip(0.0)
        some = counted > 0
        bounded = some & (everybody > 0)
        return (
            made.with_columns(
                pl.when(some).then(reached / counted).alias("share"),
                pl.when(bounded).then(reached / (counted + rest)).alias("lower"),
                pl.when(bounded).then((reached + rest) / (counted + rest)).alias("upper"),
                pl.lit(level.value).alias("level"),
                pl.lit(period).alias("period"),
            )
            .sort("area", "goal")
            .select(pl.col(name).cast(kind) for name, kind in SHARES.items())
        )

    def _told(self, given: Given, basis: Mapping[Goal, str], period: str) -> tuple[Finding, ...]:
        """Say which kinds of place nothing is known of, and why; and where nobody is counted."""
        found = []
        for goal in (goal for goal, how in basis.items() if not how):
            places = given.destinations.filter(pl.col("goal") == goal)
            code = "access_no_speed" if places.height else "access_no_places"
            params = {"id": self.id, "goal": goal, "level": self.level.value}
            found.append(Finding(code, Severity.WARNING, params=params))
        if not period:
            params = {"id": self.id, "indicator": self.population, "level": self.level.value}
            found.append(Finding("access_no_residents", Severity.WARNING, params=params))
        return tuple(found)


def _basis(part: pl.DataFrame) -> str:
    """Return how the ways of a kind of place are known, empty where they are not."""
    known = part.filter(pl.col("minutes").is_not_null() | pl.col("beyond").is_not_null())
    return str(known["basis"][0]) if known.height else ""
