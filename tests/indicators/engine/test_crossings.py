"""Who came from outside an area: by hand, and against going through every move."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Level
from nabolag.indicators.engine import (
    Counted,
    Measure,
    Statistic,
    measure_problems,
    parse,
    read_measure,
)
from nabolag.indicators.engine.crossings import from_outside
from tests.indicators.engine.made import INSIDE, KREDSER

LEVELS = (Level.GRUNNKRETS, Level.BYDEL, Level.KOMMUNE, Level.LAND, Level.CUSTOM)
ORIGINS = (*KREDSER, "99990101", "?", "abroad", "")


def parents() -> dict[Level, pl.DataFrame]:
    """Where the five grunnkretser lie, from the list written by hand."""
    kinds = {"area": pl.String(), "parent": pl.String()}
    return {
        level: pl.DataFrame(
            [(one, area) for (kind, area), inside in INSIDE.items() if kind == level.value
             for one in inside], schema=kinds, orient="row")
        for level in LEVELS
    }  # fmt: skip


def is_new(level: Level, area: str, origin: str) -> bool:
    """Tell whether somebody from `origin` is new in an area, by the words of the definition."""
    if level is Level.LAND:
        return origin == "abroad"
    return origin not in INSIDE[level.value, area]


@given(
    st.lists(
        st.tuples(st.sampled_from(KREDSER), st.sampled_from(ORIGINS), st.integers(0, 5)),
        unique_by=lambda row: row[:2],
    )
)
def test_each_level_counts_those_who_crossed_its_border(rows: list[tuple[str, str, int]]) -> None:
    moved = [(area, origin, n, n * (origin != "")) for area, origin, n in rows]
    names = ("area", "came_from", "people", "moved")
    kinds = [pl.String(), pl.String(), pl.Float64(), pl.Float64()]
    sums = pl.DataFrame(moved, schema=dict(zip(names, kinds, strict=True)), orient="row")
    found = from_outside(sums, "came_from", ["moved"], parents())
    told = {(level, area): (people, new) for level, area, people, new in found.iter_rows()}
    for (level, area), inside in INSIDE.items():
        of_it = [row for row in moved if row[0] in inside]
        people = sum(row[2] for row in of_it)
        new = sum(row[3] for row in of_it if is_new(Level(level), area, row[1]))
        assert told.get((level, area), (0, 0)) == (people, new)


@pytest.mark.parametrize(
    "changed", [{"groups": ["sex"]}, {"statistic": "mean"}, {"outside": 3}], ids=str
)
def test_what_cannot_be_counted_across_a_border_is_refused(changed: dict[str, object]) -> None:
    plain = {"unit": "person", "statistic": "share", "numerator": "arrived", "outside": "came_from"}
    measure, findings = read_measure({**plain, **changed}, "a.yaml", "new")
    assert measure is None
    assert findings


def test_only_a_word_says_where_somebody_came_from() -> None:
    plain = Measure(Counted.PERSON, Statistic.SHARE, parse("arrived"))
    by_age = Measure(Counted.PERSON, Statistic.SHARE, parse("arrived"), outside="age")
    assert measure_problems("new", plain) == []
    assert [one.code for one in measure_problems("new", by_age)] == ["measure_kind_wrong"]
