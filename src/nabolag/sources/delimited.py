"""CSV in any delimiter and encoding, with messages that say which ones the file has."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from nabolag.core import Place, UserError, error
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable, Record, has_text, table_from_records

DELIMITERS = (";", ",", "\t", "|")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_GUESSES = ("utf-8", "cp1252", "mac_roman", "cp865")
_NORDIC = set("æøåÆØÅéèêäöüÄÖÜáčđŋšŧžČĐŊŠŦŽ«»–§·")
#: Norwegian letters in UTF-8 read as Latin-1 or Windows-1252, and the sign for «unreadable».
_BROKEN_LETTERS = re.compile("Ã[¦¸¥†˜…\u0086\u0098\u0085]|\ufffd")
#: How XLSX and ODS (a zip archive) and XLS (an OLE file) begin.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
#: What Norwegian letters of Windows become when they are read as those of old DOS programs.
_DOS_SIGNS = re.compile("[\u2500-\u257fσΣτΦΘΩδφ]")
_UNEVEN = ("source_fields_more", "source_fields_fewer")
_FIELD_LIMIT = 10_000_000


def read_delimited(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read a delimited text file. Rows are numbered as a spreadsheet program shows them.

    A line break inside quotes does not begin a new row, and an empty line is a row. Raises
    `UserError` for an empty file, the wrong encoding, the wrong delimiter, an unclosed quote
    and rows with more or fewer fields than the header.
    """
    text = decode(path.read_bytes(), options.encoding, name)
    return delimited_table(text, _records(text, options, name), options, name)


def delimited_table(
    text: str, records: Sequence[Record], options: ReadOptions, name: str
) -> RawTable:
    """Make a table of a text and its rows, as they were parsed with the same options."""
    _refuse_wrong_delimiter(records, options, name)
    facts = {"encoding": options.encoding, "delimiter": options.delimiter}
    try:
        return table_from_records(records, options, name, facts)
    except UserError as wrong:
        uneven = any(f.code in _UNEVEN for f in wrong.findings)
        fits = next((s for s in DELIMITERS if uneven and _splits(text, s, options)), "")
        if not fits:
            raise
        params = {"given": visible(options.delimiter), "fits": visible(fits)}
        raise error("source_delimiter_splits", Place(name), **params) from wrong


def decode(data: bytes, encoding: str, name: str) -> str:
    """Return the text of a file, or raise `UserError` that says which encoding fits."""
    if not data.strip():
        raise error("source_empty", Place(name))
    if data.startswith(_WORKBOOKS):
        raise error("source_workbook_instead", Place(name))
    marked = next((enc for bom, enc in _BYTE_ORDER_MARKS.items() if data.startswith(bom)), None)
    if not marked and b"\0" in data and not encoding.lower().startswith("utf-16"):
        raise error("source_not_text", Place(name, data[: data.index(0)].count(b"\n") + 1))
    if marked == "utf-16" and not encoding.lower().startswith("utf-16"):
        raise error("source_encoding", Place(name, 1), encoding=encoding, fits=marked)
    try:
        text = data.decode("utf-8-sig" if _is_utf8(encoding) else encoding)
    except LookupError as wrong:
        raise error("source_encoding_unknown", Place(name), encoding=encoding) from wrong
    except UnicodeDecodeError as wrong:
        row = data[: wrong.start].count(b"\n") + 1
        fits = likely_encoding(data)
        raise error("source_encoding", Place(name, row), encoding=encoding, fits=fits) from wrong
    _refuse_broken_letters(text, data, encoding, name)
    return text


def likely_encoding(data: bytes) -> str:
    """Return the encoding under which most letters beyond ASCII are Norwegian or Sámi ones."""
    return max(_GUESSES, key=lambda guess: _fit(data, guess))


def _fit(data: bytes, encoding: str) -> float:
    try:
        letters = Counter(data.decode(encoding))
    except UnicodeDecodeError:
        return -1.0
    beyond = {letter: n for letter, n in letters.items() if ord(letter) > 127}
    nordic = sum(n for letter, n in beyond.items() if letter in _NORDIC)
    return nordic / sum(beyond.values()) + (encoding == "utf-8") if beyond else 0.0


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _refuse_broken_letters(text: str, data: bytes, encoding: str, name: str) -> None:
    """Raise where the text shows that its bytes were once read in the wrong encoding."""
    found = _BROKEN_LETTERS.search(text)
    if not found and not _is_utf8(encoding):
        found = _DOS_SIGNS.search(text)
    if not found:
        return
    row = text.count("\n", 0, found.start()) + 1
    around = text[max(0, found.start() - 10) : found.end() + 10].splitlines()[0]
    fits = likely_encoding(data)
    if not _is_utf8(encoding) and fits not in (encoding.lower(), "mac_roman"):
        raise error("source_encoding", Place(name, row), encoding=encoding, fits=fits)
    raise error("source_letters_broken", Place(name, row), text=around)


def _records(text: str, options: ReadOptions, name: str) -> list[Record]:
    try:
        return parse_records(text, options.delimiter, options.quote)
    except csv.Error as wrong:
        # Quotes that do not close are most often quotes around another delimiter's fields.
        fits = next((sign for sign in DELIMITERS if _splits(text, sign, options)), "")
        if fits:
            params = {"given": visible(options.delimiter), "fits": visible(fits)}
            raise error("source_delimiter_splits", Place(name), **params) from wrong
        raise error("source_quotes", Place(name, _broken_row(text, options))) from wrong


def parse_records(text: str, delimiter: str, quote: str) -> list[Record]:
    """Return the rows of a text with their numbers. Raises `csv.Error` for open quotes."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
    return list(enumerate(reader, start=1))


def _splits(text: str, sign: str, options: ReadOptions) -> bool:
    """Tell whether another delimiter reads the whole file, with as many fields in each row."""
    if sign == options.delimiter:
        return False
    try:
        records = parse_records(text, sign, options.quote)
    except csv.Error:
        return False
    table = [row for at, row in records if at >= options.header_row and has_text(row)]
    if options.ends_at:
        ends = (at for at, row in enumerate(table) if row[0].strip().startswith(options.ends_at))
        table = table[: next(ends, len(table))]
    table = table[: len(table) - options.footer_rows]
    return bool(table) and len(table[0]) > 1 and len({len(row) for row in table}) == 1


def _broken_row(text: str, options: ReadOptions) -> int:
    """Return the row in which the first field begins that is never closed."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=options.delimiter, quotechar=options.quote, strict=True)
    whole = 0
    try:
        for _ in reader:
            whole += 1
    except csv.Error:
        pass
    return whole + 1


def _refuse_wrong_delimiter(records: Iterable[Record], options: ReadOptions, name: str) -> None:
    """Raise where the whole header stands in one field that another delimiter would split."""
    header = next((r for at, r in records if at >= options.header_row and has_text(r)), None)
    filled = [cell for cell in header or () if cell.strip()]
    if len(filled) != 1:
        return
    whole = filled[0]
    other = delimiter_in(whole, besides=options.delimiter)
    if other:
        place = Place(name, options.header_row)
        raise error(
            "source_delimiter", place, given=visible(options.delimiter), fits=visible(other)
        )


def delimiter_in(line: str, besides: str = "") -> str:
    """Return the delimiter that occurs most often in a line, or an empty text."""
    counts = {sign: line.count(sign) for sign in DELIMITERS if sign != besides}
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] else ""


def visible(delimiter: str) -> str:
    """Return a delimiter as it is written in `nabolag.toml`."""
    return "\\t" if delimiter == "\t" else delimiter
