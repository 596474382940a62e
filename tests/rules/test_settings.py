"""Numbers of one's own lie over the house's, and mistakes in them are told one by one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nabolag import rules
from nabolag.core import LANGS, UserError

LATER = """
kindergarten_payment:
  - from: 2024-08-01
    income_percent: 6
    max_price_a_month: 2000
    months_a_year: 11
    second_child_percent: 30
    third_child_percent: 100
    reference: Statsbudsjettet 2024
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "regler.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_later_price_is_added(tmp_path: Path) -> None:
    book = rules.read_book(written(tmp_path, LATER))
    case = {"taxable_income": 900_000.0, "child_number": 1}
    at = date(2024, 9, 1)
    assert rules.evaluate("kindergarten_payment", case, at, book) == 22_000
    before = rules.evaluate("kindergarten_payment", case, date(2023, 9, 1), book)
    assert before == rules.evaluate("kindergarten_payment", case, date(2023, 9, 1))
    with pytest.raises(rules.NotInForceError):
        rules.evaluate("kindergarten_payment", case, at)
    assert rules.rule_at("kindergarten_payment", at, book).standing is rules.Standing.HOLDS


def test_the_same_date_takes_the_place_of_the_houses(tmp_path: Path) -> None:
    book = rules.read_book(
        written(
            tmp_path,
            "long_term_social_assistance:\n"
            "  - {from: null, minimum_months: 8, reference: Vedtak 12/26}\n",
        )
    )
    case = {"assistance_months": 7}
    assert rules.evaluate("long_term_social_assistance", case, date(2024, 1, 1), book) is False
    assert rules.evaluate("long_term_social_assistance", case, date(2024, 1, 1)) is True
    untouched = set(book) - {"long_term_social_assistance"}
    assert all(book[name] == rules.house_book()[name] for name in untouched)


def test_a_limit_of_traffic_may_be_set(tmp_path: Path) -> None:
    text = "safe_way:\n  - {from: null, highest_speed: 30, highest_daily_traffic: 3000, reference: vedtak}\n"
    book = rules.read_book(written(tmp_path, text))
    case = {"speed_limit": 30.0, "daily_traffic": 3001.0}
    assert rules.evaluate("safe_way", case, date(2024, 1, 1), book) is False
    assert rules.evaluate("safe_way", case, date(2024, 1, 1)) is True
    unknown = {"speed_limit": 30.0, "daily_traffic": None}
    assert rules.evaluate("safe_way", unknown, date(2024, 1, 1), book) is None


def test_crowding_as_in_published_figures(tmp_path: Path) -> None:
    """Statistics Norway: where one of the two is absent, the other is enough."""
    text = (
        "crowding:\n  - {from: null, m2_per_person: 25, one_known_suffices: true, reference: SSB}\n"
    )
    book = rules.read_book(written(tmp_path, text))
    at = date(2024, 1, 1)

    def crowded(rooms: int | None, area_m2: float | None) -> bool | None:
        facts = {"persons": 4, "rooms": rooms, "area_m2": area_m2}
        found: bool | None = rules.evaluate("crowded", facts, at, book)
        return found

    assert (crowded(3, None), crowded(4, None)) == (True, False)
    assert (crowded(None, 70.0), crowded(None, 110.0)) == (True, False)
    assert (crowded(3, 70.0), crowded(3, 110.0)) == (True, False)
    assert crowded(None, None) is None


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert rules.read_book(written(tmp_path, "")) == rules.house_book()


GOOD = "from: 2024-01-01, reference: her"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"age_bands:\n  - {{{GOOD}, bands: {{elderly: [67]}}}}\n", ["rule_settings_value"]),
        (f"age_bands:\n  - {{{GOOD}, bands: [67, 80]}}\n", ["rule_settings_value"]),
        ("- a\n", ["rule_settings_not_yaml"]),
        ("crowding: 25\n", ["rule_settings_not_yaml"]),
        ("a: [b\n", ["rule_settings_not_yaml"]),
        ("crowdng:\n  - {from: null}\n", ["rule_settings_unknown"]),
        ("crowding:\n  - 25\n", ["rule_settings_value"]),
        (f"crowding:\n  - {{{GOOD}}}\n", ["rule_settings_lacks"]),
        ("crowding:\n  - {m2_per_person: 20}\n", ["rule_settings_lacks"] * 2),
        (f"crowding:\n  - {{{GOOD}, m2_per_person: mye}}\n", ["rule_settings_value"]),
        (f"crowding:\n  - {{{GOOD}, m2_per_person: true}}\n", ["rule_settings_value"]),
        (f"crowding:\n  - {{{GOOD}, m2_per_person: 20, m2: 3}}\n", ["rule_settings_key"]),
        (
            "crowding:\n  - {from: i går, reference: her, m2_per_person: 20}\n",
            ["rule_settings_value"],
        ),
        (
            f"crowding:\n  - {{{GOOD}, m2_per_person: 20, status: kanskje}}\n",
            ["rule_settings_value"],
        ),
        (
            "crowding:\n  - {from: null, reference: a, m2_per_person: 20}\n"
            "  - {from: null, reference: b, m2_per_person: 30}\n",
            ["rule_settings_twice"],
        ),
        ("crowding:\n  - {from: 2024-13-01}\n", ["rule_settings_not_yaml"]),
        ("crowding:\n  - {from: null}\ncrowding:\n  - {from: null}\n", ["rule_settings_not_yaml"]),
        (
            "crowding:\n  - {from: 2024-05-01, until: 2024-04-30, reference: a, m2_per_person: 2}\n",
            ["rule_settings_value"],
        ),
        (f"crowding:\n  - {{{GOOD}, m2_per_person: -20}}\n", ["rule_settings_value"]),
        (f"crowding:\n  - {{{GOOD}, m2_per_person: .inf}}\n", ["rule_settings_value"]),
        (f"low_income_household:\n  - {{{GOOD}, share_of_median: 60}}\n", ["rule_settings_value"]),
        (
            f"young_unemployed:\n  - {{{GOOD}, minimum_age: 15, maximum_age: 29, month: 13}}\n",
            ["rule_settings_value"],
        ),
        (
            f"neet:\n  - {{{GOOD}, minimum_age: 15, maximum_age: 29, measures_count: true, "
            "spring: [1], summer: [6, 8], autumn: [9, a]}\n",
            ["rule_settings_value"] * 2,
        ),
        (
            "crowding:\n  - {from: null, reference: '', m2_per_person: 20}\n",
            ["rule_settings_value"],
        ),
        (
            "outside_work:\n  - {from: null, reference: her, minimum_age: 16.5, "
            "maximum_age: 29, measures_count: 1}\n",
            ["rule_settings_value"] * 2,
        ),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, codes: list[str]) -> None:
    with pytest.raises(UserError) as told:
        rules.read_book(written(tmp_path, text))
    assert [finding.code for finding in told.value.findings] == codes
    for finding in told.value.findings:
        assert finding.place.file == "regler.yaml"
        assert all(finding.text(lang) for lang in LANGS)


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as told:
        rules.read_book(tmp_path / "nei.yaml")
    assert told.value.findings[0].code == "rule_settings_absent"
