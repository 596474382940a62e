"""New residents: whole households drawn by type, with ages, education and background."""

from __future__ import annotations

import numpy as np

from nabolag.synthetic.areas import Floats, Ints
from nabolag.synthetic.state import (
    CHILD,
    FEMALE,
    IMMIGRANT,
    MALE,
    NORWEGIAN,
    OTHER,
    PARTNER,
    SECOND,
    SINGLE,
    SINGLE_PARENT,
    T_COUPLE,
    T_FAMILY,
    T_OTHER,
    T_SINGLE,
    T_SINGLE_PARENT,
    People,
)
from nabolag.synthetic.truth import Settings

#: Shares of young, middle-aged and old among people who live alone, by zone.
_ALONE = np.array(
    [
        [0.46, 0.33, 0.21],
        [0.34, 0.36, 0.30],
        [0.18, 0.40, 0.42],
        [0.14, 0.40, 0.46],
        [0.1, 0.4, 0.5],
    ]
)
#: Groups of countries of immigrants, in the order of registers.contracts.COUNTRY_GROUPS.
_COUNTRIES = np.array([0, 0.08, 0.10, 0.30, 0.07, 0.23, 0.15, 0.04, 0.03])
#: Highest education of those who go beyond compulsory school: levels 4 to 8 of NUS2000.
_BEYOND = np.array([0.46, 0.04, 0.32, 0.16, 0.02])
_CHILDREN = np.array([0.40, 0.43, 0.13, 0.04])


def draw_types(area: Ints, settings: Settings, rng: np.random.Generator) -> Ints:
    """Draw a household type for each new household from its area's shares."""
    cumulative = np.cumsum(settings.types, axis=1)[area]
    return np.asarray((rng.random((len(area), 1)) > cumulative).sum(axis=1).clip(0, 4))


def draw_households(
    kind: Ints, area: Ints, zone: Ints, settings: Settings, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw members: household (position in `kind`), age, sex and role, one entry a person."""
    parts = [
        _alone(np.flatnonzero(kind == T_SINGLE), zone[area], rng),
        _couples(np.flatnonzero(kind == T_COUPLE), rng),
        _families(np.flatnonzero(kind == T_FAMILY), rng),
        _single_parents(np.flatnonzero(kind == T_SINGLE_PARENT), rng),
        _others(np.flatnonzero(kind == T_OTHER), rng),
    ]
    household, age, sex, role = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(household, kind="stable")
    return household[order], age[order], sex[order], role[order]


_Part = tuple[Ints, Ints, Ints, Ints]


def _alone(household: Ints, zone: Ints, rng: np.random.Generator) -> _Part:
    n = len(household)
    group = (rng.random((n, 1)) > np.cumsum(_ALONE, axis=1)[zone[household]]).sum(axis=1).clip(0, 2)
    young, middle = rng.integers(19, 34, n), rng.integers(36, 68, n)
    old = 67 + np.minimum(rng.gamma(2.4, 4.6, n), 32).astype(np.int64)
    age = np.choose(group, [young, middle, old])
    # Among the old who live alone, two of three are women.
    sex = np.where(rng.random(n) < np.where(age > 66, 0.67, 0.45), FEMALE, MALE)
    return household, age, sex, np.full(n, SINGLE)


def _couples(household: Ints, rng: np.random.Generator) -> _Part:
    n = len(household)
    group = rng.choice(3, n, p=[0.18, 0.53, 0.29])
    first = np.choose(
        group,
        [
            rng.integers(22, 38, n),
            rng.integers(48, 70, n),
            67 + rng.gamma(2, 4, n).astype(np.int64),
        ],
    ).clip(20, 95)
    return _pair(household, first, rng)


def _pair(household: Ints, first: Ints, rng: np.random.Generator) -> _Part:
    """Return a woman of age `first` and a partner of about the same age."""
    n = len(household)
    second = (first + 2 + rng.normal(0, 3, n).round().astype(np.int64)).clip(20, 99)
    same = rng.random(n) < 0.01
    return (
        np.concatenate([household, household]),
        np.concatenate([first, second]),
        np.concatenate([np.full(n, FEMALE), np.where(same, FEMALE, MALE)]),
        np.full(2 * n, PARTNER),
    )


def _families(household: Ints, rng: np.random.Generator) -> _Part:
    mother = rng.normal(40.5, 7.5, len(household)).round().astype(np.int64).clip(23, 58)
    return _with_children(_pair(household, mother, rng), household, mother, rng)


def _single_parents(household: Ints, rng: np.random.Generator) -> _Part:
    n = len(household)
    age = rng.normal(41, 7.5, n).round().astype(np.int64).clip(21, 57)
    sex = np.where(rng.random(n) < 0.83, FEMALE, MALE)
    return _with_children((household, age, sex, np.full(n, SINGLE_PARENT)), household, age, rng)


def _with_children(
    parents: _Part, household: Ints, mother: Ints, rng: np.random.Generator
) -> _Part:
    """Add one to four children, the eldest at most 19, each two to four years apart."""
    n = len(household)
    wanted = rng.choice(4, n, p=_CHILDREN) + 1
    eldest = (mother - rng.normal(29, 4, n).round().astype(np.int64)).clip(0, 19)
    eldest = np.minimum(eldest, mother - 18)
    apart = rng.integers(2, 5, n)
    owner = np.repeat(np.arange(n), wanted)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    age = eldest[owner] - number * apart[owner]
    born = age >= 0
    children = (
        household[owner[born]],
        age[born],
        np.where(rng.random(int(born.sum())) < 0.512, MALE, FEMALE),
        np.full(int(born.sum()), CHILD),
    )
    both = [np.concatenate(pair) for pair in zip(parents, children, strict=True)]
    return both[0], both[1], both[2], both[3]


def _others(household: Ints, rng: np.random.Generator) -> _Part:
    size = rng.choice([2, 3, 4], len(household), p=[0.55, 0.3, 0.15])
    owner = np.repeat(household, size)
    age = rng.integers(19, 46, len(owner))
    sex = np.where(rng.random(len(owner)) < 0.5, MALE, FEMALE)
    return owner, age, sex, np.full(len(owner), OTHER)


def make_people(
    members: tuple[Ints, Ints, Ints, Ints],
    area: Ints,
    settings: Settings,
    first: tuple[int, int, int],
    rng: np.random.Generator,
) -> People:
    """Give drawn members identity, background and education.

    `area` is the household's; `first` is the first free person number, the position of the
    first household, and the calendar year whose 1 January the ages hold on.
    """
    household, age, sex, role = members
    next_pid, next_household, year = first
    n = len(household)
    where = area[household]
    came = rng.random(len(area)) < settings.immigrants[area]
    country = rng.choice(len(_COUNTRIES), len(area), p=_COUNTRIES)
    child = role == CHILD
    born_here = child & (rng.random(n) < 0.72)
    origin = np.where(came[household], np.where(born_here, SECOND, IMMIGRANT), NORWEGIAN)
    return People(
        pid=np.arange(next_pid, next_pid + n),
        sex=sex,
        birth=year - 1 - age,
        household=household + next_household,
        role=role,
        origin=origin,
        country=np.where(came[household], country[household], 0),
        final=draw_education(where, age, settings, rng),
        skill=rng.normal(size=n),
        drive=rng.normal(size=n),
        shock=rng.normal(size=n),
    )


def draw_education(area: Ints, age: Ints, settings: Settings, rng: np.random.Generator) -> Ints:
    """Draw the education each person has or will reach, by area and generation."""
    generation = np.select([age >= 67, age < 30], [1.5, 0.95], 1.0)
    low = rng.random(len(area)) < np.minimum(settings.low_education[area] * generation, 0.8)
    beyond = 4 + rng.choice(len(_BEYOND), len(area), p=_BEYOND)
    least = rng.choice(3, len(area), p=[0.02, 0.04, 0.94])
    return np.asarray(np.where(low, least, beyond))


def draw_income_shock(shock: Floats, rng: np.random.Generator) -> Floats:
    """Return next year's shock: three quarters of the old one and something new."""
    kept = 0.75
    return np.asarray(kept * shock + np.sqrt(1 - kept**2) * rng.normal(size=len(shock)))
