"""What became what, and whether the account of it holds."""

from __future__ import annotations

from datetime import date

import pytest

from nabolag.core import Level
from nabolag.geography.dated import changes_of
from tests.geography.dated.country import STEPS, Step, changes, lists, steps
from tests.geography.places import speaks


def test_every_change_has_its_kind() -> None:
    kinds = {
        (a, b): k for a, b, k in changes().table.select("from_code", "to_code", "kind").iter_rows()
    }
    assert kinds == {
        ("0101", "0103"): "merged",
        ("0102", "0103"): "merged",
        ("0201", "0301"): "renumbered",
        ("0103", "0104"): "split",
        ("0103", "0105"): "split",
        ("0401", "0402"): "transferred",
    }
    more = changes_of(steps([("0402", "Berg", "0402", "Nytt Berg", "2012-01-01", None),
                             ("", "", "0900", "Ny", "2012-01-01", None),
                             ("0900", "Ny", "", "", "2013-01-01", None)]))  # fmt: skip
    assert more.table["kind"].to_list() == ["created", "renamed", "ended"] or set(
        more.table["kind"]
    ) == {"created", "renamed", "ended"}


def test_a_sound_account_has_nothing_to_tell() -> None:
    assert changes().findings == ()


def test_the_history_of_an_area_reaches_back_and_ahead() -> None:
    told = changes().history(Level.KOMMUNE, "0103")
    assert told["from_code"].to_list() == ["0101", "0102", "0103", "0103"]
    later = changes().history(Level.KOMMUNE, "0105")
    assert set(later["from_code"]) == {"0101", "0102", "0103"}
    assert changes().history(Level.FYLKE, "0103").is_empty()


def test_a_history_stops_where_the_code_meant_another_area() -> None:
    """1507 was one municipality until 1968 and another from 2020."""
    rows: list[Step] = [
        ("1507", "Borgund", "1501", "Ålesund", "1968-01-01", None),
        ("1501", "Ålesund", "1507", "Ålesund", "2020-01-01", None),
        ("1507", "Ålesund", "1508", "Ålesund", "2024-01-01", None),
    ]
    told = changes_of(steps(rows)).history(Level.KOMMUNE, "1508")
    assert told["date"].to_list() == [date(1968, 1, 1), date(2020, 1, 1), date(2024, 1, 1)]
    assert told.filter(from_code="1507", to_code="1501").height == 1
    rows[0] = ("1507", "Borgund", "1599", "Annet", "1968-01-01", None)
    assert changes_of(steps(rows)).history(Level.KOMMUNE, "1508")["date"].min() == date(2020, 1, 1)


def test_only_renumbering_keeps_an_area_the_same() -> None:
    rows: list[Step] = [
        ("0101", "Halden", "3001", "Halden", "2020-01-01", None),
        ("3001", "Halden", "3101", "Halden", "2024-01-01", None),
        ("0102", "A", "3002", "C", "2020-01-01", None),
        ("0103", "B", "3002", "C", "2020-01-01", None),
    ]
    same = changes_of(steps(rows)).identities(Level.KOMMUNE)
    assert same == {"0101": "3101", "3001": "3101"}


BROKEN: list[tuple[str, list[Step]]] = [
    ("changes_repeated", [*STEPS, STEPS[0]]),
    ("changes_share", [*STEPS, ("0402", "Berg", "0401", "Nes", "2020-01-01", 1.2)]),
    ("changes_ring", [*STEPS, ("0401", "Nes", "0402", "Berg", "2012-01-01", None),
                      ("0402", "Berg", "0401", "Nes", "2012-01-01", None)]),
    ("changes_unknown_from", [*STEPS, ("0777", "Intet", "0402", "Berg", "2012-01-01", None)]),
    ("changes_unknown_to", [*STEPS, ("0402", "Berg", "0777", "Intet", "2012-01-01", 0.1)]),
    ("changes_gap", [row for row in STEPS if row[0] != "0102"]),
    ("changes_unborn", [row for row in STEPS if row[2] != "0105"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "rows"), BROKEN, ids=[code for code, _ in BROKEN])
def test_what_does_not_hold_is_told(code: str, rows: list[Step]) -> None:
    assert code in speaks(changes(rows).findings)


def test_codes_may_be_exchanged_on_one_day() -> None:
    """Old codes stand on the left, new on the right: an exchange is no ring in time."""
    rows: list[Step] = [
        ("0101", "Ås", "0102", "Ås", "2012-01-01", 1.0),
        ("0102", "Vik", "0101", "Vik", "2012-01-01", 1.0),
    ]
    told = changes_of(steps(rows), None)
    assert told.findings == ()


def test_only_what_was_known_then() -> None:
    table = steps().with_columns(known_from=steps()["date"].dt.offset_by("-2y"))
    told = changes_of(table, lists())
    assert told.known_at(date(2014, 1, 1)).table["to_code"].to_list() == ["0103", "0103", "0301"]
