"""How far a figure may be off by chance: its standard error, and where that comes from."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Literal, TypeAlias

import polars as pl

from nabolag.core import Unit

Basis: TypeAlias = Literal["bounds", "counts"]


def deviate(confidence: float) -> float:
    """Return how many standard errors a two-sided interval reaches (1.96 for 0.95)."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def with_errors(
    figures: pl.DataFrame, unit: Unit, basis: Sequence[Basis], bounds_confidence: float
) -> pl.DataFrame:
    """Add `error` (standard error, in the unit of the value) and `basis` to figures.

    `bounds`: half the width of the delivered interval over its deviate. `counts`, for shares
    only: √(p̃(1 − p̃)/ñ) with ñ = n + z² and p̃ = (x + z²/2)/ñ, z = 1.96 (Agresti and Coull 1998),
    which is never 0. The first of `basis` that a figure has is used, and `basis` says which;
    both columns are null where it has none. Needs `value`, `numerator`, `denominator`, `lower`
    and `upper`.
    """
    made = {"bounds": _of_bounds(bounds_confidence), "counts": _of_counts(unit)}
    known = pl.col("value").is_not_null()
    named = [pl.when(known & made[one].is_not_null()).then(pl.lit(one)) for one in basis]
    return figures.with_columns(
        pl.when(known).then(pl.coalesce(made[one] for one in basis)).alias("error"),
        pl.coalesce(named).alias("basis"),
    )


def _of_bounds(confidence: float) -> pl.Expr:
    width = pl.col("upper") - pl.col("lower")
    return pl.when(width > 0).then(width / (2 * deviate(confidence)))


def _of_counts(unit: Unit) -> pl.Expr:
    if unit is not Unit.SHARE:
        return pl.lit(None, pl.Float64)
    square = deviate(0.95) ** 2
    persons = pl.col("denominator") + square
    share = (pl.col("numerator") + square / 2) / persons
    sound = pl.col("numerator").is_between(0, pl.col("denominator")) & (pl.col("denominator") > 0)
    return pl.when(sound).then((share * (1 - share) / persons).sqrt())
