"""A projection leaves coarse, rounded and without small groups, and nothing comes out by subtraction."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Level
from nabolag.disclosure.projected import PeopleRule, protected_people
from nabolag.projection import Projection
from nabolag.projection.axes import Ages
from tests.projection import made

COARSE = (Ages(0, 105), Ages(0, 19), Ages(20, 66), Ages(67, 105))
FINE = (Ages(0, 4), Ages(5, 9))
RULE = PeopleRule(10, 200, 5, COARSE, FINE, (Level.KOMMUNE,))


def _table(per_age: float = 6.0) -> pl.DataFrame:
    spec = made.spec(release={"bands": [0, 20, 67]}, years=3, bounds={"draws": 5})
    return Projection(spec).run(made.delivered(per_age=per_age)).table


def test_small_areas_leave_by_coarse_age_bands_only() -> None:
    shown = protected_people(_table(), RULE)
    fine = shown.filter(pl.col("sex") != "")
    assert fine["level"].unique().to_list() == ["kommune"]
    left = shown.filter(pl.col("level") == "grunnkrets").select("ages_from", "ages_to").unique()
    assert set(left.iter_rows()) == {(group.start, group.to) for group in COARSE}


def test_every_number_is_rounded() -> None:
    shown = protected_people(_table(), RULE)
    for name in ("persons", "lower", "upper"):
        known = shown[name].drop_nulls()
        assert known.len()
        assert (known % 5 == 0).all()


@given(small=st.integers(0, 9), large=st.integers(10, 400))
def test_a_group_that_was_ever_small_is_hidden_in_every_year(small: int, large: int) -> None:
    table = _people([(2023, small), (2024, large)], [(2025, large), (2026, 3 * large)])
    shown = protected_people(table, RULE)
    hidden = shown.filter(pl.col("ages_from") == 67)
    assert hidden["persons"].null_count() == hidden.height == 4
    assert hidden["status"].unique().to_list() == ["suppressed_primary"]
    assert (
        shown.filter(pl.col("ages_to") == 105, pl.col("ages_from") == 0)["persons"].null_count()
        == 0
    )


def test_nothing_is_shown_where_few_live() -> None:
    table = _people([(2023, 40)], [(2024, 45)], everybody=199)
    shown = protected_people(table, RULE)
    assert shown["persons"].null_count() == shown.height
    assert shown["status"].unique().to_list() == ["suppressed_rule"]


@given(
    hidden=st.integers(0, 9),
    others=st.lists(st.integers(10, 300), min_size=1, max_size=6),
)
def test_a_hidden_group_cannot_be_had_by_subtraction(hidden: int, others: list[int]) -> None:
    """What the rounded total and the rounded others allow is never one number."""
    base = RULE.base
    total = _nearest(hidden + sum(others), base)
    told = [_nearest(one, base) for one in others]
    slack = (base - 1) // 2
    low = max(0, total - slack - sum(one + slack for one in told))
    high = total + slack - sum(one - slack for one in told)
    assert low <= hidden <= high
    assert min(high, RULE.minimum - 1) - low >= 1


def _nearest(count: int, base: int) -> int:
    return int(np.round(count / base)) * base


def _people(
    registered: list[tuple[int, int]], projected: list[tuple[int, int]], everybody: int = 900
) -> pl.DataFrame:
    rows = [
        {"level": "grunnkrets", "area": "99010001", "year": year, "kind": kind, "scenario": scenario, "sex": "",
         "ages_from": low, "ages_to": 105, "persons": float(persons), "lower": None, "upper": None, "status": "value"}
        for kind, scenario, years in (("registered", "", registered), ("projected", "main", projected))
        for year, count in years
        for low, persons in ((0, everybody), (67, count))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_table().schema)
