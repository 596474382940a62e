"""Households out of persons whose sex and age are given: couples, parents, and people alone.

Used where a published population says how many there are of each sex and age, so that no one
can be drawn freely: everybody given gets a household, and nobody is added.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from nabolag.synthetic.areas import Bools, Floats, Ints
from nabolag.synthetic.demand import AGES, choose
from nabolag.synthetic.state import (
    CHILD,
    FEMALE,
    MALE,
    PARTNER,
    SINGLE,
    SINGLE_PARENT,
    T_COUPLE,
    T_FAMILY,
    T_OTHER,
    T_SINGLE,
    T_SINGLE_PARENT,
)

#: Household (position), age, sex and role, one entry a person.
Members: TypeAlias = tuple[Ints, Ints, Ints, Ints]

_PARTNER_FROM = np.array([0, 20, 25, 30, 40, 60, 70, 80, 90])
#: Share with a partner by age from `_PARTNER_FROM`, men and women. Order of size, not estimates.
_PARTNER = np.array(
    [
        [0, 0.14, 0.48, 0.71, 0.74, 0.78, 0.78, 0.66, 0.40],
        [0, 0.26, 0.60, 0.76, 0.75, 0.74, 0.62, 0.34, 0.11],
    ]
)
#: Share of those from 18 to 24 who live with their parents.
_AT_HOME = np.array([0.92, 0.72, 0.50, 0.36, 0.25, 0.17, 0.11])
_GROWN = 18
#: Share of women and men without a partner who have children living with them, if of the age.
_ALONE_MOTHER, _ALONE_FATHER = 0.30, 0.05
_PARENT_AGE, _PARENT_SPREAD = 30.5, 5.0
_YOUNGEST_PARENT, _OLDEST_PARENT, _MOST_APART = 18, 62, 48
_MOST_CHILDREN = 4
#: Share of young people without a partner who share a home, two or three together.
_SHARE, _SHARE_UNTIL = 0.22, 34


def expand(counts: Ints) -> tuple[Ints, Ints]:
    """Return sex and age of each person counted in a flat table of cells."""
    cell = np.repeat(np.arange(len(counts)), counts)
    return cell // AGES, cell % AGES


def compose(
    sex: Ints, age: Ints, rng: np.random.Generator, *, may_stay_home: bool = True
) -> tuple[Members, Ints]:
    """Return households of the given persons, and the ages of children nobody here can have.

    The second result is positions (in the arrays given) of children for whom there is no adult;
    they are in no household, and whoever asks must find them one.
    """
    home = np.zeros(len(age), dtype=bool)
    if may_stay_home:
        grown = (age >= _GROWN) & (age < _GROWN + len(_AT_HOME))
        share = _AT_HOME[(age - _GROWN).clip(0, len(_AT_HOME) - 1)]
        home = grown & (rng.random(len(age)) < share)
    child = (age < _GROWN) | home
    adult = np.flatnonzero(~child)
    role = np.where(child, CHILD, SINGLE)
    household, together = _adults(adult, sex, age, rng)
    role[adult[together]] = PARTNER
    whole = np.full(len(age), -1)
    whole[adult] = household
    parent = _parents(np.flatnonzero(child), adult, together, (sex, age), rng)
    found = parent >= 0
    children = np.flatnonzero(child)
    whole[children[found]] = whole[parent[found]]
    lost = children[~found]
    kept = whole >= 0
    order = np.flatnonzero(kept)[np.argsort(whole[kept], kind="stable")]
    return (whole[order], age[order], sex[order], role[order]), lost


def _adults(adult: Ints, sex: Ints, age: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """Pair up women and men of about the same age; return household and who has a partner."""
    band = (np.searchsorted(_PARTNER_FROM, age[adult], side="right") - 1).clip(0)
    seeks = rng.random(len(adult)) < _PARTNER[sex[adult], band]
    # Husbands are two years older than wives, more or less.
    rank = age[adult] + np.where(sex[adult] == FEMALE, 2, 0) + rng.normal(0, 2.5, len(adult))
    order = np.argsort(rank, kind="stable")
    women = order[(seeks & (sex[adult] == FEMALE))[order]]
    men = order[(seeks & (sex[adult] == MALE))[order]]
    pairs = min(len(women), len(men))
    women = women[np.sort(rng.permutation(len(women))[:pairs])]
    men = men[np.sort(rng.permutation(len(men))[:pairs])]
    household = np.arange(len(adult))
    household[men] = household[women]
    together = np.zeros(len(adult), dtype=bool)
    together[women] = together[men] = True
    single = np.flatnonzero(~together & (age[adult] <= _SHARE_UNTIL))
    shares = single[rng.random(len(single)) < _SHARE]
    household[shares] = household[shares[np.arange(len(shares)) // 3 * 3]] if len(shares) else 0
    return np.unique(household, return_inverse=True)[1], together


def _parents(
    children: Ints,
    adult: Ints,
    together: Bools,
    persons: tuple[Ints, Ints],
    rng: np.random.Generator,
) -> Ints:
    """Return a parent for each child, -1 where there is none."""
    sex, age = persons
    chance = np.where(sex[adult] == FEMALE, _ALONE_MOTHER, _ALONE_FATHER)
    chance = np.where(together, np.where(sex[adult] == FEMALE, 1.0, 0.0), chance)
    able = adult[(rng.random(len(adult)) < chance) & (age[adult] <= _OLDEST_PARENT)]
    return choose_parents(age[children], able, age[able], rng)


def choose_parents(child_age: Ints, able: Ints, able_age: Ints, rng: np.random.Generator) -> Ints:
    """Choose a parent of a fitting age for each child among those who are able; -1 if none is.

    Children choose freely, so that brothers and sisters are those who chose the same; nobody is
    chosen by more than a few.
    """
    if not len(able) or not len(child_age):
        return np.full(len(child_age), -1)
    order = np.argsort(able_age, kind="stable")
    ages = able_age[order]
    wanted = child_age + _PARENT_AGE + rng.normal(0, _PARENT_SPREAD, len(child_age))
    wanted = np.maximum(np.round(wanted), child_age + _YOUNGEST_PARENT)
    low = np.searchsorted(ages, wanted, side="left")
    high = np.searchsorted(ages, wanted, side="right")
    # Nobody of that very age: the nearest older, or else the oldest there is.
    high = np.where(high > low, high, low + 1)
    place = low + (rng.random(len(low)) * (high - low)).astype(np.int64)
    place = place.clip(0, len(ages) - 1)
    apart = ages[place] - child_age
    possible = (apart >= _YOUNGEST_PARENT) & (apart <= _MOST_APART)
    full = np.bincount(place, minlength=len(ages))
    few = choose(place, np.minimum(full, _MOST_CHILDREN), rng.random(len(place)))
    return np.where(possible & few, able[order][place], -1)


def kinds(members: Members, households: int) -> Ints:
    """Return the type of each composed household."""
    household, _, _, role = members
    children = np.bincount(household[role == CHILD], minlength=households) > 0
    adults = np.bincount(household[role != CHILD], minlength=households)
    kind: Ints = np.full(households, T_OTHER)
    kind[(adults == 1) & ~children] = T_SINGLE
    kind[(adults == 1) & children] = T_SINGLE_PARENT
    kind[(adults == 2) & ~children] = T_COUPLE
    kind[(adults == 2) & children] = T_FAMILY
    return kind


def settle(members: Members, households: int) -> Members:
    """Call an adult alone with children a single parent."""
    household, age, sex, role = members
    alone = (kinds(members, households) == T_SINGLE_PARENT)[household] & (role == SINGLE)
    return household, age, sex, np.where(alone, SINGLE_PARENT, role)


def spread_over_areas(kind: Ints, wanted: Floats, rng: np.random.Generator) -> Ints:
    """Draw an area for each household from the shares of its type (areas × types)."""
    cumulative = np.cumsum(wanted, axis=0) / wanted.sum(axis=0)
    ladder = (cumulative.T + np.arange(wanted.shape[1])[:, None]).ravel()
    found = np.searchsorted(ladder, kind + rng.random(len(kind)), side="right")
    return np.asarray((found - kind * len(wanted)).clip(0, len(wanted) - 1))
