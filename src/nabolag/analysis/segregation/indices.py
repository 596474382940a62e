"""Indices of how unevenly groups live over the units of a place, for many places at once.

Counts have shape (…, units, groups). Units stand place by place; `starts` are the first unit of
each place, so that one sum gives every place, and leading axes (draws of chance, or what a hidden
count may be) are measured together. Every index has the shape (…, places).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from nabolag.analysis.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Units:
    """Persons by unit and group, and the mix around each unit.

    `around` are shares of the groups in what a unit is surrounded by, itself included; for
    indices without neighbours, the unit's own. A unit with nobody in it counts for nothing.
    """

    counts: Floats
    starts: Ints
    around: Floats

    @property
    def people(self) -> Floats:
        """Persons of each unit."""
        return np.asarray(self.counts.sum(axis=-1))

    @property
    def totals(self) -> Floats:
        """Persons of each place by group."""
        return np.add.reduceat(self.counts, self.starts, axis=-2)

    @property
    def mix(self) -> Floats:
        """Each place's shares of the groups."""
        return shares(self.totals)

    @property
    def weight(self) -> Floats:
        """Each unit's share of the persons of its place."""
        return _over(self.people, self.spread(self.summed(self.people)[..., None])[..., 0])

    def summed(self, of_units: Floats) -> Floats:
        """Return the sum over the units of each place."""
        return np.add.reduceat(of_units, self.starts, axis=-1)

    def spread(self, of_places: Floats) -> Floats:
        """Return what holds of a place at each of its units; shape (…, places, something)."""
        count = self.counts.shape[-2]
        lengths = np.diff(np.append(self.starts, count))
        return np.repeat(of_places, lengths, axis=-2)


def units(counts: Floats, starts: Ints) -> Units:
    """Return units with their own mix around them."""
    return Units(counts, starts, shares(counts))


def shares(counts: Floats) -> Floats:
    """Return shares of the last axis; 0 where there is nobody."""
    return _over(counts, counts.sum(axis=-1, keepdims=True))


def _over(above: Floats, below: Floats) -> Floats:
    shape = np.broadcast_shapes(above.shape, below.shape)
    return np.divide(above, below, out=np.zeros(shape), where=np.broadcast_to(below > 0, shape))


def entropy(mix: Floats) -> Floats:
    """Return −Σ p ln p over the last axis, in nats; 0 where all are of one group."""
    logs = np.log(mix, out=np.zeros(mix.shape), where=mix > 0)
    return np.asarray(-(mix * logs).sum(axis=-1))


def dissimilarity(of: Units) -> Floats:
    """Return D: Σ tⱼ Σ |pⱼ − π| / (2T Σ π(1 − π)) (Duncan 1955; Morgan 1975, Sakoda 1981).

    With two groups, the share of either that would have to move for the mix to be even. nan
    where everybody is of one group.
    """
    apart = np.abs(of.around - of.spread(of.mix)).sum(axis=-1)
    most = 2 * (of.mix * (1 - of.mix)).sum(axis=-1)
    return np.asarray(of.summed(of.weight * apart) / _positive(most))


def mutual(of: Units) -> Floats:
    """Return M, the mutual information of group and unit, in nats (Theil and Finizza 1971).

    How much less uncertain a person's group is where the unit is known: E − Σ tⱼ/T · Eⱼ.
    """
    return np.asarray(entropy(of.mix) - of.summed(of.weight * entropy(of.around)))


def information(of: Units) -> Floats:
    """Return H = M / E, 0 for the same mix everywhere to 1 for units of one group each.

    nan where everybody is of one group.
    """
    return np.asarray(mutual(of) / _positive(entropy(of.mix)))


def contacts(of: Units) -> Floats:
    """Return what share of each group there is around the members of each group, on average.

    Shape (…, places, groups, groups): the first group is whose surroundings, the second who is
    there; its diagonal is isolation (Bell 1954; Lieberson 1981). nan for a group with nobody.
    """
    pairs = of.counts[..., :, None] * of.around[..., None, :]
    together = np.add.reduceat(pairs, of.starts, axis=-3)
    return np.asarray(together / _positive(of.totals)[..., None])


def isolation(of: Units) -> Floats:
    """Return what share of their own group the members of the first group have around them."""
    return contacts(of)[..., 0, 0]


def exposure(of: Units) -> Floats:
    """Return what share of the second group the members of the first have around them."""
    return contacts(of)[..., 0, 1]


def _positive(number: Floats) -> Floats:
    return np.where(number > 1e-12, number, np.nan)


INDICES: Final[Mapping[str, Callable[[Units], Floats]]] = {
    "dissimilarity": dissimilarity,
    "information": information,
    "mutual": mutual,
    "isolation": isolation,
    "exposure": exposure,
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which units are around which: `unit` has `other` around it with a weight.

    The weights of a unit sum to 1, itself included.
    """

    unit: Ints
    other: Ints
    weight: Floats


def row_standardised(pairs: Ints, count: int, own: float | None = None) -> Neighbours:
    """Return weights of units and their neighbours. `pairs` has shape (pairs, 2), both ways.

    A unit weighs `own`, its neighbours share the rest evenly; not given: as much as one of its
    neighbours does. A unit without neighbours has only itself around it.
    """
    degree = np.bincount(pairs[:, 0], minlength=count)
    itself = 1 / (1 + degree) if own is None else np.where(degree > 0, own, 1.0)
    beside = ((1 - itself) / np.maximum(degree, 1))[pairs[:, 0]]
    every = np.arange(count)
    return Neighbours(
        np.concatenate([every, pairs[:, 0]]),
        np.concatenate([every, pairs[:, 1]]),
        np.concatenate([itself, beside]),
    )


def with_neighbours(counts: Floats, starts: Ints, near: Neighbours) -> Units:
    """Return units with the weighted mix of themselves and their neighbours around them.

    Spatial indices after Reardon and O'Sullivan (2004). Counts of shape (units, groups).
    """
    around: Floats = np.stack(
        [
            np.bincount(near.unit, near.weight * counts[near.other, g], minlength=len(counts))
            for g in range(counts.shape[-1])
        ],
        axis=-1,
    ).astype(np.float64)
    return Units(counts, starts, shares(around))
