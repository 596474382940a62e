"""Areas beside their comparison groups, period by period.

A group's figure is the one released for it, else made of its members: numerators over
denominators, never a mean of shares; the median where a figure has no numerator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import polars as pl

from nabolag.analysis.asked import figures_of, in_time_order
from nabolag.analysis.method import Given
from nabolag.core import Indicator, Level, Unit

#: With whom: the nearest by the traits, the two named in the workspace, or all areas that lie in
#: the same area of a level.
Against: TypeAlias = Literal["nearest", "municipality", "country"] | Level

#: One row an area, indicator, period and group. `reference` is the group's figure and `basis` how
#: it is known (`figure`, `sum`, `median`); `known` of `members` have a figure. Periods with unlike
#: `segment` follow different definitions and are not compared.
TRENDS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "indicator": pl.String(),
    "period": pl.String(),
    "against": pl.String(),
    "group_level": pl.String(),
    "group": pl.String(),
    "value": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "reference": pl.Float64(),
    "basis": pl.String(),
    "members": pl.Int64(),
    "known": pl.Int64(),
    "segment": pl.Int64(),
}
_KEY: Final = ("area", "period")
_GROUP: Final = ("against", "group_level", "group")


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: which level, with whom, and how large a part of a group must be known."""

    level: Level
    against: tuple[Against, ...]
    minimum_known: float


def trends(
    given: Given, compared: Compared, indicators: Iterable[str], near: pl.DataFrame
) -> pl.DataFrame:
    """Return every area beside its groups (`TRENDS`). `near` has `area` and `peer`."""
    groups = [_groups(given, compared, against, near) for against in compared.against]
    found = [_of(given, compared, given.catalogue[iid], groups) for iid in indicators]
    return pl.concat(found) if found else pl.DataFrame(schema=TRENDS)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Who is compared with whom. `own`: area and its group; `members`: the group and its areas.

    The nearest have a group for each area, by its code, in which it is not itself.
    """

    own: pl.DataFrame
    members: pl.DataFrame
    with_own: bool


def _groups(given: Given, compared: Compared, against: Against, near: pl.DataFrame) -> _Groups:
    level = compared.level.value
    if against == "nearest":
        own = near.select("area", against=pl.lit("nearest"), group_level=pl.lit(level),
                          group="area").unique(maintain_order=True)  # fmt: skip
        return _Groups(own, near.select(group="area", member="peer"), with_own=False)
    links = given.links.filter(pl.col("level") == level)
    if isinstance(against, Level):
        links = links.filter(pl.col("parent_level") == against.value)
    else:
        named = given.municipality if against == "municipality" else given.country
        place = named or ("", "")
        links = links.filter(pl.col("parent_level") == place[0], pl.col("parent_code") == place[1])
    own = links.select(area="code", against=pl.lit(str(against)), group_level="parent_level",
                       group="parent_code")  # fmt: skip
    return _Groups(own, own.select("group", member="area"), with_own=True)


def _of(
    given: Given, compared: Compared, indicator: Indicator, groups: list[_Groups]
) -> pl.DataFrame:
    """Return the rows of one indicator."""
    figures = figures_of(given.observations, indicator.id, compared.level)
    segments = _segments(indicator, figures["period"].unique())
    parts = [_beside(given, compared, indicator, figures, group) for group in groups]
    level = pl.lit(compared.level.value).alias("level")
    return (
        pl.concat(parts)
        .with_columns(level, pl.lit(indicator.id).alias("indicator"))
        .join(segments, on="period", how="left", maintain_order="left")
        .select(pl.col(name).cast(kind) for name, kind in TRENDS.items())
        .sort("area", maintain_order=True)
    )


def _segments(indicator: Indicator, periods: Iterable[str]) -> pl.DataFrame:
    ordered = in_time_order(periods)
    counts = [len(indicator.breaks_between(ordered[0], period)) for period in ordered]
    return pl.DataFrame({"period": ordered, "segment": counts},
                        schema={"period": pl.String, "segment": pl.Int64})  # fmt: skip


def _beside(
    given: Given, compared: Compared, indicator: Indicator, figures: pl.DataFrame, group: _Groups
) -> pl.DataFrame:
    """Return areas beside one kind of group."""
    own = figures.select(*_KEY, "value", "lower", "upper", "numerator", "denominator").join(
        group.own, on="area", maintain_order="left"
    )
    made = _of_members(figures, group.members)
    sizes = group.members.group_by("group").agg(pl.len().alias("members"))
    whole = _released(given, indicator, group.own)
    joined = (
        own.join(made, on=["group", "period"], how="left", maintain_order="left")
        .join(sizes, on="group", how="left", maintain_order="left")
        .join(whole, on=["group_level", "group", "period"], how="left", maintain_order="left")
    )
    found = _referred(joined, indicator, compared, group.with_own)
    return found.sort("area", "group", "period")


def _of_members(figures: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return sums over the members that have both parts, and the median of those with a value."""
    both = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    return (
        members.join(figures, left_on="member", right_on="area")
        .group_by("group", "period")
        .agg(
            pl.col("numerator").filter(both).sum().alias("_n"),
            pl.col("denominator").filter(both).sum().alias("_d"),
            both.sum().cast(pl.Int64).alias("_both"),
            pl.col("value").count().cast(pl.Int64).alias("_valued"),
            pl.col("value").median().alias("_median"),
        )
    )


def _released(given: Given, indicator: Indicator, own: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that the release holds for the groups themselves."""
    levels = [Level(level) for level in own.filter(pl.col("against") != "nearest")["group_level"]
              .unique()]  # fmt: skip
    parts = [
        figures_of(given.observations, indicator.id, level).select(
            pl.lit(level.value).alias("group_level"), "period", group="area", _whole="value"
        )
        for level in levels
    ]
    schema = {"group_level": pl.String, "period": pl.String, "group": pl.String,
              "_whole": pl.Float64}  # fmt: skip
    return pl.concat(parts).drop_nulls("_whole") if parts else pl.DataFrame(schema=schema)


def _referred(
    joined: pl.DataFrame, indicator: Indicator, compared: Compared, with_own: bool
) -> pl.DataFrame:
    """Choose the reference: the group's own figure, else sums without the area, else a median."""
    has_both = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null() & with_own
    less = pl.when(has_both)
    n = pl.col("_n") - less.then("numerator").otherwise(0.0)
    d = pl.col("_d") - less.then("denominator").otherwise(0.0)
    others = pl.col("members").fill_null(0) - int(with_own)
    both = pl.col("_both").fill_null(0) - has_both.cast(pl.Int64)
    valued = pl.col("_valued").fill_null(0) - (pl.col("value").is_not_null() & with_own).cast(
        pl.Int64
    )
    needed = pl.max_horizontal(compared.minimum_known * others, pl.lit(1.0))
    summed = (both >= needed) & (d > 0) & pl.lit(indicator.unit is Unit.SHARE)
    middle = (valued >= needed) & pl.lit(indicator.unit is not Unit.SHARE)
    whole = pl.col("_whole").is_not_null() & pl.lit(indicator.unit is not Unit.COUNT)
    cases: Mapping[str, tuple[pl.Expr, pl.Expr]] = {
        "figure": (whole, pl.col("_whole")),
        "sum": (summed, n / d),
        "median": (middle, pl.col("_median")),
    }
    return joined.select(
        *_KEY, *_GROUP, "value", "lower", "upper",
        pl.coalesce(pl.when(holds).then(value) for holds, value in cases.values())
        .alias("reference"),
        pl.coalesce(pl.when(holds).then(pl.lit(name)) for name, (holds, _) in cases.items())
        .alias("basis"),
        others.alias("members"),
        pl.max_horizontal(both, valued).alias("known"),
    )  # fmt: skip
