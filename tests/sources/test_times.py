from __future__ import annotations

import pytest

from nabolag.core import PeriodKind
from nabolag.sources.times import read_period


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("2018", "year", "2018"),
        ("2018.0", "year", "2018"),
        ("2018-01-01", "year", "2018"),
        ("2018-19", "school_year", "2018/2019"),
        ("1999-00", "school_year", "1999/2000"),
        ("2018/2019", "school_year", "2018/2019"),
        ("2018–2019", "school_year", "2018/2019"),
        ("2016-2018", "span", "2016-2018"),
        ("2016–2018", "span", "2016-2018"),
        ("2018K4", "quarter", "2018K4"),
        ("2018Q1", "quarter", "2018K1"),
        ("2018M05", "month", "2018M05"),
        ("2018-05", "month", "2018M05"),
        ("201805", "month", "2018M05"),
    ],
)
def test_ways_of_writing_a_period(text: str, kind: str, written: str) -> None:
    assert str(read_period(text, PeriodKind(kind))) == written


@pytest.mark.parametrize(
    ("text", "kind"),
    [("18", "year"), ("2018-19", "year"), ("2018-20", "school_year"), ("2018-2016", "span"),
     ("2018K5", "quarter"), ("2018-13", "month"), ("", "year"), ("i alt", "year")],
)  # fmt: skip
def test_what_is_no_period_of_its_kind(text: str, kind: str) -> None:
    assert read_period(text, PeriodKind(kind)) is None
