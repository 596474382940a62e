"""The arithmetic of `core.observation` on whole columns.

A column of figures is three things: an amount, the rank of its status (`Status.rank`), and for
what came from a file the producer's marks. The rules are those of `core.add` and `core.ratio`,
and tests hold the two against each other.
"""

from __future__ import annotations

import polars as pl

from nabolag.core import Status

VALUE = Status.VALUE.rank
MISSING = Status.MISSING.rank
NOT_APPLICABLE = Status.NOT_APPLICABLE.rank
_LAST_WITH_VALUE = Status.UNRELIABLE.rank
_RANKS = {status.value: status.rank for status in Status}
_NAMES = {status.rank: status.value for status in Status}


def rank_of(status: str | pl.Expr = "status") -> pl.Expr:
    """Return the rank of a column of status names. An unknown name raises."""
    column = pl.col(status) if isinstance(status, str) else status
    return column.replace_strict(_RANKS, return_dtype=pl.Int64)


def status_of(rank: str | pl.Expr) -> pl.Expr:
    """Return the status name of a column of ranks."""
    column = pl.col(rank) if isinstance(rank, str) else rank
    return column.replace_strict(_NAMES, return_dtype=pl.String)


def known(rank: str | pl.Expr) -> pl.Expr:
    """Tell where a number stands behind the rank."""
    column = pl.col(rank) if isinstance(rank, str) else rank
    return column <= _LAST_WITH_VALUE


def suppressed(rank: str) -> pl.Expr:
    """Tell where a number exists but is hidden."""
    return pl.col(rank) >= Status.SUPPRESSED_RULE.rank


def stronger(*ranks: str) -> pl.Expr:
    """Return the strongest of several ranks in the same row (`core.combine`)."""
    return pl.max_horizontal(*ranks)


def only_known(amount: pl.Expr, rank: pl.Expr) -> pl.Expr:
    """Return the amount where its rank allows one, else null."""
    return pl.when(known(rank)).then(amount)


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
