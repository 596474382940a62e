"""`nabolag rules`: what applied on a date, and what one rule says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nabolag import rules
from nabolag.core import LANGS, Lang, label
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


OWN = """
long_term_social_assistance:
  - {from: 2022-01-01, minimum_months: 9, reference: Vedtak 12/26, status: proposed}
crowding:
  - {from: 2030-01-01, m2_per_person: 20, reference: Vedtak 3/30}
"""


def town(folder: Path, rules: str = "") -> Path:
    """Write a workspace that has numbers of its own, and nothing else."""
    (folder / "nabolag.toml").write_text(f'[rules]\nsettings = "regler.yaml"\n{rules}\n')
    (folder / "regler.yaml").write_text(OWN, encoding="utf-8")
    return folder


def at_2024(nabolag: Call, *words: object) -> dict[str, dict[str, Any]]:
    done = nabolag("rules", *words, "--date", "2024-01-01", "--json")
    assert done.returncode == 0, done.stderr
    return {row["rule"]: row for row in json.loads(done.stdout)}


def test_a_workspace_shows_which_numbers_are_its_own(nabolag: Call, tmp_path: Path) -> None:
    plain, own = at_2024(nabolag), at_2024(nabolag, town(tmp_path))
    ours = own["long_term_social_assistance"]
    assert (ours["own"], ours["status"], ours["reference"]) == (True, "proposed", "Vedtak 12/26")
    assert ours["numbers"] == {"minimum_months": 9}
    assert ours["instead_of"] == plain["long_term_social_assistance"]["numbers"]
    assert ours["since"] == "2022-01-01"
    # Numbers that begin later are not the workspace's own yet; everything else is as it was.
    del own["long_term_social_assistance"], plain["long_term_social_assistance"]
    assert own == plain
    assert not any(row.get("own") for row in own.values())


@pytest.mark.parametrize("lang", LANGS)
def test_its_numbers_stand_in_a_table_of_their_own(
    nabolag: Call, tmp_path: Path, lang: Lang
) -> None:
    folder = town(tmp_path)
    done = nabolag("rules", folder, "--date", "2024-01-01", lang=lang)
    assert done.returncode == 0, done.stderr
    table = done.stdout.partition(label("cli.rules.own_title", lang, file="regler.yaml"))[2]
    assert "Vedtak 12/26" in table
    assert label("rule_status.proposed", lang) in table
    assert "Vedtak 3/30" in table
    later = at_words(done.stdout, "Vedtak 3/30")
    assert label("cli.rules.own_not_on_date", lang, date="").split()[0] in later


def at_words(text: str, words: str) -> str:
    return next(line for line in text.splitlines() if words in line)


@pytest.mark.parametrize("lang", LANGS)
def test_one_rule_says_whose_its_numbers_are(nabolag: Call, tmp_path: Path, lang: Lang) -> None:
    folder = town(tmp_path)
    ours = nabolag("rules", folder, "long_term_social_assistance", lang=lang)
    assert f"Vedtak 12/26 ({label('cli.rules.own', lang)})" in ours.stdout
    assert label("cli.rules.own_cases", lang) in ours.stdout
    house = nabolag("rules", folder, "crowded", "--date", "2024-01-01", lang=lang)
    assert label("cli.rules.own_none", lang, file="regler.yaml") in house.stdout


def test_numbers_that_a_workspace_refuses_are_not_shown(nabolag: Call, tmp_path: Path) -> None:
    found = at_2024(nabolag, town(tmp_path, "house_numbers = false"))
    assert found["high_debt"]["standing"] == "numbers_absent"
    assert found["high_debt"]["numbers"] == {}
    assert found["long_term_social_assistance"]["standing"] == "holds"
    told = nabolag("rules", tmp_path, "high_debt")
    assert label("rule_status.numbers_refused", "en") in told.stdout
    assert label("cli.rules.house_refused", "en") in told.stdout


def test_a_workspace_without_numbers_says_so(nabolag: Call, tmp_path: Path) -> None:
    (tmp_path / "nabolag.toml").write_text("")
    done = nabolag("rules", tmp_path)
    assert label("cli.rules.own_nothing", "en") in done.stdout


def test_a_rule_is_a_rule_beside_a_folder_of_its_name(nabolag: Call, tmp_path: Path) -> None:
    town(tmp_path)
    (tmp_path / "crowded").mkdir()
    done = nabolag("rules", "crowded", cwd=tmp_path)
    assert "crowded(persons, rooms, area_m2)" in done.stdout


def test_the_numbers_are_of_one_place(nabolag: Call, tmp_path: Path) -> None:
    done = nabolag("rules", town(tmp_path), "--settings", "regler.yaml")
    assert done.returncode == 2
    assert "--settings" in done.stderr


def test_a_part_that_is_no_table_is_told_of(nabolag: Call, tmp_path: Path) -> None:
    (tmp_path / "nabolag.toml").write_text("rules = 1\n")
    done = nabolag("rules", tmp_path)
    assert done.returncode == 2
    assert "«rules»" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("crowdet",), "crowded"),
        (("nei", "crowded"), "nabolag init"),
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
