"""A delivered table as text: rows with the numbers a user sees, before anything has meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from nabolag.core import Finding, Place, Severity, UserError, error
from nabolag.sources.file_form import ReadOptions

#: The internal column that holds row numbers.
ROW = "_row"
_SPACES = re.compile(r"\s+")
_EXAMPLES = 5

#: A row as read: its number in the file and its fields.
Record = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class RawTable:
    """Columns of trimmed text (never null) and `_row`, the row number in the file.

    `facts` say how it was read (encoding, delimiter, sheet). `mark_column` names a column that
    holds the producer's marks beside the values, where the format has one. `blank_rows` counts
    rows without any text. `derived` columns were made by the reader and need not be used.
    """

    frame: pl.DataFrame
    facts: Mapping[str, str] = field(default_factory=dict)
    mark_column: str = ""
    blank_rows: int = 0
    derived: tuple[str, ...] = ()
    header: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of the delivered columns."""
        return [name for name in self.frame.columns if name != ROW]


def has_text(row: Sequence[str]) -> bool:
    """Tell whether anything but white space stands in a row."""
    return bool("".join(row).strip())


def text_frame(
    columns: Mapping[str, Sequence[str] | pl.Series], rows: Sequence[int]
) -> pl.DataFrame:
    """Return a frame of trimmed texts with row numbers."""
    frame = pl.DataFrame({ROW: pl.Series(rows, dtype=pl.Int64)})
    texts = [pl.Series(name, values, dtype=pl.String) for name, values in columns.items()]
    return frame.with_columns(texts).with_columns(pl.col(pl.String).fill_null("").str.strip_chars())


def render(number: float, decimal: str) -> str:
    """Write a number that a file holds as a number, the way its texts would write it.

    Whole numbers have no decimals; others have as many as it takes to read them back exactly.
    """
    whole = number == number // 1 if number == number else False  # noqa: PLR0124
    text = str(int(number)) if whole and abs(number) < 1e15 else repr(number)
    return text.replace(".", decimal) if decimal != "." else text


def spread(texts: Sequence[str], each: int, cells: int) -> pl.Series:
    """Repeat every text `each` times, and the whole as often as the cube needs."""
    block = pl.Series(texts, dtype=pl.String).gather(
        pl.Series(range(len(texts) * each), dtype=pl.UInt32) // each
    )
    return pl.concat([block] * (cells // len(block))) if cells else block.head(0)


def table_from_records(
    records: Sequence[Record], options: ReadOptions, name: str, facts: Mapping[str, str]
) -> RawTable:
    """Find header, body and end of a grid of texts and make a table of it.

    Raises `UserError` where the header row is absent, rows have more or fewer fields than the
    header, or nothing follows the header.
    """
    header_at = [r for r in records if r[0] >= options.header_row][: options.header_rows]
    if len(header_at) < options.header_rows or not any(has_text(row) for _, row in header_at):
        raise error("source_header_absent", Place(name), row=options.header_row)
    width = max(_filled_width(row) for _, row in header_at)
    names = options.columns or _joined_header([row for _, row in header_at], width, options)
    body = [r for r in records if r[0] > header_at[-1][0]]
    body = _before_end(body, options)
    filled = [(at, row) for at, row in body if has_text(row)]
    _refuse_uneven(filled, len(names), options, name)
    if not filled:
        raise error("source_no_rows", Place(name))
    rows = [_fitted(row, len(names)) for _, row in filled]
    columns = dict(zip(unique_names(names), zip(*rows, strict=True), strict=True))
    frame = text_frame(columns, [at for at, _ in filled])
    return RawTable(frame, facts, blank_rows=len(body) - len(filled), header=tuple(names))


def unique_names(names: Sequence[str]) -> list[str]:
    """Return names that differ: a name seen before gets « (2)», a blank one «kolonne 3»."""
    seen: dict[str, int] = {}
    given: list[str] = []
    for position, name in enumerate(names, start=1):
        base = name or f"({position})"
        seen[base] = seen.get(base, 0) + 1
        given.append(base if seen[base] == 1 else f"{base} ({seen[base]})")
    return given


def _filled_width(row: Sequence[str]) -> int:
    return max((at for at, text in enumerate(row, start=1) if text.strip()), default=0)


def _joined_header(rows: Sequence[Sequence[str]], width: int, options: ReadOptions) -> list[str]:
    lines = [[_SPACES.sub(" ", text).strip() for text in _fitted(row, width)] for row in rows]
    if options.header_fill:
        lines = _merged(lines, width)
    joined = (
        options.header_join.join(part for part in parts if part)
        for parts in zip(*lines, strict=True)
    )
    return list(joined)


def _merged(lines: list[list[str]], width: int) -> list[list[str]]:
    """Give blank header cells the text to their left, never across a border in the row above.

    Below a total column «I alt» a blank is a blank, not the last year to its left.
    """
    for line, above in zip(lines, [[""] * width, *lines[:-1]], strict=True):
        for at in range(1, width):
            if not line[at] and above[at] == above[at - 1]:
                line[at] = line[at - 1]
    return lines


def _fitted(row: Sequence[str], width: int) -> Sequence[str]:
    if len(row) == width:
        return row
    return [*row[:width], *[""] * (width - len(row))]


def _before_end(body: list[Record], options: ReadOptions) -> list[Record]:
    """Cut what stands below the table."""
    if options.ends_at:
        first = (row[0].strip() if row else "" for _, row in body)
        ends = (at for at, text in enumerate(first) if text.startswith(options.ends_at))
        body = body[: next(ends, len(body))]
    if options.footer_rows:
        filled = [n for n, (_, row) in enumerate(body) if has_text(row)]
        keep = filled[-options.footer_rows] if len(filled) >= options.footer_rows else 0
        body = body[:keep]
    return body


def _refuse_uneven(body: Sequence[Record], width: int, options: ReadOptions, name: str) -> None:
    """Raise where rows have more fields than the header, or fewer."""
    more = [(at, len(row)) for at, row in body if len(row) > width and has_text(row[width:])]
    fewer = [(at, len(row)) for at, row in body if len(row) < width]
    if options.short_rows == "fill":
        fewer = []
    found = [
        Finding(
            code,
            Severity.ERROR,
            Place(name, rows[0][0]),
            {"fields": rows[0][1], "width": width},
            len(rows),
            tuple(str(at) for at, _ in rows[:_EXAMPLES]),
        )
        for code, rows in (("source_fields_more", more), ("source_fields_fewer", fewer))
        if rows
    ]
    if found:
        raise UserError(*found)
