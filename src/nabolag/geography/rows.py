"""The rows of a list or a table about areas: read, chosen, and each given its level."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from nabolag.core import Finding, Place, Severity, raise_errors
from nabolag.sources.grid import ROW, RawTable
from nabolag.sources.listed import ListFile
from nabolag.sources.read import read_raw
from nabolag.sources.vector_codes import CodeRule, columns_used, rows_in, told_left_out

_EXAMPLES = 8
_INFO, _ERROR = Severity.INFO, Severity.ERROR


def read_rows(
    spec: ListFile, path: Path, name: str, named: Mapping[str, CodeRule | str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Read a file and return the rows that are wanted of it (see `rows_of`)."""
    return rows_of(spec, read_raw(path, spec, name), name, named)


def rows_of(
    spec: ListFile, table: RawTable, name: str, named: Mapping[str, CodeRule | str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the wanted rows of a table with `_level` beside its columns, and what was left out.

    `named` holds the columns that will be read, by the key that names them. Raises `UserError`
    naming every one that the table lacks.
    """
    rules: dict[str, CodeRule | str] = {**named, "level_column": spec.level_column}
    raise_errors(
        Finding(
            "area_column_absent",
            _ERROR,
            Place(name, column=column),
            {"key": key, "columns": ", ".join(table.columns)},
        )
        for column, key in columns_used(rules, spec.keep, spec.leave_out).items()
        if column not in table.columns
    )
    chosen, taken, outside = rows_in(table.frame, spec.keep, spec.leave_out)
    place = Place(name)
    rows, unknown = _levelled(spec, chosen, place)
    return rows, [*told_left_out("area", place, taken, outside), *unknown]


def _levelled(
    spec: ListFile, rows: pl.DataFrame, place: Place
) -> tuple[pl.DataFrame, list[Finding]]:
    """Add `_level`: the declared one, or what the words of a column stand for."""
    if spec.level is not None:
        return rows.with_columns(pl.lit(spec.level.value).alias("_level")), []
    words = {word: level.value for word, level in spec.levels.items()}
    word = pl.col(spec.level_column)
    other = rows.filter(~word.is_in(list(words)))
    found = []
    if other.height:
        seen = other.group_by(spec.level_column).len().sort("len", descending=True)
        examples = tuple(f"{one} ({count})" for one, count in seen.head(_EXAMPLES).iter_rows())
        found.append(Finding("area_level_unknown", _INFO, place, {}, other.height, examples))
    level = word.replace_strict(words, return_dtype=pl.String)
    return rows.filter(word.is_in(list(words))).with_columns(level.alias("_level")), found


def day(column: str, *, last: bool) -> pl.Expr:
    """Read ISO dates and years. A year is in use until its end, a date names the day after."""
    text = pl.col(column)
    year = text.str.extract(r"^(\d{4})$").cast(pl.Int32) + (1 if last else 0)
    iso = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(iso, pl.date(year, 1, 1))


def number(column: str) -> pl.Expr:
    """Read numbers with comma or point, spaces between thousands; null for anything else."""
    text = pl.col(column).str.replace(",", ".", literal=True)
    return text.str.replace_all(r"[\s\u00a0]", "").cast(pl.Float64, strict=False)


def unread(
    rows: pl.DataFrame,
    columns: Mapping[str, str],
    name: str,
    *,
    kind: str,
    blank: bool = True,
) -> list[Finding]:
    """Report texts that are no date or no number (`_<key>` is null). A `blank` may be open."""
    found = []
    for key, column in columns.items():
        wrong = rows.filter(pl.col(f"_{key}").is_null(), *([pl.col(column) != ""] if blank else []))
        if wrong.height:
            texts = tuple(wrong[column].unique(maintain_order=True).head(_EXAMPLES))
            place = Place(name, wrong[ROW][0], column)
            code, params = f"dated_{kind}_unread", {"key": key}
            found.append(Finding(code, _ERROR, place, params, wrong.height, texts))
    return found
