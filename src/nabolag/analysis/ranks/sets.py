"""Confidence sets for ranks (Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies).

Rank 1 is the highest value. An area's rank is one more than the number of areas above it, so
what is needed is to know which differences between areas are told from chance, all at once. The
critical value is a quantile of the largest standardised difference among normal draws with the
areas' own errors. Stepping down (Romano and Wolf 2005): hypotheses «k is not above j» that are
rejected leave, the critical value is found anew among the rest, until none leaves. A hypothesis
and its reverse are two hypotheses, so that saying which of two is above is never wrong more often
than stated. Every step alone is valid; stopping early makes sets wider, never wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Bools, Draws, Floats, Ints
from nabolag.analysis.ranks.pairs import (
    Pairs,
    largest_above,
    largest_below,
    pairs_of,
    told_apart,
)

#: Steps go on while a critical value falls by more than this.
_MOVED = 0.005
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure to be, and how: `draws` of chance from `seed`, with or without stepping down."""

    confidence: float = 0.95
    draws: int = 1000
    seed: int = 1
    stepdown: bool = True


@dataclass(frozen=True, slots=True)
class RankSets:
    """Ranks and the places they may truly have, one entry an area.

    `rank` is by the values; `lower`–`upper` holds an area's true rank with the stated confidence,
    `all_lower`–`all_upper` all areas' true ranks at once.
    """

    rank: Ints
    lower: Ints
    upper: Ints
    all_lower: Ints
    all_upper: Ints

    def may_be_among(self, k: int) -> Bools:
        """Tell which areas may be among the k first: the set holds all of them, so sure."""
        return np.asarray(self.all_lower <= k)

    def are_among(self, k: int) -> Bools:
        """Tell which areas are surely among the k first."""
        return np.asarray(self.all_upper <= k)


def rank_sets(value: Floats, error: Floats, sure: Sure | None = None) -> RankSets:
    """Return ranks with their sets. Raises `ValueError` for an error that is not above 0.

    `value` and `error` (standard error, independent between areas) are one number an area.
    """
    sure = sure or Sure()
    if not (np.isfinite(value).all() and np.isfinite(error).all() and (error > 0).all()):
        raise ValueError("every value must be finite and have a standard error above 0")
    count = len(value)
    if count == 0:
        nothing = np.empty(0, np.int64)
        return RankSets(nothing, nothing, nothing, nothing, nothing)
    pairs = pairs_of(value, error, sure.draws, sure.seed)
    one, every = _first(pairs, sure)
    if sure.stepdown:
        one, every = _stepped(pairs, one, sure), _stepped_at_once(pairs, every, sure)
    above, below = told_apart(pairs, one)
    all_above, all_below = told_apart(pairs, np.full(count, every))
    rank = 1 + count - np.searchsorted(np.sort(value), value, side="right")
    return RankSets(rank, 1 + above, count - below, 1 + all_above, count - all_below)


def _quantile(largest: Draws, confidence: float) -> Floats:
    """Return the draw that at least the stated share of draws (and one more) stay within."""
    draws = largest.shape[-1]
    place = min(math.ceil(confidence * (draws + 1)), draws) - 1
    return np.partition(largest, place, axis=-1)[..., place].astype(np.float64)


def _first(pairs: Pairs, sure: Sure) -> tuple[Floats, float]:
    """Return the critical value of each area alone, and the one for all areas at once."""
    everyone = np.full(len(pairs.value), np.inf)
    alone, at_once = np.empty(len(everyone)), np.full(sure.draws, -np.inf, np.float32)
    for rows in pairs.blocks:
        up = largest_above(pairs, rows, everyone)
        np.maximum(at_once, up.max(axis=0), out=at_once)
        down = largest_below(pairs, rows, everyone)
        alone[rows] = _quantile(np.maximum(up, down), sure.confidence)
    return alone, float(_quantile(at_once, sure.confidence))


def _stepped(pairs: Pairs, critical: Floats, sure: Sure) -> Floats:
    """Step down the critical values of areas one by one."""
    critical = critical.copy()
    for rows in pairs.blocks:
        for _ in range(_STEPS):
            up, down = largest_above(pairs, rows, critical), largest_below(pairs, rows, critical)
            next_one = np.minimum(_quantile(np.maximum(up, down), sure.confidence), critical[rows])
            moved = float((critical[rows] - next_one).max())
            critical[rows] = next_one
            if moved <= _MOVED:
                break
    return critical


def _stepped_at_once(pairs: Pairs, critical: float, sure: Sure) -> float:
    """Step down the critical value for all areas at once."""
    for _ in range(_STEPS):
        largest = np.full(sure.draws, -np.inf, np.float32)
        same = np.full(len(pairs.value), critical)
        for rows in pairs.blocks:
            np.maximum(largest, largest_above(pairs, rows, same).max(axis=0), out=largest)
        next_one = min(float(_quantile(largest, sure.confidence)), critical)
        moved = critical - next_one
        critical = next_one
        if moved <= _MOVED:
            break
    return critical
