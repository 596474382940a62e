"""PX: keywords and languages, data symbols, broken files, and the recorded tables."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.px import parse_px, read_px
from nabolag.sources.tables import provenance, read_table
from tests.sources.tables import spec, write

SMALL = """CHARSET="ANSI";
CODEPAGE="iso-8859-1";
LANGUAGE="no";
LANGUAGES="no","en";
TITLE="Husholdninger; "
"etter område";
STUB="område";
HEADING="år";
VALUES("område")="Grønland","Kampen";
VALUES("år")="2018","2019","2020";
CODES("område")="0102","0105";
STUB[en]="area";
HEADING[en]="year";
VALUES[en]("area")="Greenland","Kampen";
VALUES[en]("year")="2018","2019","2020";
LAST-UPDATED="20250131 08:00";
DATASYMBOL1=":";
DATA=
12.5 "." "-"
"..." 7 "."
;
"""


def test_columns_lines_and_symbols(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.encode("latin-1"), "t.px")
    table = read_px(path, ReadOptions(), "t.px")
    assert table.columns == ["område", "område.text", "år", "år.text", "value"]
    assert table.frame["value"].to_list() == ["12.5", ":", "-", "...", "7", ":"]
    assert table.frame["område"].to_list() == ["0102"] * 3 + ["0105"] * 3
    first = SMALL[: SMALL.index("12.5")].count("\n") + 1
    assert table.frame["_row"].to_list() == [first] * 3 + [first + 1] * 3
    assert table.facts["updated"] == "2025-01-31"


def test_another_language_keeps_the_codes(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.encode("latin-1"), "t.px")
    frame = read_px(path, ReadOptions(language="en"), "t.px").frame
    assert frame["area.text"].unique(maintain_order=True).to_list() == ["Greenland", "Kampen"]
    assert frame["area"].unique(maintain_order=True).to_list() == ["0102", "0105"]
    with pytest.raises(UserError):
        read_px(path, ReadOptions(language="sv"), "t.px")


def test_texts_over_several_lines_are_one_text() -> None:
    keywords = parse_px(SMALL).keywords
    assert keywords["TITLE", "", ()] == ("Husholdninger; etter område",)
    assert keywords["LANGUAGES", "", ()] == ("no", "en")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"..." 7 "."\n', ""),
        (";\n", "\n"),
        ('VALUES("år")="2018","2019","2020";\n', ""),
        ('CODES("område")="0102","0105";', 'CODES("område")="0102";'),
        ("DATA=", "KEYS(\"område\")=CODES;\nDATA="),
        ('STUB="område";\nHEADING="år";\n', ""),
        (SMALL[SMALL.index("DATA=") :], ""),
    ],
)  # fmt: skip
def test_files_that_are_cut_short_or_lack_keywords(tmp_path: Path, old: str, new: str) -> None:
    assert old in SMALL
    path = write(tmp_path, SMALL.replace(old, new).encode("latin-1"), "t.px")
    with pytest.raises(UserError) as caught:
        read_px(path, ReadOptions(), "t.px")
    assert caught.value.findings[0].code == "source_px_wrong"


def test_a_whole_source(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL.encode("latin-1"), "t.px")
    given = spec(
        area={"level": "delbydel", "column": "område"},
        measure={"id": "n", "column": "value"},
        marks={"-": "zero", "...": "missing"},
    )
    result = read_table(given, path, "t.px")
    assert result.cells["status"].to_list() == [
        "value", "suppressed_primary", "value", "missing", "value", "suppressed_primary",
    ]  # fmt: skip
    assert result.cells["value"].to_list() == [12.5, None, 0.0, None, 7.0, None]
    assert provenance(given, result).updated_at == "2025-01-31"


def test_recorded_table_against_the_recorded_api_metadata(data_root: Path) -> None:
    """PxWebApi's own reading of TAB004 (codes, labels, order) is the oracle."""
    folder = data_root / "6-api-recorded/pxwebapi"
    table = parse_px((folder / "px-files/TAB004.px").read_text(encoding="iso-8859-1"))
    metadata = json.loads(
        (folder / "expected/MetadataById_tab004_js2.json").read_text(encoding="utf-8-sig")
    )
    assert [variable.code for variable in table.variables] == metadata["id"]
    assert [len(variable.values) for variable in table.variables] == metadata["size"]
    for variable in table.variables:
        category = metadata["dimension"][variable.code]["category"]
        assert list(variable.codes) == sorted(category["index"], key=category["index"].get)
        assert dict(zip(variable.codes, variable.values, strict=True)) == category["label"]
    about = json.loads((folder / "expected/TableById_tab004.json").read_text(encoding="utf-8-sig"))
    assert [variable.name for variable in table.variables] == about["variableNames"]


def test_recorded_table_against_the_recorded_answer_for_one_cell(data_root: Path) -> None:
    folder = data_root / "6-api-recorded/pxwebapi"
    whole = read_px(folder / "px-files/TAB004.px", ReadOptions(), "TAB004.px").frame
    # The recorded answer states iso-8859-1 and is UTF-8: that is refused until it is declared.
    few_path = folder / "expected/tab4_fewcells.px"
    with pytest.raises(UserError):
        read_px(few_path, ReadOptions(), few_path.name)
    few = read_px(few_path, ReadOptions(encoding="utf-8"), few_path.name).frame
    keys = ["sector", "greenhouse gas", "contents", "year"]
    both = few.join(whole, on=keys, how="left", validate="1:1")
    assert both["value"].to_list() == both["value_right"].to_list() == ["445"]


@pytest.mark.parametrize("name", ["TAB001", "TAB002", "TAB003", "TAB005"])
def test_other_recorded_tables_in_both_languages(data_root: Path, name: str) -> None:
    path = data_root / "6-api-recorded/pxwebapi/px-files" / f"{name}.px"
    english = read_px(path, ReadOptions(), path.name).frame
    swedish = read_px(path, ReadOptions(language="sv"), path.name).frame
    assert english["value"].equals(swedish["value"])
    codes = [c for c in english.columns if not c.endswith(".text") and c not in ("value", "_row")]
    other = [c for c in swedish.columns if not c.endswith(".text") and c not in ("value", "_row")]
    assert english.select(codes).rows() == swedish.select(other).rows()
    assert english.select(pl.struct(codes).n_unique()).item() == english.height
