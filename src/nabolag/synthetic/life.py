"""One municipality as it lives, a year at a time: records, those who leave, those who come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from nabolag.rules import consumption_scale
from nabolag.synthetic.areas import Ints
from nabolag.synthetic.demand import Demand, Growth
from nabolag.synthetic.effects import realised
from nabolag.synthetic.events import event_frame
from nabolag.synthetic.founding import first_town
from nabolag.synthetic.ground import Ground
from nabolag.synthetic.income import household_income
from nabolag.synthetic.services.year import Moment, Services
from nabolag.synthetic.settling import draw_income_shock
from nabolag.synthetic.spec import MunicipalitySpec
from nabolag.synthetic.state import People, summarise
from nabolag.synthetic.tables import year_frames
from nabolag.synthetic.work import autumn
from nabolag.synthetic.year import Half, first_half, second_half


def steady_growth(spec: MunicipalitySpec) -> list[Demand]:
    """Return the population wanted on every 1 January, one more than there are years."""
    return [Growth(round(spec.persons * (1 + spec.growth) ** n)) for n in range(spec.years + 1)]


class Life:
    """The town of one municipality. Call `records`, `leave` and `come` in turn, year by year."""

    def __init__(self, ground: Ground, demands: Sequence[Demand] | None = None) -> None:
        """Found the town. `demands` are the populations of every 1 January, one more than years."""
        spec = ground.spec
        self.ground = ground
        self.demands = list(demands) if demands is not None else steady_growth(spec)
        self._people, self._work, self._income = (
            spec.stream(name) for name in ("people", "work", "income")
        )
        settings, areas = ground.truth.settings, ground.areas
        first = spec.first_id + 1
        wanted = self.demands[0]
        self.town = first_town(wanted, spec.first_year, areas, settings, self._people, first)
        self.services = Services(ground)
        self.effects: list[dict[str, Any]] = []
        self.number = 0

    @property
    def year(self) -> int:
        """The calendar year that is lived."""
        return self.ground.spec.first_year + self.number

    def records(self) -> dict[str, pl.DataFrame]:
        """Return every register of the year but what happened in it."""
        town, year, ground = self.town, self.year, self.ground
        summary = summarise(town.people, len(town.home_of), year)
        activity = autumn(town, year, self.number, ground.truth.settings, self._work)
        scale = consumption_scale(date(year, 1, 1))
        settings = ground.truth.settings
        earned = household_income(town, summary, activity, settings, self.number, scale)
        now = Moment(town, summary, activity, earned, year)
        money, services = self.services.registers(now)
        self.effects += realised(ground, town, activity, year)
        return {**year_frames(now, money, ground), **services}

    def leave(self) -> Half:
        """Let people die, leave and be born."""
        demand = self.demands[self.number + 1]
        settings = self.ground.truth.settings
        return first_half(self.town, self.year, demand, settings, self._people)

    def come(
        self,
        half: Half,
        incoming: People | None = None,
        origin: Ints | None = None,
        gone: Ints | None = None,
    ) -> pl.DataFrame:
        """Let people come, and go on to the next year. Returns the year's events.

        `incoming` lived elsewhere in the country, each in the grunnkrets `origin` (a number);
        `gone` have moved there, and are written down there.
        """
        areas, settings = self.ground.areas, self.ground.truth.settings
        nobody: Ints = np.zeros(0, dtype=np.int64)
        later = second_half(half, incoming, areas, settings, self._people)
        known = (nobody if incoming is None else incoming.pid, nobody if origin is None else origin)
        left = nobody if gone is None else gone
        happened = event_frame(self.town, later, half.dead, self.year, areas, (*known, left))
        later.people.shock = draw_income_shock(later.people.shock, self._income)
        self.town, self.number = later, self.number + 1
        return happened

    def truth(self) -> dict[str, Any]:
        """Return what is true of the municipality: its areas, and what was planted in them."""
        spec, areas, truth = self.ground.spec, self.ground.areas, self.ground.truth
        bydeler = dict(zip(areas.bydel_codes, areas.bydel_names, strict=True))
        programme = truth.programme
        return {
            "code": spec.code,
            "name": spec.name,
            "areas": {
                "codes": list(areas.codes),
                "names": list(areas.names),
                "bydel": [areas.bydel_codes[b] if bydeler else "" for b in areas.bydel],
                "bydeler": bydeler,
            },
            **truth.planted_by_area(areas, spec.all_years),
            "initiatives": [one.as_dict(areas.codes) for one in programme.initiatives],
            "look_alikes": [areas.codes[i] for i in programme.look_alikes],
            "realised_effects": self.effects,
            **self.services.truth(),
            "settings": truth.settings_by_area(areas),
        }
