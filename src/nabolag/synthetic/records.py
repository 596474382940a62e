"""Ten years of records: the town lives, and each 1 January is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from nabolag.rules import consumption_scale
from nabolag.synthetic.areas import Areas, build_areas
from nabolag.synthetic.demand import Growth
from nabolag.synthetic.founding import first_town
from nabolag.synthetic.income import household_income
from nabolag.synthetic.settling import draw_income_shock
from nabolag.synthetic.spec import MunicipalitySpec
from nabolag.synthetic.state import summarise
from nabolag.synthetic.tables import event_frame, year_frames
from nabolag.synthetic.truth import Truth, plant
from nabolag.synthetic.work import autumn
from nabolag.synthetic.year import next_year

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Retired:
    """A code that deliveries use until `last_year` for a part of the area `into` (position).

    Records are in the borders of the last year throughout; deliveries are as they were made.
    """

    code: str
    name: str
    into: int
    last_year: int


@dataclass(frozen=True)
class Ground:
    """What is decided before anybody lives there: the areas and what is planted in them."""

    spec: MunicipalitySpec
    areas: Areas
    truth: Truth
    retired: Retired


def lay_ground(spec: MunicipalitySpec) -> Ground:
    """Return areas and planted truth, the same for the same seed."""
    areas = build_areas(spec)
    truth = plant(areas, spec.all_years, spec.stream("truth"))
    return Ground(spec, areas, truth, _retired(spec, areas, truth))


def _retired(spec: MunicipalitySpec, areas: Areas, truth: Truth) -> Retired:
    """Choose the most populous area without a planted truth; it once was two."""
    weight = areas.weight.copy()
    weight[truth.planted] = 0
    into = int(weight.argmax())
    code = f"{areas.bydel_codes[areas.bydel[into]]}90"
    return Retired(code, f"Gamle {areas.names[into]}", into, spec.first_year + 2)


def live(ground: Ground) -> Iterator[tuple[int, dict[str, pl.DataFrame]]]:
    """Yield each year's registers in turn; only one year is in memory at a time."""
    spec, areas, settings = ground.spec, ground.areas, ground.truth.settings
    people, work, income = (spec.stream(name) for name in ("people", "work", "income"))
    town = first_town(Growth(spec.persons), spec.first_year, areas, settings, people)
    for number, year in enumerate(spec.all_years):
        summary = summarise(town.people, len(town.home_of), year)
        activity = autumn(town, year, number, settings, work)
        scale = consumption_scale(date(year, 1, 1))
        earned = household_income(town, summary, activity, settings, number, scale)
        frames = year_frames(town, summary, activity, earned, year, areas)
        target = round(spec.persons * (1 + spec.growth) ** (number + 1))
        later, dead = next_year(town, year, Growth(target), areas, settings, people)
        frames["population_event"] = event_frame(town, later, dead, year, areas)
        yield year, frames
        later.people.shock = draw_income_shock(later.people.shock, income)
        town = later
