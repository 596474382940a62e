"""The axes that everything here is laid on: areas × two sexes × single years of age.

Ages are full years, 0 to 105; the last is everybody of 105 or more. Age is counted on 31
December of the year something happens, so that each person has one age the whole year: those who
are 0 at its end are born in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
#: Expected numbers (with decimals) or drawn ones (whole).
Numbers: TypeAlias = npt.NDArray[Any]

#: How many ages there are, the last of them open.
AGES: Final = 106
OLDEST: Final = AGES - 1
SEXES: Final = ("female", "male")
FEMALE, MALE = 0, 1


@dataclass(frozen=True, slots=True)
class Places:
    """Areas in order, and which larger area (where rates are from) each lies in.

    `inside` holds numbers into `larger`. Areas of one larger area stand together.
    """

    codes: tuple[str, ...]
    larger: tuple[str, ...]
    inside: Ints

    def __post_init__(self) -> None:
        """Refuse areas that do not stand together: sums would go to the wrong larger area."""
        if len(self.codes) != len(self.inside):
            raise ValueError("every area needs the number of its larger area")
        if np.any(np.diff(self.inside) < 0):
            raise ValueError("areas of one larger area must stand together, in its order")

    @property
    def starts(self) -> Ints:
        """Where each larger area's own areas begin."""
        return np.searchsorted(self.inside, np.arange(len(self.larger))).astype(np.int64)

    def part(self, first: int, last: int) -> Places:
        """Return the areas of the larger areas from `first` up to `last`."""
        chosen = (self.inside >= first) & (self.inside < last)
        codes = tuple(np.array(self.codes, dtype=object)[chosen])
        return Places(codes, self.larger[first:last], self.inside[chosen] - first)


def summed(values: Numbers, places: Places) -> Numbers:
    """Return the sum over the areas of each larger area; every larger area must have one."""
    total: Numbers = np.add.reduceat(values, places.starts, axis=0)
    return total


def aged(people: Numbers) -> Numbers:
    """Return people by the age they reach this year. Nobody is 0: those are not yet born."""
    older = np.zeros_like(people)
    older[..., 1:] = people[..., :-1]
    older[..., OLDEST] += people[..., OLDEST]
    return older


@dataclass(frozen=True, slots=True)
class Ages:
    """An age group: from and to and including, `to` = 105 meaning 105 or more."""

    start: int
    to: int

    def __post_init__(self) -> None:
        """Refuse a group that ends before it begins, or lies outside the ages there are."""
        if not 0 <= self.start <= self.to <= OLDEST:
            raise ValueError(f"ages are rising numbers from 0 to {OLDEST}")

    @property
    def members(self) -> Bools:
        """Which of the ages belong to the group."""
        every = np.arange(AGES)
        chosen: Bools = (every >= self.start) & (every <= self.to)
        return chosen


def bands(edges: Sequence[int]) -> tuple[Ages, ...]:
    """Return age groups from their lowest ages; the last reaches the oldest."""
    ends = [*(edge - 1 for edge in edges[1:]), OLDEST]
    return tuple(Ages(low, high) for low, high in zip(edges, ends, strict=True))


def by_group(people: Numbers, groups: Sequence[Ages]) -> Floats:
    """Return people by age group in place of single ages, the last axis."""
    matrix = np.stack([group.members for group in groups], axis=1).astype(np.float64)
    found: Floats = people.astype(np.float64) @ matrix
    return found
