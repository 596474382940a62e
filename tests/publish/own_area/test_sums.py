"""Sums of shown figures: against the plain arithmetic of `core`, and what may never come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isclose
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import ZERO, Figure, Indicator, Share, Status, Unit, add, pool
from nabolag.disclosure.rules import DisclosureRule
from nabolag.indicators.figures import wilson
from nabolag.publish.own_area.reasons import NO_COUNTS, own_words
from nabolag.publish.own_area.sums import sums
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS
from tests.support.sample import INDICATORS

CODES = ("0101", "0102", "0103", "0201", "0202")
SHARE = INDICATORS[0]
COUNT = replace(SHARE, id="population", unit=Unit.COUNT)
RATE = replace(SHARE, id="reports", unit=Unit.RATE)
MEAN = replace(SHARE, id="rooms", unit=Unit.MEAN)
MEDIAN = replace(SHARE, id="median_income", unit=Unit.NOK)
INCOME = replace(SHARE, id="mean_income", unit=Unit.NOK)
CATALOGUE = {entry.id: entry for entry in (SHARE, COUNT, RATE, MEAN, MEDIAN, INCOME)}
SOLID = {"geography": "2020", "period": "2017", "group": "", "source": "a", "reason": ""}


def figure(area: str, entry: Indicator = SHARE, /, **told: Any) -> dict[str, Any]:
    """One observation; without a status it is a value."""
    return {"level": "delbydel", "area": area, "indicator": entry.id, "status": "value",
            **SOLID, **told}  # fmt: skip


def share(area: str, some: float, of: float, entry: Indicator = SHARE) -> dict[str, Any]:
    return figure(area, entry, numerator=some, denominator=of, value=some / of, lower=0.0,
                  upper=1.0)  # fmt: skip


def summed(rows: Sequence[dict[str, Any]], codes: Sequence[str], **more: Any) -> dict[str, Any]:
    frame = conform(pl.DataFrame(rows, infer_schema_length=None), OBSERVATIONS)
    found = sums(frame, codes, CATALOGUE, **more)
    assert found.height == 1
    return found.row(0, named=True)


cells = st.tuples(
    st.sampled_from(list(Status)), st.integers(0, 900), st.integers(0, 900)
)  # (status, with the trait, without it)
tables = st.lists(cells, min_size=len(CODES), max_size=len(CODES))
choices = st.lists(st.sampled_from(CODES), min_size=1, max_size=8)


def rows_of(table: Sequence[tuple[Status, int, int]], entry: Indicator) -> list[dict[str, Any]]:
    """Observations as a release writes them, and numbers planted under statuses that hide them."""
    rows = []
    for area, (status, some, rest) in zip(CODES, table, strict=True):
        of = some + rest
        odd = status.has_value and not of
        told = Status.NOT_APPLICABLE if odd else status
        value = float(some) if entry is COUNT else some / of if of else None
        rows.append(figure(area, entry, status=told.value, value=value,
                           numerator=float(some), denominator=float(of)))  # fmt: skip
    return rows


def parts(rows: Sequence[dict[str, Any]], codes: Sequence[str], name: str) -> list[Figure]:
    """The parts of a sum. Nobody to count among is a known zero of a quotient's two sides."""
    found = []
    for row in rows:
        if row["area"] in codes:
            status = Status(row["status"])
            if status is Status.NOT_APPLICABLE and name != "value":
                found.append(ZERO)
                continue
            found.append(Figure(row[name] if status.has_value else None, status))
    return found


@given(tables, choices)
def test_a_share_is_what_plain_arithmetic_says(table, codes):
    rows = rows_of(table, SHARE)
    got = summed(rows, codes)
    above, below = parts(rows, codes, "numerator"), parts(rows, codes, "denominator")
    whole = pool(Share(a, b) for a, b in zip(above, below, strict=True))
    assert got["status"] == whole.value.status.value
    if whole.value.value is None:
        assert [got[name] for name in ("value", "numerator", "denominator", "lower")] == [None] * 4
    else:
        assert isclose(got["value"], whole.value.value)
        assert got["numerator"] == whole.numerator.value
        assert got["denominator"] == whole.denominator.value


@given(tables, choices)
def test_a_count_is_the_sum_of_what_is_shown(table, codes):
    rows = rows_of(table, COUNT)
    got = summed(rows, codes)
    whole = add(parts(rows, codes, "value"))
    assert (got["value"], got["status"]) == (whole.value, whole.status.value)


@given(tables, choices, st.randoms(use_true_random=False))
def test_the_order_of_areas_and_of_rows_never_matters(table, codes, chance):
    rows = rows_of(table, SHARE)
    other, shuffled = list(codes) + codes[:1], list(rows)
    chance.shuffle(other)
    chance.shuffle(shuffled)
    assert summed(rows, codes) == summed(shuffled, other)


@given(tables, choices)
def test_nothing_is_told_where_any_part_is_not(table, codes):
    rows = rows_of(table, SHARE)
    statuses = [Status(row["status"]) for row in rows if row["area"] in codes]
    got = summed(rows, codes)
    nobody = [status is Status.NOT_APPLICABLE for status in statuses]
    told = all(one.has_value or empty for one, empty in zip(statuses, nobody, strict=True))
    assert Status(got["status"]).has_value == (told and not all(nobody))
    if not told:
        hidden = sum(status.is_suppressed for status in statuses)
        assert f"hidden={hidden};" in got["reason"]
        assert got["reason"].endswith(f"of={len(set(codes))}")


def test_an_area_without_a_row_is_missing():
    got = summed([share("0101", 10, 50)], ["0101", "0102"])
    assert (got["status"], got["reason"]) == (
        "missing", "own:hidden=0;missing=1;not_applicable=0;of=2")  # fmt: skip


def test_nobody_to_count_among_spoils_no_sum_and_a_producer_s_mark_does():
    nobody = figure("0102", status="not_applicable")
    got = summed([share("0101", 10, 50), nobody], CODES[:2])
    assert (got["value"], got["denominator"], got["lower"] is None) == (0.2, 50, False)
    got = summed([share("0101", 10, 50), nobody | {"mark": "."}], CODES[:2])
    assert got["reason"] == "own:hidden=0;missing=0;not_applicable=1;of=2"
    empty = summed([nobody], ["0102"])
    assert empty["status"] == "not_applicable"
    assert "ingen å telle blant" in own_words(empty["reason"], "nb")


def test_rates_are_per_thousand_and_have_no_interval():
    got = summed([share("0101", 10, 500, RATE), share("0102", 20, 250, RATE)], ["0101", "0102"])
    assert got["value"] == pytest.approx(30 / 750 * 1000)
    assert got["lower"] is None


def test_a_share_has_the_interval_of_wilson():
    got = summed([share("0101", 10, 50), share("0102", 20, 40)], ["0101", "0102"])
    low, high = pl.select(*wilson(pl.lit(30.0), pl.lit(90.0))).row(0)
    assert (got["lower"], got["upper"]) == (low, high)


def test_a_share_whose_areas_have_no_interval_gets_none():
    bare = share("0101", 10, 50) | {"lower": None, "upper": None}
    got = summed([bare, share("0102", 20, 40)], ["0101", "0102"])
    assert got["value"] == pytest.approx(1 / 3)
    assert (got["lower"], got["upper"]) == (None, None)


def test_means_are_weighted_by_those_counted():
    rows = [figure("0101", MEAN, value=2.0, denominator=30.0),
            figure("0102", MEAN, value=4.0, denominator=10.0)]  # fmt: skip
    assert summed(rows, CODES[:2])["value"] == pytest.approx(2.5)
    rows = [share("0101", 60, 30, MEAN), share("0102", 40, 10, MEAN)]
    assert summed(rows, CODES[:2])["value"] == pytest.approx(2.5)
    rows = [share("0101", 900, 3, INCOME), share("0102", 100, 1, INCOME)]
    assert summed(rows, CODES[:2])["value"] == pytest.approx(250)


@pytest.mark.parametrize("entry", [SHARE, RATE, MEAN, INCOME, MEDIAN])
def test_what_came_without_counts_is_refused_in_words(entry):
    rows = [figure(code, entry, value=5.0) for code in CODES[:2]]
    got = summed(rows, CODES[:2])
    assert (got["status"], got["reason"]) == ("not_applicable", NO_COUNTS)
    assert got["value"] is None
    for lang in ("nb", "nn", "en"):
        assert "median" in own_words(NO_COUNTS, lang)


def test_a_median_is_refused_whatever_counts_stand_beside_it():
    got = summed([share("0101", 900, 3, MEDIAN), share("0102", 100, 1, MEDIAN)], CODES[:2])
    assert (got["status"], got["reason"]) == ("not_applicable", NO_COUNTS)
    assert got["numerator"] is None


def test_what_is_hidden_and_came_without_counts_could_not_have_been_added_up():
    rows = [figure("0101", value=0.2), figure("0102", status="suppressed_primary")]
    got = summed(rows, CODES[:2])
    assert (got["status"], got["reason"]) == ("suppressed_primary", NO_COUNTS)


def test_a_hidden_median_stays_hidden():
    rows = [share("0101", 900, 3, MEDIAN), figure("0102", MEDIAN, status="suppressed_primary")]
    assert summed(rows, CODES[:2])["status"] == "suppressed_primary"


def test_an_uncertain_part_makes_an_uncertain_sum():
    rows = [share("0101", 10, 50), share("0102", 20, 40) | {"status": "unreliable"}]
    got = summed(rows, CODES[:2])
    assert (got["status"], got["value"]) == ("unreliable", pytest.approx(1 / 3))


def test_what_was_moved_from_other_borders_says_so_in_the_sum():
    rows = [share("0101", 10, 50) | {"reason": "recoded:2013:partly"},
            share("0102", 20, 40) | {"reason": "recoded:2013:merged"}]  # fmt: skip
    assert summed(rows, CODES[:2])["reason"] == "recoded:2013:partly"


def test_every_source_is_told():
    rows = [share("0101", 10, 50) | {"source": "b;c"}, share("0102", 20, 40)]
    assert summed(rows, CODES[:2])["source"] == "a;b;c"


def test_a_data_owner_may_ask_more_of_drawn_areas():
    rows = [share("0101", 10, 50), share("0102", 20, 40)]
    strict = [DisclosureRule(drawn_denominator=100)]
    got = summed(rows, CODES[:2], rules=strict)
    assert (got["status"], got["reason"]) == ("suppressed_rule", "own:drawn<100")
    assert got["numerator"] is None
    assert summed([*rows, share("0103", 9, 30)], CODES[:3], rules=strict)["status"] == "value"
    few = [figure("0101", COUNT, value=50.0), figure("0102", COUNT, value=40.0)]
    assert summed(few, CODES[:2], rules=strict)["status"] == "suppressed_rule"


def test_the_words_say_how_many():
    words = own_words("own:hidden=2;missing=1;not_applicable=0;of=5", "nb")
    assert words == (
        "Summen sies ikke: tallet er skjult for 2 av 5 områder og ikke levert for 1 av 5 områder"
    )
    assert own_words("numerator<5", "nb") == ""
