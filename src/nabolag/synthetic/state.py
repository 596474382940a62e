"""The municipality at one moment: parallel arrays of persons, households and dwellings.

Arrays only grow at the end and are filtered whole, so that the work is the same few numpy
calls for sixty thousand persons as for five million. A person's household and a household's
dwelling are positions in the arrays beside; identities are positions plus one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from nabolag.synthetic.areas import Bools, Floats, Ints

SINGLE, PARTNER, SINGLE_PARENT, CHILD, OTHER = range(5)
MALE, FEMALE = 0, 1
#: Immigration categories A, B, C (see registers.contracts); the rarer ones are not generated.
NORWEGIAN, IMMIGRANT, SECOND = 0, 1, 2
T_SINGLE, T_COUPLE, T_FAMILY, T_SINGLE_PARENT, T_OTHER = range(5)


@dataclass
class _Table:
    """Arrays of equal length."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(getattr(self, fields(self)[0].name))

    def keep(self, which: Bools | Ints) -> Self:
        """Return only some rows."""
        return type(self)(*(getattr(self, f.name)[which] for f in fields(self)))

    def join(self, more: Self) -> Self:
        """Return these rows and then the others."""
        return self.stack([self, more])

    @classmethod
    def stack(cls, tables: Sequence[Self]) -> Self:
        """Return the rows of several tables (at least one), in their order."""
        return cls(*(np.concatenate([getattr(t, f.name) for t in tables]) for f in fields(cls)))


@dataclass
class People(_Table):
    """Residents. `skill`, `drive` and `shock` are standard normal and belong to the person.

    `final` is the education (first digit of NUS2000) the person has or will reach.
    """

    pid: Ints
    sex: Ints
    birth: Ints
    household: Ints
    role: Ints
    origin: Ints
    country: Ints
    final: Ints
    skill: Floats
    drive: Floats
    shock: Floats


@dataclass
class Homes(_Table):
    """Dwellings. `household` is who lives there, -1 for nobody.

    `tenure` is 0 for owners, 1 for a housing cooperative, 2 for let; it belongs to the dwelling.
    """

    area: Ints
    building: Ints
    built: Ints
    rooms: Ints
    m2: Floats
    tenure: Ints
    owner: Ints
    household: Ints


@dataclass
class Town:
    """Everything at one moment. `home_of[h]` is the dwelling of household `h`, -1 when gone."""

    people: People
    homes: Homes
    home_of: Ints
    next_pid: int

    @property
    def area_of(self) -> Ints:
        """The area of each household, by household; -1 when it is gone."""
        return np.where(self.home_of >= 0, self.homes.area[self.home_of], -1)

    def person_area(self) -> Ints:
        """Return the area of each person."""
        return self.area_of[self.people.household]

    def lose(self, who: Bools, *, alone: bool = False) -> People:
        """Let marked persons leave, and return them: with their households, or each `alone`."""
        gone = self.people.keep(who)
        if alone:
            gone.household = np.arange(len(gone))
        self.people = self.people.keep(~who)
        return gone


def leave_dwelling(town: Town, households: Ints) -> None:
    """Empty the dwellings of households, where they have one."""
    homes = town.home_of[households]
    town.homes.household[homes[homes >= 0]] = -1
    town.home_of[households] = -1


@dataclass(frozen=True)
class Summary:
    """Counts by household position; rows of households that are gone are zero."""

    persons: Ints
    adults: Ints
    partners: Ints
    children: Ints
    under_18: Ints
    type: Ints

    @property
    def alive(self) -> Bools:
        """Tell which households have somebody in them."""
        return self.persons > 0


def summarise(people: People, households: int, year: int) -> Summary:
    """Count who lives in each household on 1 January of a year, and give it a type."""
    age = year - 1 - people.birth

    def count(which: Bools) -> Ints:
        return np.bincount(people.household[which], minlength=households)

    child = people.role == CHILD
    persons, children = count(np.ones(len(people), dtype=bool)), count(child)
    partners, adults = count(people.role == PARTNER), count(~child)
    kind = np.full(households, T_OTHER)
    kind[(adults == 1) & (children == 0)] = T_SINGLE
    kind[(adults == 1) & (children > 0)] = T_SINGLE_PARENT
    kind[(partners == 2) & (adults == 2) & (children == 0)] = T_COUPLE
    kind[(partners == 2) & (adults == 2) & (children > 0)] = T_FAMILY
    return Summary(persons, adults, partners, children, count(age < 18), kind)


def settle_roles(people: People, households: int) -> None:
    """Let roles follow from who is left: a partner left alone is single, or a single parent.

    Grown children who live without parents become single or, together, others.
    """

    def count(which: Bools) -> Ints:
        return np.bincount(people.household[which], minlength=households)

    child = people.role == CHILD
    orphaned = count(~child)[people.household] == 0
    people.role[child & orphaned] = OTHER
    child = people.role == CHILD
    adults, children = count(~child)[people.household], count(child)[people.household]
    alone = ~child & (adults == 1)
    people.role[alone & (children == 0)] = SINGLE
    people.role[alone & (children > 0)] = SINGLE_PARENT
    paired = count(people.role == PARTNER)[people.household]
    people.role[~child & (adults > 1) & ((paired != 2) | (adults != 2))] = OTHER
