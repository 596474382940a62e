"""Challenges counted again and again, each time with another line, other weights, other chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Bools, Floats

_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Redrawn:
    """How one draw differs from another.

    The line is drawn at a share between `lowest` and `highest`, the same for every indicator.
    Weights are Dirichlet with concentration `alike` (large: nearly equal), scaled so that they
    add up to the number of indicators. `several` is how many challenges are many.
    """

    draws: int
    seed: int
    lowest: float
    highest: float
    alike: float
    several: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shares of draws, by area: with several challenges, and (areas × indicators) flagged.

    `count` is the mean number of challenges, `low` and `high` its 5th and 95th percentile.
    """

    several: Floats
    flagged: Floats
    count: Floats
    low: Floats
    high: Floats


def redraw(exposure: Floats, error: Floats, how: Redrawn) -> Drawn:
    """Draw challenges again. `exposure` and `error` are areas × indicators, high is worse.

    An exposure that is not known (NaN) is never flagged, and nobody is judged against it; an error
    that is not known is taken as none. An indicator that is the same in every area flags nobody.
    """
    chance = np.random.default_rng(how.seed)
    areas, indicators = exposure.shape
    flagged = np.zeros((areas, indicators))
    counts = np.empty((how.draws, areas), dtype=np.float32)
    for start in range(0, how.draws, _BLOCK):
        size = min(_BLOCK, how.draws - start)
        shares = chance.uniform(how.lowest, how.highest, size)
        weights = chance.dirichlet(np.full(indicators, how.alike), size) * indicators
        total = np.zeros((size, areas))
        for one in range(indicators):
            hit = _hits(exposure[:, one], error[:, one], shares, chance)
            flagged[:, one] += hit.sum(axis=0)
            total += weights[:, one, None] * hit
        counts[start : start + size] = total
    # Weights share out what several challenges are worth: half a challenge is rounded up.
    many = (counts >= how.several - 0.5).mean(axis=0)
    low, high = np.quantile(counts, (0.05, 0.95), axis=0)
    return Drawn(many, flagged / how.draws, counts.mean(axis=0), low, high)


def _hits(exposure: Floats, error: Floats, shares: Floats, chance: np.random.Generator) -> Bools:
    """Return who is among the most exposed, draws × areas. Ties at the line are all flagged."""
    known = np.flatnonzero(np.isfinite(exposure))
    hit = np.zeros((len(shares), len(exposure)), dtype=bool)
    value = exposure[known]
    if len(known) < 2 or value.max() == value.min():
        return hit
    noise = chance.standard_normal((len(shares), len(known)))
    drawn = value + np.nan_to_num(error[known]) * noise
    rows = np.ceil(shares * len(known)).astype(np.int64)
    ordered = np.sort(drawn, axis=1)
    line = ordered[np.arange(len(shares)), len(known) - rows]
    hit[:, known] = drawn >= line[:, None]
    return hit
