"""XLSX: figures with number formats, and beside them definitions, sources, method, about."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from nabolag.core import Indicator, Lang, Unit, error, label
from nabolag.core.columns import OBSERVATION_NUMBERS
from nabolag.publish.exports.notes import (
    Colophon,
    colophon,
    finding_lines,
    indicator_facts,
    source_facts,
)
from nabolag.publish.exports.selection import EVERYTHING, Selection, select
from nabolag.publish.exports.table import long_table
from nabolag.store import Release

#: What a worksheet can hold, less the header.
MAX_ROWS: Final = 1_048_575
_COLUMNS = (
    "level", "area", "name", "indicator_label", "period", "group", "value", "unit", "status",
    "numerator", "denominator", "lower", "upper", "reason", "note", "source", "geography",
    "indicator", "status_code",
)  # fmt: skip
_WIDTHS: Final = {
    "level": 14, "area": 12, "name": 28, "indicator_label": 38, "period": 11, "group": 14,
    "value": 22, "unit": 16, "status": 26, "numerator": 11, "denominator": 11, "lower": 11,
    "upper": 11, "reason": 18, "note": 30, "source": 40, "geography": 10, "indicator": 22,
    "status_code": 20,
}  # fmt: skip
_HEADING = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of text: its name, headings, rows and column widths."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


def xlsx_bytes(release: Release, lang: Lang, selection: Selection = EVERYTHING) -> bytes:
    """Return the selection as a workbook. See `write_xlsx`."""
    rows = select(release, selection)
    if rows.height > MAX_ROWS:
        raise error("export_too_many_rows", rows=rows.height, limit=MAX_ROWS)
    return book_bytes(release, long_table(release, rows, lang), colophon(release, rows, lang))


def book_bytes(release: Release, table: pl.DataFrame, notes: Colophon) -> bytes:
    """Return a long table (`table.COLUMNS`) and what is said about it as a workbook."""
    import xlsxwriter  # noqa: PLC0415

    buffer = io.BytesIO()
    # Text is written as text: no formula and no link is made of what an area is called.
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(_properties(notes))
    _write_figures(book, release, table, notes.lang)
    for sheet in text_sheets(release, notes):
        _write_texts(book, sheet)
    book.close()
    return buffer.getvalue()


def write_xlsx(release: Release, path: Path, lang: Lang, selection: Selection = EVERYTHING) -> Path:
    """Write the selection as a workbook and return the path.

    The first sheet has a row a figure, numbers as numbers in the format of their unit (a share
    is a fraction of 1 shown as per cent), and the status in words where there is no number.
    Then come definitions, sources, method and about. No cells are merged; the first row of
    each sheet is its heading. Raises `UserError` as `select` does, and for more rows than a
    sheet can hold.
    """
    path.write_bytes(xlsx_bytes(release, lang, selection))
    return path


def text_sheets(release: Release, notes: Colophon) -> tuple[Sheet, ...]:
    """Return the sheets of words: definitions, sources, method, about."""
    lang = notes.lang
    definitions = [indicator_facts(indicator, lang) for indicator in notes.indicators]
    provenance = [source_facts(source, lang) for source in notes.sources]
    return (
        _fact_sheet("definitions", definitions, lang),
        _fact_sheet("sources", provenance, lang),
        _pair_sheet("method", _method(release, notes), lang),
        _pair_sheet("about", _about(release, notes), lang),
    )


def number_format(indicator: Indicator) -> str:
    """Return the spreadsheet's number format; it writes decimal and thousands signs itself."""
    decimals = "." + "0" * indicator.decimals if indicator.decimals else ""
    return f"0{decimals}%" if indicator.unit is Unit.SHARE else f"#,##0{decimals}"


def _fact_sheet(key: str, facts: Sequence[dict[str, str]], lang: Lang) -> Sheet:
    names = tuple(facts[0]) if facts else ()
    return Sheet(
        name=label(f"export.sheet.{key}", lang),
        headings=tuple(label(f"export.column.{name}", lang) for name in names),
        rows=tuple(tuple(fact[name] for name in names) for fact in facts),
        widths=tuple(60 if name in ("definition", "note") else 26 for name in names),
    )


def _pair_sheet(key: str, pairs: Iterable[tuple[str, str]], lang: Lang) -> Sheet:
    headings = (label("export.column.key", lang), label("export.column.text", lang))
    name = label(f"export.sheet.{key}", lang)
    return Sheet(name, headings, tuple(pairs), widths=(28, 110))


def _method(release: Release, notes: Colophon) -> list[tuple[str, str]]:
    lang = notes.lang
    shares = (label("export.unit.share", lang), label("export.share_note", lang))
    rules = [(label("export.key.disclosure", lang), words) for words in notes.rules]
    told = (release.about.get("accumulation") or {}).get("text") or {}
    classes = [(label("export.key.accumulation", lang), str(told[lang]))] if lang in told else []
    return [shares, *rules, *classes, *finding_lines(release.findings, lang)]


def _about(release: Release, notes: Colophon) -> list[tuple[str, str]]:
    lang = notes.lang
    facts = [
        ("title", notes.title),
        ("release", notes.release),
        ("created", notes.created),
        ("geography", str(release.about.get("geography", ""))),
        ("code_version", notes.code_version),
        *(("caution", words) for words in notes.cautions),
    ]
    return [(label(f"export.key.{name}", lang), words) for name, words in facts]


def _properties(notes: Colophon) -> dict[str, Any]:
    return {
        "title": label("export.dataset", notes.lang, name=notes.title),
        "subject": notes.release,
        "author": notes.title,
        "comments": " ".join(notes.cautions),
        "keywords": notes.release,
        "created": datetime.fromisoformat(notes.created).replace(tzinfo=None),
    }


def _write_figures(book: Any, release: Release, table: pl.DataFrame, lang: Lang) -> None:
    sheet = book.add_worksheet(label("export.sheet.figures", lang))
    heading = book.add_format(_HEADING)
    for at, name in enumerate(_COLUMNS):
        sheet.write_string(0, at, label(f"export.column.{name}", lang), heading)
        sheet.set_column(at, at, _WIDTHS[name])
    formats = {
        iid: book.add_format({"num_format": number_format(indicator)})
        for iid, indicator in release.indicators.items()
    }
    plain = book.add_format({"num_format": "#,##0.##"})
    muted = book.add_format({"italic": True})
    for row, figure in enumerate(table.iter_rows(named=True), start=1):
        own = formats[figure["indicator"]]
        for at, name in enumerate(_COLUMNS):
            number = own if name in ("value", "lower", "upper") else plain
            _write_cell(sheet, (row, at), name, figure, (number, muted))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(table.height, 1), len(_COLUMNS) - 1)
    _for_paper(sheet)


def _write_cell(
    sheet: Any, place: tuple[int, int], name: str, figure: dict[str, Any], forms: tuple[Any, Any]
) -> None:
    """Write one cell: a number, the status in words where the number should be, or text."""
    held = figure[name]
    if name in OBSERVATION_NUMBERS:
        if held is not None:
            sheet.write_number(*place, held, forms[0])
        elif name == "value":
            sheet.write_string(*place, figure["status"], forms[1])
    elif held:
        sheet.write_string(*place, held)


def _write_texts(book: Any, content: Sheet) -> None:
    sheet = book.add_worksheet(content.name)
    heading = book.add_format(_HEADING)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for at, (words, width) in enumerate(zip(content.headings, content.widths, strict=True)):
        sheet.write_string(0, at, words, heading)
        sheet.set_column(at, at, width)
    for row, cells in enumerate(content.rows, start=1):
        for at, words in enumerate(cells):
            sheet.write_string(row, at, words, wrapped)
    sheet.freeze_panes(1, 0)
    _for_paper(sheet)


def _for_paper(sheet: Any) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
