"""Neighbouring areas merged two and two, the most alike first, until regions are large enough.

Ward's criterion (1963) among neighbours: a merger costs the growth of the sum of squared
distances to the region's mean, people weighing. With alike weights and no least size it is what
scikit-learn's `AgglomerativeClustering` does with a connectivity.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.neighbours import Neighbours


@dataclass(frozen=True, slots=True)
class Wanted:
    """The least number of people in a region, and at most how many regions (None: as many)."""

    people: float
    most: int | None = None


@dataclass(slots=True)
class _Merging:
    """Regions under way. A merged region has a new number; those it was made of are gone."""

    mean: list[Floats]
    weight: list[float]
    people: list[float]
    near: list[set[int]]
    members: list[list[int]]
    gone: list[bool] = field(default_factory=list)

    def cost(self, one: int, other: int) -> float:
        together = self.weight[one] + self.weight[other]
        apart = self.mean[one] - self.mean[other]
        return float(self.weight[one] * self.weight[other] / together * (apart @ apart))

    def merge(self, one: int, other: int) -> int:
        """Merge two regions; the number of the new one."""
        new = len(self.mean)
        together = self.weight[one] + self.weight[other]
        self.mean.append(
            (self.weight[one] * self.mean[one] + self.weight[other] * self.mean[other]) / together
        )
        self.weight.append(together)
        self.people.append(self.people[one] + self.people[other])
        self.members.append(self.members[one] + self.members[other])
        around = (self.near[one] | self.near[other]) - {one, other}
        self.near.append(around)
        for region in around:
            self.near[region] -= {one, other}
            self.near[region].add(new)
        self.gone[one] = self.gone[other] = True
        self.gone.append(False)
        return new

    def left(self) -> list[int]:
        return [region for region, gone in enumerate(self.gone) if not gone]


def regions(traits: Floats, people: Floats, neighbours: Neighbours, wanted: Wanted) -> Ints:
    """Return the region of each area, numbered from 0 in the order of their first areas.

    `traits` are areas × traits, none unknown. First regions with too few people are merged with
    a neighbour, the cheapest merger first; then, while there are more than `most`, any two.
    A region that has no neighbour left stays as it is, even if it is too small.
    """
    at = _Merging(
        mean=list(traits.astype(float)),
        weight=[max(float(p), 1e-9) for p in people],
        people=[float(p) for p in people],
        near=[set() for _ in people],
        members=[[area] for area in range(len(people))],
        gone=[False] * len(people),
    )
    for own, other in zip(neighbours.own.tolist(), neighbours.other.tolist(), strict=True):
        at.near[own].add(other)
        at.near[other].add(own)
    _merge_small(at, wanted.people)
    if wanted.most is not None:
        _merge_down(at, wanted.most)
    found = np.zeros(len(people), dtype=np.int64)
    for number, members in enumerate(sorted(sorted(at.members[r]) for r in at.left())):
        found[members] = number
    return found


def _merge_small(at: _Merging, least: float) -> None:
    def small(pair: tuple[int, int]) -> bool:
        return at.people[pair[0]] < least or at.people[pair[1]] < least

    heap = _pairs(at, at.left())
    while heap:
        _, one, other = heapq.heappop(heap)
        if at.gone[one] or at.gone[other] or not small((one, other)):
            continue
        new = at.merge(one, other)
        for around in at.near[new]:
            heapq.heappush(heap, (at.cost(new, around), around, new))


def _merge_down(at: _Merging, most: int) -> None:
    heap, count = _pairs(at, at.left()), len(at.left())
    while heap and count > most:
        _, one, other = heapq.heappop(heap)
        if at.gone[one] or at.gone[other]:
            continue
        new, count = at.merge(one, other), count - 1
        for around in at.near[new]:
            heapq.heappush(heap, (at.cost(new, around), around, new))


def _pairs(at: _Merging, regions: list[int]) -> list[tuple[float, int, int]]:
    heap = [(at.cost(one, other), one, other) for one in regions for other in at.near[one]
            if one < other]  # fmt: skip
    heapq.heapify(heap)
    return heap
