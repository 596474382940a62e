"""`nabolag rules`: what applied on a date, and what one rule says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nabolag import rules
from nabolag.core import LANGS, label
from tests.cli.conftest import Call


@pytest.mark.parametrize("lang", LANGS)
def test_every_rule_is_in_the_table(nabolag: Call, lang: str) -> None:
    done = nabolag("rules", "--date", "2023-08-11", "--lang", lang)
    assert done.returncode == 0, done.stderr
    for name in rules.RULES:
        assert name in done.stdout
    assert label("cli.rules.counted", lang, n=len(rules.RULES)) in done.stdout  # type: ignore[arg-type]


def test_one_rule_is_explained_with_its_numbers_and_cases(nabolag: Call) -> None:
    done = nabolag("rules", "crowded", lang="nb")
    assert done.returncode == 0, done.stderr
    assert "trangbodd" in done.stdout
    assert "L2245–2248" in done.stdout
    assert "crowded(persons, rooms, area_m2)" in done.stdout
    assert "m2_per_person" in done.stdout
    for case in rules.cases_of("crowded"):
        assert f"persons = {case.given['persons']}" in done.stdout


def test_what_the_house_has_set_says_so(nabolag: Call) -> None:
    told = nabolag("rules", "high_debt", lang="nn").stdout
    assert "sett av huset" in told


def test_the_same_as_data(nabolag: Call) -> None:
    done = nabolag("rules", "--date", "2022-06-01", "--json")
    found = {row["rule"]: row for row in json.loads(done.stdout)}
    assert set(found) == {*rules.RULES, *rules.provisions()}
    assert found["housing_allowance_extra_payments"]["until"] == "2022-06-30"
    assert found["youth_guarantee"]["standing"] == "not_yet"
    assert found["settlement_caution"]["numbers"] == {"immigrant_percent": 30.0}
    assert found["sfo_free_hours"]["since"] == "2021-08-01"


def test_numbers_of_ones_own(nabolag: Call, tmp_path: Path) -> None:
    own = tmp_path / "regler.yaml"
    own.write_text("crowding:\n  - {from: 2030-01-01, m2_per_person: 20, reference: vedtak}\n")
    done = nabolag("rules", "crowded", "--date", "2030-01-01", "--settings", own, "--json")
    assert json.loads(done.stdout)[0]["numbers"]["m2_per_person"] == 20.0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("crowdet",), "crowded"),
        (("--date", "i går"), "2023-08-01"),
        (("--lang", "sv"), "sv"),
        (("--settings", "nei.yaml"), "nei.yaml"),
    ],
)
def test_mistakes_end_in_words(nabolag: Call, words: tuple[str, ...], told: str) -> None:
    done = nabolag("rules", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
