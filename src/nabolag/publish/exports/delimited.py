"""CSV, written the Norwegian way (for Excel here) or the international way (for programs)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import polars as pl

from nabolag.core import Lang
from nabolag.publish.exports.selection import EVERYTHING, Selection, select
from nabolag.publish.exports.table import long_table
from nabolag.store import Release

Style: TypeAlias = Literal["no", "international"]


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a style writes: delimiter, decimal sign, and whether a byte order mark comes first."""

    delimiter: str
    decimal: str
    mark: bool


#: Norwegian Excel reads semicolons and decimal commas, and UTF-8 only after a byte order mark.
FORMS: Final[dict[Style, CsvForm]] = {
    "no": CsvForm(";", ",", mark=True),
    "international": CsvForm(",", ".", mark=False),
}
#: Text that a spreadsheet would run as a formula, with any guards already before it.
_RUNS_AS_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
_BLOCK = 20_000


def csv_bytes(
    release: Release, lang: Lang, style: Style = "no", selection: Selection = EVERYTHING
) -> bytes:
    """Return the long table as CSV. Raises `UserError` as `select` does."""
    return b"".join(csv_blocks(release, lang, style, selection))


def write_csv(
    release: Release,
    path: Path,
    lang: Lang,
    style: Style = "no",
    selection: Selection = EVERYTHING,
) -> Path:
    """Write the long table as CSV and return the path."""
    blocks = csv_blocks(release, lang, style, selection)
    with path.open("wb") as file:
        file.writelines(blocks)
    return path


def csv_blocks(
    release: Release, lang: Lang, style: Style = "no", selection: Selection = EVERYTHING
) -> Iterator[bytes]:
    """Return the long table as CSV in blocks of rows, for sending while it is written.

    Columns are `table.COLUMNS` with the same names in every language; the words in the cells
    are in `lang`. Shares are fractions of 1. A figure without a number has empty number cells
    and its status beside. The selection is checked before the first block is asked for.
    """
    table = long_table(release, select(release, selection), lang)
    return _blocks(table, FORMS[style])


def frame_csv(table: pl.DataFrame, style: Style) -> bytes:
    """Return any table as CSV: number columns as numbers, everything else as text."""
    return b"".join(_blocks(table, FORMS[style]))


def guarded(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe before what begins a formula.

    Undone by `unguarded`, for every text.
    """
    return f"'{text}" if _RUNS_AS_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text as it was before `guarded`."""
    return text[1:] if _GUARDED.match(text) else text


def number_text(value: float | None, decimal: str) -> str:
    """Return the shortest text that reads back as the same number; empty where there is none."""
    if value is None:
        return ""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value).replace(".", decimal)


def _blocks(table: pl.DataFrame, form: CsvForm) -> Iterator[bytes]:
    start = "\ufeff" if form.mark else ""
    yield (start + _lines([table.columns], form)).encode("utf-8")
    numeric = [dtype.is_numeric() for dtype in table.dtypes]
    for piece in table.iter_slices(_BLOCK):
        rows = [
            [
                number_text(cell, form.decimal) if is_number else guarded(_text(cell))
                for cell, is_number in zip(row, numeric, strict=True)
            ]
            for row in piece.iter_rows()
        ]
        yield _lines(rows, form).encode("utf-8")


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _lines(rows: list[list[str]], form: CsvForm) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=form.delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()
