"""What a household has before tax, is given, owes and pays for its home; and who gets assistance.

Everything follows from the income after tax that is drawn, so that no two figures contradict:
transfers are part of total income, assistance is part of transfers, and it goes to households
with low income where somebody is without work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.synthetic.areas import Areas, Bools, Floats, Ints
from nabolag.synthetic.chances import chance_of
from nabolag.synthetic.income import GROWTH, MIDDLE
from nabolag.synthetic.state import CHILD, Summary, Town
from nabolag.synthetic.work import Activity

#: Below this share of the middle income per consumption unit a household may get assistance.
LOW_LINE = 0.6
_PRONE, _ASKS_PRONE, _ASKS = 0.5, 0.8, 0.15
_A_MONTH = (6_500.0, 11_500.0)
_TAX_LOW, _TAX_HIGH = 0.06, 0.40
_CHILD_ALLOWANCE, _PENSION, _BENEFIT = 12_600.0, 0.80, 0.60
_INTEREST, _UPKEEP = 0.030, 330.0
#: Rent a square metre and year by zone; it rises as incomes do.
_RENT = np.array([2050.0, 1800.0, 1600.0, 1150.0, 1050.0])
_OLD = 67


@dataclass(frozen=True)
class Money:
    """By household (position), but for the assistance: persons (position), months, kroner."""

    total: Floats
    transfers: Floats
    debt: Floats
    housing: Floats
    low: Bools
    helped: Ints
    months: Ints
    amount: Floats


def low_income_line(years_in: int) -> float:
    """Return the planted line of low income per consumption unit in a year, kroner."""
    return float(LOW_LINE * MIDDLE * (1 + GROWTH) ** years_in)


def household_money(
    town: Town,
    summary: Summary,
    activity: Activity,
    income: tuple[Floats, Floats],
    place: tuple[Areas, int],
    rng: np.random.Generator,
) -> Money:
    """Return what follows from income after tax and consumption units (`income`)."""
    areas, years_in = place
    after_tax, units = income
    per_unit = after_tax / np.maximum(units, 1)
    low: Bools = np.asarray((per_unit < low_income_line(years_in)) & summary.alive)
    helped, months, amount = _assistance(town, activity, low, after_tax, years_in, rng)
    level = (1 + GROWTH) ** years_in
    tax = 0.20 + 0.11 * np.log(np.maximum(per_unit, 1) / (MIDDLE * level))
    total = after_tax / (1 - np.clip(tax, _TAX_LOW, _TAX_HIGH))
    given = np.bincount(town.people.household[helped], amount, len(after_tax))
    transfers = _transfers(town, summary, activity, total) + given
    transfers = np.minimum(transfers, 0.98 * total)
    debt = _debt(town, activity.age, total, rng)
    return Money(
        total=total.round(),
        transfers=transfers.round(),
        debt=debt.round(-3),
        housing=_housing(town, areas, debt, level).round(),
        low=low,
        helped=helped,
        months=months,
        amount=amount,
    )


def _assistance(
    town: Town,
    activity: Activity,
    low: Bools,
    after_tax: Floats,
    years_in: int,
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Floats]:
    """Return who gets social assistance (one a household), for how many months, how much."""
    people, age = town.people, activity.age
    idle = ~activity.employed & ~activity.in_education & (age >= 18) & (age < _OLD)
    able = np.flatnonzero(idle & low[people.household] & (people.role != CHILD))
    prone = chance_of(people.pid[able], 7) < _PRONE
    asks = able[rng.random(len(able)) < np.where(prone, _ASKS_PRONE, _ASKS)]
    first = np.sort(np.unique(people.household[asks], return_index=True)[1])
    who = asks[first]
    months = np.minimum(rng.geometric(0.16, len(who)), 12)
    each = rng.uniform(*_A_MONTH, len(who)) * (1 + GROWTH) ** years_in
    most = 0.6 * after_tax[people.household[who]]
    return who, months, np.minimum(months * each, most).round()


def _transfers(town: Town, summary: Summary, activity: Activity, total: Floats) -> Floats:
    """Return pensions, benefits and child allowance, by household."""
    people, n = town.people, len(total)
    adult = people.role != CHILD
    adults = np.maximum(summary.adults, 1)
    old = np.bincount(people.household[adult & (activity.age >= _OLD)], minlength=n) / adults
    without = ~activity.employed & ~activity.in_education & (activity.age < _OLD) & adult
    idle = np.bincount(people.household[without], minlength=n) / adults
    return np.asarray(
        total * (_PENSION * old + _BENEFIT * idle) + _CHILD_ALLOWANCE * summary.under_18
    )


def _debt(town: Town, age: Ints, total: Floats, rng: np.random.Generator) -> Floats:
    """Return debt: owners owe most when young, and less than five years' income."""
    n = len(total)
    adult = town.people.role != CHILD
    adults = np.maximum(np.bincount(town.people.household[adult], minlength=n), 1)
    mean = np.bincount(town.people.household[adult], age[adult], n) / adults
    home = np.maximum(town.home_of, 0)
    owns = town.homes.tenure[home] < 2
    years = np.where(owns, np.clip(3.4 - 0.055 * (mean - 30), 0.05, 3.6), 0.35)
    chance = np.exp(rng.normal(0, 0.5, n))
    return np.asarray(np.minimum(total * years * chance, 5 * total))


def _housing(town: Town, areas: Areas, debt: Floats, level: float) -> Floats:
    """Return what a home costs in a year: interest and upkeep, or rent."""
    home = np.maximum(town.home_of, 0)
    m2 = town.homes.m2[home]
    rent = m2 * _RENT[areas.zone[town.homes.area[home]]]
    own = _INTEREST * debt + m2 * _UPKEEP * level
    return np.asarray(np.where(town.homes.tenure[home] == 2, rent * level, own))
