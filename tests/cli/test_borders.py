"""`nabolag areas at`, `history` and `recode`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.pipeline.test_catchments import write_catchments
from tests.support.delivery import write_delivery
from tests.support.moved import write_moved
from tests.support.schools import write_schools


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_moved(tmp_path_factory.mktemp("moved"))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_areas_on_a_day(nabolag: Call, folder: Path) -> None:
    done = nabolag("areas", "at", folder, "2012")
    assert done.returncode == 0, done.stderr
    assert [row["code"] for row in rows(done.stdout)] == ["0103", "0201"]
    wrong = nabolag("areas", "at", folder, "i går", lang="nb")
    assert wrong.returncode == 2
    assert "er ikke en dato" in wrong.stderr


def test_the_history_of_an_area(nabolag: Call, folder: Path) -> None:
    done = nabolag("areas", "history", folder, "0105")
    assert [(row["date"], row["kind"], row["from_code"]) for row in rows(done.stdout)] == [
        ("2010-01-01", "merged", "0101"),
        ("2010-01-01", "merged", "0102"),
        ("2020-01-01", "split", "0103"),
    ]
    unknown = nabolag("areas", "history", folder, "0999", lang="nn")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "0999" in unknown.stderr


def test_a_file_is_recoded(nabolag: Call, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "tall.csv"
    file.write_text("kommune;aar;n;d\n0101;2005;60;600\n0102;2005;80;400\n0201;2005;:;500\n")
    asked = ["--from", "2005", "--to", "2018", "--area", "kommune", "--by", "aar"]
    done = nabolag("areas", "recode", folder, file, *asked, "--share", "n/d", "--count", "d")
    assert done.returncode == 0, done.stderr
    told = {(row["area"], row["measure"]): row for row in rows(done.stdout)}
    assert told["0103", "n/d"]["value"] == "0.14"
    assert told["0103", "d"]["value"] == "1000.0"
    assert told["0301", "n/d"]["status"] == "suppressed_primary"
    assert told["0301", "n/d"]["value"] == ""
    assert told["0103", "n/d"]["aar"] == "2005"


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("kommune;n\n0101;x\n", ["--count", "n"], "are not numbers"),
        ("kommune;n\n0101;1\n0101;2\n", ["--count", "n"], "more than one row"),
        ("kommune;n\n0101;1\n", ["--count", "m"], "not in the file"),
        ("kommune;n\n0101;1\n", ["--share", "n"], "numerator and denominator"),
        ("kommune;n\n0101;1\n", [], "No columns"),
    ],
)
def test_mistakes_are_told_in_words(
    nabolag: Call, folder: Path, tmp_path: Path, text: str, options: list[str], words: str
) -> None:
    file = tmp_path / "tall.csv"
    file.write_text(text)
    asked = ["--from", "2005", "--to", "2018", "--area", "kommune", *options]
    done = nabolag("areas", "recode", folder, file, *asked)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_code_of_no_year_ends_in_words_and_a_failed_check(
    nabolag: Call, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "tall.csv"
    file.write_text("kommune;n\n0101;1\n0102;2\n0199;3\n")
    asked = ["--from", "2005", "--to", "2018", "--area", "kommune", "--count", "n"]
    done = nabolag("areas", "recode", folder, file, *asked)
    assert done.returncode == 1
    assert "0199" in done.stderr
    assert [row["value"] for row in rows(done.stdout)] == ["3.0"]


def test_a_workspace_without_history_says_what_to_add(nabolag: Call, tmp_path: Path) -> None:
    folder = write_delivery(tmp_path)
    done = nabolag("areas", "at", folder, "2012")
    assert done.returncode == 2
    assert "[[area_history]]" in done.stderr


def test_places_are_printed_with_their_areas(nabolag: Call, tmp_path: Path) -> None:
    folder = write_schools(tmp_path)
    done = nabolag("areas", "points", folder, "--level", "school", lang="nb")
    assert done.returncode == 0, done.stderr
    told = {row["code"]: row for row in rows(done.stdout)}
    assert (told["S1"]["delbydel"], told["S1"]["bydel_name"]) == ("0101", "Sør")
    assert told["S6"]["how"] == "no_point"
    assert "S5 Fjern skole" in done.stderr
    assert set(told) == {f"S{n}" for n in range(1, 8)}
    as_json = nabolag("areas", "points", folder, "--format", "json")
    assert len(json.loads(as_json.stdout)) == 9


def test_a_workspace_without_places_says_what_to_add(nabolag: Call, tmp_path: Path) -> None:
    done = nabolag("areas", "points", write_delivery(tmp_path))
    assert done.returncode == 2
    assert "[[points]]" in done.stderr


def test_catchments_are_printed_and_pupils_shared_out(nabolag: Call, tmp_path: Path) -> None:
    folder = write_catchments(tmp_path)
    done = nabolag("areas", "catchments", folder, "--year", "2021")
    assert done.returncode == 0, done.stderr
    told = [row for row in rows(done.stdout) if row["area"] == "0201"]
    assert [(r["school"], r["school_name"], r["share"]) for r in told] == [
        ("S2", "Nordli skole", "0.5"),
        ("S3", "Hjørnet skole", "0.5"),
    ]
    file = tmp_path / "barn.csv"
    file.write_text("delbydel;barn\n0101;100\n0102;:\n0201;30\n0202;7\n")
    asked = ["--year", "2021", "--level", "delbydel", "--area", "delbydel", "--count", "barn"]
    done = nabolag("areas", "pupils", folder, file, *asked)
    assert done.returncode == 0, done.stderr
    shared = {row["school"]: (row["value"], row["status"]) for row in rows(done.stdout)}
    assert shared == {
        "S1": ("", "suppressed_primary"),
        "S2": ("22.0", "value"),
        "S3": ("15.0", "value"),
    }
    file.write_text("delbydel;barn\n0777;100\n")
    wrong = nabolag("areas", "pupils", folder, file, *asked, lang="nb")
    assert wrong.returncode == 2
    assert "0777" in wrong.stderr
    strange = nabolag("areas", "pupils", folder, file, *asked, "--catchments", "ungdom")
    assert (strange.returncode, "barneskoler" in strange.stderr) == (2, True)
