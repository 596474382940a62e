"""A broken register is found out: each kind of defect, with count, example and row."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import LANGS, Finding, Severity
from nabolag.registers import (
    CONTRACTS,
    DWELLING,
    HOUSEHOLD,
    INCOME_YEAR,
    PERSON,
    Column,
    RegisterSpec,
    validate,
    validate_all,
)

PEOPLE: dict[str, list[Any]] = {
    "year": [2020, 2020, 2020],
    "person_id": [1, 2, 3],
    "sex": ["female", "male", "female"],
    "birth_year": [1980, 1979, 2015],
    "grunnkrets": ["99010101"] * 3,
    "household_id": [7, 7, 7],
    "role": ["partner", "partner", "child"],
    "immigration_category": ["A", "B", "F"],
    "country_group": ["norway", "asia", "norway"],
}
HOMES: dict[str, list[Any]] = {
    "year": [2020],
    "household_id": [7],
    "grunnkrets": ["99010101"],
    "dwelling_id": [4],
    "household_type": ["couple_with_children"],
    "persons": [3],
    "children": [1],
    "youngest_age": [4],
    "tenure": ["owner"],
}
DWELLINGS: dict[str, list[Any]] = {
    "year": [2020],
    "dwelling_id": [4],
    "grunnkrets": ["99010101"],
    "building": ["block"],
    "built_year": [1955],
    "rooms": [3],
    "area_m2": [70.0],
    "owner": ["private"],
}


LATER_INCOME = ("total_income", "transfers", "debt", "housing_costs")


def people(**changes: list[Any]) -> pl.DataFrame:
    return pl.DataFrame({**PEOPLE, **changes})


def only(findings: tuple[Finding, ...]) -> Finding:
    told = [f for f in findings if f.code != "register_link_unchecked"]
    assert len(told) == 1, [f.code for f in told]
    return told[0]


def test_a_sound_set_of_registers_has_no_findings() -> None:
    frames = {
        "person": people(),
        "household": pl.DataFrame(HOMES),
        "dwelling": pl.DataFrame(DWELLINGS),
    }
    for report in validate_all(frames, CONTRACTS):
        assert report.findings == ()
        assert report.ok


def test_rows_are_counted() -> None:
    assert validate(people(), PERSON).rows == 3


@pytest.mark.parametrize(
    ("changes", "code", "column", "row", "example"),
    [
        ({"birth_year": [1980, 1979, None]}, "register_null", "birth_year", 3, None),
        ({"birth_year": [1980, 1749, 2015]}, "register_out_of_range", "birth_year", 2, "1749"),
        ({"birth_year": [1980, 1979, 2020]}, "register_not_below", "birth_year", 3, "2020 / 2020"),
        ({"sex": ["female", "Mann", "female"]}, "register_value_unknown", "sex", 2, "Mann"),
        ({"person_id": [1, 2, 2]}, "register_key_duplicate", "year, person_id", 3, "2020 · 2"),
        ({"person_id": [0, 2, 3]}, "register_out_of_range", "person_id", 1, "0"),
        (
            {"grunnkrets": ["99010101", "9901101", "99010101"]},
            "register_digits",
            "grunnkrets",
            2,
            "9901101",
        ),
        ({"birth_year": ["1980", "1979", "2015"]}, "register_type_wrong", "birth_year", None, None),
    ],
)
def test_each_defect_is_found(
    changes: dict[str, list[Any]], code: str, column: str, row: int | None, example: str | None
) -> None:
    report = validate(people(**changes), PERSON, file="person.parquet")
    found = only(report.findings)
    assert (found.code, found.severity) == (code, Severity.ERROR)
    assert (found.place.file, found.place.column, found.place.row) == (
        "person.parquet",
        column,
        row,
    )
    if example is not None:
        assert example in found.examples
    assert not report.ok
    assert all(found.text(lang) for lang in LANGS)


def test_an_absent_column_is_found_and_the_rest_is_still_judged() -> None:
    frame = people(sex=["x", "x", "x"]).drop("birth_year")
    codes = {f.code for f in validate(frame, PERSON).findings}
    assert {"register_column_absent", "register_value_unknown"} <= codes


def test_an_extra_column_is_a_warning() -> None:
    report = validate(people().with_columns(name=pl.lit("x")), PERSON)
    found = only(report.findings)
    assert (found.code, found.severity, found.examples) == (
        "register_column_extra",
        Severity.WARNING,
        ("name",),
    )
    assert report.ok


def test_a_number_that_is_not_one_is_found() -> None:
    frame = pl.DataFrame({**DWELLINGS, "area_m2": [float("nan")]})
    assert "register_not_finite" in {f.code for f in validate(frame, DWELLING).findings}


def test_unknown_is_allowed_where_the_contract_says_so() -> None:
    frame = pl.DataFrame({**DWELLINGS, "area_m2": [None], "rooms": [None]}).cast(
        {"area_m2": pl.Float64, "rooms": pl.Int16}
    )
    assert validate(frame, DWELLING).findings == ()


def test_a_reference_to_nothing_is_found() -> None:
    report = validate(
        people(household_id=[7, 7, 8]), PERSON, others={"household": pl.DataFrame(HOMES)}
    )
    found = only(report.findings)
    assert (found.code, found.place.row, found.examples) == (
        "register_reference_absent",
        3,
        ("2020 · 8",),
    )


def test_an_unknown_dwelling_refers_to_nothing_and_is_sound() -> None:
    frame = pl.DataFrame({**HOMES, "dwelling_id": [None]}).cast({"dwelling_id": pl.Int64})
    others = {"dwelling": pl.DataFrame(DWELLINGS), "person": people()}
    assert validate(frame, HOUSEHOLD, others=others).findings == ()


def test_a_reference_that_cannot_be_checked_is_said() -> None:
    codes = [f.code for f in validate(people(), PERSON).findings]
    assert codes == ["register_link_unchecked"]


def test_a_count_that_another_register_denies_is_found() -> None:
    frame = pl.DataFrame({**HOMES, "persons": [4]})
    report = validate(
        frame, HOUSEHOLD, others={"person": people(), "dwelling": pl.DataFrame(DWELLINGS)}
    )
    found = only(report.findings)
    assert (found.code, found.examples) == ("register_count_differs", ("2020 · 7 · 4 · 3",))


def test_a_household_without_any_person_is_found() -> None:
    two = {name: values * 2 for name, values in HOMES.items()} | {"household_id": [7, 9]}
    report = validate(pl.DataFrame(two), HOUSEHOLD, others={"person": people()})
    assert "register_count_differs" in {f.code for f in report.findings}


def test_every_defect_is_counted_not_only_the_first() -> None:
    report = validate(people(sex=["a", "b", "c"]), PERSON)
    found = only(report.findings)
    assert (found.count, found.place.row, found.examples) == (3, 1, ("a", "b", "c"))


def test_lazy_and_eager_frames_are_judged_alike() -> None:
    frame = people(person_id=[1, 1, 3], sex=["x", "male", "female"])
    assert validate(frame, PERSON).findings == validate(frame.lazy(), PERSON).findings


SMALL = RegisterSpec(
    "small", (Column("year", "i16"), Column("n", "i32", minimum=0, maximum=9)), ("year", "n")
)


@given(st.lists(st.integers(-20, 30), min_size=1, max_size=40))
def test_counts_are_those_of_a_plain_loop(values: list[int]) -> None:
    frame = pl.DataFrame(
        {"year": [2020] * len(values), "n": values}, schema={"year": pl.Int16, "n": pl.Int32}
    )
    found = {f.code: f.count for f in validate(frame, SMALL).findings}
    outside = sum(not 0 <= value <= 9 for value in values)
    twice = sum(values.count(value) > 1 for value in set(values))
    assert found.get("register_out_of_range", 0) == outside
    assert found.get("register_key_duplicate", 0) == twice


def test_income_may_be_negative_but_not_absurd() -> None:
    frame = pl.DataFrame(
        {
            "year": [2020, 2020],
            "household_id": [1, 2],
            "income_after_tax": [-20_000.0, -9e7],
            "consumption_units": [1.0, 1.5],
            **{name: [None, None] for name in LATER_INCOME},
        },
        schema_overrides=INCOME_YEAR.schema,
    )
    found = only(validate(frame, INCOME_YEAR).findings)
    assert (found.code, found.count, found.place.row) == ("register_out_of_range", 1, 2)
