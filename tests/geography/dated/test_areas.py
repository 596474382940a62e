"""Which codes are in use when, and what was known of it at the time."""

from __future__ import annotations

from datetime import date

import polars as pl

from nabolag.core import Level
from nabolag.geography.dated import dated_areas
from tests.geography.dated.country import LEVEL, lists
from tests.geography.places import speaks


def codes(day: str, known: str | None = None) -> list[str]:
    asked = date.fromisoformat(known) if known else None
    return lists().at(date.fromisoformat(day), known=asked)["code"].to_list()


def test_a_code_is_in_use_from_its_first_day_until_the_day_it_is_given_up() -> None:
    assert codes("2009-12-31") == ["0101", "0102", "0201", "0401", "0402"]
    assert codes("2010-01-01") == ["0103", "0201", "0401", "0402"]
    assert codes("2020-01-01") == ["0104", "0105", "0301", "0401", "0402"]


def test_what_the_register_said_on_a_day_is_not_what_it_says_now() -> None:
    rows = {
        "level": [LEVEL] * 3,
        "code": ["0501", "0501", "0502"],
        "name": ["Feil", "Rett", "Ny"],
        "valid_from": [date(2000, 1, 1), date(2000, 1, 1), date(2021, 1, 1)],
        "known_from": [None, date(2019, 6, 1), date(2020, 6, 12)],
        "known_to": [date(2019, 6, 1), None, None],
    }
    areas = dated_areas(pl.DataFrame(rows))
    then = areas.at(date(2021, 1, 1), known=date(2018, 1, 1))
    assert then.select("code", "name").rows() == [("0501", "Feil")]
    now = areas.at(date(2021, 1, 1))
    assert now.select("code", "name").rows() == [("0501", "Rett"), ("0502", "Ny")]
    # What was decided but not yet in force: known in 2020, valid from 2021.
    assert areas.at(date(2020, 7, 1), known=date(2020, 7, 1))["code"].to_list() == ["0501"]


def test_names_follow_time() -> None:
    areas = lists([("0601", "Gamle", None, "2012-01-01"), ("0601", "Nye", "2012-01-01", None)])
    assert areas.name(LEVEL, "0601", date(2011, 1, 1)) == "Gamle"
    assert areas.name(LEVEL, "0601", date(2012, 1, 1)) == "Nye"
    assert areas.name(LEVEL, "0601") == "Nye"
    assert areas.spells(Level.KOMMUNE, "0601").height == 2
    assert areas.findings == ()


def test_lists_that_contradict_themselves_are_told_of() -> None:
    areas = lists(
        [
            ("0701", "Bakvendt", "2020-01-01", "2010-01-01"),
            ("0801", "En", None, "2015-01-01"),
            ("0801", "To", "2010-01-01", None),
            ("0901", "Før", None, "1990-01-01"),
            ("0901", "Etter", "2000-01-01", None),
        ]
    )
    assert speaks(areas.findings) == ["dated_backwards", "dated_overlap", "dated_reused"]
    assert areas.codes.filter(code="0701").is_empty()
    assert areas.at(date(2012, 1, 1)).filter(code="0801")["name"].to_list() == ["To"]


def test_the_same_code_of_two_levels_is_two_areas() -> None:
    rows = {"level": ["levekarssone", "grunnkrets"], "code": ["03010101"] * 2, "name": ["S", "G"]}
    areas = dated_areas(pl.DataFrame(rows))
    assert areas.findings == ()
    assert areas.at(date(2020, 1, 1)).height == 2
    assert areas.name("grunnkrets", "03010101") == "G"
