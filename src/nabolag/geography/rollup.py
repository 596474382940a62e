"""Counts added up to a higher level, with their statuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from nabolag.core import Finding, Level
from nabolag.geography.register import AreaRegister


def roll_up(
    values: pl.DataFrame,
    register: AreaRegister,
    to_level: Level,
    *,
    sums: Sequence[str] = ("numerator", "denominator"),
    keys: Sequence[str] = ("indicator", "period", "group"),
    absent: Literal["missing", "zero"] = "missing",
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Add counts up to the areas of a higher level.

    `values` holds one level: `level`, `area`, `status`, the columns of `keys`, and the additive
    columns of `sums`; other columns are not carried on. Returns a frame with `level`, `area`,
    the keys, the sums and `status`, and findings on areas that have no parent there.

    The strongest status of the children wins (`core.combine`): a parent with a hidden or
    missing child is itself hidden or missing and has no sum, never a partial one. So is a
    parent with a child that has no row at all, unless `absent = "zero"` says that the source
    leaves out rows where there is nobody.
    """
    raise NotImplementedError
