"""How far a recoded figure may be from the truth: what weights cannot know.

A weight says how many of an area's people went where, not which of them. Of N who have a trait
among D people, the part of an area that holds the share w of its people has between
max(0, N − (1 − w)·D) and min(N, w·D) of them (Fréchet's bounds). Whole areas are known.
"""

from __future__ import annotations

import polars as pl


def share_bounds() -> list[pl.Expr]:
    """Return `_n_low`, `_n_high`, `_rest_low`, `_rest_high` of a part of an area.

    Reads `numerator`, `denominator`, `low` and `high` (what is known of the weight). `_n_…` are
    those with the trait, `_rest_…` those without, at the two ends.
    """
    n, d = pl.col("numerator"), pl.col("denominator")
    least, most = pl.col("low") * d, pl.col("high") * d
    n_low = (n - (d - least)).clip(lower_bound=0.0)
    n_high = pl.min_horizontal(n, most)
    return [
        n_low.alias("_n_low"),
        n_high.alias("_n_high"),
        (least - n_high).clip(lower_bound=0.0).alias("_rest_low"),
        pl.min_horizontal(d - n, most - n_low).clip(lower_bound=0.0).alias("_rest_high"),
    ]


def count_bounds(amount: str) -> list[pl.Expr]:
    """Return `_n_low` and `_n_high` of a part of a count: all of it, or nothing, where divided."""
    n = pl.col(amount)
    whole = pl.col("low") >= 1
    return [
        pl.when(whole).then(n).otherwise(0.0).alias("_n_low"),
        pl.when(pl.col("high") > 0).then(n).otherwise(0.0).alias("_n_high"),
    ]


def share_ends(factor: float) -> list[pl.Expr]:
    """Return `lower` and `upper` of a quotient out of the summed ends of its parts."""
    low, high = pl.col("_n_low"), pl.col("_n_high")
    return [
        (low / (low + pl.col("_rest_high")) * factor).alias("lower"),
        (high / (high + pl.col("_rest_low")) * factor).alias("upper"),
    ]
