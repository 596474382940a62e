"""Whatever the rows are like and however they stand, adding up is grouping."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nabolag.store.engine import PolarsEngine, open_engine
from nabolag.store.engine.runs import added_in_runs

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["b", "a", "c", "d"]),
        st.sampled_from([None, True]),
        st.sampled_from([None, False, True]),
        st.sampled_from([None, 0.0, 1.5, -2.0, 2.0**40]),
    ),
    max_size=70,
)
SCHEMA = {"area": pl.String, "flag": pl.Boolean, "other": pl.Boolean, "number": pl.Float64}


def table(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
        pl.col("area").cast(pl.Categorical)
    )


def grouped(rows: pl.DataFrame) -> pl.DataFrame:
    added = rows.with_columns(pl.col("area").cast(pl.String)).group_by("area")
    return added.agg(pl.col("flag", "other").count(), pl.col("number").sum()).sort("area")


def plain(found: pl.DataFrame) -> pl.DataFrame:
    whole = pl.col("flag", "other").cast(pl.UInt32)
    return found.with_columns(pl.col("area").cast(pl.String), whole).sort("area")


@given(ROWS, st.booleans(), st.integers(0, 9))
def test_adding_up_is_grouping(drawn, together, skipped):
    rows = table(drawn)
    if together:
        rows = rows.sort(pl.col("area").to_physical())
    rows = rows.slice(skipped)  # bits that do not begin where an octet does
    engine = PolarsEngine()
    added = engine.add_up(engine.take(rows), ["area"], ["flag", "other"], ["number"])
    assert_frame_equal(plain(added), grouped(rows))


def test_rows_that_do_not_stand_together_are_grouped():
    rows = table([("a", True, None, 1.0), ("b", True, True, 2.0), ("a", None, False, 4.0)])
    assert added_in_runs(rows, "area", ["flag"], ["number"]) is None
    assert added_in_runs(rows.clear(), "area", ["flag"], ["number"]) is None
    unknown = rows.with_columns(area=pl.lit(None, pl.Categorical))
    assert added_in_runs(unknown, "area", ["flag"], ["number"]) is None
    engine = PolarsEngine()
    added = engine.add_up(engine.take(rows), ["area"], ["flag", "other"], ["number"])
    assert_frame_equal(plain(added), grouped(rows))


def test_engines_that_plan_themselves_add_up_the_same():
    rows = table([("a", True, None, 1.0), ("b", None, True, 2.0), ("a", True, False, 4.0)])
    words = rows.with_columns(pl.col("area").cast(pl.String))
    with open_engine("duckdb") as engine:
        added = engine.add_up(engine.take(words), ["area"], ["flag", "other"], ["number"])
    assert_frame_equal(plain(added), grouped(rows))
