"""Sums to larger areas, from numerators and denominators only. Never a mean of means."""

from __future__ import annotations

import polars as pl

from nabolag.core import Finding, Indicator, Level, Severity
from nabolag.geography import AreaRegister, roll_up, unlinked
from nabolag.indicators.binding import BindingSpec
from nabolag.indicators.figures import ratio_rank
from nabolag.indicators.measure import AMOUNTS, FIGURES, KEY, factor, is_sum
from nabolag.store.statuses import known, only_known

_ORDER = {level.value: place for place, level in enumerate(Level)}


def rolled_up(
    whole: pl.DataFrame, register: AreaRegister, binding: BindingSpec, indicator: Indicator
) -> pl.DataFrame:
    """Sum figures to each parent level that the binding asks for. Schema `FIGURES` + `from_level`.

    `whole` holds a row also for the areas that have no figure (`geography.account_for`), so that
    a sum of only some of an area's parts is missing. Where several delivered levels lie under a
    parent, each gives a candidate; `best_candidate` chooses. Quotients are divided anew.
    """
    summed = roll_up(whole, register, binding.roll_up_levels, AMOUNTS)
    if not is_sum(binding, indicator):
        rank = ratio_rank("denominator", "numerator_rank", "denominator_rank")
        quotient = pl.col("numerator") / pl.col("denominator") * factor(indicator)
        summed = summed.with_columns(rank.alias("rank"), quotient.alias("value"))
        summed = summed.with_columns(only_known(pl.col("value"), pl.col("rank")).alias("value"))
    return summed.with_columns(pl.lit("").alias("mark")).select(*FIGURES, "from_level")


def best_candidate(candidates: pl.DataFrame) -> pl.DataFrame:
    """Keep one sum a key: one with a number before one without, then from the largest areas.

    Fewer and larger parts mean fewer places where something may be hidden or rounded.
    """
    order = pl.col("from_level").replace_strict(_ORDER, return_dtype=pl.Int64)
    return (
        candidates.with_columns(known("rank").not_().alias("absent"), order.alias("order"))
        .sort([*KEY, "absent", "order"], maintain_order=True)
        .unique(KEY, keep="first", maintain_order=True)
        .drop("absent", "order")
    )


def in_no_sum(
    figures: pl.DataFrame, register: AreaRegister, binding: BindingSpec, indicator: Indicator
) -> list[Finding]:
    """Report areas with figures that no sum holds, though others of their level are summed."""
    # Most areas are in no area of one's own, and need not be.
    levels = [level for level in binding.roll_up_levels if level is not Level.CUSTOM]
    alone = unlinked(figures, register, levels)
    if alone.is_empty():
        return []
    codes = alone.select("level", "area").unique().sort("level", "area")
    names = tuple(f"{level}:{area}" for level, area in codes.head(8).iter_rows())
    return [
        Finding(
            "roll_up_unlinked",
            Severity.WARNING,
            params={
                "indicator": indicator.id,
                "source": binding.source,
                "areas": codes.height,
            },
            count=alone.height,
            examples=names,
        )
    ]
