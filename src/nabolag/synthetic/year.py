"""One year in the life of the town: who dies, leaves, parts, pairs, is born, arrives, moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nabolag.synthetic.areas import Areas, Bools, Floats, Ints
from nabolag.synthetic.demand import AGES, ELDERLY, Cells, Demand, cell_of, choose, surplus
from nabolag.synthetic.homes import build_missing, find_homes
from nabolag.synthetic.moving import (
    Leavers,
    arrive,
    leave_one_by_one,
    leave_town,
    leaving,
    restless,
    take_in,
)
from nabolag.synthetic.settling import draw_education
from nabolag.synthetic.state import (
    CHILD,
    FEMALE,
    MALE,
    NORWEGIAN,
    PARTNER,
    SECOND,
    SINGLE,
    SINGLE_PARENT,
    People,
    Town,
    leave_dwelling,
    settle_roles,
    summarise,
)
from nabolag.synthetic.truth import Settings

#: Yearly chances. The order of size follows Norwegian statistics; none is an estimate.
_LEAVES_HOME, _LEAVES_HOME_AND_TOWN = 0.30, 0.25
_PARTS, _PAIRS = 0.011, 0.11
_BIRTH_AGES = (18, 22, 26, 30, 34, 38, 42, 46)
_BIRTH_WITH_PARTNER = np.array([0.05, 0.10, 0.17, 0.20, 0.14, 0.055, 0.009])
_BIRTH_ALONE = np.array([0.003, 0.010, 0.016, 0.018, 0.013, 0.006, 0.001])


@dataclass
class Half:
    """The town in the middle of a year: some have died, left and been born; nobody has come.

    `leavers` are those who left, `seekers` and `movers` households that look for a home.
    """

    year: int
    demand: Demand
    now: Town
    dead: Ints
    leavers: Leavers
    seekers: Ints
    movers: Ints


def next_year(
    town: Town,
    year: int,
    demand: Demand,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[Town, Ints]:
    """Live through a year. Returns the town on the next 1 January, and who died (by number).

    `demand` is the population wanted then; arrivals make up what births do not.
    """
    half = first_half(town, year, demand, settings, rng)
    return second_half(half, None, areas, settings, rng), half.dead


def first_half(
    town: Town, year: int, demand: Demand, settings: Settings, rng: np.random.Generator
) -> Half:
    """Let people die, leave, part, pair and be born. The town given is left as it was."""
    people = town.people.keep(np.arange(len(town.people)))
    died = _die(people, year, demand, rng)
    now = Town(people.keep(~died), replace(town.homes), town.home_of.copy(), town.next_pid)
    now.homes.household = town.homes.household.copy()
    left = [leave_town(now, year, demand, rng)]
    seekers, away = _leave_home(now, year, rng)
    seekers = np.concatenate([seekers, _part(now, rng)])
    _pair_up(now, year, rng)
    left += [away, leave_one_by_one(now, year, demand, rng)]
    _give_birth(now, year, demand, settings, rng)
    left.append(_orphans_leave(now, year))
    settle_roles(now.people, len(now.home_of))
    _vacate(now)
    seekers = seekers[_lives(now)[seekers]]
    movers = restless(now, year, rng)
    leavers = leaving(town, left)
    seekers = np.union1d(seekers, movers)
    return Half(year, demand, now, people.pid[died], leavers, seekers, movers)


def second_half(
    half: Half,
    incoming: People | None,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
) -> Town:
    """Let those who come from elsewhere in the country (`incoming`) and others settle."""
    now, year, demand = half.now, half.year, half.demand
    known = take_in(now, incoming) if incoming is not None else np.zeros(0, dtype=np.int64)
    arrived = arrive(now, year + 1, demand, areas, settings, rng)
    settle_roles(now.people, len(now.home_of))
    seekers = np.concatenate([half.seekers, known, arrived])
    leave_dwelling(now, half.movers)
    build_missing(now, len(seekers), year, areas, settings, rng)
    summary = summarise(now.people, len(now.home_of), year + 1)
    find_homes(now, seekers, summary, settings, rng)
    return now


def _die(people: People, year: int, demand: Demand, rng: np.random.Generator) -> Bools:
    """Tell who dies. Where published totals are given, they say how many of the old."""
    age = year - people.birth
    died = rng.random(len(people)) < _mortality(age, people.sex)
    if not isinstance(demand, Cells):
        return np.asarray(died)
    too_many = surplus(people, demand, year + 1)
    too_many[np.arange(2 * AGES) % AGES < ELDERLY] = 0
    cell = cell_of(people, year + 1)
    old = choose(cell, np.maximum(too_many, 0), rng.random(len(people)))
    return np.asarray(np.where(age < ELDERLY, died, old))


def _mortality(age: Ints, sex: Ints) -> Floats:
    """Return the chance of dying within the year; doubles every seven years of age."""
    chance = np.where(sex == MALE, 4.2e-5, 2.8e-5) * np.exp(0.098 * age)
    return np.asarray(np.minimum(chance + np.where(age < 1, 0.002, 0.0), 0.5))


def _orphans_leave(now: Town, year: int) -> People:
    """Let children who are left without an adult leave, to relatives elsewhere."""
    people = now.people
    grown = year - people.birth >= 18
    adults = np.bincount(people.household[grown], minlength=len(now.home_of))
    return now.lose(adults[people.household] == 0)


def _leave_home(now: Town, year: int, rng: np.random.Generator) -> tuple[Ints, People]:
    """Let grown children leave home, a quarter of them out of town.

    Returns the new households in town, and those who left it.
    """
    people = now.people
    age = year - people.birth
    leaves = (people.role == CHILD) & (age >= 19) & (rng.random(len(people)) < _LEAVES_HOME)
    away = leaves & (rng.random(len(people)) < _LEAVES_HOME_AND_TOWN)
    made = _new_households(now, leaves & ~away)
    # Each goes alone, not with the household they were children of.
    return made, now.lose(away, alone=True)


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


def _give_birth(
    now: Town, year: int, demand: Demand, settings: Settings, rng: np.random.Generator
) -> None:
    """Let children be born into their mother's household."""
    people = now.people
    chance = _fertility(now, year)
    if isinstance(demand, Cells):
        boys, girls = (int(n) for n in demand.counts[:, 0])
        mother, sex = _chosen_mothers(chance, boys, girls, rng)
    else:
        mother = np.flatnonzero(rng.random(len(people)) < chance)
        sex = None
    n = len(mother)
    area = np.maximum(now.area_of[people.household[mother]], 0)
    came = people.origin[mother] != NORWEGIAN
    born = People(
        pid=np.arange(now.next_pid, now.next_pid + n),
        sex=np.where(rng.random(n) < 0.512, MALE, FEMALE) if sex is None else sex,
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


def _fertility(now: Town, year: int) -> Floats:
    """Return each person's chance of giving birth within the year; zero for most."""
    people = now.people
    age = year - people.birth
    band = (np.searchsorted(_BIRTH_AGES, age, side="right") - 1).clip(0, 6)
    fertile = (people.sex == FEMALE) & (age >= _BIRTH_AGES[0]) & (age < _BIRTH_AGES[-1])
    fertile &= people.role != CHILD
    table = np.where(people.role == PARTNER, _BIRTH_WITH_PARTNER[band], _BIRTH_ALONE[band])
    has = np.bincount(people.household[people.role == CHILD], minlength=len(now.home_of))
    children = has[people.household]
    more = np.select([children == 0, children == 1], [1.15, 1.45], 0.45)
    return np.asarray(np.where(fertile, table * more, 0.0))


def _chosen_mothers(
    chance: Floats, boys: int, girls: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Choose exactly as many mothers as there are newborns, by their chances."""
    able = np.flatnonzero(chance > 0)
    # The first arrivals of as many exponential clocks are a draw without replacement.
    clock = rng.exponential(size=len(able)) / chance[able]
    mother = able[np.argsort(clock, kind="stable")[: boys + girls]]
    sex = np.repeat([MALE, FEMALE], [boys, girls])
    return mother, rng.permutation(sex)[: len(mother)]


def _lives(now: Town) -> Bools:
    return np.bincount(now.people.household, minlength=len(now.home_of)) > 0


def _vacate(now: Town) -> None:
    """Empty the dwellings of households that nobody is left in."""
    leave_dwelling(now, np.flatnonzero(~_lives(now) & (now.home_of >= 0)))
