"""What analyses ask of figures: the last period there is enough of, and refusals in common."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.analysis.asked import latest_with, refuse_twice, refuse_undirected
from nabolag.core import UserError
from nabolag.indicators import load_catalogue


def figures(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["indicator", "period", "value"], orient="row")


def test_the_last_period_is_last_in_time_whatever_kind_it_is():
    # As text «2019-2021» is after «2019/2020», and «2020» after both.
    held = figures(("a", "2020", 1.0), ("a", "2019-2021", 1.0), ("a", "2019/2020", 1.0))
    assert latest_with(held, 1) == "2019-2021"


def test_a_period_in_which_too_few_indicators_have_a_number_is_not_the_last():
    held = figures(("a", "2020", 1.0), ("b", "2020", 1.0), ("a", "2021", 1.0), ("b", "2021", None))
    assert latest_with(held, 2) == "2020"
    assert latest_with(held, 3) == ""


def test_an_indicator_without_direction_is_refused_by_name():
    with pytest.raises(UserError) as refused:
        refuse_undirected("s", ["population"], load_catalogue())
    (told,) = refused.value.findings
    assert (told.code, told.params) == (
        "analysis_no_direction", {"indicator": "population", "id": "s"},
    )  # fmt: skip


def test_what_is_named_twice_is_told_by_its_key():
    refuse_twice("goals", ("school", "library"))
    with pytest.raises(ValueError, match="something in goals is named twice"):
        refuse_twice("goals", ("school", "school"))
