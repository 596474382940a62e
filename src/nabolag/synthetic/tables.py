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
from nabolag.synthetic.areas import Areas, Bools, Floats, Ints
from nabolag.synthetic.ground import Ground
from nabolag.synthetic.state import Summary, Town
from nabolag.synthetic.work import Activity

#: How many households have no known dwelling, dwellings no known size, persons no known
#: education. Which ones is a matter of their number, so that it is the same every year.
_NO_DWELLING, _NO_SIZE, _NO_LEVEL, _NO_LEVEL_CAME = 0.006, 0.015, 0.01, 0.09


def year_frames(
    town: Town,
    summary: Summary,
    activity: Activity,
    income: tuple[Floats, Floats],
    year: int,
    ground: Ground,
) -> dict[str, pl.DataFrame]:
    """Return every register of one year, by name."""
    areas, first = ground.areas, ground.spec.first_id + 1
    return {
        "person": _persons(town, year, areas, first),
        "household": _households(town, summary, year, areas, first),
        "dwelling": _dwellings(town, year, areas, first),
        "income_year": _incomes(summary, income, year, first),
        "education": _education(town, activity, year),
        "employment": _employment(town, activity, year),
    }


def _chance(number: Ints, salt: int) -> Floats:
    """Return a number between 0 and 1 that belongs to an identity (a multiplicative hash)."""
    mixed = (number.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return np.asarray((mixed * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(11)) / 2.0**53)


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
    known = _chance(here, 1) >= _NO_DWELLING
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
    unknown = pl.Series(_chance(number, 2) < _NO_SIZE)
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


def _incomes(
    summary: Summary, income: tuple[Floats, Floats], year: int, first: int
) -> pl.DataFrame:
    here = np.flatnonzero(summary.alive)
    return pl.DataFrame(
        {
            "year": np.full(len(here), year, dtype=np.int16),
            "household_id": here + first,
            "income_after_tax": income[0][here],
            "consumption_units": income[1][here],
        }
    )


def _education(town: Town, activity: Activity, year: int) -> pl.DataFrame:
    which: Bools = activity.of_age
    people = town.people
    share = np.where(people.origin == 1, _NO_LEVEL_CAME, _NO_LEVEL)
    unknown = pl.Series((_chance(people.pid, 3) < share)[which])
    return pl.DataFrame(
        {
            "year": np.full(int(which.sum()), year, dtype=np.int16),
            "person_id": people.pid[which],
            "level": activity.level[which],
            "in_education": activity.in_education[which],
        }
    ).with_columns(level=pl.when(unknown).then(None).otherwise(pl.col("level")))


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
