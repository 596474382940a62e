from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from nabolag.core import LANGS, Lang, UserError, label
from nabolag.publish.exports import Selection, spreadsheet, write_xlsx, xlsx_bytes
from nabolag.store import Release
from tests.publish.exports.rows import write_release


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(name).decode("utf-8")


def figures(content: bytes, lang: Lang = "nb") -> list[dict[str, object]]:
    head, *rows = sheets(content)[label("export.sheet.figures", lang)]
    return [dict(zip([str(h) for h in head], row, strict=True)) for row in rows]


@pytest.mark.parametrize("lang", LANGS)
def test_sheets_are_named_in_the_language(sample_release: Release, lang: Lang) -> None:
    names = list(sheets(xlsx_bytes(sample_release, lang)))
    wanted = ("figures", "definitions", "sources", "method", "about")
    assert names == [label(f"export.sheet.{name}", lang) for name in wanted]


def test_numbers_are_numbers_and_statuses_words(sample_release: Release) -> None:
    rows = figures(xlsx_bytes(sample_release, "nb", Selection("delbydel")))
    values = [row["Verdi"] for row in rows]
    assert len(rows) == 108
    assert sum(isinstance(value, float) for value in values) == 105
    assert sorted(str(v) for v in values if isinstance(v, str)) == [
        "Ikke aktuelt",
        "Mangler",
        "Skjult av hensyn til personvern",
    ]
    town = next(r for r in rows if r["Område"] == "0203" and r["Indikator"] == "crowded")
    assert town["Verdi"] == pytest.approx(town["Teller"] / town["Nevner"])  # type: ignore[operator]


def test_codes_keep_their_zeros(sample_release: Release) -> None:
    rows = figures(xlsx_bytes(sample_release, "nb", Selection("delbydel")))
    assert {row["Område"] for row in rows} >= {"0101", "0203"}


def test_shares_are_shown_per_cent_and_kroner_with_thousands(sample_release: Release) -> None:
    styles = part(xlsx_bytes(sample_release, "nb"), "xl/styles.xml")
    assert 'formatCode="0.0%"' in styles
    kroner = sample_release.indicators["mean_income"]
    assert spreadsheet.number_format(kroner) == "#,##0"


def test_the_sheet_is_usable(sample_release: Release) -> None:
    content = xlsx_bytes(sample_release, "nb")
    for number in range(1, 6):
        sheet = part(content, f"xl/worksheets/sheet{number}.xml")
        assert "mergeCell" not in sheet
        assert re.search(r'<pane [^>]*ySplit="1"[^>]*state="frozen"', sheet)
    first = part(content, "xl/worksheets/sheet1.xml")
    assert "<autoFilter" in first
    assert "<f>" not in first
    assert f"<dc:subject>{sample_release.id}<" in part(content, "docProps/core.xml")


@pytest.mark.parametrize("lang", LANGS)
def test_definitions_sources_rules_and_release_follow(sample_release: Release, lang: Lang) -> None:
    book = sheets(xlsx_bytes(sample_release, lang))
    told = {name: str(rows) for name, rows in book.items()}
    assert "Eksempel kommune" in told[label("export.sheet.sources", lang)]
    assert len(book[label("export.sheet.definitions", lang)]) == 1 + 6
    method = told[label("export.sheet.method", lang)]
    assert label("export.rule.numerator", lang, threshold=5) in method
    about = told[label("export.sheet.about", lang)]
    assert sample_release.id in about
    assert label("publish.note.totals", lang) in about


def test_no_name_runs_as_a_formula(tmp_path: Path) -> None:
    release = write_release(tmp_path, names={"0101": "=1+1", "0102": "http://example.no"})
    content = xlsx_bytes(release, "nb", Selection("delbydel"))
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "=1+1" in {str(row["Navn"]) for row in figures(content)}


def test_more_rows_than_a_sheet_holds_are_refused(
    sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 10)
    with pytest.raises(UserError, match="spreadsheet holds 10"):
        xlsx_bytes(sample_release, "nb")


def test_the_same_release_gives_the_same_bytes(sample_release: Release, tmp_path: Path) -> None:
    path = write_xlsx(sample_release, tmp_path / "x.xlsx", "nb")
    assert path.read_bytes() == xlsx_bytes(sample_release, "nb")
