"""The town on its first 1 January: whole households, in dwellings, area by area."""

from __future__ import annotations

import numpy as np

from nabolag.synthetic.areas import Areas, Ints
from nabolag.synthetic.composing import compose, expand, kinds, settle
from nabolag.synthetic.demand import Cells, Demand
from nabolag.synthetic.homes import build, share_out
from nabolag.synthetic.settling import draw_households, draw_types, make_people
from nabolag.synthetic.state import CHILD, Homes, People, Town, summarise
from nabolag.synthetic.truth import Settings

#: Usual number of persons of each type of household.
_PERSONS = np.array([1.0, 2.0, 3.62, 2.66, 2.6])
_LEAST_HOUSEHOLDS = 12


def first_town(
    demand: Demand,
    year: int,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
    first_pid: int = 1,
) -> Town:
    """Return the town on 1 January of the first year."""
    if isinstance(demand, Cells):
        people, area = _compose_all(demand, year, areas, settings, rng, first_pid)
    else:
        people, area = _draw_all(demand.persons, year, areas, settings, rng, first_pid)
    count = np.bincount(area, minlength=areas.count)
    homes = _first_homes(count, year, areas, settings, rng)
    town = Town(people, homes, np.full(len(area), -1), first_pid + len(people))
    summary = summarise(people, len(area), year)
    _house_in_place(town, area, summary.persons, settings, rng)
    return town


def _draw_all(
    persons: int,
    year: int,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
    first_pid: int,
) -> tuple[People, Ints]:
    """Draw households for each area; return their members, and each household's area."""
    size = float((settings.types @ _PERSONS) @ areas.weight)
    least = min(_LEAST_HOUSEHOLDS, max(1, round(persons / size / areas.count)))
    count = np.maximum(np.round(persons / size * areas.weight), least).astype(np.int64)
    area = np.repeat(np.arange(areas.count), count)
    kind = draw_types(area, settings, rng)
    members = draw_households(kind, area, areas.zone, settings, rng)
    return make_people(members, area, settings, (first_pid, 0, year), rng), area


def _compose_all(
    demand: Cells,
    year: int,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
    first_pid: int,
) -> tuple[People, Ints]:
    """Make households of exactly the persons given, and share them out to the areas."""
    sex, age = expand(demand.counts.ravel())
    members, lost = compose(sex, age, rng)
    if len(lost):
        members = _with_anybody(members, (sex[lost], age[lost]), rng)
    n = int(members[0].max(initial=-1)) + 1
    members = settle(members, n)
    area = share_out(kinds(members, n), areas.weight[:, None] * settings.types, rng)
    people = make_people(members, area, settings, (first_pid, 0, year), rng)
    return people, area


def _with_anybody(
    members: tuple[Ints, Ints, Ints, Ints],
    children: tuple[Ints, Ints],
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Ints, Ints]:
    """Let children for whom no parent was found live in any household."""
    household = members[0]
    if not len(household):
        raise ValueError("children cannot live in a municipality without adults")
    where = household[rng.integers(0, len(household), len(children[0]))]
    parts = (where, children[1], children[0], np.full(len(where), CHILD))
    joined = [np.concatenate(pair) for pair in zip(members, parts, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    return joined[0][order], joined[1][order], joined[2][order], joined[3][order]


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
