"""The audit and the check of a file, as a person runs them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from nabolag.core import LANGS
from nabolag.store import Workspace
from tests.cli.conftest import Call

HEADER = "level,area,indicator,period,group,verdict,least,most"


def figures(workspace: Path, folder: Path, area: str) -> Path:
    """A file with one figure of an area, as the house knows it."""
    snapshot = Workspace(workspace).snapshot()
    assert snapshot is not None
    rows = snapshot.frame("observations").filter(
        pl.col("area") == area, indicator="low_income_households", period="2021"
    )
    path = folder / "tabell.csv"
    rows.select(
        "level", "area", "indicator", "period", "group", "value", "numerator", "denominator"
    ).write_csv(path)
    return path


def test_the_audit_of_a_sound_release_is_an_empty_table_and_a_sentence(
    nabolag: Call, workspace: Path
) -> None:
    for lang, words in zip(LANGS, ("Ingen av dem", "Ingen av dei", "None of them"), strict=True):
        done = nabolag("audit", workspace, lang=lang)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == HEADER
        assert words in done.stderr


def test_a_file_that_gives_a_figure_away_is_refused(
    nabolag: Call, workspace: Path, tmp_path: Path
) -> None:
    done = nabolag("ledger", "check", workspace, figures(workspace, tmp_path, "0102"), lang="nb")
    assert done.returncode == 1
    assert "0101" in done.stdout
    assert "tabell.csv" in done.stderr
    assert "Ta tallene ut av filen" in done.stderr


def test_a_file_of_what_is_shown_may_leave(nabolag: Call, workspace: Path, tmp_path: Path) -> None:
    done = nabolag("ledger", "check", workspace, figures(workspace, tmp_path, "0104"), lang="nn")
    assert done.returncode == 0, done.stderr
    assert "røper ingen skjulte tal" in done.stderr
