"""How many people a municipality is to have on the next 1 January.

Either so many in all, or exactly so many of each sex and age, as published totals say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nabolag.synthetic.areas import Bools, Floats, Ints
from nabolag.synthetic.state import People

#: The last age holds everybody of that age or more.
AGES = 106
#: From this age a population that shrinks more than expected has lost people by death.
ELDERLY = 67


@dataclass(frozen=True, slots=True)
class Growth:
    """So many persons in all, about."""

    persons: int


@dataclass(frozen=True, slots=True)
class Cells:
    """Exactly so many persons of each sex (rows: male, female) and age (columns)."""

    counts: Ints

    def __post_init__(self) -> None:
        """Refuse a table of another shape, or with negative counts."""
        if self.counts.shape != (2, AGES) or (self.counts < 0).any():
            raise ValueError(f"needs two rows of {AGES} counts that are not negative")

    @property
    def persons(self) -> int:
        """How many persons in all."""
        return int(self.counts.sum())


Demand: TypeAlias = Growth | Cells


def cell_of(people: People, year: int) -> Ints:
    """Return sex and age on 1 January of a year as one number, age running fastest."""
    age = (year - 1 - people.birth).clip(0, AGES - 1)
    return np.asarray(people.sex * AGES + age)


def present(people: People, year: int) -> Ints:
    """Count persons by cell, as a flat array."""
    return np.bincount(cell_of(people, year), minlength=2 * AGES)


def surplus(people: People, demand: Cells, year: int) -> Ints:
    """Return how many too many there are of each cell, negative where there are too few."""
    return np.asarray(present(people, year) - demand.counts.ravel())


def choose(cell: Ints, many: Ints, weight: Floats) -> Bools:
    """Mark `many[c]` members of each cell `c`, those with the lowest weight first."""
    order = np.lexsort((weight, cell))
    sizes = np.bincount(cell, minlength=len(many))
    place = np.arange(len(cell)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    chosen = np.zeros(len(cell), dtype=bool)
    chosen[order] = place < many[cell[order]]
    return chosen
