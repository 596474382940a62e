"""Quotients on whole columns: their status, and how sure they are.

The rules are those of `core.ratio`, and tests hold the two against each other.
"""

from __future__ import annotations

import polars as pl

from nabolag.store.statuses import NOT_APPLICABLE, known, stronger


def ratio_rank(denominator: str, *ranks: str) -> pl.Expr:
    """Return the rank of a quotient: nobody to count among is `NOT_APPLICABLE` (`core.ratio`)."""
    together = stronger(*ranks)
    nobody = known(together) & (pl.col(denominator) == 0)
    return pl.when(nobody).then(pl.lit(NOT_APPLICABLE, pl.Int64)).otherwise(together)


def wilson(numerator: pl.Expr, denominator: pl.Expr, z: float = 1.959963984540054) -> list[pl.Expr]:
    """Return the lower and upper Wilson bound of a share, as fractions of 1.

    Null where the numerator is outside 0..denominator or there is nobody to count among.
    """
    share = numerator / denominator
    centre = share + z * z / (2 * denominator)
    spread = z * (share * (1 - share) / denominator + z * z / (4 * denominator**2)).sqrt()
    scale = 1 + z * z / denominator
    sound = (denominator > 0) & (numerator >= 0) & (numerator <= denominator)
    lower = pl.when(numerator == 0).then(0.0).otherwise((centre - spread) / scale)
    upper = pl.when(numerator == denominator).then(1.0).otherwise((centre + spread) / scale)
    return [
        pl.when(sound).then(lower.clip(0.0, 1.0)).alias("lower"),
        pl.when(sound).then(upper.clip(0.0, 1.0)).alias("upper"),
    ]
