"""What people of some ages mean: dependants, places in services, and kroner.

Made of any table of people (`PEOPLE`), so that what leaves the house is made of protected
numbers only. Where a number is not shown, nothing is made of it.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from nabolag.projection.axes import OLDEST, Ages
from nabolag.projection.spec import CostSection, DependencySection, ServiceSection

KEYS: Final = ("level", "area", "year", "kind", "scenario")
#: The order of years in each line of development.
_LINE: Final = ("level", "area", "scenario")


def of_ages(people: pl.DataFrame, ages: Ages) -> pl.DataFrame:
    """Return the people of both sexes of an age group: the keys, `persons` and `status`."""
    return people.filter(
        pl.col("sex") == "", pl.col("ages_from") == ages.start, pl.col("ages_to") == ages.to
    ).select(*KEYS, "persons", "status")


def dependency(people: pl.DataFrame, section: DependencySection) -> pl.DataFrame:
    """Return persons outside working age over persons in it: `ratio`, and `band`.

    `band` is `low`, `high` (from `high` up to and including `very_high`) or `very_high`.
    """
    everybody = of_ages(people, Ages(0, OLDEST))
    working = of_ages(people, section.ages).rename({"persons": "working", "status": "of_working"})
    both = everybody.join(working, on=list(KEYS), how="left", maintain_order="left")
    ratio = (
        pl.when(pl.col("working") > 0)
        .then((pl.col("persons") - pl.col("working")) / pl.col("working"))
        .alias("ratio")
    )
    found = both.with_columns(ratio, _worst("status", "of_working"))
    return found.select(*KEYS, "ratio", _band(section), "status")


def _worst(one: str, other: str) -> pl.Expr:
    hidden = pl.col(one) != "value"
    return pl.when(hidden).then(pl.col(one)).otherwise(pl.col(other)).alias("status")


def _band(section: DependencySection) -> pl.Expr:
    ratio = pl.col("ratio")
    return (
        pl.when(ratio.is_null())
        .then(pl.lit(""))
        .when(ratio > section.very_high)
        .then(pl.lit("very_high"))
        .when(ratio >= section.high)
        .then(pl.lit("high"))
        .otherwise(pl.lit("low"))
        .alias("band")
    )


def demand(people: pl.DataFrame, services: tuple[ServiceSection, ...]) -> pl.DataFrame:
    """Return how many places each service needs: those of its ages times the coverage."""
    parts = [
        of_ages(people, one.ages).select(
            *KEYS,
            pl.lit(one.id).alias("service"),
            "persons",
            (pl.col("persons") * one.coverage).alias("places"),
            "status",
        )
        for one in services
    ]
    return pl.concat(parts) if parts else pl.DataFrame()


def cost(people: pl.DataFrame, section: CostSection) -> pl.DataFrame:
    """Return what change since the year before costs by age group: rate × change, in kroner.

    The sum over age groups and years is Σ rate × ΔN. The first year of a line has nothing before
    it. Lines of projected people go on from the registered ones.
    """
    parts = [
        _joined(of_ages(people, rate.ages)).select(
            *KEYS,
            pl.lit(rate.ages.start).alias("ages_from"),
            pl.lit(rate.ages.to).alias("ages_to"),
            pl.col("persons").diff().over(_LINE).alias("change"),
            (pl.col("persons").diff().over(_LINE) * rate.kroner).alias("kroner"),
            "status",
        )
        for rate in section.rates
    ]
    return pl.concat(parts).filter(pl.col("kind") == "projected")


def _joined(rows: pl.DataFrame) -> pl.DataFrame:
    """Put the last registered year before the first projected one of every scenario."""
    last = rows.filter(pl.col("kind") == "registered")["year"].max()
    base = rows.filter(pl.col("kind") == "registered", pl.col("year") == last)
    ahead = rows.filter(pl.col("kind") == "projected")
    scenarios = ahead.select("scenario").unique(maintain_order=True)
    begun = base.drop("scenario").join(scenarios, how="cross").select(ahead.columns)
    return pl.concat([begun, ahead]).sort(*_LINE, "year")
