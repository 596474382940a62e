"""A delivered table of hours: read by what its columns are called, mistakes told in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from nabolag.allocation.norm import TeacherHoursSpec, read_hours
from nabolag.core import LANGS, UserError

HEAD = "Orgnr;Skole;År;Trinn;Elevtimer;Spesial;Norsk;Timer;Målform;Elever;Poeng;Eier"
ROW = "1;Dal;2019/2020;1.-4. trinn;16 000;800;200;950;50;120;48,5;Kommunal"


def spec(**changed: Any) -> TeacherHoursSpec:
    given: dict[str, Any] = {
        "file": "gsi.csv", "school": "Orgnr", "name": "Skole", "year": "År", "stage": "Trinn",
        "stages": {"1.-4. trinn": "1-4", "5.-7. trinn": "5-7"},
        "pupil_hours": "Elevtimer", "special_hours": "Spesial", "norwegian_hours": "Norsk",
        "teaching_hours": "Timer", "language_hours": "Målform", "pupils": "Elever",
        "points": "Poeng", "owner": "Eier", "owners": {"Kommunal": "public", "Privat": "private"},
    }  # fmt: skip
    return TeacherHoursSpec.model_validate({**given, **changed})


def read(folder: Path, *rows: str, **changed: Any) -> Any:
    path = folder / "gsi.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return read_hours(spec(**changed), path, "gsi.csv")


def test_the_formula_of_the_report_is_followed(tmp_path: Path) -> None:
    """SØF-rapport 04/20 L5499–5505: (16 000 − 800 − 200) over (950 + 50)."""
    row = read(tmp_path, ROW).schools.row(0, named=True)
    assert (row["pupil_hours"], row["teaching_hours"]) == (15_000, 1_000)
    assert (row["year"], row["stage"], row["owner"], row["points"]) == (2019, "1-4", "public", 48.5)


def test_columns_that_are_not_there_are_in_the_others_already(tmp_path: Path) -> None:
    bare = {"special_hours": "", "norwegian_hours": "", "language_hours": "", "points": ""}
    row = read(tmp_path, ROW, **bare).schools.row(0, named=True)
    assert (row["pupil_hours"], row["teaching_hours"], row["points"]) == (16_000, 950, None)


def test_a_blank_is_not_known_and_never_a_zero(tmp_path: Path) -> None:
    row = read(tmp_path, ROW.replace(";800;", ";;")).schools.row(0, named=True)
    assert row["pupil_hours"] is None


def test_a_school_with_both_kinds_of_stages_is_combined(tmp_path: Path) -> None:
    upper = ROW.replace("1.-4. trinn", "8-10")
    assert read(tmp_path, ROW, upper).schools["combined"].to_list() == [True, True]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (ROW.replace("16 000", "-16 000"), "norm_negative", "Elevtimer"),
        (ROW.replace(";950;", ";-1;"), "norm_negative", "Timer"),
        (ROW.replace("1.-4. trinn", ""), "norm_stage_unknown", "Trinn"),
        (ROW.replace("1.-4. trinn", "barnetrinnet"), "norm_stage_unknown", "Trinn"),
        (ROW.replace("2019/2020", "i fjor"), "norm_year_unread", "År"),
        (ROW.replace(";800;", ";17 000;"), "norm_more_taken_out", "Elevtimer"),
        (ROW.replace("1;Dal", ";Dal"), "norm_school_absent", "Orgnr"),
        (ROW.replace("16 000", "mange"), "dated_number_unread", "Elevtimer"),
        (ROW, "norm_repeated", "Orgnr"),
    ],
)
def test_what_cannot_be_is_told_with_row_and_column(
    tmp_path: Path, row: str, code: str, column: str
) -> None:
    with pytest.raises(UserError) as refused:
        read(tmp_path, ROW, row)
    finding = next(f for f in refused.value.findings if f.code == code)
    assert (finding.place.file, finding.place.row, finding.place.column) == ("gsi.csv", 3, column)
    for lang in LANGS:
        words = finding.text(lang)
        assert len(words) > 40
        assert "{" not in words


def test_a_column_that_the_file_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Elevtimer i alt"):
        read(tmp_path, ROW, pupil_hours="Elevtimer i alt")


def test_words_for_stages_that_are_none_are_refused() -> None:
    with pytest.raises(ValidationError, match="1-4, 5-7, 8-10"):
        spec(stages={"alle": "1-10"})
