"""A projection from an earlier year, held against those who came to live there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from nabolag.projection.axes import Bools, Floats

#: One class of areas. `mape` is the mean absolute percentage error, `bias` the mean error in per
#: cent, `unchanged` the mean absolute percentage error of saying that nothing changes. `to` is
#: null for the largest class. Null where too few areas are in a class.
ERRORS: Final[dict[str, pl.DataType]] = {
    "from": pl.Int64(),
    "to": pl.Int64(),
    "areas": pl.Int64(),
    "mape": pl.Float64(),
    "bias": pl.Float64(),
    "unchanged": pl.Float64(),
}
#: An error of fewer areas says little, and something of each of them.
FEWEST_AREAS: Final = 5


@dataclass(frozen=True)
class Backtest:
    """The errors of a projection from `since`, in `until`, by the areas' size in `since`."""

    since: int
    until: int
    errors: pl.DataFrame
    whole: float

    @property
    def years(self) -> int:
        """How many years it looked ahead."""
        return self.until - self.since


def backtested(
    since: int, until: int, before: Floats, projected: Floats, came: Floats, sizes: Sequence[int]
) -> Backtest:
    """Return the errors. `before`, `projected` and `came` are inhabitants of each area."""
    ends = [*sizes[1:], None]
    rows = [
        _class_of(low, high, before, projected, came) for low, high in zip(sizes, ends, strict=True)
    ]
    errors = pl.DataFrame(rows, schema=ERRORS, orient="row")
    total = 100 * float(projected.sum() / came.sum() - 1)
    return Backtest(since, until, errors, total)


def _class_of(
    low: int, high: int | None, before: Floats, projected: Floats, came: Floats
) -> tuple[int, int | None, int, float | None, float | None, float | None]:
    held: Bools = (before >= low) & (came > 0)
    if high is not None:
        held = held & (before < high)
    many = int(held.sum())
    if many < FEWEST_AREAS:
        return low, high, many, None, None, None
    off = 100 * (projected[held] / came[held] - 1)
    still = 100 * (before[held] / came[held] - 1)
    return (low, high, many, float(np.abs(off).mean()), float(off.mean()),
            float(np.abs(still).mean()))  # fmt: skip
