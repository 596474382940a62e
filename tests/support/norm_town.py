"""A town of six areas with schools and households, for the teacher norm and housing allowance.

What is planted is known: in the first area forty households of four are within the old income
limit and `FEW` come within the new; elsewhere there are plenty. Schools' group sizes follow their
area's tenants: the more tenants, the larger.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from nabolag.registers import CONTRACTS, write_part

AREAS = tuple(f"9901010{n}" for n in range(1, 7))
YEARS = (2016, 2017, 2018, 2019, 2020)
FEW = 3
#: Within the old limit of four persons, between the old and the new, and above both.
WITHIN, BETWEEN, ABOVE = 44_000.0, 47_000.0, 90_000.0

CONFIG = """
[workspace]
name = "Prøvekommune"
main_level = "grunnkrets"
geography = "2020"
municipality = { level = "kommune", code = "9901" }
synthetic = true

[[areas]]
id = "kommune"
level = "kommune"
names = { "9901" = "Prøvekommune" }

[[areas]]
id = "kretser"
level = "grunnkrets"
names = { "99010101" = "Vika", "99010102" = "Åsen", "99010103" = "Dal", "99010104" = "Lia", "99010105" = "Nes", "99010106" = "Myra" }
parents = [{ level = "kommune", constant = "9901" }]

[counting]
indicators = ["population", "tenant_households"]
levels = ["grunnkrets", "kommune"]
producer = "Prøvekommune"
licence = "CC0 1.0"

[teacher_norm]
hours_per_fte = { "1-4" = 741, "5-7" = 741, "8-10" = 656 }
cost_per_fte = 700000
reference = "vedtak 1/26"
need = "tenant_households"

[housing_allowance]
level = "grunnkrets"
inside = ["99010101"]
inside_name = "Vika"
reform = { income_limit_raise = 0.1, sizes = [4, 5, 6], reference = "vedtak 2/26" }
"""


def write_norm_town(folder: Path, config: str = CONFIG) -> Path:
    """Write the town's registers and its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nabolag.toml").write_text(config, encoding="utf-8")
    for year in YEARS:
        _write(folder, "household", year, homes := _homes(year))
        _write(folder, "person", year, _people(homes))
        _write(folder, "income_year", year, _incomes(homes))
        _write(folder, "school", year, _schools(year))
    return folder


def _write(folder: Path, name: str, year: int, rows: list[dict[str, Any]]) -> None:
    contract = CONTRACTS[name]
    whole = [{column: row.get(column) for column in contract.names} for row in rows]
    frame = pl.DataFrame(whole, schema=contract.schema, strict=False)
    write_part(frame, folder / "registers", contract, year)


def _homes(year: int) -> list[dict[str, Any]]:
    return [
        {
            "year": year,
            "household_id": 1000 * place + one,
            "grunnkrets": area,
            "household_type": "couple_with_children",
            "persons": 4,
            "children": 2,
            "youngest_age": 5,
            "tenure": "tenant" if one <= 20 + 25 * place else "owner",
        }
        for place, area in enumerate(AREAS)
        for one in range(1, 201)
    ]


def _people(homes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "year": home["year"],
            "person_id": 10 * home["household_id"] + member,
            "sex": "female" if member % 2 else "male",
            "birth_year": home["year"] - (41 if member < 2 else 8),
            "grunnkrets": home["grunnkrets"],
            "household_id": home["household_id"],
            "role": "partner" if member < 2 else "child",
            "immigration_category": "A",
            "country_group": "norway",
        }
        for home in homes
        for member in range(4)
    ]


def _incomes(homes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "year": home["year"],
            "household_id": home["household_id"],
            "income_after_tax": 12 * _income(home) * 0.8,
            "consumption_units": 2.1,
            "total_income": 12 * _income(home),
            "transfers": 0.0,
            "debt": 0.0,
            "housing_costs": 12 * 12_000.0,
        }
        for home in homes
    ]


def _income(home: dict[str, Any]) -> float:
    place, one = divmod(home["household_id"], 1000)
    added = FEW if place == 0 else 20
    return WITHIN if one <= 40 else BETWEEN if one <= 40 + added else ABOVE


def _schools(year: int) -> list[dict[str, Any]]:
    return [
        {
            "year": year,
            "school_id": 101 + 10 * place + one,
            "name": f"Skole {place + 1}{'ABC'[one]}",
            "grunnkrets": area,
            "owner": "public",
            "first_grade": 1,
            "last_grade": 7,
            "pupils": 200 + 10 * one,
            "hours_ordinary": 2_000.0,
            "hours_other": 100.0,
            "hours_assistants": 100.0,
            "hours_teachers": 2_100.0,
            "pupil_hours_1_4": (13.0 + 0.6 * place + 0.1 * one) * 1_000,
            "group_hours_1_4": 1_000.0,
            "pupil_hours_5_7": 15_000.0,
            "group_hours_5_7": 1_000.0,
            "teacher_fte": 20.0,
            "qualified_teacher_fte": 19.0,
            "expected_points": 52.0 - place + 0.1 * one,
        }
        for place, area in enumerate(AREAS)
        for one in range(3)
    ]
