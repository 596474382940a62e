"""Lists, changes and weights read from files, written by hand, and from KLASS's own answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from nabolag.core import UserError
from nabolag.geography.dated import (
    AreaHistorySpec,
    AreaPopulationSpec,
    Borders,
    ChangesSpec,
    CrosswalkSpec,
    borders_of,
    crosswalk_of,
    no_areas,
    no_changes,
    read_dated,
    read_kept,
)
from nabolag.sources.producers import Answer, Request
from tests.geography.dated.country import changes, lists, people

KLASS = "https://data.ssb.no/api/klass/v1/classifications/131"


def answer(what: str, member: str, rows: list[dict[str, Any]]) -> Answer:
    url = f"{KLASS}/{what}?from=2019-01-01&to=2025-01-01"
    content = json.dumps({member: rows}).encode()
    return Answer(Request("test", url, format="json"), content, "2026-11-23T00:00:00Z")


def code(code: str, name: str, since: str, until: str | None) -> dict[str, Any]:
    return {
        "code": code, "parentCode": None, "level": "1", "name": name, "shortName": "",
        "presentationName": "", "validFrom": None, "validTo": None,
        "validFromInRequestedRange": since, "validToInRequestedRange": until,
    }  # fmt: skip


def change(old: str | None, new: str | None, day: str) -> dict[str, Any]:
    return {
        "oldCode": old, "oldName": old, "oldShortName": None, "newCode": new, "newName": new,
        "newShortName": None, "changeOccurred": day,
    }  # fmt: skip


def test_klass_answers_become_borders() -> None:
    listed = AreaHistorySpec(id="lists", fetch="klass_codes")
    told = ChangesSpec(id="changes", fetch="klass_changes")
    codes = [code("1507", "Ålesund", "2020-01-01", "2024-01-01"),
             code("1508", "Ålesund", "2024-01-01", None),
             code("1580", "Haram", "2024-01-01", None)]  # fmt: skip
    pairs = [change("1507", "1508", "2024-01-01"), change("1507", "1580", "2024-01-01")]
    borders = borders_of(
        [
            (listed, read_kept(listed, [answer("codes", "codes", codes)])),
            (told, read_kept(told, [answer("changes", "codeChanges", pairs)])),
        ]
    )
    assert borders.areas.at(date(2024, 1, 1))["code"].to_list() == ["1508", "1580"]
    assert borders.changes.findings == ()
    way = borders.crosswalk(["2023"], "2024").table
    assert way.select("from_code", "to_code", "basis").rows() == [
        ("1507", "1508", "equal"),
        ("1507", "1580", "equal"),
    ]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "liste.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_weights_of_a_file_and_by_hand(tmp_path: Path) -> None:
    file = CrosswalkSpec(
        id="weights", file="liste.csv", level="kommune", to="2024", year="aar", weight="vekt",
        from_code="fra", to_code="til", same=["9999"],
    )  # fmt: skip
    path = written(tmp_path, "aar;fra;til;vekt\n2013;0101;3101;1\n2013;1504;1508;0,5\n2013;1504;1580;0,5\n")  # fmt: skip
    hand = CrosswalkSpec(
        id="hand", level="kommune", to="2024", geography="2013", basis="population",
        pairs=[{"from": "1504", "to": "1508", "weight": 0.9}, {"from": "1504", "to": "1580", "weight": 0.1}],
    )  # fmt: skip
    borders = borders_of(
        [(file, read_dated(file, path, "liste.csv")), (hand, read_dated(hand, None, ""))]
    )
    way = borders.crosswalk(["2013"], "2024").table.select("from_code", "to_code", "weight")
    assert way.rows() == [
        ("0101", "3101", 1.0),
        ("1504", "1508", 0.9),
        ("1504", "1580", 0.1),
        ("9999", "9999", 1.0),
    ]


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("aar;fra;til;vekt\n2013;1504;1508;halv\n", "dated_number_unread", 2),
        ("aar;fra;til\n2013;1504;1508\n", "area_column_absent", None),
    ],
)
def test_what_cannot_be_read_has_a_place(
    tmp_path: Path, text: str, code: str, row: int | None
) -> None:
    spec = CrosswalkSpec(
        id="weights", file="liste.csv", level="kommune", to="2024", year="aar", weight="vekt",
        from_code="fra", to_code="til",
    )  # fmt: skip
    with pytest.raises(UserError) as wrong:
        read_dated(spec, written(tmp_path, text), "liste.csv")
    assert (wrong.value.findings[0].code, wrong.value.findings[0].place.row) == (code, row)


def test_people_of_one_area_are_added(tmp_path: Path) -> None:
    spec = AreaPopulationSpec(id="people", file="liste.csv", level="kommune")
    path = written(tmp_path, "code;year;persons\n0301;2024;10\n0301;2024;20\n0301;2025;5\n")
    rows = read_dated(spec, path, "liste.csv").frame.select("code", "year", "persons").rows()
    assert rows == [("0301", 2024, 30.0), ("0301", 2025, 5.0)]


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (AreaHistorySpec, {"level": "kommune"}),
        (AreaHistorySpec, {"file": "a.csv", "fetch": "klass"}),
        (AreaHistorySpec, {"file": "a.csv"}),
        (AreaPopulationSpec, {"fetch": "klass"}),
        (CrosswalkSpec, {"file": "a.csv", "level": "kommune", "to": "2024"}),
        (CrosswalkSpec, {"level": "kommune", "to": "2024", "geography": "2013"}),
        (CrosswalkSpec, {"to": "2024", "year": "aar", "level": "kommune",
                         "pairs": [{"from": "1", "to": "2"}]}),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(model: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate({"id": "a", **given})


def test_a_ready_crosswalk_is_followed_by_the_changes_after_it(tmp_path: Path) -> None:
    """Weights to 2010 from a file, then what happened until 2024 from lists and changes."""
    hand = CrosswalkSpec(
        id="hand", level="kommune", to="2010", geography="1990",
        pairs=[{"from": "0099", "to": "0103"}, {"from": "0098", "to": "0201"}],
    )  # fmt: skip
    table = crosswalk_of(read_dated(hand, None, "").frame, hand.to)
    borders = Borders(lists(), changes(), (table,), people())
    way = borders.crosswalk(["1990"], "2024").of("1990").table
    assert way.select("from_code", "to_code", "weight").rows() == [
        ("0098", "0301", 1.0),
        ("0099", "0104", 0.7),
        ("0099", "0105", 0.3),
    ]


def test_a_ready_crosswalk_is_turned_round_for_those_who_go_back() -> None:
    hand = CrosswalkSpec(
        id="hand", level="kommune", to="2024", geography="2005",
        pairs=[{"from": "0101", "to": "0103"}, {"from": "0102", "to": "0103"}],
    )  # fmt: skip
    table = crosswalk_of(read_dated(hand, None, "").frame, hand.to)
    back = Borders(no_areas(), no_changes(), (table,), people()).crosswalk(["2024"], "2005")
    rows = back.of("2024").table.select("from_code", "to_code", "weight", "basis").rows()
    assert rows == [("0103", "0101", 0.6, "population"), ("0103", "0102", 0.4, "population")]
