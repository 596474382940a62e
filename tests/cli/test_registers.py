"""`nabolag registers`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.registers.sample import deliver, flawed, sound, write_registers


def test_a_sound_folder_ends_with_0(nabolag: Call, tmp_path: Path) -> None:
    write_registers(tmp_path, sound())
    done = nabolag("registers", "check", tmp_path, lang="nb")
    assert done.returncode == 0, done.stderr
    assert "Satt til side: 0" not in done.stderr
    assert done.stdout.startswith("Registre: 7. Leverte rader: 965. I orden: 965.")
    assert "Ingenting å bemerke." in done.stdout


def test_a_delivery_that_would_be_refused_ends_with_1_and_writes_nothing(
    nabolag: Call, tmp_path: Path
) -> None:
    folder = deliver(tmp_path, flawed())
    done = nabolag("registers", "check", folder, "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["taken_in"] is False
    assert sum(year["set_apart"] for year in report["years"]) == 17
    assert sorted(p.name for p in folder.iterdir()) == ["levert", "nabolag.toml"]


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ('[[register]]\nregister = "persons"\nfile = "a.csv"\n', "Did you mean «person»?"),
        ('[[register]]\nregister = "person"\nfile = "a.csv"\n', "a.csv"),
        ("", "No registers are delivered here."),
    ],
)
def test_mistakes_end_with_2_and_words(
    nabolag: Call, tmp_path: Path, config: str, says: str
) -> None:
    (tmp_path / "nabolag.toml").write_text(config, encoding="utf-8")
    done = nabolag("registers", "check", tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_taken_in_can_be_told_again(nabolag: Call, tmp_path: Path) -> None:
    folder = deliver(tmp_path, flawed())
    assert nabolag("registers", "report", folder).returncode == 2  # nothing is taken in yet
    received = nabolag("registers", "receive", folder, lang="nb")
    assert received.returncode == 1
    again = nabolag("registers", "report", folder, "--lang", "nb")
    assert again.returncode == 0
    assert again.stdout == received.stdout
    document, rows = tmp_path / "rapport.md", tmp_path / "rader.csv"
    done = nabolag("registers", "report", folder, "--lang", "nn", "-o", document, "--rows", rows)
    assert done.returncode == 0, done.stderr
    assert document.read_text(encoding="utf-8").startswith("# Rapport om levering av register\n")
    listed = list(csv.DictReader(rows.read_text(encoding="utf-8").splitlines()))
    assert len(listed) == 17
    assert listed[0] == {
        "register": "person",
        "year": "2020",
        "file": "levert/personer.csv",
        "row": "12",
        "column": "birth_year",
        "code": "register_cell_unread",
        "reason": "cella kan ikkje lesast",
    }
