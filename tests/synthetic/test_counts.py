"""The counts, made again by plain loops over the records of some areas."""

from __future__ import annotations

from statistics import median
from typing import Any

import polars as pl
import pytest

from nabolag.synthetic.counts import Counter, household_types
from tests.synthetic.conftest import Town

YEAR = 2017


@pytest.fixture(scope="module")
def counted(town: Town) -> pl.DataFrame:
    counter = Counter()
    tables = [
        counter.count(
            {name: frame.filter(pl.col("year") == year) for name, frame in town.frames.items()},
            year,
        )
        for year in range(2015, YEAR + 1)
    ]
    return tables[-1]


def rows(town: Town, name: str, year: int) -> list[dict[str, Any]]:
    return town.frames[name].filter(pl.col("year") == year).to_dicts()


def test_low_income_needs_three_years(town: Town) -> None:
    frames = {name: frame.filter(pl.col("year") == 2015) for name, frame in town.frames.items()}
    first = Counter().count(frames, 2015)
    assert first["low_income"].null_count() == first.height == 80
    assert first["tenants"].null_count() == 0


def test_persistent_low_income_by_a_plain_loop(town: Town, counted: pl.DataFrame) -> None:
    incomes: list[dict[int, float]] = []
    for year in range(YEAR - 2, YEAR + 1):
        per_unit = {
            r["household_id"]: r["income_after_tax"] / r["consumption_units"]
            for r in rows(town, "income_year", year)
        }
        people = rows(town, "person", year)
        incomes.append({r["person_id"]: per_unit[r["household_id"]] for r in people})
    line = 0.6 * sum(median(year.values()) for year in incomes)
    low: dict[str, int] = {}
    known: dict[str, int] = {}
    for person in rows(town, "person", YEAR):
        own = [year.get(person["person_id"]) for year in incomes]
        if None in own:
            continue
        area = person["grunnkrets"]
        known[area] = known.get(area, 0) + 1
        low[area] = low.get(area, 0) + (sum(v for v in own if v is not None) < line)
    assert dict(counted.select("grunnkrets", "income_persons").iter_rows()) == known
    assert dict(counted.select("grunnkrets", "low_income").iter_rows()) == low


def test_crowding_and_tenure_by_a_plain_loop(town: Town, counted: pl.DataFrame) -> None:
    homes = {r["dwelling_id"]: r for r in rows(town, "dwelling", YEAR)}
    told: dict[str, list[int]] = {}
    for household in rows(town, "household", YEAR):
        tally = told.setdefault(household["grunnkrets"], [0, 0, 0, 0])
        tally[3] += household["tenure"] == "tenant"
        tally[2] += household["tenure"] is not None
        home = homes.get(household["dwelling_id"], {"rooms": None, "area_m2": None})
        if home["rooms"] is None or home["area_m2"] is None:
            continue
        n = household["persons"]
        few = home["rooms"] < n or (n == 1 and home["rooms"] == 1)
        tally[1] += 1
        tally[0] += few and home["area_m2"] / n < 25
    columns = ("crowded", "home_known", "tenure_known", "tenants")
    assert {r[0]: list(r[1:]) for r in counted.select("grunnkrets", *columns).iter_rows()} == told


def test_young_people_outside_by_a_plain_loop(town: Town, counted: pl.DataFrame) -> None:
    people = {r["person_id"]: r for r in rows(town, "person", YEAR)}
    studies = {r["person_id"]: r["in_education"] for r in rows(town, "education", YEAR)}
    outside = young = 0
    for r in rows(town, "employment", YEAR):
        if 20 <= YEAR - people[r["person_id"]]["birth_year"] <= 29:
            young += 1
            outside += not (r["employed"] or r["in_measure"] or studies[r["person_id"]])
    assert (counted["outside"].sum(), counted["aged_20_29"].sum()) == (outside, young)


def test_types_of_household_sum_to_households(town: Town, counted: pl.DataFrame) -> None:
    types = household_types(town.frames["household"].filter(pl.col("year") == YEAR))
    total = types.group_by("grunnkrets").agg(pl.col("households").sum()).sort("grunnkrets")
    assert total["households"].to_list() == counted["households"].to_list()
    assert types.height == 80 * 6
    alone = types.filter(pl.col("type") == "single_parent")
    assert alone["households"].to_list() == counted["single_parents"].to_list()
