"""Registers made at random, in the contracts, as large as asked. For measuring speed only.

People keep their number from year to year; about one in seventy leaves and another comes. Members
of a household have nothing to do with one another's numbers, as pseudonyms have not, so nothing
is won by luck from the order of rows. One fact in fifty is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from nabolag.registers import CONTRACTS, write_part
from nabolag.registers.contracts import (
    BUILDINGS,
    COUNTRY_GROUPS,
    HOUSEHOLD_TYPES,
    IMMIGRATION_CATEGORIES,
    OWNERS,
    ROLES,
    TENURES,
)
from nabolag.store.frames import LINKS

FIRST_YEAR = 2010
#: About as many as Norway has.
MUNICIPALITIES, COUNTIES, AREAS = 350, 15, 14_000
PERSONS_A_HOUSEHOLD = 2.2
REGISTERS = (
    "person",
    "household",
    "dwelling",
    "income_year",
    "education",
    "employment",
    "activity",
    "social_assistance",
    "pupil",
)
UNKNOWN = 0.02


@dataclass(frozen=True, slots=True)
class Size:
    """How many persons, and how many years of them."""

    persons: int
    years: int

    @property
    def rows(self) -> int:
        """Person-years."""
        return self.persons * self.years


def area_codes() -> np.ndarray:
    """Return the code of every grunnkrets."""
    numbers = np.arange(AREAS)
    town = numbers % MUNICIPALITIES
    county = town % COUNTIES + 3
    return np.array([f"{c:02d}{t // COUNTIES + 1:02d}{n // MUNICIPALITIES + 101:04d}"
                     for c, t, n in zip(county, town, numbers, strict=True)])  # fmt: skip


def links() -> pl.DataFrame:
    """Return which grunnkrets lies in which municipality, county and country."""
    codes = area_codes()
    towns, counties = sorted({c[:4] for c in codes}), sorted({c[:2] for c in codes})
    rows = [("grunnkrets", c, "kommune", c[:4]) for c in codes]
    rows += [("kommune", t, "fylke", t[:2]) for t in towns]
    rows += [("fylke", c, "land", "0") for c in counties]
    return pl.DataFrame(rows, schema=LINKS, orient="row")


def write_registers(folder: Path, size: Size, seed: int = 1) -> None:
    """Write what is not already there. A year depends on its seed, its size and nothing else."""
    for number in range(size.years):
        done = folder / f"{FIRST_YEAR + number}.done"
        if not done.exists():
            _write_year(folder, size.persons, number, seed)
            done.touch()


def _write_year(folder: Path, persons: int, number: int, seed: int) -> None:
    year = FIRST_YEAR + number
    chance = np.random.default_rng((seed, number))
    stable = np.random.default_rng(seed)
    made = _Year(year, persons, number * (persons // 70), chance, stable.permutation(persons))
    for name, frame in made.registers().items():
        write_part(frame.with_columns(year=pl.lit(year)), folder, CONTRACTS[name], year)


@dataclass(frozen=True, slots=True)
class _Year:
    """One year of everybody. `shift` is how many have left since the first year."""

    year: int
    persons: int
    shift: int
    chance: np.random.Generator
    order: np.ndarray

    def registers(self) -> dict[str, pl.DataFrame]:
        """Return every register of the year."""
        ids = np.arange(1, self.persons + 1) + self.shift
        households = int(self.persons / PERSONS_A_HOUSEHOLD)
        home = self.order % households + 1
        birth = self.year - 1 - (ids * 7919 % 96).astype(np.int16)
        areas = area_codes()[(np.arange(households) * 104_729) % AREAS]
        size = np.bincount(home, minlength=households + 1)[1:]
        grown = self.year - 1 - birth >= 16
        return {
            "person": self._person(ids, birth, home, areas),
            "household": self._household(households, areas, size),
            "dwelling": self._dwelling(households, areas),
            "income_year": self._income(households, size),
            "education": self._education(ids[grown]),
            "employment": self._employment(ids[grown]),
            "activity": self._activity(ids[grown]),
            "social_assistance": self._assistance(ids[self.chance.random(self.persons) < 0.025]),
            "pupil": self._pupil(ids[(birth <= self.year - 6) & (birth > self.year - 16)]),
        }

    def _pick(self, values: tuple[str, ...], count: int) -> pl.Series:
        kinds = pl.Series(values, dtype=pl.String)
        return kinds.gather(self.chance.integers(0, len(values), count))

    def _gaps(self, series: pl.Series) -> pl.Series:
        unknown = pl.Series(self.chance.random(len(series)) < UNKNOWN)
        return pl.select(pl.when(~unknown).then(series)).to_series()

    def _whole(self, low: int, high: int, count: int) -> pl.Series:
        return pl.Series(self.chance.integers(low, high, count, dtype=np.int16))

    def _kroner(self, centre: float, count: int) -> pl.Series:
        return pl.Series(np.round(self.chance.gamma(4.0, centre / 4.0, count)))

    def _person(
        self, ids: np.ndarray, birth: np.ndarray, home: np.ndarray, areas: np.ndarray
    ) -> pl.DataFrame:
        count = len(ids)
        return pl.DataFrame(
            {
                "person_id": ids,
                "sex": pl.Series(["male", "female"]).gather(ids * 31 % 97 % 2),
                "birth_year": birth,
                "grunnkrets": pl.Series(areas).gather(home - 1),
                "household_id": home,
                "role": self._pick(ROLES, count),
                "immigration_category": self._pick(IMMIGRATION_CATEGORIES, count),
                "country_group": self._pick(COUNTRY_GROUPS, count),
            }
        )

    def _household(self, count: int, areas: np.ndarray, size: np.ndarray) -> pl.DataFrame:
        ids = np.arange(1, count + 1)
        return pl.DataFrame(
            {
                "household_id": ids,
                "grunnkrets": areas,
                "dwelling_id": self._gaps(pl.Series(ids)),
                "household_type": self._pick(HOUSEHOLD_TYPES, count),
                "persons": np.maximum(size, 1),
                "children": np.maximum(size - 2, 0),
                "youngest_age": self._whole(0, 80, count),
                "tenure": self._gaps(self._pick(TENURES, count)),
            }
        )

    def _dwelling(self, count: int, areas: np.ndarray) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "dwelling_id": np.arange(1, count + 1),
                "grunnkrets": areas,
                "building": self._pick(BUILDINGS, count),
                "built_year": self._gaps(self._whole(1900, self.year, count)),
                "rooms": self._gaps(self._whole(1, 7, count)),
                "area_m2": self._gaps(self._kroner(90, count) + 12),
                "owner": self._pick(OWNERS, count),
            }
        )

    def _income(self, count: int, size: np.ndarray) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "household_id": np.arange(1, count + 1),
                "income_after_tax": self._kroner(600_000, count),
                "consumption_units": 1 + 0.4 * np.maximum(size - 1, 0),
                "total_income": self._gaps(self._kroner(800_000, count)),
                "transfers": self._gaps(self._kroner(150_000, count)),
                "debt": self._gaps(self._kroner(1_500_000, count)),
                "housing_costs": self._gaps(self._kroner(120_000, count)),
            }
        )

    def _education(self, ids: np.ndarray) -> pl.DataFrame:
        count = len(ids)
        start = self._whole(self.year - 12, self.year + 1, count)
        return pl.DataFrame(
            {
                "person_id": ids,
                "level": self._gaps(self._whole(0, 9, count)),
                "in_education": self.chance.random(count) < 0.2,
                "upper_secondary_start": self._gaps(start),
                "upper_secondary_completed": self._gaps(start + 3),
            }
        )

    def _employment(self, ids: np.ndarray) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "person_id": ids,
                "employed": self.chance.random(len(ids)) < 0.7,
                "in_measure": self.chance.random(len(ids)) < 0.02,
            }
        )

    def _activity(self, ids: np.ndarray) -> pl.DataFrame:
        names = ("employed_months", "education_months", "measure_months", "unemployed_months")
        months = {name: self._whole(0, 4096, len(ids)) for name in names}
        return pl.DataFrame({"person_id": ids, **months})

    def _assistance(self, ids: np.ndarray) -> pl.DataFrame:
        count = len(ids)
        return pl.DataFrame(
            {
                "person_id": ids,
                "months": self._whole(1, 13, count),
                "amount": self._kroner(60_000, count),
            }
        )

    def _pupil(self, ids: np.ndarray) -> pl.DataFrame:
        count = len(ids)
        return pl.DataFrame(
            {
                "person_id": ids,
                "school_id": self._whole(1, 2800, count),
                "grade": self._whole(1, 11, count),
                "grade_points": self._gaps(pl.Series(self.chance.normal(42, 7, count).clip(0, 60))),
            }
        )
