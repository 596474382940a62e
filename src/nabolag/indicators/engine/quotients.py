"""Quotients of what two units have: kroner of the accounts for each resident, and the like.

A measure with `per` is counted as if it stood alone, and so is what it is divided by. When a year
is counted the two meet here, area for area. Statuses travel as in `core.ratio`: nobody to divide
by is `not_applicable`, and what is unknown on either side is unknown in the quotient.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import polars as pl

from nabolag.core import Indicator, Level
from nabolag.indicators.engine.measures import Measure
from nabolag.indicators.figures import ratio_rank
from nabolag.indicators.measure import factor
from nabolag.store.statuses import MISSING, only_known, rank_of, status_of

#: What the count that an indicator is divided by is called while it is counted.
_PER: Final = "{}:per"
_PLACE: Final = ("indicator", "level", "area", "group")
_SIZES: Final = {level.value: size for size, level in enumerate(Level)}

Entry = TypeVar("Entry")


def with_divisors(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """Return measures, and as measures of their own what some of them are divided by."""
    divisors = {_PER.format(n): m.per for n, m in measures.items() if m.per is not None}
    return {**measures, **divisors}


def of_both(entries: Mapping[str, Entry], measures: Mapping[str, Measure]) -> dict[str, Entry]:
    """Return entries by indicator, also under the names of what the indicators are divided by."""
    divided_by = {_PER.format(n): entries[n] for n, m in measures.items() if m.per is not None}
    return {**entries, **divided_by}


def without_divisors(frame: pl.DataFrame, measures: Mapping[str, Measure]) -> pl.DataFrame:
    """Leave out the rows (`indicator`) about what measures are divided by."""
    return frame.filter(~pl.col("indicator").is_in([_PER.format(name) for name in measures]))


def divided(
    observations: pl.DataFrame,
    measures: Mapping[str, Measure],
    indicators: Mapping[str, Indicator],
) -> pl.DataFrame:
    """Divide the observations of one year that are quotients, and leave the divisors out.

    `observations` (`core.columns.OBSERVATIONS`) are those of every measure of `with_divisors`.
    A quotient is made for its indicator's smallest level (`minimum_level`) and those above it:
    what two registers count may not lie in the same small area.
    """
    pairs = {_PER.format(name): name for name, m in measures.items() if m.per is not None}
    if not pairs:
        return observations
    own = observations.filter(pl.col("indicator").is_in(list(pairs.values())))
    divisors = observations.filter(pl.col("indicator").is_in(list(pairs))).select(
        pl.col("indicator").replace(pairs),
        *_PLACE[1:],
        pl.col("value").alias("divisor"),
        rank_of().alias("divisor_rank"),
        pl.col("reason").alias("divisor_reason"),
    )
    met = _large_enough(own, indicators).join(divisors, on=list(_PLACE), how="left")
    whole = without_divisors(observations, measures).join(
        own.select("indicator").unique(), on="indicator", how="anti"
    )
    return pl.concat([whole, _quotients(met, indicators).select(whole.columns)])


def _large_enough(own: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    """Leave out levels below the smallest that an indicator may be shown for."""
    smallest = {
        name: _SIZES[level.value]
        for name, level in ((n, indicators[n].minimum_level) for n in own["indicator"].unique())
        if level is not None
    }
    limit = pl.col("indicator").replace_strict(smallest, default=len(_SIZES), return_dtype=pl.Int64)
    return own.filter(pl.col("level").replace_strict(_SIZES, return_dtype=pl.Int64) <= limit)


def _quotients(met: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    factors = {name: factor(indicators[name]) for name in met["indicator"].unique()}
    ranked = met.with_columns(
        rank_of().alias("own_rank"), pl.col("divisor_rank").fill_null(MISSING)
    ).with_columns(ratio_rank("divisor", "own_rank", "divisor_rank").alias("rank"))
    times = pl.col("indicator").replace_strict(factors, return_dtype=pl.Float64)
    amounts = {
        "value": pl.col("numerator") / pl.col("divisor") * times,
        "numerator": pl.col("numerator"),
        "denominator": pl.col("divisor"),
    }
    because = pl.when(pl.col("own_rank") >= pl.col("divisor_rank")).then("reason")
    return ranked.with_columns(
        *(only_known(amount, pl.col("rank")).alias(name) for name, amount in amounts.items()),
        status_of("rank").alias("status"),
        because.otherwise("divisor_reason").fill_null("").alias("reason"),
    )
