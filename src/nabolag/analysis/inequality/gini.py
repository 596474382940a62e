"""Gini coefficients of much at once, and how much of one lies between neighbours.

Sorted, never over all pairs. `gini` takes any number of rows of equally many areas, `gini_within`
groups of any sizes, and `near_and_far` takes a coefficient apart by whether the two areas of a
pair are neighbours (Rey and Smith 2013, *A spatial decomposition of the Gini coefficient*): the
whole is sorted, the pairs that are near are few and looked at one by one, and the rest is what
remains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nabolag.analysis.arrays import Floats, Ints

#: So many numbers are looked at together: they stay in the processor's cache.
_BLOCK: Final = 1_000_000
#: Sums of the same numbers in another order are the same.
_HAIR: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of areas that are near, each once: area `first` and area `second`, numbered from 0."""

    first: Ints
    second: Ints


@dataclass(frozen=True, slots=True)
class NearAndFar:
    """A Gini coefficient in two parts: `near` + `far` is the whole.

    `near_apart` and `far_apart` are the weighted mean differences within a pair, in the unit of
    the values. `expected` is the mean of `near_apart` over the draws, and `p` how often chance is
    as far from what is usual; both nan where nothing was drawn.
    """

    near: float
    far: float
    near_apart: float
    far_apart: float
    expected: float
    p: float

    @property
    def whole(self) -> float:
        """The Gini coefficient."""
        return self.near + self.far


def gini(value: Floats, weight: Floats | None = None) -> Floats:
    """Return Gini coefficients along the last axis: shape (…, areas) to shape (…).

    Unweighted where `weight` (of the same shape) is not given. nan where values sum to nothing.
    """
    if weight is None:
        return _even(np.sort(value, axis=-1))
    order = np.argsort(value, axis=-1)
    amount = np.take_along_axis(weight, order, -1)
    after = np.cumsum(amount, axis=-1)
    held = amount * np.take_along_axis(value, order, -1)
    people, total = after[..., -1], held.sum(axis=-1)
    above = (held * (2 * after - amount)).sum(axis=-1)
    return np.asarray(above / _positive(people * total) - 1)


def gini_within(value: Floats, group: Ints, weight: Floats | None = None) -> Floats:
    """Return the Gini coefficient within each group, groups numbered from 0. Shape (groups,).

    All shapes (rows,). nan for a group without rows, or whose values sum to nothing.
    """
    if not len(value):
        return np.full(0, np.nan)
    order = _by_group(value, group)
    arranged, own = value[order], group[order]
    size = np.bincount(own)
    amount = np.ones(len(value)) if weight is None else weight[order]
    people = np.bincount(own, amount)
    after = np.cumsum(amount) - np.repeat(np.cumsum(people) - people, size)
    held = amount * arranged
    total, above = np.bincount(own, held), np.bincount(own, held * (2 * after - amount))
    return np.asarray(above / _positive(people * total) - 1)


def near_and_far(
    value: Floats, weight: Floats, pairs: Pairs, draws: int = 0, seed: int = 1
) -> NearAndFar:
    """Take a Gini coefficient apart. `value` and `weight` of shape (areas,), weights above 0.

    Chance moves the areas about on the map, each with its value and its weight, so that the
    whole stays what it is. `p` is (1 + draws as extreme) / (1 + draws), twice the smaller side.
    nan where there are no pairs that are near, or no others.
    """
    # Only how weights are to one another matters: where all are alike, none is needed.
    uneven = weight if len(weight) and bool((weight != weight[0]).any()) else None
    amount = np.ones(len(value)) if uneven is None else uneven
    people, whole = float(amount.sum()), float(gini(value, uneven))
    size = 2 * people * float((amount * value).sum())
    apart, shared = (float(one[0]) for one in _of_pairs(value, uneven, pairs, None))
    # Each pair stands twice in the coefficient: i with j, and j with i.
    near = 2 * apart / size if size > 0 else np.nan
    others = (people**2 - float((amount**2).sum())) / 2 - shared
    far_apart = (whole * size / 2 - apart) / others if others > _HAIR * people**2 else np.nan
    near_apart = apart / shared if shared > 0 else np.nan
    drawn = _drawn(value, uneven, pairs, draws, seed) if shared > 0 else np.empty(0)
    if not len(drawn):
        return NearAndFar(near, whole - near, near_apart, far_apart, np.nan, np.nan)
    p = _chance(near_apart, drawn, _HAIR * float(np.abs(value).max()))
    return NearAndFar(near, whole - near, near_apart, far_apart, float(drawn.mean()), p)


def _chance(seen: float, drawn: Floats, hair: float) -> float:
    """Return the p-value of what is seen: twice the smaller side, itself among the draws."""
    higher, lower = int((drawn >= seen - hair).sum()), int((drawn <= seen + hair).sum())
    return min(1.0, 2 * (min(higher, lower) + 1) / (len(drawn) + 1))


def _drawn(value: Floats, weight: Floats | None, pairs: Pairs, draws: int, seed: int) -> Floats:
    """Return how far near areas are apart when areas are moved about, one number a draw."""
    chance, found = np.random.default_rng(seed), []
    step = max(1, _BLOCK // (4 * len(value)))
    for start in range(0, draws, step):
        places = np.tile(np.arange(len(value)), (min(step, draws - start), 1))
        moved = np.ascontiguousarray(chance.permuted(places, axis=1).T)
        apart, shared = _of_pairs(value, weight, pairs, moved)
        found.append(apart / shared)
    return np.concatenate(found) if found else np.empty(0)


def _of_pairs(
    value: Floats, weight: Floats | None, pairs: Pairs, moved: Ints | None
) -> tuple[Floats, Floats]:
    """Return the sums of weighted differences and of weights over pairs, shape (draws,).

    `moved` says for each draw which area stands in each place, shape (areas, draws); without it
    areas stand where they are, once. Without weights all weigh 1.
    """
    values = value[:, None] if moved is None else value[moved]
    weights = weight if weight is None else weight[:, None] if moved is None else weight[moved]
    apart, shared = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    step = max(1, _BLOCK // (8 * values.shape[1]))
    for start in range(0, len(pairs.first), step):
        first, second = pairs.first[start : start + step], pairs.second[start : start + step]
        differ = values[first]
        differ -= values[second]
        np.abs(differ, out=differ)
        if weights is None:
            apart, shared = apart + differ.sum(axis=0), shared + len(first)
        else:
            both = weights[first] * weights[second]
            apart += np.einsum("pd,pd->d", differ, both)
            shared += both.sum(axis=0)
    return apart, shared


def _even(arranged: Floats) -> Floats:
    """Return Gini coefficients of values in order that all weigh the same."""
    count = arranged.shape[-1]
    total = arranged.sum(axis=-1)
    away = np.arange(1 - count, count + 1, 2, dtype=np.float64)
    above = np.einsum("...a,a->...", arranged, away)
    return np.asarray(above / _positive(count * total))


def _by_group(value: Floats, group: Ints) -> Ints:
    """Return the order by group, and by value within a group."""
    order: Ints = np.argsort(value)
    numbers = group[order]
    # Sixteen bits are sorted by counting.
    if numbers.min() >= 0 and numbers.max() < 2**16:
        numbers = numbers.astype(np.uint16)
    return np.asarray(order[np.argsort(numbers, kind="stable")])


def _positive(number: Floats | Ints) -> Floats:
    """Return what can be divided by: nan for what is not above 0."""
    return np.where(number > 0, number, np.nan)
