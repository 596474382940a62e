"""KLASS: a recorded answer, the forms of its own tests, and a server with dates and faults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Level, UserError
from nabolag.sources.producers import Answer, Request
from nabolag.sources.producers.klass import classification, classifications, records
from nabolag.sources.producers.klass_frames import (
    KlassFrame,
    areas_of,
    changes_of,
    codes_of,
    links_of,
)
from tests.sources.producers.served import fetch, producer_at, query, transport
from tests.support.producer_server import Served

RECORDED = "6-api-recorded/klass/classifications_131_codesAt_2026-01-01.json"
BASE = "https://data.ssb.no/api/klass/v1/classifications"


def answer(url: str, content: bytes, form: str = "json") -> Answer:
    request = Request("test", url, format="csv" if form == "csv" else "json")
    return Answer(request, content, "2026-11-23T00:00:00Z")


def told(frame: KlassFrame) -> Mapping[str, int]:
    return {finding.code: finding.count for finding in frame.findings}


@pytest.fixture
def recorded(data_root: Path) -> Answer:
    url = f"{BASE}/131/codesAt?date=2026-01-01&language=nb"
    return answer(url, (data_root / RECORDED).read_bytes())


def test_the_recorded_list_of_municipalities(recorded: Answer) -> None:
    codes = codes_of([recorded])
    assert codes.frame.height == 357
    assert codes.frame["level"].unique().to_list() == ["kommune"]
    names = dict(codes.frame.select("code", "name").iter_rows())
    assert names["0301"] == "Oslo - Oslove"
    assert "9999" not in names
    assert told(codes) == {"klass_unspecified": 1}
    assert codes.frame["valid_from"].null_count() == 357
    assert codes.findings[0].examples == ("9999 Uoppgitt",)


def test_history_has_a_row_for_each_name_and_open_ends(served: Served) -> None:
    answers = fetch("klass", query("kommune"), served)
    # Without a date, everything since the first version is asked for, in one question.
    assert any("/131/codes?from=1838-01-01" in asked for asked in served.asked)
    codes = codes_of(answers)
    oslo = codes.frame.filter(pl.col("code") == "0301").sort("valid_from")
    assert oslo["name"].to_list() == ["Oslo", "Oslo - Oslove"]
    assert oslo["valid_to"].to_list() == [date(2026, 1, 1), None]
    assert told(codes) == {"klass_unspecified": 1, "klass_validity_clipped": 2}
    assert areas_of(codes).columns == ["level", "code", "name", "valid_from", "valid_to"]


def test_an_end_that_is_the_ranges_own_is_no_end(served: Served) -> None:
    wanted = query("131", **{"from": "2023-01-01", "to": "2025-01-01"})
    frame = codes_of(fetch("klass", wanted, served)).frame
    ends = dict(frame.select("code", "valid_to").iter_rows())
    assert ends == {
        "0301": None, "1507": date(2024, 1, 1), "1508": None, "1580": None, "3118": None,
        "3207": None,
    }  # fmt: skip


def test_codes_at_a_date(served: Served) -> None:
    frame = codes_of(fetch("klass", query("131", what="codesAt", date="2023-06-01"), served)).frame
    assert set(frame["code"]) == {"0301", "1507"}


def test_levels_keep_colliding_codes_apart(served: Served) -> None:
    circuits = codes_of(fetch("klass", query("grunnkrets"), served))
    zones = codes_of(fetch("klass", query("levekarssone"), served))
    both = pl.concat([circuits.frame, zones.frame])
    assert both.filter(pl.col("code") == "03011101")["level"].to_list() == [
        "grunnkrets",
        "levekarssone",
    ]
    inside = circuits.frame.filter(pl.col("code") == "03011101").row(0, named=True)
    assert (inside["parent_level"], inside["parent_code"]) == ("delomrade", "030111")
    assert told(circuits)["klass_unspecified"] == 2


def test_changes_are_pairs_of_splits_renames_and_beginnings(served: Served) -> None:
    changes = changes_of(fetch("klass", query("131", what="changes"), served)).frame
    split = changes.filter(pl.col("from_code") == "1507")
    assert split["to_code"].to_list() == ["1508", "1580"]
    assert set(changes["level"]) == {"kommune"}
    begun = changes.filter(pl.col("from_code").is_null())
    assert begun["to_code"].to_list() == ["3207"]
    renamed = changes.filter(pl.col("from_code") == pl.col("to_code"))
    assert renamed["to_name"].to_list() == ["Oslo - Oslove"]
    assert renamed["date"].to_list() == [date(2026, 1, 1)]


def test_json_and_csv_give_the_same(served: Served) -> None:
    for what in ("codes", "changes"):
        as_json = fetch("klass", query("131", what=what), served)
        as_csv = fetch("klass", query("131", what=what, format="csv"), served)
        assert as_csv[0].content != as_json[0].content
        frame_of = codes_of if what == "codes" else changes_of
        assert frame_of(as_csv).frame.equals(frame_of(as_json).frame)


def test_correspondence_becomes_links_from_the_smaller(served: Served) -> None:
    answers = fetch("klass", query("kommune", what="corresponds", target="bydel"), served)
    links = links_of(answers).frame
    assert links.select("level", "code", "parent_level", "parent_code").rows() == [
        ("bydel", "030101", "kommune", "0301"),
        ("bydel", "030102", "kommune", "0301"),
    ]
    assert links["valid_from"].to_list() == [date(2015, 1, 1)] * 2


def test_an_area_in_two_areas_at_once_is_told() -> None:
    pair = '{"sourceCode":"%s","sourceName":"","targetCode":"%s","targetName":""}'
    rows = [("0301", "03001"), ("1101", "11001"), ("1101", "11002")]
    text = '{{"correspondenceItems":[{}]}}'.format(",".join(pair % row for row in rows))
    url = f"{BASE}/131/correspondsAt?targetClassificationId=108&date=2024-01-01"
    links = links_of([answer(url, text.encode())])
    # Three targets of two sources: regions lie in municipalities, and none in two of them.
    assert links.frame["level"].unique().to_list() == ["okonomisk_region"]
    assert told(links) == {}
    rows.append(("1103", "11002"))
    rows.append(("1106", "11001"))
    text = '{{"correspondenceItems":[{}]}}'.format(",".join(pair % row for row in rows))
    tangled = links_of([answer(url, text.encode())])
    assert told(tangled) == {"klass_pairs_tangled": 1}
    assert tangled.frame.height == 5


def test_levels_that_are_not_known_are_told_and_not_taken() -> None:
    row = '{"code":"%s","parentCode":null,"level":"%s","name":"x"}'
    text = '{{"codes":[{},{}]}}'.format(row % ("0301", "1"), row % ("030101", "2"))
    codes = codes_of([answer(f"{BASE}/131/codesAt?date=2024-01-01", text.encode())])
    assert codes.frame["code"].to_list() == ["0301"]
    assert told(codes) == {"klass_level_unknown": 1}
    odd = '{"codes":[%s]}' % (row % ("03-01", "1"))
    codes = codes_of([answer(f"{BASE}/131/codesAt?date=2024-01-01", odd.encode())])
    assert codes.frame.height == 1
    assert told(codes) == {"klass_code_form": 1}


def test_nothing_changed_is_an_answer_and_no_codes_are_none() -> None:
    none = answer(f"{BASE}/131/changes?from=2025-01-01", b'{"codeChanges":[]}')
    assert changes_of([none]).frame.is_empty()
    with pytest.raises(UserError, match="empty list"):
        codes_of([answer(f"{BASE}/131/codes?from=2025-01-01", b'{"codes":[]}')])


def test_dates_that_are_none_are_refused() -> None:
    row = b'{"codeChanges":[{"oldCode":"1","newCode":"0301","changeOccurred":"in 2024"}]}'
    with pytest.raises(UserError, match="in 2024"):
        changes_of([answer(f"{BASE}/131/changes?from=2024-01-01", row)])


def test_lists_searches_and_describes(served: Served) -> None:
    with transport() as line:
        klass = producer_at("klass", served, line)
        assert [info.label for info in klass.list("")] == [one.name for one in classifications()]
        found = klass.list("kommune inndeling")
        assert found[0].id == "131"
        described = klass.describe("kommune", language="en")
    assert described.label == "Classification of municipalities"
    assert described.licence == "CC BY 4.0"
    assert described.updated.startswith("2026-01-01")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (query("131", what="codesat"), "Nearest: codesAt"),
        (query("131", what="codesAt"), "needs «date»"),
        (query("131", what="corresponds"), "needs «target»"),
        (query("131", what="variant"), "needs «variant»"),
        (query("131", since="2020"), "no option"),
        (query("kommuner"), "Nearest: kommune"),
    ],
)
def test_questions_that_cannot_be_asked(served: Served, wanted: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        fetch("klass", wanted, served)  # type: ignore[arg-type]


def test_every_known_classification_is_of_levels_of_the_house() -> None:
    assert [one.id for one in classifications()] == ["104", "131", "103", "1", "745", "108"]
    circuits = classification("1")
    assert circuits is not None
    assert set(circuits.levels.values()) == {Level.DELOMRADE, Level.GRUNNKRETS}
    for one in classifications():
        assert set(one.length.values()) <= set(one.levels.values())


def test_records_name_what_is_missing() -> None:
    with pytest.raises(UserError, match="parentCode"):
        records(answer(f"{BASE}/131/codesAt?date=x", b'{"codes":[{"code":"0301","name":"Oslo"}]}'))
