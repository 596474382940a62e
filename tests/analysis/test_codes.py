"""Numbers in place of texts change no order, and tell what follows what."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from nabolag.analysis.codes import KEYS, coded, coded_as, number, position, text
from nabolag.analysis.periods import ordinal, step
from nabolag.core import Period

AREAS = st.sampled_from(["0101", "0102", "Åsen", "z", "", "010"])
PERIODS = st.sampled_from(
    ["2016", "2017", "2018", "2016-2018", "2017-2018", "2017/2018", "2018K1", "2018K2", "2018M12"]
)
ROWS = st.lists(
    st.tuples(st.sampled_from(["bydel", "delbydel"]), AREAS, st.sampled_from("ba"), PERIODS),
    min_size=1,
    max_size=12,
)


def frame(rows: list[tuple[str, str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(KEYS, pl.String), orient="row")


@given(ROWS)
def test_numbers_sort_as_the_texts_do(rows: list[tuple[str, str, str, str]]) -> None:
    codes = coded(frame(rows), ["b", "a", "c"])
    names = ("level", "area", "indicator")
    ordered = text(codes.sort(number(codes, *names), "period", maintain_order=True))
    assert ordered.rows() == sorted(rows)
    assert text(codes).equals(frame(rows))


@given(ROWS)
def test_a_row_is_one_further_only_where_it_follows(rows: list[tuple[str, str, str, str]]) -> None:
    codes = coded(frame(rows), ["a", "b"])
    at = codes.select(position(codes, ("level", "area", "indicator"), step)).to_series()
    for (*series, period), one in zip(rows, at, strict=True):
        for (*others, other), two in zip(rows, at, strict=True):
            first, last = Period.parse(period), Period.parse(other)
            follows = first.kind is last.kind and ordinal(last) - ordinal(first) == 1
            assert (two - one == 1) == (series == others and follows)


def test_an_indicator_without_figures_has_a_code_and_a_stranger_has_none() -> None:
    codes = coded(frame([("bydel", "0101", "a", "2018")]), ["a", "b"])
    asked = pl.DataFrame({"name": ["b", "c"]}).select(coded_as("name", codes, "indicator"))
    assert asked["indicator"].to_list() == ["b", None]


def test_no_figures_have_no_positions() -> None:
    codes = coded(frame([]), ["a"])
    assert codes.select(at=position(codes, ("level", "area"), step)).is_empty()
