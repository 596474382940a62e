"""Periods are written and read the same, and say what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Period, PeriodKind

years = st.integers(min_value=1900, max_value=2098)
periods = st.one_of(
    years.map(lambda y: Period(y, y)),
    years.map(lambda y: Period(y, y + 1, PeriodKind.SCHOOL_YEAR)),
    st.tuples(years, st.integers(1, 10)).map(lambda p: Period(p[0], p[0] + p[1], PeriodKind.SPAN)),
    st.tuples(years, st.integers(1, 4)).map(lambda p: Period(p[0], p[0], PeriodKind.QUARTER, p[1])),
    st.tuples(years, st.integers(1, 12)).map(lambda p: Period(p[0], p[0], PeriodKind.MONTH, p[1])),
)


@given(periods)
def test_written_form_reads_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


def test_an_en_dash_is_a_span() -> None:
    assert Period.parse("2016–2018") == Period(2016, 2018, PeriodKind.SPAN)


@pytest.mark.parametrize(
    "text", ["", "18", "2018-2016", "2018/2020", "2018K5", "2018M13", "i fjor"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|span|school year"):
        Period.parse(text)
