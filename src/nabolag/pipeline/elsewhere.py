"""Figures that were, or are to be, published elsewhere: read from files like those we export."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from nabolag.core import Place, error
from nabolag.core.columns import OBSERVATION_KEY, OBSERVATION_NUMBERS


def read_elsewhere(file: Path) -> pl.DataFrame:
    """Read figures as the ledger keeps them (`store.ledger.SHOWN`).

    CSV as Nabolag exports it (commas and decimal points, or semicolons and decimal commas) or
    Parquet, with the columns of a key (`level`, `area`, `indicator`, `period`, `group`) and
    `value`; counts and bounds where they were printed. Raises `UserError` for a file that cannot
    be read, lacks columns, has a text where a number should be, or shows no number.
    """
    figures = _read(file)
    lacking = [key for key in (*OBSERVATION_KEY, "value") if key not in figures.columns]
    if lacking:
        raise error("ledger_columns_absent", Place(file.name), columns=", ".join(lacking))
    kept = figures.select(
        *(pl.col(key).cast(pl.String).fill_null("") for key in OBSERVATION_KEY),
        *(_numbers(figures, name, file) for name in OBSERVATION_NUMBERS),
        pl.lit("value").alias("status"),
    ).drop_nulls("value")
    if kept.is_empty():
        raise error("ledger_nothing_shown", Place(file.name))
    return kept


def _read(file: Path) -> pl.DataFrame:
    if not file.is_file():
        raise error("ledger_file_absent", Place(str(file)))
    try:
        return pl.read_parquet(file) if file.suffix == ".parquet" else _read_csv(file)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as wrong:
        raise error("ledger_file_unreadable", Place(file.name)) from wrong


def _read_csv(file: Path) -> pl.DataFrame:
    """Read a table as texts, in either style. Decimal commas become points."""
    with file.open(encoding="utf-8-sig") as lines:
        norwegian = ";" in lines.readline()
    table = pl.read_csv(file, separator=";" if norwegian else ",", infer_schema=False)
    numbers = [name for name in OBSERVATION_NUMBERS if norwegian and name in table.columns]
    return table.with_columns(pl.col(numbers).str.replace(",", ".", literal=True))


def _numbers(figures: pl.DataFrame, name: str, file: Path) -> pl.Series:
    """Return a column as numbers, null where it is empty or not there. Raises for another text."""
    if name not in figures.columns:
        return pl.Series(name, [None] * figures.height, dtype=pl.Float64)
    given = figures[name]
    read = given.cast(pl.Float64, strict=False)
    wrong = (read.is_null() & given.is_not_null() & (given.cast(pl.String) != "")).arg_true()
    if wrong.len():
        row = int(wrong[0])
        at = Place(file.name, row + 2, name)
        raise error("ledger_no_number", at, given=str(given[row]))
    return read
