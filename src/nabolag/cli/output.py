"""Tables on standard output or in a file: CSV, JSON, Parquet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from nabolag.core import Place, error

if TYPE_CHECKING:
    import polars as pl


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def emit(frame: pl.DataFrame, form: TableFormat, output: Path | None) -> None:
    """Write a table to a file or to standard output.

    CSV is UTF-8 with comma and decimal point; an empty cell is «no number», never 0, and the
    column `status` says why. Raises `UserError` for Parquet on a terminal.
    """
    content = _encode(frame, form)
    if output is not None:
        with writing_to(output):
            output.write_bytes(content)
        return
    if form is TableFormat.PARQUET and sys.stdout.isatty():
        raise error("parquet_on_terminal")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@contextmanager
def writing_to(output: Path) -> Iterator[None]:
    """Turn a failure to write a file into words: no such folder, a folder, no permission."""
    try:
        yield
    except OSError as wrong:
        code = "output_is_folder" if output.is_dir() else "output_unwritable"
        raise error(code, Place(str(output)), folder=str(output.parent)) from wrong


def _encode(frame: pl.DataFrame, form: TableFormat) -> bytes:
    if form is TableFormat.CSV:
        return frame.write_csv().encode()
    if form is TableFormat.JSON:
        return (frame.write_json() + "\n").encode()
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
