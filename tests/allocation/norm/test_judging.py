"""The norm of each year, what is missing, and what it costs."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.allocation.norm import STAGES, judge, of_register, summary, teacher_norm
from nabolag.registers import CONTRACTS
from nabolag.rules import HOUSE_NUMBERS, RuleNumbers, read_book
from tests.allocation.norm.made import HOURS, school, schools, spec


def judged(*rows: dict[str, object]) -> dict[str, object]:
    return judge(schools(*rows), HOURS, HOUSE_NUMBERS).row(0, named=True)


#: SØF-rapport 04/20 L5410–5418, L5473–5483: the thresholds as printed.
THRESHOLDS = [
    (2018, "1-4", 16), (2018, "5-7", 21), (2018, "8-10", 21),
    (2019, "1-4", 15), (2019, "5-7", 20), (2019, "8-10", 20), (2024, "8-10", 20),
]  # fmt: skip


@pytest.mark.parametrize(("year", "stage", "highest"), THRESHOLDS)
def test_the_ceilings_are_those_of_the_report(year: int, stage: str, highest: int) -> None:
    at = judged(school(year=year, stage=stage, pupil_hours=highest * 1000.0))
    above = judged(school(year=year, stage=stage, pupil_hours=(highest + 0.01) * 1000.0))
    assert (at["maximum"], at["met"], at["missing_fte"]) == (highest, True, 0)
    assert above["met"] is False


@pytest.mark.data
def test_the_table_of_thresholds_is_ours(data_root: Path) -> None:
    table = data_root.parent / "domain/seed-003-tables/teacher-norm-thresholds.csv"
    if not table.is_file():
        pytest.skip("the table of thresholds is not there")
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            year, stage = int(row["school_year"][:4]), row["main_stage"]
            assert judged(school(year=year, stage=stage))["maximum"] == float(
                row["max_group_size_2"]
            )


def test_a_tenth_of_a_post_is_a_tenth_of_a_post() -> None:
    """L5513–5518: a school that lacks 0.1 posts meets the norm with 0.1 more."""
    hours = 1_000 - 0.1 * HOURS["1-4"]
    short = judged(school(teaching_hours=hours))
    assert short["missing_fte"] == pytest.approx(0.1)
    assert judged(school(teaching_hours=hours + 0.1 * HOURS["1-4"]))["met"] is True


def test_before_the_norm_nobody_is_judged() -> None:
    row = judged(school(year=2017, pupil_hours=30_000.0))
    assert (row["standing"], row["met"], row["missing_fte"]) == ("not_in_force", None, None)
    assert row["group_size"] == 30


def test_a_private_school_is_not_judged_and_unknown_hours_are_not_met() -> None:
    assert judged(school(owner="private", pupil_hours=30_000.0))["standing"] == "private"
    unknown = judged(school(teaching_hours=None))
    assert (unknown["standing"], unknown["met"], unknown["missing_fte"]) == ("unknown", None, None)


def test_pupils_without_any_teaching_do_not_meet_the_norm() -> None:
    row = judged(school(teaching_hours=0.0))
    assert (row["group_size"], row["met"]) == (None, False)
    assert row["missing_hours"] == 1_000


def test_a_summary_adds_hours_and_never_sizes() -> None:
    table = judge(
        schools(
            school(pupil_hours=10_000.0),
            school(school="2", pupil_hours=60_000.0, teaching_hours=3_000.0),
            school(school="3", owner="private", pupil_hours=None),
        ),
        HOURS,
        HOUSE_NUMBERS,
    )
    row = summary(table, 700_000).row(0, named=True)
    assert row["group_size"] == pytest.approx(70_000 / 4_000)
    assert (row["schools"], row["judged"], row["met"], row["unknown"]) == (3, 2, 1, 1)
    assert row["cost"] == pytest.approx((60_000 / 15 - 3_000) / 741 * 700_000)


def test_ones_own_norm_takes_the_place_of_the_houses(tmp_path: Path) -> None:
    path = tmp_path / "regler.yaml"
    text = (
        "teacher_norm:\n  - {from: 2019-08-01, maximum_grades_1_4: 12, "
        "maximum_grades_5_10: 18, reference: vedtak}\n"
    )
    path.write_text(text, encoding="utf-8")
    own = judge(schools(school()), HOURS, RuleNumbers(read_book(path)))
    assert own["maximum"].to_list() == [12]


@given(
    pupil=st.floats(0, 1e6), teaching=st.floats(1, 1e5), stage=st.sampled_from(STAGES),
    year=st.integers(2018, 2030),
)  # fmt: skip
def test_what_is_missing_is_what_makes_it_met(
    pupil: float, teaching: float, stage: str, year: int
) -> None:
    row = judged(school(pupil_hours=pupil, teaching_hours=teaching, stage=stage, year=year))
    missing = float(row["missing_hours"])  # type: ignore[arg-type]
    assert missing >= 0
    filled = judged(
        school(pupil_hours=pupil, teaching_hours=(teaching + missing) * (1 + 1e-12) + 1e-9,
               stage=stage, year=year)
    )  # fmt: skip
    assert filled["met"] is True
    assert row["met"] is (missing <= 1e-9 * teaching)


def test_the_register_of_schools_becomes_stages() -> None:
    contract = CONTRACTS["school"]
    row = {
        "year": 2020, "school_id": 5, "name": "Dal skole", "grunnkrets": "99010101",
        "owner": "public", "first_grade": 1, "last_grade": 7, "pupils": 210,
        "pupil_hours_1_4": 9_000.0, "group_hours_1_4": 700.0, "pupil_hours_5_7": None,
        "group_hours_5_7": None, "expected_points": 48.2,
    }  # fmt: skip
    register = pl.DataFrame([{name: row.get(name) for name in contract.names}]).cast(
        contract.schema  # type: ignore[arg-type]
    )
    found = of_register(register)
    assert found.select("stage", "pupil_hours", "combined").rows() == [
        ("1-4", 9_000.0, False),
        ("5-7", None, False),
    ]
    assert found["area"].unique().to_list() == ["99010101"]


def test_small_schools_are_in_no_figure_and_are_told_of() -> None:
    table = schools(school(), school(school="2", pupils=9.0, pupil_hours=40_000.0))
    empty = pl.DataFrame(schema={"school": pl.String(), "need": pl.Float64()})
    found = teacher_norm(spec(), table, empty, HOUSE_NUMBERS)
    assert found.left_out == 1
    assert found.years["schools"].to_list() == [1]
    assert found.years["missing_fte"].to_list() == [0]
    assert [f.code for f in found.findings] == ["norm_small_schools"]
