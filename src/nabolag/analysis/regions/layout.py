"""What sets of areas are like: SØF's table 1, with and without them inside the municipality.

SØF-rapport 04/20 compares analysis areas with municipalities that hold them, so that differences
are understated (L1074–L1082). A rest is the municipality's numerators and denominators less
those of the areas; it is known only where every area in the set is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from nabolag.analysis.asked import figures_of
from nabolag.analysis.method import Given
from nabolag.core import Level

#: One row a set of areas and indicator. `known` of `areas` have a figure with numerator.
LAYOUT: Final[dict[str, pl.DataType]] = {
    "set": pl.String(),
    "indicator": pl.String(),
    "period": pl.String(),
    "areas": pl.Int64(),
    "known": pl.Int64(),
    "inside": pl.Float64(),
    "municipality": pl.Float64(),
    "rest": pl.Float64(),
    "country": pl.Float64(),
}


def summed(given: Given, level: Level, indicator: str, period: str, sets: pl.DataFrame
           ) -> pl.DataFrame:  # fmt: skip
    """Return `set`, `areas`, `known`, `numerator`, `denominator`, `value` of sets of areas.

    `sets` has `set` and `area`. A share is numerators over denominators of those known.
    """
    figures = figures_of(given.observations, indicator, level).filter(pl.col("period") == period)
    both = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    return (
        sets.join(figures.select("area", "numerator", "denominator"), on="area", how="left")
        .group_by("set")
        .agg(
            pl.len().cast(pl.Int64).alias("areas"),
            both.sum().cast(pl.Int64).alias("known"),
            pl.col("numerator").filter(both).sum().alias("numerator"),
            pl.col("denominator").filter(both).sum().alias("denominator"),
        )
        .with_columns(
            pl.when(pl.col("denominator") > 0)
            .then(pl.col("numerator") / pl.col("denominator"))
            .alias("value")
        )
        .sort("set")
    )


def layout(
    given: Given, level: Level, periods: Mapping[str, str], sets: pl.DataFrame
) -> pl.DataFrame:
    """Return the table (`LAYOUT`) of sets of areas, for each indicator in its period."""
    rows = [
        _row(given, indicator, period, one)
        for indicator, period in periods.items()
        for one in summed(given, level, indicator, period, sets).iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=LAYOUT)


def _row(given: Given, indicator: str, period: str, one: Mapping[str, object]) -> dict[str, object]:
    town = _whole(given, given.municipality, indicator, period)
    country = _whole(given, given.country, indicator, period)
    return {
        "set": one["set"], "indicator": indicator, "period": period, "areas": one["areas"],
        "known": one["known"], "inside": one["value"], "municipality": town.get("value"),
        "rest": _rest(town, one), "country": country.get("value"),
    }  # fmt: skip


def _whole(
    given: Given, place: tuple[str, str] | None, indicator: str, period: str
) -> Mapping[str, float | None]:
    if place is None:
        return {}
    held = figures_of(given.observations, indicator, Level(place[0])).filter(
        pl.col("area") == place[1], pl.col("period") == period
    )
    columns = ("value", "numerator", "denominator")
    return next(iter(held.select(columns).iter_rows(named=True)), {})


def _rest(town: Mapping[str, float | None], one: Mapping[str, object]) -> float | None:
    """Return the municipality without the areas, where all of them are known."""
    n, d = town.get("numerator"), town.get("denominator")
    own_n, own_d = one["numerator"], one["denominator"]
    if n is None or d is None or one["known"] != one["areas"]:
        return None
    if not isinstance(own_n, float) or not isinstance(own_d, float) or d <= own_d:
        return None
    return (n - own_n) / (d - own_d)


def overlap(one: pl.DataFrame, other: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return how far sets of areas cover one another, in people.

    `one` has `region`, `other` has `drawn`, both `area`; `people` has `area` and `residents`.
    Columns: `region`, `drawn`, `shared`, `of_region`, `of_drawn` (shares), `jaccard`, and
    `areas_unknown`: shared areas whose residents are not known, and are in no number.
    """
    residents = pl.col("residents").fill_null(0.0)
    held = people.with_columns(residents.alias("_n"), pl.col("residents").is_null().alias("_u"))

    def size(frame: pl.DataFrame, name: str) -> pl.DataFrame:
        joined = frame.join(held, on="area", how="left")
        return joined.group_by(name).agg(pl.col("_n").sum().alias(f"_of_{name}"))

    def share(of: Iterable[str]) -> list[pl.Expr]:
        return [
            pl.when(pl.col(f"_of_{name}") > 0)
            .then(pl.col("shared") / pl.col(f"_of_{name}"))
            .alias(f"of_{name}")
            for name in of
        ]

    union = pl.col("_of_region") + pl.col("_of_drawn") - pl.col("shared")
    return (
        one.join(other, on="area")
        .join(held, on="area", how="left")
        .group_by("region", "drawn")
        .agg(
            pl.col("_n").sum().alias("shared"),
            pl.col("_u").fill_null(value=True).sum().cast(pl.Int64).alias("areas_unknown"),
        )
        .join(size(one, "region"), on="region")
        .join(size(other, "drawn"), on="drawn")
        .with_columns(
            *share(("region", "drawn")),
            pl.when(union > 0).then(pl.col("shared") / union).alias("jaccard"),
        )
        .select("region", "drawn", "shared", "of_region", "of_drawn", "jaccard", "areas_unknown")
        .sort("region", "drawn")
    )
