"""Parquet: typed columns back to text, so that every format takes the same way in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import Place, error
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable, render, text_frame


def read_parquet(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read a Parquet file. Rows are numbered from 1 as they stand in the file.

    A null is a blank; NaN stays «NaN» and must be declared as a mark. Raises `UserError` for
    a broken file, a file without rows, and columns that hold lists or structures.
    """
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as wrong:
        first = (str(wrong).splitlines() or [""])[0]
        raise error("source_parquet_broken", Place(name), reason=first) from wrong
    nested = [column for column, kind in frame.schema.items() if kind.is_nested()]
    if nested:
        raise error("source_parquet_broken", Place(name, None, nested[0]), reason="nested")
    if frame.is_empty():
        raise error("source_no_rows", Place(name))
    texts = {column: as_text(frame[column], options.decimal) for column in frame.columns}
    return RawTable(text_frame(texts, range(1, frame.height + 1)))


def as_text(values: pl.Series, decimal: str) -> pl.Series:
    """Write a column as text: numbers with the declared decimal sign, whole ones without."""
    if not values.dtype.is_float():
        return values.cast(pl.String)
    # A 32-bit number is written with the digits it has, not with those of its 64-bit copy.
    text = values.cast(pl.String).str.replace(r"\.0$", "")
    return text.str.replace(".", decimal, literal=True) if decimal != "." else text


def texts_of(values: Sequence[Any], decimal: str) -> pl.Series:
    """Write values of a JSON document as text: numbers, texts, true and false; null is blank."""
    kinds = {type(value) for value in values}
    if kinds <= {int, type(None)}:
        return pl.Series(values, dtype=pl.Int64).cast(pl.String)
    if kinds <= {int, float, type(None)}:
        return as_text(pl.Series(values, dtype=pl.Float64, strict=False), decimal)
    return pl.Series([_one(value, decimal) for value in values], dtype=pl.String)


def _one(value: Any, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return render(value, decimal) if isinstance(value, int | float) else str(value)
