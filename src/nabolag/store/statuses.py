"""Statuses as whole columns: ranks that meet, and which of them let a number stand.

A column of figures is an amount and the rank of its status (`Status.rank`): of several ranks the
largest wins, as in `core.combine`. Tests hold the two against each other.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from nabolag.core import WITH_VALUE, Status
from nabolag.core.columns import OBSERVATION_NUMBERS

#: The names of the statuses that let a number stand.
NUMBERED: Final = [status.value for status in WITH_VALUE]
VALUE = Status.VALUE.rank
MISSING = Status.MISSING.rank
NOT_APPLICABLE = Status.NOT_APPLICABLE.rank
_LAST_WITH_VALUE = Status.UNRELIABLE.rank
_RANKS = {status.value: status.rank for status in Status}
_NAMES = {status.rank: status.value for status in Status}


def without_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Return observations with no number under a status that allows none, whatever was written."""
    numbered = pl.col("status").is_in(NUMBERED)
    return rows.with_columns(
        pl.when(numbered).then(pl.col(name)).alias(name) for name in OBSERVATION_NUMBERS
    )


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
