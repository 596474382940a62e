"""A small sound country of registers, and the same with planted defects, as it is delivered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from nabolag.registers import (
    ACCOUNT_LINE,
    CONTRACTS,
    DWELLING,
    EDUCATION,
    HOUSEHOLD,
    INCOME_YEAR,
    PERSON,
    SCHOOL,
    write_part,
)

YEAR, HOMES = 2020, 120
#: Two or three persons in a household, by turns: 300 persons.
SIZES = [2 + number % 2 for number in range(HOMES)]


def sound() -> dict[str, pl.DataFrame]:
    """Registers in which nothing is wrong, in the contracts' types."""
    home = [n + 1 for n in range(HOMES)]
    of_person = [h for h, size in zip(home, SIZES, strict=True) for _ in range(size)]
    people = range(1, len(of_person) + 1)
    frames: dict[str, tuple[Any, dict[str, Any]]] = {
        "dwelling": (
            DWELLING,
            {
                "dwelling_id": [500 + h for h in home],
                "grunnkrets": [f"990101{h % 7:02d}" for h in home],
                "building": ["block"] * HOMES,
                "built_year": [1900 + h for h in home],
                "rooms": [1 + h % 5 for h in home],
                "area_m2": [30.5 + h for h in home],
                "owner": ["private"] * HOMES,
            },
        ),
        "household": (
            HOUSEHOLD,
            {
                "household_id": home,
                "grunnkrets": [f"990101{h % 7:02d}" for h in home],
                "dwelling_id": [500 + h for h in home],
                "household_type": ["couple"] * HOMES,
                "persons": SIZES,
                "children": [0] * HOMES,
                "youngest_age": [30] * HOMES,
                "tenure": ["owner"] * HOMES,
            },
        ),
        "person": (
            PERSON,
            {
                "person_id": list(people),
                "sex": ["male" if p % 2 else "female" for p in people],
                "birth_year": [1940 + p % 50 for p in people],
                "grunnkrets": [f"990101{h % 7:02d}" for h in of_person],
                "household_id": of_person,
                "role": ["partner"] * len(of_person),
                "immigration_category": ["A"] * len(of_person),
                "country_group": ["norway"] * len(of_person),
            },
        ),
        "income_year": (
            INCOME_YEAR,
            {
                "household_id": home,
                "income_after_tax": [400_000.5 + 1000 * h for h in home],
                "consumption_units": [1.5 + 0.3 * (h % 2) for h in home],
                "total_income": [600_000.0 + 1000 * h for h in home],
                "transfers": [1000.0 * h for h in home],
                "debt": [None if h % 3 else 2_000_000.0 + h for h in home],
                "housing_costs": [90_000.0 + h for h in home],
            },
        ),
        "education": (
            EDUCATION,
            {
                "person_id": list(people),
                "level": [p % 9 for p in people],
                "in_education": [p % 10 == 0 for p in people],
                "upper_secondary_start": [None if p % 4 else 1990 for p in people],
                "upper_secondary_completed": [None if p % 8 else 1993 for p in people],
            },
        ),
        "school": (
            SCHOOL,
            {
                "school_id": [1, 2],
                "name": ["Fjordvik", "Nesbyen"],
                "grunnkrets": ["99010101", "99010102"],
                "lon": [10.5, None],
                "lat": [59.9, None],
                "owner": ["public", "private"],
                "first_grade": [1, 8],
                "last_grade": [7, 10],
                "pupils": [210, 90],
                **{f"hours_{kind}": [9000.0, 5000.0] for kind in ("ordinary", "other")},
                **{f"hours_{kind}": [1500.0, 700.5] for kind in ("assistants", "teachers")},
                **{key: [90000.0, None] for key in ("pupil_hours_1_4", "pupil_hours_5_7")},
                "pupil_hours_8_10": [None, 7e4],
                **{key: [6000.0, None] for key in ("group_hours_1_4", "group_hours_5_7")},
                "group_hours_8_10": [None, 4.5e3],
                "teacher_fte": [20.5, 11.0],
                "qualified_teacher_fte": [19.0, 11.0],
                "expected_points": [49.5, None],
            },
        ),
        "account_line": (
            ACCOUNT_LINE,
            {
                "municipality": ["9901"] * 3,
                "unit": ["", "", "990101"],
                "function": ["202", "231", "231"],
                "kind": ["010", "010", "070"],
                "amount": [1e6, 2e5, -3e4],
            },
        ),
    }
    return {
        name: pl.DataFrame({"year": [YEAR] * len(next(iter(columns.values()))), **columns}).cast(
            spec.schema
        )
        for name, (spec, columns) in frames.items()
    }


def write_registers(folder: Path, frames: dict[str, pl.DataFrame]) -> None:
    """Write registers in the house's own layout."""
    for name, frame in frames.items():
        write_part(frame, folder, CONTRACTS[name], YEAR)


def changed(frame: pl.DataFrame, row: int, **cells: Any) -> pl.DataFrame:
    """Put other values in one row, numbered from 1. The column takes the value's type."""
    at = pl.int_range(1, pl.len() + 1) == row
    exprs = []
    for name, value in cells.items():
        old = pl.col(name) if not isinstance(value, str) else pl.col(name).cast(pl.String)
        exprs.append(pl.when(at).then(pl.lit(value)).otherwise(old).alias(name))
    return frame.with_columns(exprs)


CONFIG = """
[registers]
max_rejected_share = 0.05

[[register]]
register = "dwelling"
file = "levert/boliger.parquet"

[[register]]
register = "household"
file = "levert/husholdninger.xlsx"
rename = { lopenr = "household_id", bolig = "dwelling_id" }

[[register]]
register = "person"
file = "levert/personer.csv"
year = 2020
unknown = ["."]
rename = { lopenr = "person_id", kjonn = "sex", fodselsaar = "birth_year", hushold = "household_id" }
codes.sex = { 1 = "male", 2 = "female" }
constants = { immigration_category = "A", country_group = "norway" }
read = { encoding = "cp1252", delimiter = ";" }

[[register]]
register = "income_year"
file = "levert/inntekt*.csv"
read = { decimal = ",", thousands = " " }

[[register]]
register = "education"
file = "levert/utdanning/year=*/*.parquet"

[[register]]
register = "school"
file = "levert/skoler.csv"
read = { delimiter = "," }

[[register]]
register = "account_line"
file = "levert/regnskap.csv"
year = 2020
read = { delimiter = "," }
"""


def deliver(folder: Path, frames: dict[str, pl.DataFrame]) -> Path:
    """Write registers as others deliver them: workbook, text in several ways, Parquet."""
    given = folder / "levert"
    (given / f"utdanning/year={YEAR}").mkdir(parents=True, exist_ok=True)
    (folder / "nabolag.toml").write_text(CONFIG, encoding="utf-8")
    frames["dwelling"].write_parquet(given / "boliger.parquet")
    frames["household"].rename({"household_id": "lopenr", "dwelling_id": "bolig"}).write_excel(
        given / "husholdninger.xlsx"
    )
    people = frames["person"].drop("year", "immigration_category", "country_group")
    named = people.rename(
        {
            "person_id": "lopenr",
            "sex": "kjonn",
            "birth_year": "fodselsaar",
            "household_id": "hushold",
        }
    ).with_columns(pl.col("kjonn").replace({"male": "1", "female": "2"}))
    text = named.write_csv(separator=";")
    (given / "personer.csv").write_text("\r\n".join(text.splitlines()), encoding="cp1252")
    income = frames["income_year"]
    half = income.height // 2
    for part, frame in enumerate((income.head(half), income.tail(-half)), start=1):
        norwegian = frame.with_columns(
            pl.col(pl.Float64).cast(pl.String).str.replace(".", ",", literal=True)
        )
        norwegian.write_csv(given / f"inntekt{part}.csv", separator=";")
    frames["education"].write_parquet(given / f"utdanning/year={YEAR}/del1.parquet")
    frames["school"].write_csv(given / "skoler.csv")
    frames["account_line"].write_csv(given / "regnskap.csv")
    return folder


def flawed() -> dict[str, pl.DataFrame]:
    """The sound registers with one of each defect; see `DEFECTS` of the report's test."""
    frames = sound()
    homes = changed(frames["household"], 10, dwelling_id=99_999)  # refers to nothing
    frames["household"] = changed(homes, 20, persons=9)  # another count than persons
    dwellings = changed(frames["dwelling"], 3, building="block ")  # trailing blank
    dwellings = changed(dwellings, 4, building="rowhouse")  # a code that is none
    dwellings = changed(dwellings, 5, area_m2=float("nan"))
    frames["dwelling"] = dwellings.with_columns(owner_name=pl.lit("Kari"))  # nobody asked for it
    people = changed(frames["person"], 11, birth_year="nittiåtte")  # not a number
    people = changed(people, 12, birth_year="1749")  # out of range
    people = changed(people, 13, sex="3")  # a code that is not translated
    people = changed(people, 14, grunnkrets="9901010")  # a digit lost
    people = changed(people, 15, role=".")  # unknown where it must be known
    frames["person"] = changed(people, 16, birth_year="2020")  # born after 1 January
    frames["income_year"] = frames["income_year"].with_columns(  # copied down
        consumption_units=pl.lit(1.5)
    )
    learnt = changed(frames["education"], 8, upper_secondary_start=1994)  # after completion
    other = learnt.slice(20, 1).with_columns(level=pl.lit(8, pl.Int8))
    stranger = learnt.slice(30, 1).with_columns(person_id=pl.lit(7_000, pl.Int64))
    frames["education"] = pl.concat([learnt, learnt.slice(40, 1), other, stranger])
    frames["school"] = frames["school"].drop("teacher_fte")  # a column that must be there
    frames["account_line"] = changed(frames["account_line"], 3, year=2019)  # another year
    return frames
