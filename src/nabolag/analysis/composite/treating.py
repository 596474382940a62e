"""Outliers: drawn in to the next figure, or a logarithm taken, while a column is too lopsided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from nabolag.analysis.arrays import Bools, Floats, Ints
from nabolag.analysis.composite.orders import known_mean, lowest_and_highest
from nabolag.analysis.composite.refusing import CannotError
from nabolag.store import Section

#: COINr moves figures so far above 0, as a part of their range, before it takes the logarithm.
_ABOVE = 0.01


class Outliers(Section):
    """When a column counts as lopsided, and what is then done.

    A column is treated while |skewness| > `skew` and kurtosis > `kurtosis` (OECD and JRC:
    Handbook on constructing composite indicators, 2008; 2 and 3.5 as there). The outermost figure
    is drawn in to the next, at the end that the skewness points to, at most `most` times. Is the
    column still lopsided then, it keeps its drawn-in figures (`keep`), gets the logarithm of its
    own figures instead (`log`, as COINr does: of the distance to the lowest figure and a
    hundredth of the range; from the highest where the tail is to the left), or stops the
    index (`refuse`).
    """

    most: int = Field(default=5, ge=0)
    skew: float = Field(default=2.0, gt=0)
    kurtosis: float = Field(default=3.5, gt=0)
    otherwise: Literal["keep", "log", "refuse"] = "keep"


@dataclass(frozen=True, slots=True)
class Treated:
    """Columns with their outliers treated (… × areas), and what was done to each of them (…).

    `low` and `high` count the figures drawn in at either end (equal figures together, as one),
    `logged` has 1 for a logarithm, −1 for a mirrored one, 0 for none; `lopsided` are those that
    still are.
    """

    values: Floats
    low: Ints
    high: Ints
    logged: Ints
    lopsided: Bools


def skew_and_kurtosis(x: Floats) -> tuple[Floats, Floats]:
    """Return sample skewness and excess kurtosis along the last axis (types SAS and SPSS print).

    Both are 0 for fewer than four known figures, and where they do not differ.
    """
    known = np.isfinite(x)
    n = known.sum(axis=-1).astype(float)
    away = np.where(known, x - known_mean(x, known), 0.0)
    count = np.maximum(n, 4.0)
    square = away * away
    second = square.sum(axis=-1) / count
    sound = (n >= 4) & (second > 0)
    spread = np.where(sound, second, 1.0)
    g1 = (square * away).sum(axis=-1) / count / spread**1.5
    g2 = (square * square).sum(axis=-1) / count / spread**2 - 3
    skew = g1 * np.sqrt(count * (count - 1)) / (count - 2)
    kurtosis = ((count + 1) * g2 + 6) * (count - 1) / ((count - 2) * (count - 3))
    return np.where(sound, skew, 0.0), np.where(sound, kurtosis, 0.0)


def treated(
    x: Floats, how: Outliers, skew: Floats | float = 1.0, kurtosis: Floats | float = 1.0
) -> Treated:
    """Return columns with outliers treated. `skew` and `kurtosis` are factors to the limits."""
    shape = x.shape[:-1]
    rows = x.reshape(-1, x.shape[-1])
    limits = tuple(
        np.broadcast_to(limit * factor, shape).ravel()
        for limit, factor in ((how.skew, skew), (how.kurtosis, kurtosis))
    )
    values, low, high = _drawn_in(rows, how.most, limits)
    still = _lopsided(values, limits) != 0
    if how.otherwise == "refuse" and still.any():
        raise CannotError("index_still_lopsided", int(np.argmax(still)), most=how.most)
    logged = np.zeros(len(rows), dtype=np.int64)
    if how.otherwise == "log" and still.any():
        logged[still] = np.sign(skew_and_kurtosis(rows[still])[0]).astype(np.int64)
        values[still] = logarithm(rows[still], rows[still], logged[still])
        low[still] = high[still] = 0
        still = _lopsided(values, limits) != 0
    return Treated(
        values=values.reshape(x.shape),
        low=low.reshape(shape),
        high=high.reshape(shape),
        logged=logged.reshape(shape),
        lopsided=still.reshape(shape),
    )


def treated_as(x: Floats, base: Floats, done: Treated) -> Floats:
    """Return columns treated with the limits that `base` was: the same ends, the same logarithm.

    An end where nothing was drawn in is open. Raises `CannotError` where the logarithm of `base`
    cannot be taken of a figure.
    """
    low, high = lowest_and_highest(done.values)
    floor = np.where((done.low > 0)[..., None], low, -np.inf)
    ceiling = np.where((done.high > 0)[..., None], high, np.inf)
    drawn = np.where(np.isnan(x), np.nan, np.clip(x, floor, ceiling))
    if not done.logged.any():
        return drawn
    logs = logarithm(x, base, done.logged)
    beyond = (np.isnan(logs) & ~np.isnan(x)).any(axis=-1) & (done.logged != 0)
    if beyond.any():
        raise CannotError("index_beyond_the_base", int(np.argmax(beyond.ravel())))
    return np.where((done.logged != 0)[..., None], logs, drawn)


def logarithm(x: Floats, base: Floats, side: Ints) -> Floats:
    """Return ln(x − lowest + range/100) of `base`'s lowest and range; mirrored where `side` < 0.

    NaN where a figure is so far beyond the ends of `base` that there is none.
    """
    low, high = lowest_and_highest(base)
    left = (side < 0)[..., None]
    away = np.where(left, high - x, x - low) + _ABOVE * (high - low)
    logs = np.log(np.where(away > 0, away, np.nan))
    return np.where(left, -logs, logs)


def _drawn_in(rows: Floats, most: int, limits: tuple[Floats, ...]) -> tuple[Floats, Ints, Ints]:
    values = rows.copy()
    low, high = np.zeros((2, len(rows)), dtype=np.int64)
    active = np.arange(len(rows))
    for _ in range(most):
        side = _lopsided(values[active], tuple(limit[active] for limit in limits))
        active, side = active[side != 0], side[side != 0]
        if not len(active):
            break
        turned = values[active] * side[:, None]
        top = lowest_and_highest(turned)[1]
        following = lowest_and_highest(np.where(turned < top, turned, np.nan))[1]
        values[active] = np.where(turned == top, following, turned) * side[:, None]
        high[active] += side > 0
        low[active] += side < 0
    return values, low, high


def _lopsided(rows: Floats, limits: tuple[Floats, ...]) -> Floats:
    """Return 1 where the tail to the right is too long, −1 to the left, 0 where neither is."""
    skew, kurtosis = skew_and_kurtosis(rows)
    return np.where((np.abs(skew) > limits[0]) & (kurtosis > limits[1]), np.sign(skew), 0.0)
