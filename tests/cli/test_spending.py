"""`nabolag spending …`: list, describe, show, run, and one of the report's tables on a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from docx import Document

from nabolag.pipeline import build
from tests.cli.conftest import Call
from tests.support.models import VARIABLES, write_models, write_table


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_models(tmp_path_factory.mktemp("modeller"))
    build(folder)
    return folder


def _given() -> list[str]:
    return [word for one in VARIABLES.items() for word in ("--variable", "=".join(one))]


def test_every_table_of_the_report_is_listed(nabolag: Call) -> None:
    done = nabolag("spending", "list", lang="nb")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 46
    assert rows[0]["id"] == "table-02"


def test_what_a_table_needs_is_described(nabolag: Call) -> None:
    done = nabolag("spending", "describe", "table-14", lang="nb")
    rows = {row["column"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["share_low_income"]["scale"] == "per_cent"
    assert "Årsdummyer er med. L2682–L2686" in done.stderr


def test_the_released_answers_are_printed(nabolag: Call, built: Path) -> None:
    done = nabolag("spending", "show", built, lang="nb")
    assert done.returncode == 0, done.stderr
    assert "aktiviteter: Der andel lavinntektshusholdninger" in done.stdout
    one = nabolag("spending", "show", built, "aktiviteter", lang="nb")
    assert "Antall grupper (G)" in one.stdout


def test_a_declared_model_is_run_to_a_word_file(nabolag: Call, built: Path, tmp_path: Path) -> None:
    path = tmp_path / "tabell.docx"
    done = nabolag("spending", "run", built, "aktiviteter", "-o", path, lang="nb")
    assert done.returncode == 0, done.stderr
    cells = [c.text for row in Document(str(path)).tables[0].rows for c in row.cells]
    assert "Observasjoner" in cells


def test_a_table_is_run_on_a_file_of_ones_own(nabolag: Call, tmp_path: Path) -> None:
    file = write_table(tmp_path / "bydeler.csv")
    done = nabolag("spending", "table", "table-14", file, *_given(), "--columns", "1,5", lang="nb")
    assert done.returncode == 0, done.stderr
    assert "Andel lavinntektshusholdninger" in done.stdout
    assert "Andel innvandrere" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["table-99", "x.csv"], "There is no model «table-99»"),
        (["table-14", "x.csv"], "The file does not exist"),
        (["table-14", "x.csv", "--columns", "9"], "columns are 1 to 5"),
        (["table-14", "x.csv", "--columns", "en"], "--columns cannot be «en»"),
        (["table-14", "x.csv", "--variable", "Lavinntekt"], "does not say which column"),
        (["table-14", "x.csv", "--variable", "rogn=x"], "has no variable rogn"),
    ],
)
def test_mistakes_end_in_words(nabolag: Call, tmp_path: Path, words, said) -> None:
    done = nabolag("spending", "table", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_number_that_is_none_is_named(nabolag: Call, tmp_path: Path) -> None:
    file = write_table(tmp_path / "bydeler.csv")
    file.write_text(file.read_text().replace("B02;2017;0,", "B02;2017;x0,", 1))
    done = nabolag("spending", "table", "table-14", file, *_given())
    assert done.returncode == 2
    assert "bydeler.csv, row 11, column «Barn»" in done.stderr
