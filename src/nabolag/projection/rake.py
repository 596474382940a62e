"""Held to a projection of somebody else's: areas add up to the municipality's or the nation's.

What is added or taken away is booked as moves in or out, so that the year still adds up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nabolag.projection.axes import SEXES, Ages, Bools, Floats, Ints, Numbers
from nabolag.projection.step import Flows


@dataclass(frozen=True)
class Constraint:
    """What areas must add up to, by year, larger area, sex and age group.

    `of` says for each area which row of `totals` it counts towards, −1 for none. `totals` is
    year × row × (1 for both sexes, 2 for each) × age group; a total that is not a number holds
    nobody.
    """

    of: Ints
    groups: tuple[Ages, ...]
    totals: Floats

    def year(self, number: int) -> Floats | None:
        """Return the totals after so many years; none where the table ends before."""
        return self.totals[number] if number < len(self.totals) else None

    def cells(self, totals: Floats) -> Iterator[tuple[Bools, list[int], Bools, float]]:
        """Yield areas, sexes, ages and what they add up to, one total at a time."""
        for row in range(totals.shape[0]):
            areas = self.of == row
            for number, sexes in enumerate(_sexes(totals.shape[1])):
                for column, group in enumerate(self.groups):
                    total = float(totals[row, number, column])
                    if np.isfinite(total):
                        yield areas, sexes, group.members, total


def _sexes(parts: int) -> list[list[int]]:
    every = list(range(len(SEXES)))
    return [every] if parts == 1 else [[sex] for sex in every]


def rake(flows: Flows, constraint: Constraint, number: int) -> Flows:
    """Return the year with its end held to the constraint; as it is where there is none."""
    totals = constraint.year(number)
    if totals is None:
        return flows
    end = flows.end
    whole = np.issubdtype(end.dtype, np.integer)
    held = end.copy()
    for areas, sexes, ages, total in constraint.cells(totals):
        at = np.ix_(areas, np.isin(range(len(SEXES)), sexes), ages)
        if end[at].size:
            held[at] = _whole(end[at], total) if whole else _scaled(end[at], total)
    return flows.adjusted(held - end)


def _scaled(people: Floats, total: float) -> Floats:
    now = float(people.sum())
    if now > 0:
        return people * (total / now)
    return np.full_like(people, total / people.size)


def _whole(people: Numbers, total: float) -> Ints:
    """Return whole persons that add up to the total, rounded: the largest remainders go up."""
    target = round(total)
    wished = _scaled(people.astype(np.float64), float(target))
    floor = np.floor(wished).astype(np.int64)
    short = target - int(floor.sum())
    order = np.argsort(-(wished - floor), axis=None, kind="stable")
    floor.reshape(-1)[order[:short]] += 1
    return floor
