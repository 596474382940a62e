"""Income after tax, by household and year: schooling, work, age, place, and what lasts."""

from __future__ import annotations

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from nabolag.rules import ConsumptionScale, consumption_units
from nabolag.synthetic.areas import Bools, Floats, Ints
from nabolag.synthetic.state import T_SINGLE_PARENT, Summary, Town
from nabolag.synthetic.truth import Settings
from nabolag.synthetic.work import Activity

#: Middle income per consumption unit in the first year, kroner, and its yearly growth.
MIDDLE, GROWTH = 372_000.0, 0.031
_SKILL, _SHOCK = 0.30, 0.17
_LOW, _HIGH, _IDLE, _STUDENT, _YOUNG, _OLD = -0.10, 0.14, -0.42, -0.16, -0.14, -0.10
_SINGLE_PARENT, _CAME = -0.16, -0.10


def household_income(
    town: Town,
    summary: Summary,
    activity: Activity,
    settings: Settings,
    years_in: int,
    scale: ConsumptionScale,
) -> tuple[Floats, Floats]:
    """Return income after tax (kroner) and consumption units, by household.

    The logarithm of income per consumption unit is a sum: what the adults bring, the type of
    household, and the planted effect of the area in that year.
    """
    people, n = town.people, len(town.home_of)
    units = _units(town, summary, activity.age, scale)
    adult = people.role != 3
    brings = _SKILL * people.skill + _SHOCK * people.shock + _from_facts(town, activity)
    adults = np.maximum(np.bincount(people.household[adult], minlength=n), 1)
    mean = np.bincount(people.household[adult], brings[adult], minlength=n) / adults
    area = np.maximum(town.area_of, 0)
    # Two incomes even each other out: keep the spread of a household like that of a person.
    level = mean * np.where(adults > 1, 1.25, 1.0)
    level = level + np.where(summary.type == T_SINGLE_PARENT, _SINGLE_PARENT, 0.0)
    level = level + settings.income[area, years_in]
    middle = MIDDLE * (1 + GROWTH) ** years_in
    return np.round(np.exp(level) * middle * units), units


def _from_facts(town: Town, activity: Activity) -> Floats:
    """Return what schooling, work and age add to the logarithm of income."""
    people, age = town.people, activity.age
    idle: Bools = np.asarray(~activity.employed & (age < 67))
    return np.asarray(
        np.select([activity.level <= 2, activity.level >= 6], [_LOW, _HIGH], 0.0)
        + np.where(idle & ~activity.in_education, _IDLE, 0.0)
        + np.where(activity.in_education, _STUDENT, 0.0)
        + np.select([age < 25, age >= 67], [_YOUNG, _OLD], 0.0)
        + np.where(people.origin == 1, _CAME, 0.0)
    )


def _units(town: Town, summary: Summary, age: Ints, scale: ConsumptionScale) -> Floats:
    """Count consumption units on 1 January with the rule that everybody uses."""
    small = (age - 1) < scale.child_below_age
    counted = np.bincount(town.people.household[small], minlength=len(town.home_of))
    frame = pl.DataFrame({"adults": summary.persons - counted, "children": counted})
    rule = consumption_units(nw.col("adults"), nw.col("children"), scale)
    return nw.from_native(frame).select(units=rule.round(2))["units"].to_numpy()
