"""`nabolag standard-set`: needs no workspace, and ends in words."""

from __future__ import annotations

import json
from pathlib import Path

from nabolag.indicators import standard_set
from tests.cli.conftest import Call


def test_it_lists_the_whole_set_without_a_workspace(nabolag: Call, tmp_path: Path) -> None:
    done = nabolag("standard-set", "--lang", "nn", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in standard_set().indicators)
    assert "Hushald som bur trongt" in done.stdout


def test_it_writes_a_file(nabolag: Call, tmp_path: Path) -> None:
    path = tmp_path / "sett.json"
    done = nabolag("standard-set", "--format", "json", "-o", path)
    assert done.returncode == 0, done.stderr
    assert json.loads(path.read_text(encoding="utf-8"))["edition"] == standard_set().edition.id


def test_what_is_not_there_is_said(nabolag: Call) -> None:
    wrong = nabolag("standard-set", "--edition", "1999-1")
    assert wrong.returncode == 2
    assert standard_set().edition.id in wrong.stderr
    assert nabolag("standard-set", "--format", "docx").returncode == 2
