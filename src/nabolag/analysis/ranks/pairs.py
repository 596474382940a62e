"""The largest difference between an area and any other, draw by draw, without every pair.

With p areas and R draws there are p² · R differences. They are never all looked at: areas are
laid in classes of almost the same standard error, and within a class only the highest or the
lowest draw can give the largest difference. Where a class is wider than one error its smallest
is used below the line, which makes the difference a little too large and never too small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nabolag.analysis.arrays import Draws, Floats, Ints

#: Classes of standard errors; with no more areas than this, each area is its own class.
CLASSES = 256
#: Areas looked at together: few enough for a block of draws to stay in the cache.
_BLOCK = 128


@dataclass(frozen=True, slots=True)
class Pairs:
    """Areas by class of error and then by value, with their chance draws.

    `order` leads back to the caller's order. `noise` is one row an area, one column a draw.
    `highest` is the highest noise of the class so far, from its lowest value and up; `lowest`
    the lowest from its highest value and down. `starts` has one entry more than classes.
    """

    order: Ints
    value: Floats
    error: Floats
    noise: Draws
    highest: Draws
    lowest: Draws
    starts: Ints
    least: Floats
    most: Floats

    @property
    def blocks(self) -> Iterator[slice]:
        """The areas, some at a time."""
        return (slice(at, at + _BLOCK) for at in range(0, len(self.value), _BLOCK))


def pairs_of(value: Floats, error: Floats, draws: int, seed: int) -> Pairs:
    """Lay areas ready. `error` must be above 0; a seed gives the same draws every time."""
    kind = _classes(error)
    order = np.lexsort((value, kind))
    chance = np.random.default_rng(seed).standard_normal((len(value), draws), dtype=np.float32)
    noise = (chance * error[:, None].astype(np.float32))[order]
    _, first = np.unique(kind[order], return_index=True)
    starts = np.append(first, len(value)).astype(np.int64)
    highest, lowest = noise.copy(), noise.copy()
    for a, b in pairwise(starts):
        np.maximum.accumulate(noise[a:b], axis=0, out=highest[a:b])
        np.minimum.accumulate(noise[a:b][::-1], axis=0, out=lowest[a:b][::-1])
    sorted_error = error[order]
    least = np.minimum.reduceat(sorted_error, first)
    most = np.maximum.reduceat(sorted_error, first)
    return Pairs(
        order, value[order], sorted_error, noise, highest, lowest, starts, least, most
    )  # fmt: skip


def _classes(error: Floats) -> Ints:
    """Return the class of each area: equal steps of the logarithm of its error."""
    if len(error) <= CLASSES:
        return np.arange(len(error))
    logs = np.log(error)
    width = logs.max() - logs.min()
    if width == 0:
        return np.zeros(len(error), np.int64)
    steps: Ints = ((logs - logs.min()) / width * CLASSES).astype(np.int64)
    return np.minimum(steps, np.int64(CLASSES - 1))


def largest_above(pairs: Pairs, rows: slice, critical: Floats) -> Draws:
    """Return, for each area of `rows` and each draw, how far any other comes out above it.

    In standard errors of the difference. Only others are looked at that are not already told to
    be above at the area's `critical` value (one number an area; infinite: all are looked at).
    """
    return _largest(pairs, rows, critical, up=True)


def largest_below(pairs: Pairs, rows: slice, critical: Floats) -> Draws:
    """Return the same for how far any other comes out below."""
    return _largest(pairs, rows, critical, up=False)


def _largest(pairs: Pairs, rows: slice, critical: Floats, *, up: bool) -> Draws:
    value, error, noise = pairs.value[rows], pairs.error[rows], pairs.noise[rows]
    found = np.full(noise.shape, -np.inf, np.float32)
    gap = np.empty_like(noise)
    for kind, (first, end) in enumerate(pairwise(pairs.starts)):
        reach = critical[rows] * np.hypot(error, pairs.most[kind])
        inside = pairs.value[first:end]
        if up:
            at = first + np.searchsorted(inside, value + reach, side="right") - 1
            left = at >= first
            np.subtract(pairs.highest[np.maximum(at, first)], noise, out=gap)
        else:
            at = first + np.searchsorted(inside, value - reach, side="left")
            left = at < end
            np.subtract(noise, pairs.lowest[np.minimum(at, end - 1)], out=gap)
        over = np.where(left, 1 / np.hypot(error, pairs.least[kind]), np.nan)
        gap *= over[:, None].astype(np.float32)
        np.fmax(found, gap, out=found)
    return found


def told_apart(pairs: Pairs, critical: Floats) -> tuple[Ints, Ints]:
    """Return how many areas are told to be above each area, and how many below it.

    `critical` is one number an area, in standard errors of the difference. In the caller's order.
    """
    above, below = np.empty(len(pairs.value), np.int64), np.empty(len(pairs.value), np.int64)
    for rows in pairs.blocks:
        reach = critical[rows, None] * np.hypot(pairs.error[rows, None], pairs.error)
        gap = pairs.value - pairs.value[rows, None]
        above[pairs.order[rows]] = (gap > reach).sum(axis=1)
        below[pairs.order[rows]] = (gap < -reach).sum(axis=1)
    return above, below
