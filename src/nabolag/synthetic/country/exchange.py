"""Moves between municipalities: who left one, and is taken in by another.

Whole households move, and keep who they are. Where published totals decide, a household fits a
municipality that wants every one of its members, by sex and age; elsewhere there must be room
for so many persons. Who is taken in nowhere has left the country, and what is still wanted
comes from abroad.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nabolag.synthetic.areas import Bools, Ints
from nabolag.synthetic.demand import AGES
from nabolag.synthetic.state import CHILD, People

#: Share of the leaving households that would rather stay in the country.
_STAYS = 0.85
#: Share of the room for newcomers that movers from elsewhere in the country may take.
_FROM_HERE = 0.7
_ROUNDS = 10
_CELLS = 2 * AGES


@dataclass(frozen=True)
class Offer:
    """What one municipality brings to the exchange in a year.

    `origin` is the grunnkrets (as a number) that each leaver lived in. `wanted` counts the
    persons wanted: by cell (flat), or in all (a single number in an array).
    """

    leavers: People
    origin: Ints
    wanted: Ints


@dataclass(frozen=True)
class Incoming:
    """Who comes to a municipality from another, and which grunnkrets each lived in.

    `gone` are the numbers of those who left this municipality for another: they have moved
    within the country, and the other one writes it down.
    """

    people: People
    origin: Ints
    gone: Ints


@dataclass(frozen=True)
class _Pool:
    """All leavers of the country, household by household."""

    people: People
    origin: Ints
    home: Ints
    cell: Ints
    households: int


def exchange(offers: Sequence[Offer], year: int, rng: np.random.Generator) -> list[Incoming]:
    """Match leavers with municipalities that want them; one answer for each offer."""
    pool = _pool(offers, year)
    by_cell = len(offers[0].wanted) == _CELLS
    left = np.stack([offer.wanted for offer in offers]).astype(np.int64)
    if not by_cell:
        left = (left * _FROM_HERE).astype(np.int64)
    goes = np.full(pool.households, -1)
    home = np.zeros(pool.households, dtype=np.int64)
    home[pool.people.household] = pool.home
    willing = _willing(pool, rng)
    for _ in range(_ROUNDS):
        asks = np.flatnonzero(willing & (goes < 0))
        weight = left.sum(axis=1).astype(float)
        if not len(asks) or not weight.sum():
            break
        to = np.full(pool.households, -1)
        to[asks] = rng.choice(len(offers), len(asks), p=weight / weight.sum())
        to[to == home] = -1
        accepted = _fitting(pool, to, left, rng) if by_cell else _with_room(pool, to, left, rng)
        goes[accepted] = to[accepted]
    return [_incoming(pool, goes, number) for number in range(len(offers))]


def _pool(offers: Sequence[Offer], year: int) -> _Pool:
    """Put all leavers in one table; households are numbered anew."""
    first, groups = 0, []
    for offer in offers:
        shifted = replace(offer.leavers, household=offer.leavers.household + first)
        first = int(shifted.household.max(initial=first - 1)) + 1
        groups.append(shifted)
    people = People.stack(groups)
    home = np.repeat(np.arange(len(offers)), [len(offer.leavers) for offer in offers])
    age = (year - 1 - people.birth).clip(0, AGES - 1)
    origin = np.concatenate([offer.origin for offer in offers])
    return _Pool(people, origin, home, people.sex * AGES + age, first)


def _willing(pool: _Pool, rng: np.random.Generator) -> Bools:
    """Tell which households would stay in the country; children never move alone."""
    adults = np.bincount(
        pool.people.household[pool.people.role != CHILD], minlength=pool.households
    )
    eldest = np.zeros(pool.households, dtype=np.int64)
    np.maximum.at(eldest, pool.people.household, pool.cell % AGES)
    alone = (adults == 0) & (eldest < 18)
    return np.asarray((rng.random(pool.households) < _STAYS) & ~alone)


def _fitting(pool: _Pool, to: Ints, left: Ints, rng: np.random.Generator) -> Bools:
    """Accept households of whom every member is wanted; `left` is counted down."""
    household = pool.people.household
    asks = np.flatnonzero(to[household] >= 0)
    key = to[household[asks]] * _CELLS + pool.cell[asks]
    order = np.lexsort((rng.random(len(asks)), key))
    sizes = np.bincount(key, minlength=left.size)
    place = np.arange(len(asks)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    refused = np.zeros(len(asks), dtype=bool)
    refused[order] = place >= left.ravel()[key[order]]
    not_all = np.bincount(household[asks[refused]], minlength=len(to)) > 0
    accepted = (to >= 0) & ~not_all
    taken = key[accepted[household[asks]]]
    left -= np.bincount(taken, minlength=left.size).reshape(left.shape)
    return np.asarray(accepted)


def _with_room(pool: _Pool, to: Ints, left: Ints, rng: np.random.Generator) -> Bools:
    """Accept households until a municipality has no more room; `left` is counted down."""
    size = np.bincount(pool.people.household, minlength=len(to))
    asks = np.flatnonzero((to >= 0) & (size > 0))
    order = asks[np.lexsort((rng.random(len(asks)), to[asks]))]
    persons = np.cumsum(size[order])
    before = np.searchsorted(to[order], np.arange(len(left)))
    start = np.concatenate([[0], persons])[before]
    accepted = np.zeros(len(to), dtype=bool)
    accepted[order] = persons - start[to[order]] <= left[to[order], 0]
    left[:, 0] -= np.bincount(to[accepted], size[accepted], len(left)).astype(np.int64)
    return accepted


def _incoming(pool: _Pool, goes: Ints, number: int) -> Incoming:
    to = goes[pool.people.household]
    comes = to == number
    gone = (to >= 0) & (pool.home == number)
    return Incoming(pool.people.keep(comes), pool.origin[comes], pool.people.pid[gone])
