"""One year: who is born, dies, moves out and in, and who is there at its end.

For every area, sex and age: end = start + births − deaths + arrived − left, exactly. Expected
numbers are persons with decimals; drawn numbers are whole persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nabolag.projection.axes import FEMALE, MALE, Floats, Ints, Numbers, Places, aged, summed
from nabolag.projection.rates import Rates


@dataclass(frozen=True, slots=True)
class Factors:
    """What a scenario multiplies the rates of one year by."""

    births: float = 1.0
    deaths: float = 1.0
    moved_in: float = 1.0
    moved_out: float = 1.0


@dataclass(frozen=True, slots=True)
class NewHomes:
    """Who lives in homes built in a year (area × sex × age), and the share from outside.

    The others come from the homes of the same larger area.
    """

    residents: Floats
    from_outside: float


@dataclass(frozen=True)
class Flows:
    """One year of areas: each array is area × sex × age at the end of the year."""

    start: Numbers
    births: Numbers
    deaths: Numbers
    arrived: Numbers
    left: Numbers

    @property
    def end(self) -> Numbers:
        """Who is there on 31 December."""
        there: Numbers = self.start + self.births - self.deaths + self.arrived - self.left
        return there

    def adjusted(self, difference: Numbers) -> Flows:
        """Return the year with people moved in (above 0) or out (below 0) beside the rest."""
        return Flows(
            self.start,
            self.births,
            self.deaths,
            self.arrived + np.maximum(difference, 0),
            self.left + np.maximum(-difference, 0),
        )


def expected(
    people: Floats, rates: Rates, places: Places, factors: Factors, homes: NewHomes | None
) -> Flows:
    """Return the year as its expected numbers."""
    start, inside = aged(people), places.inside
    births = np.zeros_like(people)
    born = mothers(start, rates, places, factors)
    births[:, FEMALE, 0], births[:, MALE, 0] = born * rates.girls, born * (1 - rates.girls)
    there = start + births
    deaths = there * dying(rates, places, factors)
    alive = there - deaths
    out, within = moving(rates, places, factors)
    gone, moved = alive * out, alive * within
    left = gone + moved
    came = rates.moved_in[inside] * factors.moved_in + summed(moved, places)[inside]
    arrived = came * rates.settle
    if homes is not None:
        taken = _taken(alive - left, homes, places)
        left = left + taken
        arrived = arrived + homes.residents
    return Flows(start, births, deaths, arrived, left)


def mothers(start: Numbers, rates: Rates, places: Places, factors: Factors) -> Floats:
    """Return how many are expected to be born in each area."""
    chance = rates.births[places.inside] * (rates.own_births * factors.births)[:, None]
    born: Floats = (start[:, FEMALE] * chance).sum(axis=1)
    return born


def dying(rates: Rates, places: Places, factors: Factors) -> Floats:
    """Return the chance of dying in the year."""
    own = (rates.own_deaths * factors.deaths)[:, None, None]
    chance: Floats = np.minimum(rates.deaths[places.inside] * own, 1.0)
    return chance


def moving(rates: Rates, places: Places, factors: Factors) -> tuple[Floats, Floats]:
    """Return the chance of moving out of the larger area, and to another area of it."""
    own = rates.own_moved_out[:, None, None]
    out = rates.moved_out[places.inside] * own * factors.moved_out
    within = rates.moved_within[places.inside] * own
    most = np.maximum(out + within, 1.0)
    return out / most, within / most


def _taken(stayed: Floats, homes: NewHomes, places: Places) -> Floats:
    """Return who leaves other homes of the larger area for the new ones: at most all who stay."""
    wanted = summed(homes.residents, places) * (1 - homes.from_outside)
    held = summed(stayed, places)
    share = np.divide(np.minimum(wanted, held), held, out=np.zeros_like(held), where=held > 0)
    taken: Floats = stayed * share[places.inside]
    return taken


def drawn(
    people: Ints,
    rates: Rates,
    places: Places,
    factors: Factors,
    homes: NewHomes | None,
    rng: np.random.Generator,
) -> Flows:
    """Return the year as whole persons drawn by chance, with the expected numbers as means."""
    start = aged(people).astype(np.int64)
    births = np.zeros_like(start)
    born = rng.poisson(mothers(start, rates, places, factors))
    girls = rng.binomial(born, rates.girls)
    births[:, FEMALE, 0], births[:, MALE, 0] = girls, born - girls
    there = start + births
    deaths = rng.binomial(there, dying(rates, places, factors))
    alive = there - deaths
    out, within = moving(rates, places, factors)
    either = np.minimum(out + within, 1.0)
    left = rng.binomial(alive, either)
    to_within = np.divide(within, either, out=np.zeros_like(within), where=either > 0)
    moved = rng.binomial(left, np.minimum(to_within, 1.0))
    came = rates.moved_in[places.inside] * factors.moved_in * rates.settle
    arrived = rng.poisson(came) + settled(summed(moved, places), rates.settle, places, rng)
    if homes is not None:
        wish = rng.poisson(homes.residents)
        left = left + _drawn_taken(alive - left, wish, homes.from_outside, places, rng)
        arrived = arrived + wish
    return Flows(start, births, deaths, arrived, left)


def settled(movers: Numbers, settle: Floats, places: Places, rng: np.random.Generator) -> Ints:
    """Return movers of each larger area laid out on its areas: nobody is lost on the way."""
    found = np.zeros(settle.shape, dtype=np.int64)
    edges = [*places.starts.tolist(), len(places.codes)]
    for larger, (first, last) in enumerate(pairwise(edges)):
        chances = np.moveaxis(settle[first:last], 0, -1)
        total = chances.sum(axis=-1, keepdims=True)
        laid = rng.multinomial(movers[larger].astype(np.int64), chances / total)
        found[first:last] = np.moveaxis(laid, -1, 0)
    return found


def _drawn_taken(
    stayed: Ints, wish: Ints, from_outside: float, places: Places, rng: np.random.Generator
) -> Ints:
    """Return whole persons who leave other homes of the larger area; never more than live there."""
    wanted = rng.binomial(summed(wish, places), 1 - from_outside)
    held = summed(stayed, places)[places.inside]
    alike = np.full(stayed.shape, 1.0)
    share = np.divide(stayed, held, out=np.zeros(stayed.shape), where=held > 0)
    chances = np.where(held > 0, share, alike)
    taken: Ints = np.minimum(settled(wanted, chances, places, rng), stayed)
    return taken
