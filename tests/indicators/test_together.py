"""How many challenges the same people have at once, counted from five adults made by hand."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.core import Level
from nabolag.indicators import load_definitions
from nabolag.indicators.engine import Counting, RegisterFrames, measure_registers
from nabolag.registers import CONTRACTS
from nabolag.store.engine import PolarsEngine
from tests.indicators.engine.made import Definitions, links

NAMES = ("adults_no_challenge", "adults_one_challenge", "adults_two_challenges",
         "adults_three_or_more_challenges")  # fmt: skip
YEAR, AREA = 2020, "11030101"
#: Income, level of education, employed, rooms in the dwelling of a household of two.
ADULTS = [
    (500_000, 5, True, 4),  # none
    (500_000, 2, True, 4),  # low education
    (100_000, 2, True, 4),  # low education and low income
    (100_000, 2, False, 1),  # all four
    (100_000, None, False, 1),  # three, whatever the education is
    (500_000, None, True, 4),  # none or one: not known
]


def frame(name: str, rows: list[dict]) -> pl.DataFrame:
    blank = dict.fromkeys(CONTRACTS[name].names)
    return pl.DataFrame([{**blank, **row} for row in rows], schema=CONTRACTS[name].schema)


def registers() -> dict[str, pl.DataFrame]:
    many = [*ADULTS, *[(500_000, 5, True, 4)] * 7]
    made: dict[str, list[dict]] = {
        name: []
        for name in ("person", "household", "dwelling", "income_year", "education", "employment")
    }
    for n, (income, level, employed, rooms) in enumerate(many):
        born = YEAR - 41 if n < len(ADULTS) else YEAR - 71
        made["person"].append(
            {
                "year": YEAR,
                "person_id": n,
                "sex": "female",
                "birth_year": born,
                "grunnkrets": AREA,
                "household_id": n,
                "role": "single",
                "immigration_category": "A",
                "country_group": "norway",
            }
        )
        made["household"].append(
            {
                "year": YEAR,
                "household_id": n,
                "grunnkrets": AREA,
                "dwelling_id": n,
                "household_type": "couple",
                "persons": 2,
                "children": 0,
                "youngest_age": 41,
            }
        )
        made["dwelling"].append(
            {
                "year": YEAR,
                "dwelling_id": n,
                "grunnkrets": AREA,
                "building": "block",
                "rooms": rooms,
                "area_m2": 20.0 * rooms,
            }
        )
        made["income_year"].append(
            {"year": YEAR, "household_id": n, "income_after_tax": income, "consumption_units": 1.0}
        )
        made["education"].append(
            {"year": YEAR, "person_id": n, "level": level, "in_education": False}
        )
        made["employment"].append(
            {"year": YEAR, "person_id": n, "employed": employed, "in_measure": False}
        )
    return {name: frame(name, rows) for name, rows in made.items()}


@pytest.mark.parametrize(("name", "numerator"), zip(NAMES, (1, 1, 1, 2), strict=True))
def test_challenges_of_the_same_people(name, numerator):
    engine = PolarsEngine()
    taken = {key: engine.take(table) for key, table in registers().items()}
    asked = Definitions({name: load_definitions().measures[name]})
    how = Counting(years=(YEAR,), levels=(Level.GRUNNKRETS,), breakdowns=False,
                   unreliable_above=1, missing_above=1)  # fmt: skip
    found = measure_registers(RegisterFrames(engine, taken), asked, links(), how)
    row = found.observations.filter(area=AREA).row(0, named=True)
    unknown = 1 if name in NAMES[:2] else 0
    assert (row["numerator"], row["denominator"]) == (numerator, len(ADULTS) - unknown)
