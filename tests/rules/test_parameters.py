"""Parameters are dated, typed and say where they come from."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, timedelta
from itertools import pairwise

import pytest

from nabolag import rules
from nabolag.rules import house_book
from nabolag.rules.errors import NotInForceError
from nabolag.rules.parameters import read_page

USED = {rules.signature(name).parameters for name in rules.RULES} - {None}
KINDS = {kind.entry: kind for kind in USED if kind is not None}
ENTRIES = [(name, number) for name, page in house_book().items() for number in range(len(page))]


def test_every_page_is_read_by_one_kind_and_every_kind_has_a_page() -> None:
    assert set(KINDS) == set(house_book())
    assert len(KINDS) == len(USED), "two kinds read the same entry"


@pytest.mark.parametrize(("name", "number"), ENTRIES, ids=[f"{n} {i}" for n, i in ENTRIES])
def test_an_entry_is_whole_and_says_where_it_stands(name: str, number: int) -> None:
    kind = KINDS[name]
    entry = kind.history()[number]
    raw = house_book()[name][number]
    assert set(kind.required()) <= set(raw)
    assert re.search(r"L\d{2,4}|SSB, ordforklaring|L\d+–\d+", entry.reference)
    known = {field.name for field in fields(kind)}
    assert set(entry.declared) <= known
    assert entry.until is None or entry.since is None or entry.since <= entry.until


@pytest.mark.parametrize("name", sorted(KINDS))
def test_numbers_have_the_type_that_is_promised(name: str) -> None:
    kind = KINDS[name]
    hints = {field.name: str(field.type) for field in fields(kind)}
    for entry in kind.history():
        for number in kind.numbers():
            value, hint = getattr(entry, number), hints[number]
            if hint == "int":
                assert isinstance(value, int), number
            elif hint == "float":
                assert isinstance(value, float), number
            elif hint.startswith("tuple"):
                assert isinstance(value, tuple), number
            elif hint == "bool":
                assert isinstance(value, bool), number


@pytest.mark.parametrize("name", sorted(KINDS))
def test_dates_follow_one_another_without_overlap(name: str) -> None:
    history = KINDS[name].history()
    for earlier, later in pairwise(history):
        assert later.since is not None
        assert earlier.since is None or earlier.since < later.since
        assert earlier.until is None or earlier.until < later.since


def entry_at(name: str, when: date) -> rules.Parameters | None:
    try:
        return KINDS[name].at(when)
    except NotInForceError:
        return None


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_day_has_the_entry_that_began_last(name: str) -> None:
    for entry in KINDS[name].history():
        if entry.since is not None:
            assert KINDS[name].at(entry.since) == entry
            before = entry.since - timedelta(days=1)
            assert entry_at(name, before) != entry


def test_the_documents_numbers() -> None:
    at = date(2023, 6, 1)
    assert rules.crowding_limits(at).m2_per_person == 25  # Meld. St. 28 L2248
    assert rules.low_income_limits(at).share_of_median == 0.6  # Meld. St. 28 L1280
    assert rules.low_income_limits(at).years == 3  # Meld. St. 28 L1281
    young = rules.outside_work_limits(at)
    assert (young.minimum_age, young.maximum_age) == (20, 29)  # Meld. St. 28 L1380


def test_the_newest_entry_that_has_begun_holds() -> None:
    book = {
        "crowding": (
            {"from": date(2000, 1, 1), "m2_per_person": 20, "reference": "old"},
            {
                "from": date(2010, 1, 1),
                "until": date(2019, 12, 31),
                "m2_per_person": 25,
                "reference": "new",
            },
        )
    }
    limits = rules.CrowdingLimits
    assert limits.at(date(2009, 12, 31), book).reference == "old"
    assert limits.at(date(2010, 1, 1), book).reference == "new"
    for outside in (date(1999, 12, 31), date(2020, 1, 1)):
        with pytest.raises(NotInForceError, match="crowding"):
            limits.at(outside, book)


def test_a_page_is_put_in_order_of_date() -> None:
    page = read_page("a:\n  - from: 2020-01-01\n  - from: null\n  - from: 2010-01-01\n")
    assert [entry["from"] for entry in page["a"]] == [None, date(2010, 1, 1), date(2020, 1, 1)]
