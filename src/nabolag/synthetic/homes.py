"""Dwellings: how they are built, and how households that look for one find it."""

from __future__ import annotations

import numpy as np

from nabolag.synthetic.areas import Areas, Bools, Floats, Ints
from nabolag.synthetic.state import IMMIGRANT, Homes, Summary, Town
from nabolag.synthetic.truth import Settings

#: Detached, semi-detached, terraced, block, other, by zone.
_BUILDINGS = np.array(
    [
        [0.02, 0.02, 0.05, 0.90, 0.01],
        [0.12, 0.08, 0.15, 0.64, 0.01],
        [0.42, 0.14, 0.20, 0.23, 0.01],
        [0.82, 0.07, 0.04, 0.05, 0.02],
        [0.90, 0.04, 0.02, 0.02, 0.02],
    ]
)
_USUAL_M2 = np.array([148.0, 112.0, 96.0, 67.0, 60.0])
_COOPERATIVE = np.array([0.0, 0.10, 0.35, 0.55, 0.0])
_BLOCK = 3
_MUNICIPAL = 0.18
_M2_A_ROOM = 26.0
#: New homes are built mostly in the suburbs and the inner town.
_BUILT_IN = np.array([1.0, 1.2, 1.5, 0.5, 0.1])
_ROUNDS = 5


def build(
    area: Ints, years: tuple[int, int], areas: Areas, settings: Settings, rng: np.random.Generator
) -> Homes:
    """Build one empty dwelling for each entry of `area`, in a year of the span given."""
    n = len(area)
    cumulative = np.cumsum(_BUILDINGS, axis=1)[areas.zone[area]]
    building = (rng.random((n, 1)) > cumulative).sum(axis=1).clip(0, 4)
    small = settings.size[area] < 0.8
    building = np.where(small & (rng.random(n) < 0.7), _BLOCK, building)
    let = rng.random(n) < np.minimum(settings.rental[area], 0.95)
    shared = rng.random(n) < _COOPERATIVE[building]
    m2 = _USUAL_M2[building] * settings.size[area] * np.exp(rng.normal(0, 0.27, n))
    m2 = np.clip(m2 * np.where(let, 0.88, 1.0), 18, 400).round()
    rooms = np.clip(np.round(m2 / _M2_A_ROOM + rng.normal(0, 0.4, n)), 1, 12).astype(np.int64)
    municipal = let & (rng.random(n) < _MUNICIPAL)
    return Homes(
        area=area,
        building=building,
        built=rng.integers(years[0], years[1] + 1, n),
        rooms=rooms,
        m2=m2,
        tenure=np.where(let, 2, np.where(shared, 1, 0)),
        owner=np.where(municipal, 2, np.where(shared & ~let, 1, 0)),
        household=np.full(n, -1),
    )


def build_missing(
    town: Town,
    seekers: int,
    year: int,
    areas: Areas,
    settings: Settings,
    rng: np.random.Generator,
) -> None:
    """Build as many dwellings as it takes for every seeker to find one, and a few to spare."""
    empty = int((town.homes.household < 0).sum())
    wanted = max(0, int(seekers * 1.02) + int(0.02 * len(town.homes)) - empty)
    weight = _BUILT_IN[areas.zone] * areas.weight
    area = rng.choice(areas.count, wanted, p=weight / weight.sum())
    town.homes = town.homes.join(build(np.sort(area), (year, year), areas, settings, rng))


def find_homes(
    town: Town,
    seekers: Ints,
    summary: Summary,
    settings: Settings,
    rng: np.random.Generator,
) -> None:
    """Move every seeking household into an empty dwelling.

    How many of each class of household (type, education, background) go to each area is
    fitted to the areas' compositions and to what is empty, so that areas keep their character
    while everybody finds a home. Within an area, larger households get larger dwellings, more
    loosely where `settings.mismatch` is high.
    """
    classes = _classes(town, summary)[seekers]
    wanted = _wanted(settings)
    for round_ in range(_ROUNDS):
        if not len(seekers):
            return
        empty = np.flatnonzero(town.homes.household < 0)
        room = np.bincount(town.homes.area[empty], minlength=len(wanted))
        chance = room[:, None] * wanted if round_ < _ROUNDS - 1 else room[:, None] * np.ones(20)
        area = _choose(classes, _fit(chance, room, np.bincount(classes, minlength=20)), rng)
        spread = rng.normal(size=len(seekers)) * settings.mismatch[area]
        need: Floats = np.asarray(summary.persons[seekers] * np.exp(spread))
        placed = _move_in(town, seekers, area, need, rng)
        seekers, classes = seekers[~placed], classes[~placed]
    _anywhere(town, seekers, rng)


def _classes(town: Town, summary: Summary) -> Ints:
    """Return each household's class: type × low education × immigrant among its adults."""
    people, n = town.people, len(summary.persons)
    adult = people.role != 3
    adults = np.maximum(np.bincount(people.household[adult], minlength=n), 1)
    low = np.bincount(people.household[adult & (people.final <= 2)], minlength=n) / adults >= 0.5
    came = np.bincount(people.household[adult & (people.origin == IMMIGRANT)], minlength=n) > 0
    return np.asarray(summary.type * 4 + low * 2 + came)


def _wanted(settings: Settings) -> Floats:
    """Return each area's composition by class (areas × 20); rows sum to one."""
    low, came = settings.low_education[:, None], settings.immigrants[:, None]
    parts = [
        settings.types * (low if is_low else 1 - low) * (came if is_came else 1 - came)
        for is_low in (False, True)
        for is_came in (False, True)
    ]
    return np.stack(parts, axis=2).reshape(len(settings.types), 20)


def _fit(table: Floats, rows: Ints | Floats, columns: Ints) -> Floats:
    """Fit a table to row and column sums in turn (iterative proportional fitting)."""
    target = rows * (columns.sum() / max(rows.sum(), 1e-9))
    fitted = table + 1e-12
    for _ in range(40):
        fitted *= (target / np.maximum(fitted.sum(axis=1), 1e-12))[:, None]
        fitted *= columns / np.maximum(fitted.sum(axis=0), 1e-12)
    return np.asarray(fitted)


def share_out(kind: Ints, wanted: Floats, rng: np.random.Generator) -> Ints:
    """Return an area for each household, so that types and areas get what they are to have.

    `wanted` is areas × types; how many households an area gets follows its row's sum.
    """
    columns = np.bincount(kind, minlength=wanted.shape[1])
    rows = wanted.sum(axis=1)
    return _choose(kind, _fit(wanted, rows / rows.sum() * len(kind), columns), rng)


def _choose(classes: Ints, fitted: Floats, rng: np.random.Generator) -> Ints:
    """Draw an area for each household from its class's column."""
    totals = np.maximum(fitted.sum(axis=0), 1e-12)
    cumulative = (np.cumsum(fitted, axis=0) / totals).T
    # One search in one long, rising list: class number plus share of the class so far.
    ladder = (cumulative + np.arange(len(cumulative))[:, None]).ravel()
    found = np.searchsorted(ladder, classes + rng.random(len(classes)), side="right")
    return np.asarray((found - classes * len(fitted)).clip(0, len(fitted) - 1))


def _move_in(
    town: Town, seekers: Ints, area: Ints, need: Floats, rng: np.random.Generator
) -> Bools:
    """Give dwellings to as many as there is room for in the area they chose."""
    empty = rng.permutation(np.flatnonzero(town.homes.household < 0))
    there = town.homes.area[empty]
    areas = int(max(area.max(), there.max())) + 1
    placed = _first_of_each(area, np.bincount(there, minlength=areas), rng)
    who, where = seekers[placed], area[placed]
    taken = empty[_first_of_each(there, np.bincount(where, minlength=areas), rng)]
    by_need = np.lexsort((need[placed], where))
    by_size = np.lexsort((town.homes.m2[taken], town.homes.area[taken]))
    town.homes.household[taken[by_size]] = who[by_need]
    town.home_of[who[by_need]] = taken[by_size]
    return placed


def _first_of_each(group: Ints, limit: Ints, rng: np.random.Generator) -> Bools:
    """Mark at most `limit[g]` random members of each group `g`."""
    order = np.lexsort((rng.random(len(group)), group))
    sizes = np.bincount(group, minlength=len(limit))
    place = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    chosen = np.zeros(len(group), dtype=bool)
    chosen[order] = place < limit[group[order]]
    return chosen


def _anywhere(town: Town, seekers: Ints, rng: np.random.Generator) -> None:
    """Place the last few wherever there is room."""
    empty = rng.permutation(np.flatnonzero(town.homes.household < 0))[: len(seekers)]
    if len(empty) < len(seekers):
        raise RuntimeError("more households than dwellings: build_missing was not called")
    town.homes.household[empty] = seekers
    town.home_of[seekers] = empty
