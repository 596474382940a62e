"""Putting indicators on one scale. Unknown figures (NaN) stay unknown and are ranked by nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from nabolag.analysis.arrays import Floats

Normalisation: TypeAlias = Literal["percent_rank", "rank", "z", "minmax", "exponential", "log"]
#: The English indices of deprivation 2025 transform ranks by −23 ln(1 − R(1 − e^(−100/23))).
_SCALE = 23.0


class CannotNormaliseError(ValueError):
    """A column that a normalisation cannot be asked of; the message says why (a code)."""


def normalised(x: Floats, how: Normalisation, decimals: int | None = None) -> Floats:
    """Return a column on the scale of `how`; high stays high.

    `percent_rank`: (lowest rank − 1)/(n − 1), as CDC's vulnerability index has it, rounded to
    `decimals` where given. `rank`: mean rank of equals. `z`: mean 0, standard deviation 1 (n − 1).
    `minmax`: 0–100. `exponential`: 0–100, see `exponential`. `log`: the natural logarithm.
    Raises `CannotNormaliseError` for a column without spread, and for the logarithm of what is
    not above 0.
    """
    known = x[np.isfinite(x)]
    if not len(known):
        return np.full(x.shape, np.nan)
    if how == "log":
        if known.min() <= 0:
            raise CannotNormaliseError("index_log_of_nothing")
        return np.log(x)
    if known.min() == known.max():
        raise CannotNormaliseError("index_without_spread")
    scaled: Floats = _SCALES[how](x, known)
    return scaled if decimals is None else half_up(scaled, decimals)


def half_up(x: Floats, decimals: int) -> Floats:
    """Round as publishers do: a half goes up, not to the even neighbour."""
    scale = 10.0**decimals
    rounded: Floats = np.floor(x * scale + 0.5) / scale
    return rounded


def exponential(share: Floats) -> Floats:
    """Return −23 ln(1 − R(1 − e^(−100/23))) of a rank as a share of all, the highest 1.

    A tenth of the areas get scores above 50 (English indices of deprivation: technical report).
    """
    score: Floats = -_SCALE * np.log(1 - share * (1 - np.exp(-100.0 / _SCALE)))
    return score


_SCALES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "percent_rank": lambda x, known: (_ranks(x, "min") - 1) / (len(known) - 1),
    "rank": lambda x, known: _ranks(x, "average"),
    "z": lambda x, known: (x - known.mean()) / known.std(ddof=1),
    "minmax": lambda x, known: (x - known.min()) / (known.max() - known.min()) * 100.0,
    "exponential": lambda x, known: exponential(_ranks(x, "min") / len(known)),
}


def _ranks(x: Floats, method: Literal["min", "average"]) -> Floats:
    """Return ranks from 1, the lowest first; unknown figures have none."""
    from scipy.stats import rankdata  # noqa: PLC0415

    found = np.full(x.shape, np.nan)
    known = np.isfinite(x)
    found[known] = rankdata(x[known], method=method)
    return found
