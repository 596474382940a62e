"""Months packed into bits: the same as a plain loop, and unknown where a month is."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.registers import ACTIVITY, pack_months, validate
from nabolag.registers.months import STATES

MASKS = list(STATES.values())


def long(**columns: list[Any]) -> pl.DataFrame:
    rows = max(len(values) for values in columns.values())
    return pl.DataFrame({"year": [2020] * rows, "person_id": [1] * rows, **columns}, strict=False)


def year_of(**states: list[bool | None]) -> pl.DataFrame:
    """One person's twelve months."""
    none: list[bool | None] = [False] * 12
    return long(month=list(range(1, 13)), **{name: states.get(name, none) for name in STATES})


def test_january_is_the_first_bit_and_december_the_last() -> None:
    first = [True, *[False] * 11]
    frame = pack_months(year_of(employed=first, education=first[::-1], measure=[True] * 12)).frame
    assert frame.select(MASKS).row(0) == (1, 2048, 4095, 0)
    assert dict(frame.schema) == ACTIVITY.schema
    assert validate(frame, ACTIVITY).ok


def test_a_month_nobody_knows_of_is_not_a_month_of_nothing() -> None:
    frame = pack_months(year_of(employed=[None, *[True] * 11])).frame
    assert frame.select(MASKS).row(0) == (None, 0, 0, 0)


def test_a_status_other_than_value_is_unknown() -> None:
    given_rows = year_of().with_columns(status=pl.Series(["value"] * 11 + ["suppressed_primary"]))
    frame = pack_months(given_rows, status_column="status").frame
    assert frame.select(MASKS).row(0) == (None, None, None, None)


def test_a_known_month_needs_no_second_row() -> None:
    rows = long(month=[3, 3], employed=[None, True], education=[False, False])
    states = {"employed": "employed_months", "education": "education_months"}
    frame = pack_months(rows, states=states, absent="nothing").frame
    assert frame.select(MASKS).row(0) == (4, 0, None, None)


@pytest.mark.parametrize(("absent", "mask"), [("unknown", None), ("nothing", 0b11)])
def test_what_an_absent_month_means_is_declared(absent: str, mask: int | None) -> None:
    rows = long(month=[1, 2], state=["employed", "employed"])
    packed = pack_months(rows, state_column="state", absent=absent)  # type: ignore[arg-type]
    assert packed.frame["employed_months"].to_list() == [mask]
    assert packed.findings == ()


def test_rows_without_a_month_or_with_another_word_make_the_year_unknown_and_are_told_of() -> None:
    rows = long(month=[1, 13, 2], state=["employed", "employed", "retired"])
    packed = pack_months(rows, state_column="state", absent="nothing")
    assert packed.frame.select(MASKS).row(0) == (None,) * 4
    assert [(f.code, f.count, f.examples) for f in packed.findings] == [
        ("register_month_wrong", 1, ("2",)),
        ("register_state", 1, ("3",)),
    ]


ONE = st.tuples(st.integers(1, 3), st.integers(1, 12), st.sampled_from(list(STATES)))


@given(st.lists(ONE, min_size=1, max_size=60))
def test_masks_are_those_of_a_plain_loop(rows: list[tuple[int, int, str]]) -> None:
    frame = pl.DataFrame(
        {
            "year": [2020] * len(rows),
            "person_id": [person for person, _, _ in rows],
            "month": [month for _, month, _ in rows],
            "state": [state for _, _, state in rows],
        }
    )
    packed = pack_months(frame, state_column="state", absent="nothing").frame
    expected: dict[int, dict[str, int]] = {}
    for person, month, state in rows:
        masks = expected.setdefault(person, dict.fromkeys(MASKS, 0))
        masks[STATES[state]] |= 1 << (month - 1)
    found = {row["person_id"]: {m: row[m] for m in MASKS} for row in packed.iter_rows(named=True)}
    assert found == expected
