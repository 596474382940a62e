"""Leaving town, coming to town, and looking for another home in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nabolag.synthetic.areas import Areas, Floats, Ints
from nabolag.synthetic.composing import (
    choose_parents,
    compose,
    expand,
    kinds,
    settle,
    spread_over_areas,
)
from nabolag.synthetic.demand import ELDERLY, Cells, Demand, cell_of, choose, surplus
from nabolag.synthetic.settling import draw_households, draw_types, make_people
from nabolag.synthetic.state import (
    CHILD,
    OTHER,
    PARTNER,
    SINGLE,
    People,
    Town,
    summarise,
)
from nabolag.synthetic.truth import Settings

#: Yearly chances. The order of size follows Norwegian statistics; none is an estimate.
_LEAVES_TOWN, _YOUNG_LEAVES_TOWN = 0.022, 0.085
_MOVES, _YOUNG_MOVES, _CROWDED_MOVES = 0.045, 0.14, 0.20
_ARRIVING_PERSONS = 1.85
#: How much likelier a household leaves when all of it is of cells that there are too many of.
_TOO_MANY_LEAVE = 3.0
#: Who leaves alone first: grown children, people who live alone, then who shares, then partners.
_LEAST_MISSED = {SINGLE: 1.0, OTHER: 2.0, PARTNER: 4.0}


@dataclass(frozen=True)
class Leavers:
    """Who left during a year, and the area (position) each lived in on 1 January."""

    people: People
    area: Ints


def leaving(town: Town, groups: Sequence[People]) -> Leavers:
    """Put groups of leavers together, so that no two households have the same number."""
    first = 0
    for group in groups:
        group.household = first + np.unique(group.household, return_inverse=True)[1]
        first = int(group.household.max(initial=first - 1)) + 1
    people = People.stack(groups)
    order = np.argsort(town.people.pid, kind="stable")
    place = order[np.searchsorted(town.people.pid[order], people.pid)]
    return Leavers(people, town.person_area()[place])


def leave_town(now: Town, year: int, demand: Demand, rng: np.random.Generator) -> People:
    """Let whole households leave, young ones more often, old ones seldom."""
    people, n = now.people, len(now.home_of)
    age, child = year - people.birth, people.role == CHILD
    eldest = np.zeros(n, dtype=np.int64)
    np.maximum.at(eldest, people.household, age)
    chance = np.where((eldest < 35) & (eldest > 17), _YOUNG_LEAVES_TOWN, _LEAVES_TOWN)
    chance[np.bincount(people.household[child], minlength=n) > 0] *= 0.7
    chance[eldest > 60] *= 0.25
    if isinstance(demand, Cells):
        chance = chance * _readiness(now, year, demand)
    leaves = rng.random(n) < chance
    return now.lose(leaves[people.household])


def _readiness(now: Town, year: int, demand: Cells) -> Floats:
    """Let households of which there are too many leave, rather than those of whom too few."""
    many = surplus(now.people, demand, year + 1)
    member = np.sign(many)[cell_of(now.people, year + 1)]
    persons = np.maximum(np.bincount(now.people.household, minlength=len(now.home_of)), 1)
    mean = np.bincount(now.people.household, member, minlength=len(now.home_of)) / persons
    return np.asarray(1 + (_TOO_MANY_LEAVE - 1) * mean).clip(0.3)


def leave_one_by_one(now: Town, year: int, demand: Demand, rng: np.random.Generator) -> People:
    """Let as many leave of each sex and age as there still are too many of."""
    people = now.people
    if not isinstance(demand, Cells):
        return now.lose(np.zeros(len(people), dtype=bool), alone=True)
    many = np.maximum(surplus(people, demand, year + 1), 0)
    missed = np.full(len(people), 3.0)
    for role, value in _LEAST_MISSED.items():
        missed[people.role == role] = value
    grown = (people.role == CHILD) & (year - people.birth >= 19)
    missed[grown] = 0.0
    who = choose(cell_of(people, year + 1), many, missed + rng.random(len(people)))
    return now.lose(who, alone=True)


def take_in(now: Town, incoming: People) -> Ints:
    """Give households from elsewhere in the country a place in town. Returns them."""
    made, household = np.unique(incoming.household, return_inverse=True)
    coming = incoming.keep(np.arange(len(incoming)))
    coming.household = len(now.home_of) + household
    first = len(now.home_of)
    now.home_of = np.concatenate([now.home_of, np.full(len(made), -1)])
    now.people = now.people.join(coming)
    return first + np.arange(len(made))


def restless(now: Town, year: int, rng: np.random.Generator) -> Ints:
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


def arrive(
    now: Town,
    year: int,
    demand: Demand,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
) -> Ints:
    """Let households arrive until there are as many people as wanted. Returns the households."""
    if isinstance(demand, Cells):
        return _arrive_by_cell(now, year, demand, areas, settings, rng)
    return _arrive_freely(now, year, demand.persons, areas, settings, rng)


def _arrive_freely(
    now: Town,
    year: int,
    target: int,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
) -> Ints:
    """Draw households until the town is about as large as wanted.

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
    made = _settle_in(now, make_people(members, area, settings, first, rng), wanted)
    return made[~stays_away]


def _arrive_by_cell(
    now: Town,
    year: int,
    demand: Cells,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
) -> Ints:
    """Let exactly those arrive who are wanted, of each sex and age."""
    wanted = -surplus(now.people, demand, year)
    if (wanted < 0).any():
        raise RuntimeError("more people of a sex and age than wanted: nobody left")
    sex, age = expand(wanted)
    members, lost = compose(sex, age, rng, may_stay_home=False)
    n = int(members[0].max(initial=-1)) + 1
    members = settle(members, n)
    area = spread_over_areas(kinds(members, n), areas.weight[:, None] * settings.types, rng)
    first = (now.next_pid, len(now.home_of), year)
    made = _settle_in(now, make_people(members, area, settings, first, rng), n)
    _join_families(now, year, (sex[lost], age[lost]), settings, rng)
    return made


def _settle_in(now: Town, new: People, households: int) -> Ints:
    """Add new persons and room for their households. Returns the households."""
    now.next_pid += len(new)
    now.people = now.people.join(new)
    made = len(now.home_of) + np.arange(households)
    now.home_of = np.concatenate([now.home_of, np.full(households, -1)])
    return made


def _join_families(
    now: Town,
    year: int,
    children: tuple[Ints, Ints],
    settings: Settings,
    rng: np.random.Generator,
) -> None:
    """Let children who come without parents live with a parent, or whoever can be, in town."""
    sex, age = children
    if not len(sex):
        return
    own = year - 1 - now.people.birth
    able = np.flatnonzero((own >= 18) & (own < ELDERLY) & (now.people.role != CHILD))
    if not len(able):
        able = np.flatnonzero(own >= 18)
    parent = choose_parents(age, able, own[able], rng)
    parent = np.where(parent < 0, able[rng.integers(0, len(able), len(age))], parent)
    household = now.people.household[parent]
    area = np.maximum(now.area_of[household], 0)
    alone = (np.arange(len(age)), age, sex, np.full(len(age), CHILD))
    new = make_people(alone, area, settings, (now.next_pid, 0, year), rng)
    new.household = household
    now.next_pid += len(new)
    now.people = now.people.join(new)


def wanted_cells(now: Town, year: int, demand: Cells) -> Ints:
    """Return how many of each cell are wanted and not there, as a flat array."""
    return np.maximum(-surplus(now.people, demand, year), 0)
