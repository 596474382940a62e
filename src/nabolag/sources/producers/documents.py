"""Records out of an answer, refused in words where the producer has changed what it sends."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any, Final
from urllib.parse import urlencode

from nabolag.core import Place, UserError, error
from nabolag.sources.columnar import texts_of
from nabolag.sources.grid import RawTable, text_frame
from nabolag.sources.producers.protocol import Answer

Record = Mapping[str, Any]
_MOST_NAMED: Final = 12


def json_of(answer: Answer) -> Any:
    """Return the answer's JSON. Raises `UserError` where it is none."""
    try:
        return answer.document
    except ValueError as wrong:
        raise changed(answer, str(wrong)) from wrong


def member(answer: Answer, key: str, kind: type) -> Any:
    """Return what stands under a key at the top. Raises `UserError` where it is another kind."""
    document = json_of(answer)
    if not isinstance(document, dict) or not isinstance(document.get(key), kind):
        present = ", ".join(list(document)[:_MOST_NAMED]) if isinstance(document, dict) else ""
        raise changed(answer, f"«{key}»", present)
    return document[key]


def rows_of(answer: Answer, key: str, required: Iterable[str]) -> list[Record]:
    """Return the records under a key (or at the top where it is empty), each with what is required.

    Raises `UserError` naming the first record that lacks a field, and where there are none.
    """
    rows = member(answer, key, list) if key else json_of(answer)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise changed(answer, f"«{key}»" if key else "[…]")
    return with_fields(answer, rows, required)


def csv_rows(answer: Answer, required: Iterable[str], delimiter: str = ",") -> list[Record]:
    """Return the records of a CSV answer in UTF-8 with a header; a blank field is `None`."""
    try:
        text = answer.content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise changed(answer, str(wrong)) from wrong
    rows = list(csv.DictReader(StringIO(text), delimiter=delimiter))
    if any(None in row or None in row.values() for row in rows):
        raise changed(answer, "CSV")
    blanked: list[Record] = [{key: value or None for key, value in row.items()} for row in rows]
    return with_fields(answer, blanked, required)


def with_fields(answer: Answer, rows: list[Record], required: Iterable[str]) -> list[Record]:
    """Return the records. Raises `UserError` where there are none, or one lacks a field."""
    if not rows:
        raise error("producer_answer_empty", _place(answer), url=answer.request.url)
    for name in required:
        for at, row in enumerate(rows, start=1):
            if name not in row:
                raise changed(answer, f"«{name}» ({at})", ", ".join(list(row)[:_MOST_NAMED]))
    return rows


def changed(answer: Answer, what: str, present: str = "") -> UserError:
    """Return the error for an answer that is not of the form the producer has described."""
    return error(
        "producer_answer_changed",
        _place(answer),
        url=answer.request.url,
        what=what,
        present=present or "–",
    )


def table_of(rows: Sequence[Record], columns: Sequence[str]) -> RawTable:
    """Return records as a table of texts; rows are the records' numbers, from 1."""
    texts = {name: texts_of([row.get(name) for row in rows], ".") for name in columns}
    return RawTable(text_frame(texts, range(1, len(rows) + 1)), header=tuple(columns))


def address(base: str, *path: str, **query: str) -> str:
    """Return an address: a base, path parts, and what of the query is not empty, in its order."""
    kept = {key.rstrip("_"): value for key, value in query.items() if value}
    asked = f"?{urlencode(kept)}" if kept else ""
    return "/".join([base.rstrip("/"), *path]) + asked


def _place(answer: Answer) -> Place:
    return Place(answer.request.name)
