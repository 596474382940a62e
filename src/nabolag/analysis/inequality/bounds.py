"""How sure a measure of inequality is, in three ways that answer three questions.

`errors`: what if every figure is off by its own standard error? (the delta method). `jackknife`:
how much rests on single areas? (each left out in turn). `bootstrap`: what if other areas like
these had been seen? (areas drawn anew, with a seed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

import numpy as np

from nabolag.analysis.arrays import Floats
from nabolag.analysis.errors import deviate
from nabolag.analysis.inequality.measures import (
    GRADIENTS,
    SPREADS,
    Ordered,
    concentration,
    relative,
    share_ratio,
    slope,
    tails,
    theil,
)

Bounds: TypeAlias = Literal["errors", "jackknife", "bootstrap"]
Interval: TypeAlias = tuple[float, float]
#: Numbers looked at together.
_BLOCK = 2_000_000
_UNKNOWN: Interval = (np.nan, np.nan)
#: Ratios are bounded on the scale of their logarithm, so that they stay above 0.
RATIOS = ("p90_p10", "s80_s20", "relative")
MEASURES: Final[Mapping[str, Callable[[Ordered], Floats]]] = {**SPREADS, **GRADIENTS}


def by_errors(name: str, rows: Ordered, error: Floats, confidence: float) -> Interval:
    """Return bounds from the figures' own standard errors (in the order of `rows`).

    Not known (nan) where a figure has no error, and for P90/P10, which hangs on two areas alone.
    """
    if name not in _GRADIENT_OF:
        return _UNKNOWN
    found = float(MEASURES[name](rows))
    reached = _GRADIENT_OF[name](rows) * np.where(rows.weight > 0, error, 0.0)
    spread = float(np.sqrt((reached**2).sum(axis=-1)))
    return _around(name, found, spread, confidence)


def by_leaving_out(name: str, rows: Ordered, confidence: float) -> Interval:
    """Return bounds from what the measure is when each area in turn is left out (jackknife)."""
    count = len(rows.value)
    if count < 3:
        return _UNKNOWN
    found = []
    step = max(1, _BLOCK // count)
    for at in range(0, count, step):
        places = np.arange(at, min(at + step, count))
        weight = np.repeat(rows.weight[None, :], len(places), axis=0)
        weight[np.arange(len(places)), places] = 0
        found.append(MEASURES[name](rows.reweighted(weight)))
    each = np.concatenate(found)
    spread = float(np.sqrt((count - 1) * np.mean((each - each.mean()) ** 2)))
    return _around(name, float(MEASURES[name](rows)), spread, confidence)


def by_drawing(name: str, rows: Ordered, confidence: float, draws: int, seed: int) -> Interval:
    """Return bounds from areas drawn anew (bootstrap): the middle share of what draws give."""
    count = len(rows.value)
    chance = np.random.default_rng(seed)
    step = max(1, _BLOCK // max(count, 1))
    found = []
    for at in range(0, draws, step):
        times = chance.multinomial(count, np.full(count, 1 / count), min(step, draws - at))
        found.append(MEASURES[name](rows.reweighted(rows.weight * times)))
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.concatenate(found), [tail, 1 - tail])
    return float(low), float(high)


def _around(name: str, found: float, spread: float, confidence: float) -> Interval:
    reach = deviate(confidence) * spread
    if name in RATIOS:
        factor = float(np.exp(reach / found)) if found > 0 else np.nan
        return found / factor, found * factor
    return found - reach, found + reach


def _of_concentration(rows: Ordered) -> Floats:
    lean = 2 * (rows.place - 0.5) - concentration(rows)
    return np.asarray(rows.share * lean / rows.mean)


def _of_theil(rows: Ordered) -> Floats:
    with np.errstate(divide="ignore"):
        logs = np.log(rows.value / rows.mean)
    return np.asarray(rows.share / rows.mean * (logs - theil(rows)))


def _of_shares(rows: Ordered) -> Floats:
    top, bottom = tails(rows, 0.2)
    return np.asarray((top - share_ratio(rows) * bottom) / (bottom * rows.value).sum(axis=-1))


def _of_slope(rows: Ordered) -> Floats:
    away = rows.share * (rows.place - 0.5)
    return np.asarray(away / (away * (rows.place - 0.5)).sum(axis=-1))


def _of_relative(rows: Ordered) -> Floats:
    half, first = _of_slope(rows) / 2, rows.mean - slope(rows) / 2
    return np.asarray((rows.share + half - relative(rows) * (rows.share - half)) / first)


#: How much each measure moves where one area's value does.
_GRADIENT_OF: Final[Mapping[str, Callable[[Ordered], Floats]]] = {
    "gini": _of_concentration,
    "concentration": _of_concentration,
    "theil": _of_theil,
    "s80_s20": _of_shares,
    "slope": _of_slope,
    "relative": _of_relative,
}
