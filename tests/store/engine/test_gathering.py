"""Whatever the keys are like and however few rows are gathered at a time, it is a left join."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nabolag.store.engine import PolarsEngine

#: Numbers that lie close, that lie far apart, and around nothing.
NUMBERS = {
    "close": st.integers(-20, 40),
    "far": st.sampled_from([-(2**40), -5, 0, 1, 2, 3, 900_000, 2**40, 2**62]),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    number = NUMBERS[draw(st.sampled_from(sorted(NUMBERS)))]
    known = draw(st.lists(number, unique=True, max_size=30))
    asked = draw(st.lists(st.one_of(st.none(), number), max_size=40))
    shape = draw(st.sampled_from(["as drawn", "rising", "the same"]))
    if shape != "as drawn":
        known = sorted(known)
        asked = sorted(key for key in asked if key is not None)
    if shape == "the same":
        asked = known
    words = draw(st.booleans())
    kind = pl.String if words else pl.Int64
    register = pl.DataFrame({"key": known}, schema={"key": pl.Int64}).with_columns(
        pl.col("key").cast(kind),
        fact=pl.when(pl.col("key") % 3 != 0).then(pl.col("key") * 2),
        flag=pl.col("key") % 2 == 0,
        word=pl.col("key").cast(pl.String),
    )
    rows = pl.DataFrame({"key": asked}, schema={"key": pl.Int64}).with_columns(
        pl.col("key").cast(kind), row=pl.int_range(pl.len())
    )
    return rows, register, draw(st.integers(1, 12))


@given(tables())
def test_gathering_is_a_left_join(drawn):
    rows, register, size = drawn
    expected = rows.join(register, on="key", how="left", maintain_order="left")
    engine = PolarsEngine(part=size)
    asked = [("key", engine.take(register))]
    for whole in (False, True):
        parts = [engine.collect(p) for p in engine.gather(engine.take(rows), asked, whole=whole)]
        assert len(parts) == (1 if whole or not rows.height else -(-rows.height // size))
        assert_frame_equal(pl.concat(parts), expected)


@given(tables(), st.data())
def test_rows_of_a_part_may_stand_together_and_are_the_same_rows(drawn, data):
    rows, register, size = drawn
    places = st.lists(st.integers(0, 4), min_size=rows.height, max_size=rows.height)
    place = pl.Series("place", data.draw(places), dtype=pl.Int64)
    rows = rows.with_columns(place.cast(pl.String).cast(pl.Categorical))
    expected = rows.join(register, on="key", how="left", maintain_order="left")
    engine = PolarsEngine(part=size)
    asked = [("key", engine.take(register))]
    found = [engine.collect(part)
             for part in engine.gather(engine.take(rows), asked, together="place")]  # fmt: skip
    assert all(part["place"].to_physical().is_sorted() for part in found)
    assert [part.height for part in found[:-1]] == [size] * (len(found) - 1)
    assert_frame_equal(pl.concat(found).sort("row"), expected.sort("row"))


def test_every_row_that_asks_for_a_key_gets_its_facts():
    """Rows in the order of a key that many of them share, and few keys among many rows."""
    rows = pl.DataFrame({"key": [0] * 5 + [1] * 4 + [3] * 6})
    register = pl.DataFrame({"key": [0, 3], "fact": [10, 13]})
    engine = PolarsEngine(part=9)
    parts = engine.gather(engine.take(rows), [("key", engine.take(register))])
    found = pl.concat(engine.collect(part) for part in parts)
    assert found["fact"].to_list() == [10] * 5 + [None] * 4 + [13] * 6


def test_several_registers_are_looked_up_at_once():
    engine = PolarsEngine(part=3)
    rows = pl.DataFrame({"person": list(range(10)), "home": [n % 4 for n in range(10)]})
    persons = pl.DataFrame({"person": [1, 4, 9], "level": [5, None, 7]})
    homes = pl.DataFrame({"home": [3, 0, 1], "town": ["c", "a", "b"]})
    gathered = engine.gather(
        engine.take(rows), [("person", engine.take(persons)), ("home", engine.take(homes))]
    )
    found = pl.concat(engine.collect(part) for part in gathered)
    assert found["level"].to_list() == [None, 5, None, None, None, None, None, None, None, 7]
    assert found["town"].to_list() == ["a", "b", None, "c", "a", "b", None, "c", "a", "b"]


def test_a_key_that_stands_twice_is_refused():
    engine = PolarsEngine()
    twice = engine.take(pl.DataFrame({"key": [1, 1], "fact": [2, 3]}))
    with pytest.raises(pl.exceptions.ComputeError, match="m:1"):
        list(engine.gather(engine.take(pl.DataFrame({"key": [1]})), [("key", twice)]))


def test_rows_of_a_group_stand_together_and_lose_nothing():
    engine = PolarsEngine()
    frame = pl.DataFrame({"group": [3, None, 1, 3, 1, -2], "value": [1, 2, 3, 4, 5, 6]})
    kept = engine.collect(engine.keep(engine.take(frame), "kept", together="group"))
    assert kept["group"].to_list() == [-2, 1, 1, 3, 3, None]
    assert kept["value"].to_list() == [6, 3, 5, 1, 4, 2]
