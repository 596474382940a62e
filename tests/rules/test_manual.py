"""docs/rules.md says what the rules are, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nabolag import rules
from nabolag.core import label
from nabolag.rules import RuleStatus
from tests.rules.manual import MANUAL, THEMES, written

TEXT = MANUAL.read_text(encoding="utf-8")


def test_the_tables_are_those_of_the_rules() -> None:
    assert written(TEXT) == TEXT, "run python -m tests.rules.manual"


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_every_rule_is_in_the_manual(name: str) -> None:
    assert f"| `{rules.signature(name)}` | {rules.RULES[name].term} |" in TEXT
    assert rules.RULES[name].function.__module__.rsplit(".", 1)[1] in THEMES


def test_every_declared_number_is_in_the_manual() -> None:
    section = TEXT.split("<!-- declared -->")[1].split("<!-- /declared -->")[0]
    for entry, kind in rules.parameter_kinds().items():
        for p in kind.history():
            for name in set(p.declared) - {"since", "until"}:
                rows = [row for row in section.splitlines() if row.startswith(f"| `{entry}` |")]
                assert any(name in row for row in rows), (entry, name)


def test_every_status_is_explained() -> None:
    table = TEXT.split("## Hvor fast en regel er")[1].split("##")[0]
    assert all(label(f"rule_status.{status.value}", "nb") in table for status in RuleStatus)


def test_the_example_of_ones_own_numbers_is_valid(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
    path = tmp_path / "regler.yaml"
    path.write_text(block, encoding="utf-8")
    book = rules.read_book(path)
    assert book != rules.house_book()


def test_the_commands_of_the_manual_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from nabolag.cli.main import app

    (tmp_path / "MAPPE").mkdir()
    (tmp_path / "MAPPE" / "nabolag.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```\n(nabolag rules.*?)```", TEXT, re.S)
    for line in block.splitlines():
        words = re.split(r"\s{2,}", line.removeprefix("nabolag "))[0].split()
        assert CliRunner().invoke(app, words).exit_code == 0, line
