"""Everything around the people in one year: money, months, schools, kindergartens, accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from nabolag.synthetic.areas import Bools, Floats, Ints
from nabolag.synthetic.ground import Ground
from nabolag.synthetic.segregation import dissimilarity
from nabolag.synthetic.services.accounts import (
    ACTIVITIES,
    ASSISTANCE,
    CHILD_WELFARE,
    ELDERLY,
    EQUATION,
    HEALTH_STATION,
    KINDERGARTEN,
    PRIMARY_SCHOOL,
    Accounts,
    Served,
)
from nabolag.synthetic.services.kindergartens import (
    Attendance,
    attend,
    build_kindergartens,
    kindergarten_frame,
)
from nabolag.synthetic.services.money import Money, household_money
from nabolag.synthetic.services.months import draw_months
from nabolag.synthetic.services.schools import (
    Makeup,
    build_schools,
    enrol,
    make_up,
    pupil_frame,
    school_frame,
)
from nabolag.synthetic.state import NORWEGIAN, T_SINGLE_PARENT, Summary, Town
from nabolag.synthetic.work import Activity

_GROWN, _OLD = 18, 80


@dataclass(frozen=True)
class Moment:
    """The town on 1 January of a year, and what is known of the autumn."""

    town: Town
    summary: Summary
    activity: Activity
    income: tuple[Floats, Floats]
    year: int


class Services:
    """What surrounds the people of one municipality, year by year."""

    def __init__(self, ground: Ground) -> None:
        """Build schools and kindergartens."""
        spec = ground.spec
        self._ground = ground
        self._rng = spec.stream("services")
        self._money, self._months = spec.stream("money"), spec.stream("months")
        self.schools = build_schools(ground, self._rng)
        self.kindergartens = build_kindergartens(ground, self._rng)
        self._accounts = Accounts(spec.code, spec.stream("accounts"))
        self.realised: list[dict[str, Any]] = []

    def registers(self, now: Moment) -> tuple[Money, dict[str, pl.DataFrame]]:
        """Return money (for the register of incomes), and every other register of the year."""
        years_in = now.year - self._ground.spec.first_year
        place = (self._ground.areas, years_in)
        money = household_money(now.town, now.summary, now.activity, now.income, place, self._money)
        single_parent: Bools = np.asarray(now.summary.type == T_SINGLE_PARENT)
        pupils = enrol(now.town, self._ground, self.schools, now.year, self._rng)
        made = make_up(now.town, self.schools, pupils, money.low, single_parent)
        there = attend(now.town, self.kindergartens, now.year)
        immigrant = now.town.people.origin != NORWEGIAN
        self.realised.append(
            {
                "year": now.year,
                "immigrants_between_areas": dissimilarity(
                    now.town.person_area(), immigrant, self._ground.areas.count
                ),
                "low_income_between_areas": dissimilarity(
                    now.town.person_area(),
                    money.low[now.town.people.household],
                    self._ground.areas.count,
                ),
                "immigrants_between_schools": dissimilarity(
                    pupils.school, immigrant[pupils.who], len(self.schools)
                ),
            }
        )
        ground, year = self._ground, now.year
        return money, {
            "activity": self._activity(now),
            "social_assistance": _assistance(now, money),
            "pupil": pupil_frame(now.town, self.schools, pupils, year),
            "school": school_frame(ground, self.schools, pupils, made, year, self._rng),
            "kindergarten": kindergarten_frame(ground, self.kindergartens, there, year, self._rng),
            "account_line": self._lines(now, money, made, there),
        }

    def _activity(self, now: Moment) -> pl.DataFrame:
        months = draw_months(now.activity, self._months)
        return pl.DataFrame(
            {
                "year": np.full(len(months.who), now.year, dtype=np.int16),
                "person_id": now.town.people.pid[months.who],
                "employed_months": months.employed.astype(np.int16),
                "education_months": months.education.astype(np.int16),
                "measure_months": months.measure.astype(np.int16),
                "unemployed_months": months.unemployed.astype(np.int16),
            }
        )

    def _lines(self, now: Moment, money: Money, made: Makeup, there: Attendance) -> pl.DataFrame:
        """Return every line of the accounts of the year."""
        years_in = now.year - self._ground.spec.first_year
        schools = Served(
            PRIMARY_SCHOOL,
            [str(i) for i in self.schools.ids],
            np.where(self.schools.private, 0, made.pupils).astype(float),
            {
                "low_income": made.low_income,
                "single_parent": made.single_parent,
                "immigrant": made.immigrant,
            },
        )
        children = Served(KINDERGARTEN, [str(i) for i in self.kindergartens.ids], there.corrected)
        every = [schools, children, *self._by_bydel(now, money)]
        spent = [(s.function, s.units, self._accounts.spending(s, years_in)) for s in every]
        units, of = self._units()
        where = of[now.town.person_area()[money.helped]]
        paid: Floats = np.asarray(np.bincount(where, money.amount, len(units)), dtype=np.float64)
        return self._accounts.lines([*spent, (ASSISTANCE, units, paid)], now.year)

    def _units(self) -> tuple[list[str], Ints]:
        """Return the bydeler, or the municipality where there are none, and each area's."""
        areas = self._ground.areas
        if areas.bydel_codes:
            return list(areas.bydel_codes), areas.bydel
        return [""], np.zeros(areas.count, dtype=np.int64)

    def _by_bydel(self, now: Moment, money: Money) -> list[Served]:
        """Return whom the services of bydeler serve: children, the old, and everybody."""
        units, of = self._units()
        people = now.town.people
        where = of[now.town.person_area()]
        age = now.year - 1 - people.birth
        traits = {
            "low_income": money.low[people.household],
            "single_parent": (now.summary.type == T_SINGLE_PARENT)[people.household],
            "immigrant": people.origin != NORWEGIAN,
        }

        def served(function: str, who: Bools) -> Served:
            n = np.bincount(where[who], minlength=len(units)).astype(float)
            shares = {
                trait: np.bincount(where[who & has], minlength=len(units)) / np.maximum(n, 1)
                for trait, has in traits.items()
                if trait in EQUATION[function].shares
            }
            return Served(function, units, n, shares)

        everybody = np.ones(len(age), dtype=bool)
        return [
            served(CHILD_WELFARE, age < _GROWN),
            served(ELDERLY, age >= _OLD),
            served(ACTIVITIES, everybody),
            served(HEALTH_STATION, everybody),
        ]

    def truth(self) -> dict[str, Any]:
        """Return what schools truly add, and how uneven groups came to be placed."""
        added = dict(
            zip(map(str, self.schools.ids), self.schools.contribution.tolist(), strict=True)
        )
        return {"school_contributions": added, "segregation": self.realised}


def _assistance(now: Moment, money: Money) -> pl.DataFrame:
    n = len(money.helped)
    return pl.DataFrame(
        {
            "year": np.full(n, now.year, dtype=np.int16),
            "person_id": now.town.people.pid[money.helped],
            "months": money.months,
            "amount": money.amount,
        }
    )
