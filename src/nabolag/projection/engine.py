"""Year after year, a block of municipalities at a time, so that a country fits in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nabolag.projection.axes import Floats, Numbers, Places
from nabolag.projection.rake import Constraint, rake
from nabolag.projection.rates import Rates
from nabolag.projection.step import Factors, Flows, NewHomes, drawn, expected

#: About so many areas are laid out at once; a municipality is never split.
BLOCK = 400


@dataclass(frozen=True)
class Course:
    """What a run is asked: who is there, how often things happen, and what changes by the year.

    `factors` has one entry a year; `homes` gives who moves into the new homes of some areas in a
    year (from 0), or nobody. `constraint`, where there is one, is held to every year.
    """

    places: Places
    people: Floats
    rates: Rates
    factors: Sequence[Factors]
    homes: Callable[[int, slice], NewHomes | None] | None = None
    constraint: Constraint | None = None

    @property
    def years(self) -> int:
        """How many years are run."""
        return len(self.factors)


@dataclass(frozen=True)
class Block:
    """Areas that are laid out together: their numbers, and their part of the course."""

    areas: slice
    places: Places
    rates: Rates


def blocks(course: Course, size: int = BLOCK) -> Iterator[Block]:
    """Yield blocks of whole larger areas. What is held to a total of many stays together."""
    places = course.places
    many = len(places.larger)
    if course.constraint is not None:
        yield Block(slice(0, len(places.codes)), places, course.rates)
        return
    starts = [*places.starts.tolist(), len(places.codes)]
    first = 0
    for last in range(1, many + 1):
        if last == many or starts[last + 1] - starts[first] > size:
            part = course.rates.part(places, first, last)
            yield Block(slice(starts[first], starts[last]), places.part(first, last), part)
            first = last


def run(
    course: Course, rng: np.random.Generator | None = None, size: int = BLOCK
) -> Iterator[tuple[slice, int, Flows]]:
    """Yield (areas, year number, the year's flows). With `rng` whole persons are drawn.

    Only one block's year is in memory at a time.
    """
    for block in blocks(course, size):
        there: Numbers = course.people[block.areas]
        if rng is not None:
            there = np.rint(there).astype(np.int64)
        for year, factors in enumerate(course.factors):
            homes = course.homes(year, block.areas) if course.homes else None
            if rng is None:
                flows = expected(there, block.rates, block.places, factors, homes)
            else:
                flows = drawn(there, block.rates, block.places, factors, homes, rng)
            if course.constraint is not None:
                flows = rake(flows, course.constraint, year)
            yield block.areas, year, flows
            there = flows.end
