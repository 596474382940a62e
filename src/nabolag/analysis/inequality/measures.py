"""Measures of how unequal areas are, and of gradients, on sorted and weighted values.

Everything works along the last axis, so that years, places or redrawn weights are rows of one
array and are measured together. A weight of 0 takes an area out; what a row cannot give is nan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nabolag.analysis.arrays import Floats, Ints

#: What is smaller than this beside 1 is rounding.
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Ordered:
    """Values in order, from the lowest (or, for gradients, by what areas are ordered by).

    `value` and `weight` have shape (…, areas); `order` leads back to the caller's order. `runs`
    are the places where a run of areas that are equal in the order begins and ends; none where
    values are ordered by themselves, since equal values then add the same wherever they stand.
    """

    value: Floats
    weight: Floats
    order: Ints
    runs: tuple[Ints, Ints] | None = None

    @property
    def share(self) -> Floats:
        """Weights that sum to 1 in each row."""
        return np.asarray(self.weight / self.weight.sum(axis=-1, keepdims=True))

    @property
    def place(self) -> Floats:
        """The middle of each area's stretch of the population, 0 to 1 (ridit, Bross 1958).

        Areas that are equal in the order share the middle of their common stretch.
        """
        share = self.share
        after = np.cumsum(share, axis=-1)
        before = after - share
        if self.runs is None:
            return np.asarray((after + before) / 2)
        first, last = (np.broadcast_to(at, share.shape) for at in self.runs)
        ends = np.take_along_axis(after, last, -1) + np.take_along_axis(before, first, -1)
        return np.asarray(ends / 2)

    @property
    def mean(self) -> Floats:
        """The weighted mean of each row."""
        return np.asarray((self.share * self.value).sum(axis=-1))

    def reweighted(self, weight: Floats) -> Ordered:
        """Return the same order with other weights, already in this order; rows may be added."""
        return replace(self, weight=weight)


def ordered(value: Floats, weight: Floats, by: Floats | None = None) -> Ordered:
    """Sort values by `by` (themselves, where it is not given). All of shape (…, areas)."""
    order = np.argsort(value if by is None else by, axis=-1)
    values, weights = (np.take_along_axis(one, order, -1) for one in (value, weight))
    return Ordered(values, weights, order, None if by is None else _runs(by, order))


def _runs(keys: Floats, order: Ints) -> tuple[Ints, Ints]:
    """Return where the run of equal keys that each place is in begins and ends."""
    arranged = np.take_along_axis(keys, order, -1)
    count = keys.shape[-1]
    places = np.broadcast_to(np.arange(count), keys.shape)
    edge = np.ones((*keys.shape[:-1], 1), bool)
    new = np.concatenate([edge, arranged[..., 1:] != arranged[..., :-1]], axis=-1)
    first = np.maximum.accumulate(np.where(new, places, 0), axis=-1)
    closing = np.concatenate([new[..., 1:], edge], axis=-1)
    ends = np.where(closing, places, count)[..., ::-1]
    return first, np.minimum.accumulate(ends, axis=-1)[..., ::-1]


def concentration(rows: Ordered) -> Floats:
    """Return the concentration index: 2/μ · Σ f·x·r − 1 (Kakwani, Wagstaff, van Doorslaer 1997).

    Below 0 where the values lie with those first in the order, above 0 with those last, in
    −1 to 1 for values that are not negative. Ordered by the values themselves it is Gini's.
    """
    above = (rows.share * rows.value * (rows.place - 0.5)).sum(axis=-1)
    return np.asarray(2 * above / _positive(rows.mean))


def theil(rows: Ordered) -> Floats:
    """Return Theil's T: Σ f · x/μ · ln(x/μ), 0 where all are equal. nan with negative values."""
    part = rows.value / _positive(rows.mean)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(part > 0, part * np.log(part), np.where(part == 0, 0.0, np.nan))
    weighted = np.where(rows.weight > 0, rows.share * terms, 0.0)
    return np.asarray(weighted.sum(axis=-1))


def percentile_ratio(rows: Ordered, high: float = 0.9, low: float = 0.1) -> Floats:
    """Return P90/P10: the value that nine in ten live at or below over the one for one in ten."""
    return np.asarray(_percentile(rows, high) / _positive(_percentile(rows, low)))


def share_ratio(rows: Ordered, tail: float = 0.2) -> Floats:
    """Return S80/S20: what the last fifth of the population has over what the first has."""
    top, bottom = tails(rows, tail)
    return np.asarray((top * rows.value).sum(axis=-1) / _positive((bottom * rows.value).sum(-1)))


def tails(rows: Ordered, tail: float) -> tuple[Floats, Floats]:
    """Return how much of each area is in the last and in the first `tail` of the population."""
    share = rows.share
    after = np.cumsum(share, axis=-1)
    bottom = np.clip(tail - (after - share), 0, share)
    return np.clip(after - (1 - tail), 0, share), bottom


def slope(rows: Ordered) -> Floats:
    """Return the slope index: how much the value rises from first to last in the order.

    Least squares of the values on their places, weighted; in the unit of the value.
    """
    away = rows.share * (rows.place - 0.5)
    spread = (away * (rows.place - 0.5)).sum(axis=-1)
    return np.asarray((away * rows.value).sum(axis=-1) / _positive(spread, _ROUNDING))


def relative(rows: Ordered) -> Floats:
    """Return the relative index: the fitted value last in the order over the one first."""
    half, mean = slope(rows) / 2, rows.mean
    return np.asarray((mean + half) / _positive(mean - half, _ROUNDING * np.abs(mean)))


def _percentile(rows: Ordered, at: float) -> Floats:
    """Return the first value at which the share of the population reaches `at`."""
    reached = np.cumsum(rows.share, axis=-1) >= at - 1e-12
    index = np.argmax(reached, axis=-1)[..., None]
    values = np.broadcast_to(rows.value, reached.shape)
    return np.take_along_axis(values, index, -1)[..., 0]


def _positive(number: Floats, least: Floats | float = 0.0) -> Floats:
    """Return what can be divided by: nan for what is not above 0, or nothing but rounding."""
    return np.where(number > least, number, np.nan)


#: Measures of spread, of values ordered by themselves.
SPREADS: Final[Mapping[str, Callable[[Ordered], Floats]]] = {
    "gini": concentration,
    "theil": theil,
    "p90_p10": percentile_ratio,
    "s80_s20": share_ratio,
}
#: Measures of a gradient, of values ordered by something else.
GRADIENTS: Final[Mapping[str, Callable[[Ordered], Floats]]] = {
    "slope": slope,
    "relative": relative,
    "concentration": concentration,
}
