"""How a delivered table seems to be written: a look, never an import.

What is seen becomes a proposal that a person confirms (`nabolag init`). Nothing here decides
what a file means; it says which encoding, delimiter, header and columns the file shows.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from nabolag.core import Place, UserError, error
from nabolag.sources.column_rules import Lookup
from nabolag.sources.delimited import (
    DELIMITERS,
    decode,
    delimited_table,
    likely_encoding,
    parse_records,
)
from nabolag.sources.file_form import Format, ReadOptions, format_of
from nabolag.sources.grid import RawTable, Record, has_text
from nabolag.sources.marks import DEFAULT_MARKS
from nabolag.sources.read import read_raw
from nabolag.sources.spreadsheet import sheet_records

_NUMBER = re.compile(r"[+\-−]?\d{1,3}([ \u00a0\u202f.']?\d{3})*([.,]\d+)?|[+\-−]?\d+([.,]\d+)?")
_YEAR = re.compile(r"(19|20)\d\d")
_COMMA = re.compile(r"[+\-−]?[\d \u00a0\u202f]+,\d+")
_POINT = re.compile(r"[+\-−]?\d+\.\d+")
_GROUPED = re.compile(r"[+\-−]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?")
_ENDS_WITH = 24


@dataclass(frozen=True, slots=True)
class TableSeen:
    """What a table shows. `read` holds only the options that differ from the usual ones.

    `table` is the table read with them, as text. `title` is what stands above the header.
    `sheets` are all sheets of a workbook, `unread` counts rows below the table.
    """

    name: str
    format: Format
    read: Mapping[str, Any]
    table: RawTable
    title: str = ""
    sheets: tuple[str, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where header, body and notes of a grid stand, and how many figures the body has."""

    read: dict[str, Any]
    title: str
    body: tuple[Record, ...]
    unread: int
    first: int = 1


def look_at_table(path: Path, name: str) -> TableSeen:
    """Look at one delivered table. Raises `UserError` where it cannot be read as one."""
    kind = _format(path, name)
    title, unread = "", 0
    sheets: tuple[str, ...] = ()
    read: dict[str, Any] = {}
    if kind == "csv":
        return _look_at_text(path, name)
    if kind == "excel":
        read, layout, sheets = _look_at_workbook(path, name)
        title, unread = layout.title, layout.unread
    elif kind == "json":
        read = _look_at_json(path)
    options = ReadOptions(**read)
    # The reader itself has the last word: what it refuses is no proposal.
    table = read_raw(path, Lookup(file=name, name="-", code="-", format=kind, read=options), name)
    return TableSeen(name, kind, read, table, title, sheets, unread)


def is_number(text: str) -> bool:
    """Tell whether a text reads as a number in any usual way of writing."""
    return _NUMBER.fullmatch(text) is not None


def is_year(text: str) -> bool:
    """Tell whether a text is a year."""
    return _YEAR.fullmatch(text) is not None


def layout_of(records: Sequence[Record], name: str) -> Layout:
    """Find header, body and what stands below in a grid of texts.

    The header is the first of two rows in a row that are at least half as full as rows
    usually are. Raises `UserError` where there is none.
    """
    trimmed = ((at, list(map(str.strip, row))) for at, row in records)
    filled = [(at, row) for at, row in trimmed if any(row)]
    counts = [len(row) - row.count("") for _, row in filled]
    usual = Counter(count for count in counts if count > 1).most_common(1)
    enough = max(2, -(-usual[0][0] // 2)) if usual else 2
    first = next(
        (n for n in range(len(filled) - 1) if min(counts[n], counts[n + 1]) >= enough), None
    )
    if first is None:
        raise error("source_no_rows", Place(name))
    height = _header_height([row for _, row in filled[first:]])
    below = filled[first + height :]
    full = counts[first + height :]
    last = next((n for n in range(len(full) - 1, -1, -1) if full[n] >= enough), -1)
    while last + 1 < len(below) and _holds_figures(below[last + 1][1]):
        last += 1
    body, notes = below[: last + 1], below[last + 1 :]
    read: dict[str, Any] = {"header_row": filled[first][0]} if filled[first][0] != 1 else {}
    if height > 1:
        read |= {"header_rows": height, "header_fill": True}
    read |= _end(body, notes) | _numbers(body)
    title = next((cell for _, row in filled[:first] for cell in row if cell), "")
    return Layout(read, title, tuple(body), len(notes), filled[first][0])


def _header_height(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows the header takes: those in which no figure stands yet."""
    height = 1
    while height < len(rows) - 1 and not any(_is_figure(cell) for cell in rows[height]):
        height += 1
    return height if height < len(rows) - 1 else 1


def _is_figure(cell: str) -> bool:
    return (cell in DEFAULT_MARKS and cell != "") or (is_number(cell) and not is_year(cell))


def _holds_figures(row: Sequence[str]) -> bool:
    """Tell whether a sparse row is of the table still: a note below it has no two figures."""
    return sum(is_number(cell) and not is_year(cell) for cell in row[1:]) > 1


def _end(body: Sequence[Record], notes: Sequence[Record]) -> dict[str, Any]:
    """Return the options that cut the notes below a table."""
    if not notes:
        return {}
    start = notes[0][1][0][:_ENDS_WITH].strip()
    if start and not any(row[0].startswith(start) for _, row in body):
        return {"ends_at": start}
    return {"footer_rows": len(notes)}


def _numbers(body: Sequence[Record]) -> dict[str, Any]:
    cells = Counter(chain.from_iterable(row for _, row in body))
    commas = sum(n for cell, n in cells.items() if _COMMA.fullmatch(cell))
    points = sum(n for cell, n in cells.items() if _POINT.fullmatch(cell))
    found: dict[str, Any] = {"decimal": ","} if commas > points else {}
    return found | ({"thousands": " "} if any(map(_GROUPED.fullmatch, cells)) else {})


def _format(path: Path, name: str) -> Format:
    kind = format_of(name, None)
    if kind is None:
        raise error("source_format_unknown", Place(name), known=", ".join(("csv", "excel", "px")))
    if path.stat().st_size == 0:
        raise error("source_empty", Place(name))
    return "jsonstat" if kind == "json" and _is_jsonstat(_json(path)) else kind


def _look_at_text(path: Path, name: str) -> TableSeen:
    data = path.read_bytes()
    encoding = _encoding(data)
    text = decode(data, encoding, name)
    read: dict[str, Any] = {"encoding": encoding} if encoding != "utf-8" else {}
    # A sign that stands nowhere parts nothing; without any, the first leaves one column.
    signs = [sign for sign in DELIMITERS if sign in text] or DELIMITERS[:1]
    found = [(sign, records) for sign in signs if (records := _tried(text, sign))]
    if not found:
        raise error("source_quotes", Place(name))
    sign, records = max(found, key=lambda one: _evenness(one[1]))
    read |= {"delimiter": sign} if sign != ReadOptions().delimiter else {}
    layout = layout_of(records, name)
    rows = {at: len(row) for at, row in records}
    width = rows[layout.first]
    if any(rows[at] < width for at, _ in layout.body):
        read["short_rows"] = "fill"
    read |= layout.read
    # The reader itself has the last word; it is given the rows, so that they are parsed once.
    table = delimited_table(text, records, ReadOptions(**read), name)
    return TableSeen(name, "csv", read, table, layout.title, (), layout.unread)


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return likely_encoding(data)
    return "utf-8"


def _tried(text: str, sign: str) -> list[Record]:
    try:
        return parse_records(text, sign, '"')
    except csv.Error:
        return []


def _evenness(records: Sequence[Record]) -> tuple[float, int]:
    """Return the share of rows that have the most usual number of fields, and that number."""
    widths = Counter(len(row) for _, row in records if has_text(row))
    several = [(count, width) for width, count in widths.items() if width > 1]
    if not several:
        return 0.0, 0
    count, width = max(several)
    return count / widths.total(), width


def _look_at_workbook(path: Path, name: str) -> tuple[dict[str, Any], Layout, tuple[str, ...]]:
    """Return how the sheet with most figures is laid out, and the names of all sheets."""
    best: tuple[int, str, Layout] | None = None
    pages = sheet_records(path, name)
    for sheet, records in pages.items():
        try:
            layout = layout_of(records, name)
        except UserError:
            continue  # A title page or an empty sheet holds no table.
        figures = sum(is_number(cell) for _, row in layout.body for cell in row)
        if best is None or figures > best[0]:
            best = (figures, sheet, layout)
    if best is None:
        raise error("source_no_rows", Place(name))
    read = {"sheet": best[1]} if len(pages) > 1 else {}
    return read | best[2].read, best[2], tuple(pages)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        return None  # The reader says what is wrong with it.


def _is_jsonstat(document: Any) -> bool:
    return isinstance(document, dict) and ("dimension" in document or "dataset" in document)


def _look_at_json(path: Path) -> dict[str, Any]:
    """Return the key under which the records stand, where they do not stand at the top."""
    document = _json(path)
    if not isinstance(document, dict):
        return {}
    lists = (key for key, value in document.items() if isinstance(value, list) and value)
    key = next(lists, None)
    return {"path": [key]} if key else {}
