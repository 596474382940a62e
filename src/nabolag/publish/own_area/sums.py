"""Sums of shown figures over chosen areas. A status in any of them is a status of the sum.

The arithmetic is that of `core.add` and `core.ratio` on whole columns; tests hold the two against
each other. Nothing is read but what a release shows, so nothing can come out that a reader could
not have added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from nabolag.core import SOURCES_APART, Indicator, Unit
from nabolag.core.columns import OBSERVATION_NUMBERS
from nabolag.disclosure.rules import DisclosureRule, rule_for
from nabolag.geography.dated import Conversion
from nabolag.indicators.figures import ratio_rank, wilson
from nabolag.indicators.measure import factor
from nabolag.publish.own_area.reasons import DRAWN, NO_COUNTS, absent_reason
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS
from nabolag.store.statuses import (
    MISSING,
    NOT_APPLICABLE,
    VALUE,
    known,
    only_known,
    rank_of,
    status_of,
    suppressed,
    without_numbers,
)

_KEY = ["indicator", "period"]
#: How a figure of several areas is made: counts are added, quotients divided anew, others neither.
_COUNT, _QUOTIENT, _NEITHER = "count", "quotient", "neither"
_STRENGTH = {kind.value: place for place, kind in enumerate(Conversion)}


def sums(
    rows: pl.DataFrame,
    codes: Sequence[str],
    indicators: Mapping[str, Indicator],
    rules: Sequence[DisclosureRule] = (),
) -> pl.DataFrame:
    """Return one figure an indicator and period of the areas together, schema `OBSERVATIONS`.

    `rows` are a release's observations of one level; those about groups are left out. `codes` are
    areas of that level, in any order, each counted once. An area without a row is a missing figure.
    `level` and `area` are left empty. `rules` give what a data owner asks of drawn areas.
    """
    everybody = rows.filter(pl.col("group").fill_null("") == "")
    wanted = pl.DataFrame({"area": sorted(set(codes))}, schema={"area": pl.String})
    keys = everybody.select(_KEY).unique()
    own = without_numbers(everybody.join(wanted, on="area", how="semi"))
    grid = keys.join(wanted, how="cross").join(own, on=[*_KEY, "area"], how="left")
    summed = _added(_described(grid, indicators))
    judged = _of_drawn(_divided(summed), indicators, rules)
    return conform(_worded(judged), OBSERVATIONS).sort(_KEY)


def way_of(indicator: Indicator) -> str:
    """Return how an indicator's figures are put together.

    A median is not the mean of medians, whatever counts stand beside it. The catalogue has no
    field for it; medians are amounts, and called so.
    """
    if indicator.unit is Unit.COUNT:
        return _COUNT
    median = "median" in f"{indicator.id} {indicator.label.nb}".casefold()
    return _NEITHER if median and not indicator.is_ratio else _QUOTIENT


def _described(grid: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    """Add each figure's rank, how it is put together, and a mean's sum where only it is lacking."""
    ways = {iid: way_of(entry) for iid, entry in indicators.items()}
    units = {iid: entry.unit.value for iid, entry in indicators.items()}
    factors = {iid: factor(entry) for iid, entry in indicators.items()}
    rank = pl.when(pl.col("status").is_null()).then(MISSING).otherwise(rank_of())
    lacking = known("rank") & pl.col("value").is_null()
    of_mean = pl.when(pl.col("unit") == Unit.MEAN.value).then(
        pl.col("value") * pl.col("denominator")
    )
    return (
        grid.with_columns(
            rank.alias("rank"),
            pl.col("indicator").replace_strict(ways).alias("way"),
            pl.col("indicator").replace_strict(units).alias("unit"),
            pl.col("indicator").replace_strict(factors, return_dtype=pl.Float64).alias("factor"),
        )
        .with_columns(
            pl.when(lacking).then(MISSING).otherwise("rank").alias("rank"),
            pl.coalesce("numerator", of_mean).alias("numerator"),
            _nobody().alias("nobody"),
        )
        .with_columns(
            *(
                pl.when("nobody").then(0.0).otherwise(n).alias(n)
                for n in ("numerator", "denominator")
            ),
            pl.when("nobody").then(VALUE).otherwise("rank").alias("rank"),
        )
    )


def _nobody() -> pl.Expr:
    """Tell where there is nobody to count among: that adds nothing, and spoils no sum.

    It is the quotient that does not apply. What a producer marks as not applicable may mean
    anything, and stays so.
    """
    unmarked = pl.col("mark").fill_null("") == ""
    return (pl.col("rank") == NOT_APPLICABLE) & unmarked & (pl.col("way") == _QUOTIENT)


def _added(grid: pl.DataFrame) -> pl.DataFrame:
    """Add the areas of each indicator and period; an amount that one lacks is lacking."""
    whole = [
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
        for name in ("value", "numerator", "denominator")
    ]
    conversion = pl.col("reason").fill_null("").str.split(":").list.last()
    strength = pl.col("rank") * len(_STRENGTH) + conversion.replace_strict(
        _STRENGTH, default=0, return_dtype=pl.Int64
    )
    sources = pl.col("source").drop_nulls().str.split(SOURCES_APART).explode()
    return (
        grid.sort(*_KEY, "area")
        .group_by(_KEY, maintain_order=True)
        .agg(
            *whole,
            pl.col("way", "unit", "factor").first(),
            pl.col("rank").max(),
            (pl.col("lower").is_not_null() | pl.col("nobody")).all().alias("bounded"),
            (known("rank") & ~_counted()).any().alias("finished"),
            suppressed("rank").sum().alias("hidden"),
            (pl.col("rank") == MISSING).sum().alias("missing"),
            (pl.col("rank") == NOT_APPLICABLE).sum().alias("not_applicable"),
            pl.len().alias("of"),
            pl.col("reason").sort_by(strength).last().fill_null("").alias("reason"),
            sources.filter(sources != "").unique().sort().str.join(SOURCES_APART).alias("source"),
            pl.col("geography").drop_nulls().unique().alias("geographies"),
        )
        .with_columns(_one_geography())
    )


def _counted() -> pl.Expr:
    """Tell whether both counts behind a quotient are there."""
    return pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()


def _one_geography() -> pl.Expr:
    years = pl.col("geographies")
    return pl.when(years.list.len() == 1).then(years.list.first()).otherwise(pl.lit(""))\
        .alias("geography")  # fmt: skip


def _divided(summed: pl.DataFrame) -> pl.DataFrame:
    """Make the value of each sum, or say that it cannot be made (`refused`)."""
    quotient = pl.col("way") == _QUOTIENT
    counted = _counted()
    refused = (pl.col("way") == _NEITHER) | (quotient & pl.col("finished"))
    divided = ratio_rank("denominator", "rank")
    rank = pl.when(quotient & counted).then(divided).otherwise(pl.col("rank"))
    value = pl.when(quotient).then(pl.col("numerator") / pl.col("denominator") * pl.col("factor"))
    share = (pl.col("unit") == Unit.SHARE.value) & pl.col("bounded")
    bounds = wilson(pl.col("numerator"), pl.col("denominator"))
    return summed.with_columns(
        pl.when(refused)
        .then(pl.max_horizontal("rank", pl.lit(NOT_APPLICABLE, pl.Int64)))
        .otherwise(rank)
        .alias("rank"),
        refused.alias("refused"),
        value.otherwise(pl.col("value")).alias("value"),
        *(
            pl.when(share).then(bound).alias(name)
            for bound, name in zip(bounds, ("lower", "upper"), strict=True)
        ),
    )


def _of_drawn(
    summed: pl.DataFrame, indicators: Mapping[str, Indicator], rules: Sequence[DisclosureRule]
) -> pl.DataFrame:
    """Hide what has fewer to count among than a data owner asks of drawn areas: `drawn`."""
    pairs = summed.select("indicator", "source").unique()
    limits = [
        rule.drawn_denominator if rule.about_people else 0
        for rule in (rule_for(iid, source, rules) for iid, source in pairs.iter_rows())
    ]
    asked = pairs.with_columns(pl.Series("drawn", limits, dtype=pl.Int64))
    among = pl.when(pl.col("way") == _COUNT).then(pl.col("value")).otherwise("denominator")
    few = known("rank") & (among < pl.col("drawn"))
    hidden = rank_of(pl.lit("suppressed_rule"))
    return summed.join(asked, on=["indicator", "source"], how="left").with_columns(
        pl.when(few).then(hidden).otherwise("rank").alias("rank"),
        pl.when(few.fill_null(value=False)).then("drawn").otherwise(0).alias("drawn"),
    )


def _worded(summed: pl.DataFrame) -> pl.DataFrame:
    """Give each sum its status and reason; numbers only where the status allows them."""
    rank = pl.col("rank")
    reason = (
        pl.when(pl.col("drawn") > 0)
        .then(pl.format(f"{DRAWN}{{}}", "drawn"))
        .when("refused")
        .then(pl.lit(NO_COUNTS))
        .when(known("rank"))
        .then(pl.col("reason"))
        .otherwise(absent_reason())
    )
    return summed.select(
        *_KEY,
        pl.lit("").alias("group"),
        *(only_known(pl.col(name), rank).alias(name) for name in OBSERVATION_NUMBERS),
        status_of("rank").alias("status"),
        reason.alias("reason"),
        pl.lit("").alias("mark"),
        "source",
        "geography",
    )
