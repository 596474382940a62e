"""How often people give birth, die and move, by age and sex: counted, smoothed, borrowed.

Rates by single age are those of the larger area (the municipality); an area of it has the same
rates times one number, which is what the area's own events tell, held towards 1 the more the
fewer they are. Nothing is made up: where there are no events of the area's own, the number is 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nabolag.projection.axes import AGES, FEMALE, Bools, Floats, Places, aged, summed


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How much is borrowed, all of it declared.

    `window`: rates of an age are of so many years to each side. `exposure`: the window is widened
    until so many person-years stand behind a rate. `events`: an area's own number of events
    weighs as much as the municipality's rates when it is this many. `persons`: likewise for where
    those who move in settle.
    """

    window: int = 2
    exposure: float = 200.0
    events: float = 100.0
    persons: float = 50.0


@dataclass(frozen=True)
class Events:
    """What happened in each year, by the larger area, sex and age at the end of the year.

    `births` are by the mother's age (year × larger area × age). The rest are year × larger area ×
    sex × age. `own` are an area's own events of all ages, by name, where they are known
    (year × area).
    """

    births: Floats
    deaths: Floats
    moved_out: Floats
    moved_in: Floats
    moved_within: Floats
    own: dict[str, Floats] = field(default_factory=dict)

    def of_years(self, chosen: Bools) -> Events:
        """Return the events of some of the years."""
        return Events(
            self.births[chosen],
            self.deaths[chosen],
            self.moved_out[chosen],
            self.moved_in[chosen],
            self.moved_within[chosen],
            {name: own[chosen] for name, own in self.own.items()},
        )


@dataclass(frozen=True)
class Rates:
    """What a year is made of, for every larger area (L) and, where stated, area (A).

    `births` a woman (L × age), `deaths`, `moved_out` and `moved_within` a person (L × sex × age),
    `moved_in` persons a year (L × sex × age), `settle` the share of those who move that settle in
    each area (A × sex × age, summing to 1 in every larger area), `girls` the share of girls.
    The last three are an area's own number, 1 where nothing of its own is known.
    """

    births: Floats
    deaths: Floats
    moved_out: Floats
    moved_within: Floats
    moved_in: Floats
    settle: Floats
    girls: float
    own_births: Floats
    own_deaths: Floats
    own_moved_out: Floats

    def part(self, places: Places, first: int, last: int) -> Rates:
        """Return the rates of the larger areas from `first` up to `last`, and their areas."""
        chosen = (places.inside >= first) & (places.inside < last)
        return Rates(
            births=self.births[first:last],
            deaths=self.deaths[first:last],
            moved_out=self.moved_out[first:last],
            moved_within=self.moved_within[first:last],
            moved_in=self.moved_in[first:last],
            settle=self.settle[chosen],
            girls=self.girls,
            own_births=self.own_births[chosen],
            own_deaths=self.own_deaths[chosen],
            own_moved_out=self.own_moved_out[chosen],
        )


def estimate(
    events: Events, starts: Floats, places: Places, smoothing: Smoothing, girls: float
) -> Rates:
    """Return rates from events and the people they happened to.

    `starts` are people on 1 January of each of the events' years (year × area × sex × age).
    """
    there = aged(starts)
    whole = np.stack([summed(year, places) for year in there])
    women = whole[:, :, FEMALE].sum(axis=0)
    exposed = whole.sum(axis=0)
    exposed[..., 0] = _newborn(events, girls)
    stayed = exposed - events.deaths.sum(axis=0)
    births = smooth(events.births.sum(axis=0), women, smoothing)
    deaths = smooth(events.deaths.sum(axis=0), exposed, smoothing, apart=1)
    out = smooth(events.moved_out.sum(axis=0), stayed, smoothing)
    within = smooth(events.moved_within.sum(axis=0), stayed, smoothing)
    expected = _Expected(there, places, births, deaths, out + within)
    return Rates(
        births=births,
        deaths=np.clip(deaths, 0, 1),
        moved_out=np.clip(out, 0, 1),
        moved_within=np.clip(within, 0, 1),
        moved_in=spread(events.moved_in.mean(axis=0), smoothing.window),
        settle=settling(starts[-1], places, smoothing, _own(events, "moved_in")),
        girls=girls,
        own_births=relative(_own(events, "births"), expected.births, places, smoothing),
        own_deaths=relative(_own(events, "deaths"), expected.deaths, places, smoothing),
        own_moved_out=relative(_own(events, "moved_out"), expected.moves, places, smoothing),
    )


def _own(events: Events, name: str) -> Floats | None:
    own = events.own.get(name)
    return None if own is None else own.sum(axis=0)


def _newborn(events: Events, girls: float) -> Floats:
    """Return those who were born in the years, by larger area and sex."""
    born = events.births.sum(axis=(0, 2))
    split: Floats = np.stack([born * girls, born * (1 - girls)], axis=1)
    return split


@dataclass(frozen=True)
class _Expected:
    """How many events an area would have had with the municipality's rates."""

    there: Floats
    places: Places
    birth_rates: Floats
    death_rates: Floats
    move_rates: Floats

    @property
    def births(self) -> Floats:
        """Births by area."""
        women = self.there[:, :, FEMALE].sum(axis=0)
        found: Floats = (women * self.birth_rates[self.places.inside]).sum(axis=1)
        return found

    @property
    def deaths(self) -> Floats:
        """Deaths by area."""
        return self._of(self.death_rates)

    @property
    def moves(self) -> Floats:
        """Moves out of each area, wherever to."""
        return self._of(self.move_rates)

    def _of(self, rates: Floats) -> Floats:
        people = self.there.sum(axis=0)
        found: Floats = (people * rates[self.places.inside]).sum(axis=(1, 2))
        return found


def relative(own: Floats | None, expected: Floats, places: Places, smoothing: Smoothing) -> Floats:
    """Return how an area's own events stand to those of the other areas, held towards 1.

    What areas add up to is set by the larger area's rates. Only how they differ is the areas'
    own: moves out of areas may be counted with those inside the municipality or without them.
    """
    if own is None:
        return np.ones(len(expected))
    total, awaited = (summed(one, places)[places.inside] for one in (own, expected))
    scale = np.divide(total, awaited, out=np.zeros_like(total), where=awaited > 0)
    return held(own, expected * scale, smoothing.events)


def held(own: Floats, expected: Floats, weight: float) -> Floats:
    """Return own events over expected ones, held towards 1 with the weight of so many events."""
    ratio: Floats = (own + weight) / (expected + weight)
    return ratio


def settling(
    people: Floats, places: Places, smoothing: Smoothing, own: Floats | None = None
) -> Floats:
    """Return the share of those who move in that settle in each area, by sex and age.

    It is the area's share of those of about that age who live in the larger area, held towards
    its share of everybody there with the weight of `persons`; times what the area's own moves in
    tell, held likewise.
    """
    near = spread(people, smoothing.window)
    everybody = people.sum(axis=(1, 2))
    total = summed(everybody, places)[places.inside]
    part = np.divide(everybody, total, out=np.zeros_like(everybody), where=total > 0)
    weights = near + smoothing.persons * part[:, None, None]
    if own is not None:
        came = summed(own, places)[places.inside] * part
        weights = weights * held(own, came, smoothing.events)[:, None, None]
    return as_shares(weights, places)


def as_shares(weights: Floats, places: Places) -> Floats:
    """Return weights as shares of each larger area; alike where nobody weighs anything."""
    total = summed(weights, places)[places.inside]
    many = np.bincount(places.inside, minlength=len(places.larger))[places.inside]
    alike = np.broadcast_to(1.0 / many.reshape((-1,) + (1,) * (weights.ndim - 1)), weights.shape)
    shares: Floats = np.where(total > 0, weights / np.where(total > 0, total, 1.0), alike)
    return shares


def smooth(events: Floats, exposed: Floats, smoothing: Smoothing, apart: int = 0) -> Floats:
    """Return events a person by age (the last axis), over a window that is as wide as it must be.

    The window is `window` years to each side, and wider where fewer than `exposure` person-years
    stand behind. The first `apart` ages stand alone: newborn die at a rate of their own. A rate
    nobody stands behind at all is 0.
    """
    rates = np.zeros_like(events)
    settled = np.zeros(events.shape, dtype=bool)
    for width in range(smoothing.window, AGES):
        happened, people = _windowed(events, width, apart), _windowed(exposed, width, apart)
        enough = (people >= smoothing.exposure) | (width == AGES - 1)
        now = enough & ~settled & (people > 0)
        rates[now] = happened[now] / people[now]
        settled |= now
        if settled.all():
            break
    if apart:
        first = exposed[..., :apart]
        alone = np.divide(events[..., :apart], first, out=np.zeros_like(first), where=first > 0)
        rates[..., :apart] = alone
    return rates


def _windowed(values: Floats, width: int, apart: int) -> Floats:
    """Return the sum over so many ages to each side, without the first `apart` ages."""
    shown = values.copy()
    shown[..., :apart] = 0
    running = np.concatenate([np.zeros((*values.shape[:-1], 1)), shown.cumsum(axis=-1)], axis=-1)
    every = np.arange(AGES)
    high, low = np.minimum(every + width + 1, AGES), np.maximum(every - width, 0)
    total: Floats = running[..., high] - running[..., low]
    return total


def spread(counts: Floats, width: int) -> Floats:
    """Return counts by age evened over so many years to each side, with the same sum.

    Each age gives equal parts to the ages around it that exist.
    """
    many = np.minimum(np.arange(AGES) + width, AGES - 1) - np.maximum(np.arange(AGES) - width, 0)
    evened: Floats = _windowed(counts / (many + 1), width, 0)
    return evened
