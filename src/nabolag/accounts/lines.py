"""Lines of a ledger read to the øre; what is wrong with a line is written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.accounts.spec import AccountsSpec
from nabolag.core import Finding, Place, Severity, raise_errors
from nabolag.sources.grid import ROW
from nabolag.sources.numerals import hundredths
from nabolag.sources.read import read_raw
from nabolag.sources.vector_codes import rows_in, told_left_out

#: One row a line and year. `ore` is null where the amount could not be read. `problem` is empty,
#: or the first thing that is wrong: `amount`, `year`, `side`, `function`, `area`, `service`;
#: `column` is where. `area` is empty for the municipality as a whole.
LINES: Final[dict[str, pl.DataType]] = {
    "file": pl.String(),
    "row": pl.Int64(),
    "year": pl.Int64(),
    "level": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "function": pl.String(),
    "service": pl.String(),
    "side": pl.String(),
    "ore": pl.Int64(),
    "text": pl.String(),
    "problem": pl.String(),
    "column": pl.String(),
}
_FUNCTION: Final = r"^\d{3}$"


def read_lines(
    spec: AccountsSpec, files: Sequence[tuple[Path, str]]
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return every line of the files (`LINES`), and what was left out by declaration.

    Raises `UserError` for files and columns that are not there.
    """
    parts, told = [], []
    for path, name in files:
        table = read_raw(path, spec, name)
        raise_errors(
            Finding("accounts_column_absent", Severity.ERROR, Place(name, column=column),
                    {"key": key, "columns": ", ".join(table.columns)})
            for key, column in spec.columns.items() if column not in table.columns
        )  # fmt: skip
        chosen, taken, outside = rows_in(table.frame, spec.keep, spec.leave_out)
        told += told_left_out("area", Place(name), taken, outside)
        parts.append(_lines(spec, chosen, name))
    return pl.concat(parts), tuple(told)


def _lines(spec: AccountsSpec, rows: pl.DataFrame, name: str) -> pl.DataFrame:
    amounts: dict[str, int | None] = {**spec.years} or {spec.amount: None}
    every = [_of_column(spec, rows, name, column, year) for column, year in amounts.items()]
    return pl.concat(every).sort("row", "year", maintain_order=True)


def _of_column(
    spec: AccountsSpec, rows: pl.DataFrame, name: str, column: str, year: int | None
) -> pl.DataFrame:
    when = pl.lit(year, pl.Int64) if year is not None else _year(spec.year)
    made = rows.select(
        pl.lit(name).alias("file"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
        when.alias("year"),
        *_area(spec),
        (pl.col(spec.unit) if spec.unit else pl.lit("")).alias("unit"),
        spec.function.expression().alias("function"),
        _side(spec).alias("side"),
        hundredths(pl.col(column), spec.read).alias("ore"),
        pl.col(column).alias("text"),
        pl.lit(column).alias("_amount"),
    )
    placed = made.with_columns(service_of(spec).alias("service"), _signed(spec).alias("ore"))
    problems = _problems(spec)
    return placed.with_columns(
        pl.coalesce(*(pl.when(bad).then(pl.lit(word)) for word, bad, _ in problems), pl.lit(""))
        .alias("problem"),
        pl.coalesce(*(pl.when(bad).then(at) for _, bad, at in problems), pl.lit(""))
        .alias("column"),
    ).select(*LINES)  # fmt: skip


def _year(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.extract(r"^(\d{4})$", 1).cast(pl.Int64)


def _area(spec: AccountsSpec) -> list[pl.Expr]:
    if spec.area is None:
        return [pl.lit("").alias("level"), pl.lit("").alias("area")]
    word = pl.col(spec.area.column)
    about_all = (word == "") | word.is_in(list(spec.area.whole))
    code = word.replace_strict(spec.area.codes, default=None, return_dtype=pl.String) \
        if spec.area.codes else word  # fmt: skip
    placed = pl.when(about_all).then(pl.lit("")).otherwise(code)
    level = pl.when(about_all).then(pl.lit("")).otherwise(pl.lit(spec.area.level.value))
    return [level.alias("level"), placed.alias("area")]


def _side(spec: AccountsSpec) -> pl.Expr:
    if spec.side is None:
        return pl.lit("")
    word = pl.col(spec.side.column)
    return (
        pl.when(word.is_in(list(spec.side.expenses)))
        .then(pl.lit("expense"))
        .when(word.is_in(list(spec.side.incomes)))
        .then(pl.lit("income"))
    )


def _signed(spec: AccountsSpec) -> pl.Expr:
    amount = pl.col("ore") * (1000 if spec.thousands_of_kroner else 1)
    if spec.side is None or spec.side.incomes_are == "negative":
        return amount
    return pl.when(pl.col("side") == "income").then(-amount).otherwise(amount)


def service_of(spec: AccountsSpec) -> pl.Expr:
    """Return the service whose function a line has: the longest of those that fit."""
    named = sorted(
        ((code, one.id) for one in spec.service for code in one.functions),
        key=lambda pair: -len(pair[0].rstrip("*")),
    )
    fits = [
        pl.when(
            pl.col("function").str.starts_with(code[:-1])
            if code.endswith("*")
            else pl.col("function") == code
        ).then(pl.lit(service))
        for code, service in named
    ]
    return pl.coalesce(*fits, pl.lit(""))


def _problems(spec: AccountsSpec) -> list[tuple[str, pl.Expr, pl.Expr]]:
    """Return what may be wrong with a line, the worst first, and the column it is in."""
    named = spec.columns

    def at(key: str) -> pl.Expr:
        return pl.lit(named.get(key, ""))

    return [
        ("amount", pl.col("ore").is_null(), pl.col("_amount")),
        ("year", pl.col("year").is_null(), at("year")),
        ("side", pl.col("side").is_null(), at("side")),
        ("function", ~pl.col("function").str.contains(_FUNCTION), at("function")),
        ("area", pl.col("area").is_null(), at("area")),
        ("service", pl.col("service") == "", at("function")),
    ]
