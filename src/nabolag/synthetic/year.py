"""One year in the life of the town: who dies, leaves, parts, pairs, is born, arrives, moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nabolag.synthetic.areas import Areas, Bools, Floats, Ints
from nabolag.synthetic.homes import build, build_missing, find_homes
from nabolag.synthetic.settling import draw_education, draw_households, draw_types, make_people
from nabolag.synthetic.state import (
    CHILD,
    FEMALE,
    MALE,
    NORWEGIAN,
    PARTNER,
    SECOND,
    SINGLE,
    SINGLE_PARENT,
    Homes,
    People,
    Town,
    settle_roles,
    summarise,
)
from nabolag.synthetic.truth import Settings

#: Yearly chances. The order of size follows Norwegian statistics; none is an estimate.
_LEAVES_TOWN, _YOUNG_LEAVES_TOWN = 0.022, 0.085
_LEAVES_HOME, _LEAVES_HOME_AND_TOWN = 0.30, 0.25
_PARTS, _PAIRS = 0.011, 0.11
_MOVES, _YOUNG_MOVES, _CROWDED_MOVES = 0.045, 0.14, 0.20
_BIRTH_AGES = (18, 22, 26, 30, 34, 38, 42, 46)
_BIRTH_WITH_PARTNER = np.array([0.05, 0.10, 0.17, 0.20, 0.14, 0.055, 0.009])
_BIRTH_ALONE = np.array([0.003, 0.010, 0.016, 0.018, 0.013, 0.006, 0.001])
_ARRIVING_PERSONS = 1.85


def next_year(
    town: Town, year: int, target: int, areas: Areas, settings: Settings, rng: np.random.Generator
) -> tuple[Town, Ints]:
    """Live through a year. Returns the town on the next 1 January, and who died (by number).

    `target` is the population wanted then; arrivals make up what births do not.
    """
    people = town.people.keep(np.arange(len(town.people)))
    age = year - people.birth
    died = rng.random(len(people)) < _mortality(age, people.sex)
    dead = people.pid[died]
    people = people.keep(~died)
    now = Town(people, replace(town.homes), town.home_of.copy(), town.next_pid)
    now.homes.household = town.homes.household.copy()
    _leave_town(now, year, rng)
    seekers = np.concatenate([_leave_home(now, year, rng), _part(now, rng)])
    _pair_up(now, year, rng)
    _give_birth(now, year, settings, rng)
    _orphans_leave(now, year)
    settle_roles(now.people, len(now.home_of))
    _vacate(now)
    seekers = seekers[_lives(now)[seekers]]
    movers = _restless(now, year, rng)
    seekers = np.union1d(seekers, movers)
    arrived = _arrive(now, year + 1, target, areas, settings, rng)
    seekers = np.concatenate([seekers, arrived])
    _leave_dwelling(now, movers)
    build_missing(now, len(seekers), year, areas, settings, rng)
    summary = summarise(now.people, len(now.home_of), year + 1)
    find_homes(now, seekers, summary, settings, rng)
    return now, dead


def _mortality(age: Ints, sex: Ints) -> Floats:
    """Return the chance of dying within the year; doubles every seven years of age."""
    chance = np.where(sex == MALE, 4.2e-5, 2.8e-5) * np.exp(0.098 * age)
    return np.asarray(np.minimum(chance + np.where(age < 1, 0.002, 0.0), 0.5))


def _leave_town(now: Town, year: int, rng: np.random.Generator) -> None:
    """Let whole households leave, young ones more often, old ones seldom."""
    people, n = now.people, len(now.home_of)
    age, child = year - people.birth, people.role == CHILD
    eldest = np.zeros(n, dtype=np.int64)
    np.maximum.at(eldest, people.household, age)
    chance = np.where((eldest < 35) & (eldest > 17), _YOUNG_LEAVES_TOWN, _LEAVES_TOWN)
    chance[np.bincount(people.household[child], minlength=n) > 0] *= 0.7
    chance[eldest > 60] *= 0.25
    leaves = rng.random(n) < chance
    now.people = people.keep(~leaves[people.household])


def _orphans_leave(now: Town, year: int) -> None:
    """Let children who are left without an adult leave, to relatives elsewhere."""
    people = now.people
    grown = year - people.birth >= 18
    adults = np.bincount(people.household[grown], minlength=len(now.home_of))
    now.people = people.keep(adults[people.household] > 0)


def _leave_home(now: Town, year: int, rng: np.random.Generator) -> Ints:
    """Let grown children leave home, a third of them out of town. Returns new households."""
    people = now.people
    age = year - people.birth
    leaves = (people.role == CHILD) & (age >= 19) & (rng.random(len(people)) < _LEAVES_HOME)
    away = leaves & (rng.random(len(people)) < _LEAVES_HOME_AND_TOWN)
    made = _new_households(now, leaves & ~away)
    now.people = now.people.keep(~away)
    return made


def _new_households(now: Town, who: Bools) -> Ints:
    """Let each marked person make a household alone, still without a dwelling."""
    made = len(now.home_of) + np.arange(int(who.sum()))
    now.people.household[who] = made
    now.people.role[who] = SINGLE
    now.home_of = np.concatenate([now.home_of, np.full(len(made), -1)])
    return made


def _part(now: Town, rng: np.random.Generator) -> Ints:
    """Let couples part: one moves out, the children stay. Returns new households."""
    people, n = now.people, len(now.home_of)
    parts = rng.random(n) < _PARTS
    candidate = (people.role == PARTNER) & parts[people.household]
    # Men move out four times in five; the draw is one a household.
    man_goes = (rng.random(n) < 0.8)[people.household]
    goes = candidate & (man_goes == (people.sex == MALE))
    first = np.zeros(len(people), dtype=bool)
    first[np.unique(np.where(goes, people.household, -1), return_index=True)[1]] = True
    return _new_households(now, goes & first)


def _pair_up(now: Town, year: int, rng: np.random.Generator) -> None:
    """Let people who live alone pair up by age; the man's household moves in with the woman's."""
    people = now.people
    age = year - people.birth
    alone = np.isin(people.role, (SINGLE, SINGLE_PARENT)) & (age >= 20) & (age <= 66)
    chance = np.where(people.role == SINGLE_PARENT, 0.5, 1.0) * _PAIRS
    seeks = alone & (rng.random(len(people)) < chance)
    order = np.argsort(age + rng.normal(0, 2, len(people)), kind="stable")
    women = order[(seeks & (people.sex == FEMALE))[order]]
    men = order[(seeks & (people.sex == MALE))[order]]
    pairs = min(len(women), len(men))
    women = women[np.sort(rng.permutation(len(women))[:pairs])]
    men = men[np.sort(rng.permutation(len(men))[:pairs])]
    # Somebody who has no dwelling yet cannot be moved in with.
    housed = now.home_of[people.household[women]] >= 0
    women, men = women[housed], men[housed]
    joins = np.arange(len(now.home_of))
    joins[people.household[men]] = people.household[women]
    people.role[women] = people.role[men] = PARTNER
    people.household[:] = joins[people.household]


def _give_birth(now: Town, year: int, settings: Settings, rng: np.random.Generator) -> None:
    """Let children be born into their mother's household."""
    people = now.people
    age = year - people.birth
    band = np.searchsorted(_BIRTH_AGES, age, side="right") - 1
    fertile = (people.sex == FEMALE) & (age >= _BIRTH_AGES[0]) & (age < _BIRTH_AGES[-1])
    fertile &= people.role != CHILD
    table = np.where(
        people.role == PARTNER,
        _BIRTH_WITH_PARTNER[band.clip(0, 6)],
        _BIRTH_ALONE[band.clip(0, 6)],
    )
    children = np.bincount(people.household[people.role == CHILD], minlength=len(now.home_of))[
        people.household
    ]
    chance = table * np.select([children == 0, children == 1], [1.15, 1.45], 0.45)
    mother = np.flatnonzero(fertile & (rng.random(len(people)) < chance))
    n = len(mother)
    area = np.maximum(now.area_of[people.household[mother]], 0)
    came = people.origin[mother] != NORWEGIAN
    born = People(
        pid=np.arange(now.next_pid, now.next_pid + n),
        sex=np.where(rng.random(n) < 0.512, MALE, FEMALE),
        birth=np.full(n, year),
        household=people.household[mother],
        role=np.full(n, CHILD),
        origin=np.where(came, SECOND, NORWEGIAN),
        country=np.where(came, people.country[mother], 0),
        final=draw_education(area, np.zeros(n, dtype=np.int64), settings, rng),
        skill=rng.normal(size=n),
        drive=rng.normal(size=n),
        shock=rng.normal(size=n),
    )
    now.next_pid += n
    now.people = people.join(born)


def _lives(now: Town) -> Bools:
    return np.bincount(now.people.household, minlength=len(now.home_of)) > 0


def _vacate(now: Town) -> None:
    """Empty the dwellings of households that nobody is left in."""
    _leave_dwelling(now, np.flatnonzero(~_lives(now) & (now.home_of >= 0)))


def _leave_dwelling(now: Town, households: Ints) -> None:
    homes = now.home_of[households]
    now.homes.household[homes[homes >= 0]] = -1
    now.home_of[households] = -1


def _restless(now: Town, year: int, rng: np.random.Generator) -> Ints:
    """Return households that look for another dwelling, crowded and young ones more often."""
    summary = summarise(now.people, len(now.home_of), year + 1)
    n = len(now.home_of)
    eldest = np.zeros(n, dtype=np.int64)
    np.maximum.at(eldest, now.people.household, year - now.people.birth)
    housed = summary.alive & (now.home_of >= 0)
    rooms = np.where(housed, now.homes.rooms[now.home_of], 99)
    chance = np.where(eldest < 35, _YOUNG_MOVES, _MOVES)
    chance = np.where(summary.persons > rooms, np.maximum(chance, _CROWDED_MOVES), chance)
    return np.flatnonzero(housed & (rng.random(n) < chance))


def _arrive(
    now: Town,
    year: int,
    target: int,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
) -> Ints:
    """Let households arrive until the town is about as large as wanted. Returns them.

    They are drawn for an area, by its composition, before it is known where they find a home.
    """
    wanted = max(0, round((target - len(now.people)) / _ARRIVING_PERSONS))
    area = rng.choice(areas.count, wanted, p=areas.weight)
    kind = draw_types(area, settings, rng)
    members = draw_households(kind, area, areas.zone, settings, rng)
    # Those who arrive are younger than those who live here: the old seldom move to town.
    first = (now.next_pid, len(now.home_of), year)
    household, age, sex, role = members
    eldest = np.zeros(wanted, dtype=np.int64)
    np.maximum.at(eldest, household, age)
    stays_away = (eldest > 60) & (rng.random(wanted) < 0.8)
    comes = ~stays_away[household]
    members = (household[comes], age[comes], sex[comes], role[comes])
    new = make_people(members, area, settings, first, rng)
    now.next_pid += len(new)
    now.people = now.people.join(new)
    made = len(now.home_of) + np.arange(wanted)
    now.home_of = np.concatenate([now.home_of, np.full(wanted, -1)])
    return made[~stays_away]


def first_town(
    persons: int, year: int, areas: Areas, settings: Settings, rng: np.random.Generator
) -> Town:
    """Return the town on 1 January of the first year, of about `persons` persons."""
    size = float((settings.types @ np.array([1.0, 2.0, 3.62, 2.66, 2.6])) @ areas.weight)
    count = np.maximum(np.round(persons / size * areas.weight), 12).astype(np.int64)
    area = np.repeat(np.arange(areas.count), count)
    kind = draw_types(area, settings, rng)
    members = draw_households(kind, area, areas.zone, settings, rng)
    people = make_people(members, area, settings, (1, 0, year), rng)
    homes = _first_homes(count, year, areas, settings, rng)
    town = Town(people, homes, np.full(len(area), -1), len(people) + 1)
    summary = summarise(people, len(area), year)
    _house_in_place(town, area, summary.persons, settings, rng)
    return town


def _first_homes(
    count: Ints, year: int, areas: Areas, settings: Settings, rng: np.random.Generator
) -> Homes:
    stock = np.ceil(count * 1.03).astype(np.int64)
    return build(np.repeat(np.arange(areas.count), stock), (1890, year - 1), areas, settings, rng)


def _house_in_place(
    town: Town, area: Ints, persons: Ints, settings: Settings, rng: np.random.Generator
) -> None:
    """House the first households in the area they were drawn for."""
    need = persons * np.exp(rng.normal(0, 1, len(area)) * settings.mismatch[area])
    by_need = np.lexsort((need, area))
    wanted = np.bincount(area, minlength=len(settings.size))
    stock = rng.permutation(len(town.homes))
    stock = stock[np.argsort(town.homes.area[stock], kind="stable")]
    sizes = np.bincount(town.homes.area, minlength=len(wanted))
    place = np.arange(len(stock)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    taken = stock[place < np.repeat(wanted, sizes)]
    by_size = taken[np.lexsort((town.homes.m2[taken], town.homes.area[taken]))]
    town.homes.household[by_size] = by_need
    town.home_of[by_need] = by_size
