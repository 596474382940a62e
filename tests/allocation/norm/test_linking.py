"""The link between points and group size: a planted truth, an oracle, and too few schools."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from nabolag.allocation.norm import before_after, judge, lay, slope, thirds
from nabolag.rules import HOUSE_NUMBERS
from tests.allocation.norm.made import HOURS, planted, school, schools


def judged(table: pl.DataFrame) -> pl.DataFrame:
    return judge(table, HOURS, HOUSE_NUMBERS)


def test_a_planted_change_is_found() -> None:
    """Planted as in table B2: a quarter of a pupil a point before, and a weaker link after."""
    found = before_after(judged(planted(0.38, 0.26)), 2018, "own")
    by = {(row["column"], row["term"]): row for row in found.iter_rows(named=True)
          if row["stage"] == "1-4"}  # fmt: skip
    assert by["before", "points"]["estimate"] == pytest.approx(0.38, abs=0.02)
    assert by["after", "points"]["estimate"] == pytest.approx(0.26, abs=0.02)
    change = by["both", "points_after"]
    assert change["lower"] <= -0.12 <= change["upper"] < 0


def test_a_planted_nothing_is_nothing() -> None:
    outside = 0
    for seed in range(60):
        found = before_after(judged(planted(0.3, 0.3, n=40, seed=seed)), 2018, "own")
        row = found.filter(pl.col("stage") == "1-4", pl.col("term") == "points_after").row(
            0, named=True
        )
        outside += not row["lower"] <= 0 <= row["upper"]
    assert outside <= 8


def test_the_line_and_its_errors_are_those_of_statsmodels() -> None:
    smf = pytest.importorskip("statsmodels.formula.api")
    rows = judged(planted(0.4, 0.2, n=60, seed=2)).filter(pl.col("stage") == "1-4")
    frame = rows.select("school", "year", "group_size", "points", "pupils").to_pandas()
    frame["p"] = frame.points - frame.points.mean()
    frame["after"] = (frame.year >= 2018).astype(float)
    frame["hundreds"] = frame.pupils / 100
    model = smf.ols("group_size ~ p * after + hundreds", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame.school.astype(int)}
    )
    line = lay(rows, 2018, ("points", "after", "points_after"))
    for ours, theirs in (("points", "p"), ("after", "after"), ("points_after", "p:after")):
        assert line.estimates[ours] == pytest.approx(model.params[theirs])
        assert line.errors[ours] == pytest.approx(model.bse[theirs])


def test_too_few_schools_give_no_line_and_say_so() -> None:
    found = before_after(judged(planted(0.3, 0.3, n=9)), 2018, "own")
    assert found["estimate"].null_count() == found.height
    assert set(found.filter(pl.col("stage") == "1-4")["schools"]) == {9}


def test_changes_are_within_schools_that_are_there_both_before_and_after() -> None:
    rows = [
        school(school=str(at), year=year, points=40.0 + at,
               pupil_hours=(16.0 if year < 2018 else 16.0 - (at >= 8)) * 1_000)
        for at in range(12) for year in (2016, 2017, 2018)
    ]  # fmt: skip
    rows.append(school(school="new", year=2018, points=99.0, pupil_hours=99_000.0))
    found = thirds(judged(schools(*rows)), 2018, "own")
    assert found.select("third", "schools", "change").rows() == [
        ("lowest", 4, pytest.approx(0)),
        ("middle", 4, pytest.approx(0)),
        ("highest", 4, pytest.approx(-1)),
    ]


def test_no_slope_where_need_is_the_same_everywhere() -> None:
    group = np.arange(20.0)
    assert slope(group, np.ones(20)) == (None, None)
    assert slope(group, group)[0] == pytest.approx(1)
