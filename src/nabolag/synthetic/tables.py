"""The town as register frames, in the contracts of `nabolag.registers`."""

from __future__ import annotations

import numpy as np
import polars as pl

from nabolag.registers.contracts import (
    BUILDINGS,
    COUNTRY_GROUPS,
    HOUSEHOLD_TYPES,
    OWNERS,
    ROLES,
    SEXES,
    TENURES,
)
from nabolag.synthetic.areas import Areas, Bools, Ints
from nabolag.synthetic.chances import chance_of
from nabolag.synthetic.ground import Ground
from nabolag.synthetic.services.money import Money
from nabolag.synthetic.services.year import Moment
from nabolag.synthetic.state import IMMIGRANT, Summary, Town
from nabolag.synthetic.work import Activity

#: How many households have no known dwelling, dwellings no known size, persons no known
#: education. Which ones is a matter of their number, so that it is the same every year.
_NO_DWELLING, _NO_SIZE, _NO_LEVEL, _NO_LEVEL_CAME = 0.006, 0.015, 0.01, 0.09


def year_frames(now: Moment, money: Money, ground: Ground) -> dict[str, pl.DataFrame]:
    """Return the registers of persons, households, dwellings, income, education and work."""
    areas, first = ground.areas, ground.spec.first_id + 1
    town, summary, activity, year = now.town, now.summary, now.activity, now.year
    return {
        "person": _persons(town, year, areas, first),
        "household": _households(town, summary, year, areas, first),
        "dwelling": _dwellings(town, year, areas, first),
        "income_year": _incomes(now, money, first),
        "education": _education(town, activity, year),
        "employment": _employment(town, activity, year),
    }


#: Upper secondary begins at 16 and takes three years, or one or two more; it is registered for
#: those born from 1960 who did not come as immigrants. Most who never finish did begin.
_UPPER_FROM, _UPPER_YEARS, _REGISTERED_FROM, _STARTS = 16, 3, 1960, 0.85
_LATE = np.array([0.78, 0.93])
_SCHOOLING = ("level", "upper_secondary_start", "upper_secondary_completed")


def _named(codes: Ints, names: tuple[str, ...]) -> pl.Series:
    """Return words for codes, without building a Python list."""
    return pl.Series(list(names), dtype=pl.String).gather(codes)


def _persons(town: Town, year: int, areas: Areas, first: int) -> pl.DataFrame:
    people = town.people
    return pl.DataFrame(
        {
            "year": np.full(len(people), year, dtype=np.int16),
            "person_id": people.pid,
            "sex": _named(people.sex, SEXES),
            "birth_year": people.birth,
            "grunnkrets": _named(town.person_area(), areas.codes),
            "household_id": people.household + first,
            "role": _named(people.role, ROLES),
            "immigration_category": _named(people.origin, ("A", "B", "C")),
            "country_group": _named(people.country, COUNTRY_GROUPS),
        }
    )


def _households(town: Town, summary: Summary, year: int, areas: Areas, first: int) -> pl.DataFrame:
    here = np.flatnonzero(summary.alive)
    home = town.home_of[here]
    known = chance_of(here, 1) >= _NO_DWELLING
    youngest = np.full(len(town.home_of), 999)
    np.minimum.at(youngest, town.people.household, year - 1 - town.people.birth)
    unknown = pl.Series(~known)
    return pl.DataFrame(
        {
            "year": np.full(len(here), year, dtype=np.int16),
            "household_id": here + first,
            "grunnkrets": _named(town.homes.area[home], areas.codes),
            "dwelling_id": home + first,
            "household_type": _named(summary.type[here], HOUSEHOLD_TYPES),
            "persons": summary.persons[here],
            "children": summary.under_18[here],
            "youngest_age": youngest[here],
            "tenure": _named(town.homes.tenure[home], TENURES),
        }
    ).with_columns(
        pl.when(unknown).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("dwelling_id", "tenure")
    )


def _dwellings(town: Town, year: int, areas: Areas, first: int) -> pl.DataFrame:
    homes = town.homes
    number = np.arange(len(homes))
    unknown = pl.Series(chance_of(number, 2) < _NO_SIZE)
    return pl.DataFrame(
        {
            "year": np.full(len(homes), year, dtype=np.int16),
            "dwelling_id": number + first,
            "grunnkrets": _named(homes.area, areas.codes),
            "building": _named(homes.building, BUILDINGS),
            "built_year": homes.built,
            "rooms": homes.rooms,
            "area_m2": homes.m2,
            "owner": _named(homes.owner, OWNERS),
        }
    ).with_columns(
        pl.when(unknown).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("rooms", "area_m2")
    )


def _incomes(now: Moment, money: Money, first: int) -> pl.DataFrame:
    here = np.flatnonzero(now.summary.alive)
    return pl.DataFrame(
        {
            "year": np.full(len(here), now.year, dtype=np.int16),
            "household_id": here + first,
            "income_after_tax": now.income[0][here],
            "consumption_units": now.income[1][here],
            "total_income": money.total[here],
            "transfers": money.transfers[here],
            "debt": money.debt[here],
            "housing_costs": money.housing[here],
        }
    )


def _education(town: Town, activity: Activity, year: int) -> pl.DataFrame:
    """Return the register of education: who is late has level 3 until upper secondary is done."""
    people, age = town.people, activity.age
    which: Bools = activity.of_age
    share = np.where(people.origin == IMMIGRANT, _NO_LEVEL_CAME, _NO_LEVEL)
    unknown = chance_of(people.pid, 3) < share
    delay = np.searchsorted(_LATE, chance_of(people.pid, 4))
    completes = people.final >= 4
    done = completes & (age >= _UPPER_FROM + _UPPER_YEARS + delay)
    level = np.where(completes & ~done & (age >= _UPPER_FROM + _UPPER_YEARS), 3, activity.level)
    here = (people.origin != IMMIGRANT) & (people.birth >= _REGISTERED_FROM) & ~unknown
    started = here & (completes | (chance_of(people.pid, 5) < _STARTS))
    born = people.birth
    return pl.DataFrame(
        {
            "year": np.full(int(which.sum()), year, dtype=np.int16),
            "person_id": people.pid[which],
            "level": _known(level, ~unknown)[which],
            "in_education": activity.in_education[which],
            "upper_secondary_start": _known(born + _UPPER_FROM, started)[which],
            "upper_secondary_completed": _known(
                born + _UPPER_FROM + _UPPER_YEARS + delay, done & here
            )[which],
        }
    ).with_columns(pl.col(name).replace(-1, None) for name in _SCHOOLING)


def _known(value: Ints, known: Bools) -> Ints:
    """Mark with -1 what is unknown."""
    return np.where(known, value, -1)


def _employment(town: Town, activity: Activity, year: int) -> pl.DataFrame:
    which: Bools = activity.of_age
    return pl.DataFrame(
        {
            "year": np.full(int(which.sum()), year, dtype=np.int16),
            "person_id": town.people.pid[which],
            "employed": activity.employed[which],
            "in_measure": activity.in_measure[which],
        }
    )
