"""Moran's I, for all areas and for each one, with p-values by permutation.

Moran (1950); local: Anselin (1995), *Local Indicators of Spatial Association*. A p-value is
(1 + as extreme) / (1 + permutations), twice the smaller side, never above 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nabolag.analysis.arrays import Bools, Floats, Ints
from nabolag.analysis.neighbours import Neighbours

#: So many numbers are drawn at a time (32 MB of them).
_BLOCK: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Global:
    """Moran's I, what it is expected to be by chance (−1/(n − 1)), and its p-value."""

    moran: float
    expected: float
    p: float


@dataclass(frozen=True, slots=True)
class Local:
    """Local Moran, the mean of the neighbours in standard deviations, p; one number an area."""

    moran: Floats
    deviation: Floats
    around: Floats
    p: Floats


@dataclass(frozen=True, slots=True)
class Permuted:
    """How many permutations, how many for areas that may be found, and where chance begins.

    An area whose first p-value is at most `refine` is drawn anew, `refined` times, and only the
    new draws count: such a p-value is below any number at most as often as it should be.
    """

    permutations: int
    refined: int
    refine: float
    seed: int


def standardised(values: Floats) -> Floats:
    """Return values with mean 0 and mean square 1; all 0 where they are all alike."""
    apart = values - values.mean()
    size = np.sqrt((apart**2).mean())
    found: Floats = apart / size if size > 1e-12 * max(abs(values).max(), 1e-300) else apart * 0
    return found


def global_moran(values: Floats, neighbours: Neighbours, how: Permuted) -> Global:
    """Return Moran's I of values (none unknown) where every area has a neighbour."""
    z, n = standardised(values), len(values)
    weights = neighbours.matrix()
    seen = float(z @ (weights @ z)) / n
    chance = np.random.default_rng(how.seed)
    step = max(_BLOCK // n, 1)
    drawn = []
    for start in range(0, how.permutations, step):
        rows = min(step, how.permutations - start)
        mixed = chance.permuted(np.tile(z, (rows, 1)), axis=1).T
        drawn.append((mixed * (weights @ mixed)).sum(axis=0) / n)
    others = np.concatenate(drawn)
    higher, lower = int((others >= seen).sum()), int((others <= seen).sum())
    p = min(1.0, 2 * (min(higher, lower) + 1) / (how.permutations + 1))
    return Global(seen, -1 / (n - 1), p)


def local_moran(values: Floats, neighbours: Neighbours, how: Permuted) -> Local:
    """Return local Moran with conditional permutation: each area's own figure stays where it is.

    The mean over areas is the global I. Where all figures are alike, nothing differs: p is 1.
    """
    z = standardised(values)
    around = neighbours.mean(z)
    if not z.any():
        return Local(z * around, z, around, np.ones(len(z)))
    chance = np.random.default_rng(how.seed)
    everybody = np.arange(len(z), dtype=np.int64)
    p = _conditional(z, around, neighbours.count, everybody, how.permutations, chance)
    again = everybody[p <= how.refine]
    if how.refined > how.permutations and len(again):
        p[again] = _conditional(z, around, neighbours.count, again, how.refined, chance)[again]
    return Local(z * around, z, around, p)


def _conditional(
    z: Floats, around: Floats, count: Ints, areas: Ints, draws: int, chance: np.random.Generator
) -> Floats:
    """Return p-values of some areas, NaN elsewhere: their neighbours' mean among drawn means."""
    p = np.full(len(z), np.nan)
    for size in np.unique(count[areas]):
        own = areas[count[areas] == size]
        step = max(_BLOCK // (draws * int(size)), 1)
        for start in range(0, len(own), step):
            part = own[start : start + step]
            means = _drawn_means(z, part, int(size), draws, chance)
            seen = around[part, None]
            # A hair's breadth: sums of the same figures in another order are the same.
            hair = 1e-12
            higher = (means >= seen - hair).sum(axis=1)
            lower = (means <= seen + hair).sum(axis=1)
            p[part] = np.minimum(1.0, 2 * (np.minimum(higher, lower) + 1) / (draws + 1))
    return p


def _drawn_means(
    z: Floats, own: Ints, size: int, draws: int, chance: np.random.Generator
) -> Floats:
    """Return means of `size` different other areas, areas × draws."""
    others = subsets(len(z) - 1, size, (len(own), draws), chance)
    total = np.zeros((len(own), draws))
    for drawn in others:
        total += z[drawn + (drawn >= own[:, None])]
    return total / size


def subsets(n: int, size: int, shape: tuple[int, int], chance: np.random.Generator) -> list[Ints]:
    """Return `size` arrays of numbers from 0 to n − 1, all different place by place.

    Every set of that size is as likely (Floyd's method, Bentley and Floyd 1987).
    """
    found: list[Ints] = []
    for last in range(n - size, n):
        drawn = chance.integers(0, last + 1, shape, dtype=np.int64)
        taken: Bools = np.zeros(shape, dtype=bool)
        for before in found:
            taken |= before == drawn
        found.append(np.where(taken, last, drawn))
    return found
