"""Printed coefficients as tables to take away: printed beside corrected, with the reason."""

from __future__ import annotations

import polars as pl

from nabolag.core import Lang
from nabolag.spending.printed.checking import Checked
from nabolag.spending.printed.errata import errata
from nabolag.spending.printed.marks import Corrected
from nabolag.spending.printed.model import Cell

COEFFICIENTS = {
    "table": pl.String, "model": pl.Int64, "term": pl.String, "words": pl.String,
    "outcome": pl.String, "sample": pl.String, "estimator": pl.String,
    "observations": pl.Int64, "groups": pl.Int64,
    "printed": pl.String, "coefficient_printed": pl.Float64, "error_printed": pl.Float64,
    "stars": pl.Int64,
    "coefficient": pl.Float64, "error": pl.Float64, "degrees_of_freedom": pl.Int64,
    "t_printed": pl.Float64, "t": pl.Float64, "changed": pl.Boolean, "reasons": pl.String,
    "line": pl.Int64, "first_line": pl.Int64, "last_line": pl.Int64,
}  # fmt: skip


def coefficient_frame(
    checked: Checked, table: str = "", *, only_changed: bool = False
) -> pl.DataFrame:
    """Return every coefficient of all tables or of one, printed beside corrected.

    `printed` has the characters as they stand. `degrees_of_freedom` is null where stars follow
    the normal distribution. Raises `UserError` for a table there is none of.
    """
    tables = (checked.printed.table(table),) if table else checked.printed.tables
    told = [checked.corrected(cell) for held in tables for cell in held.cells]
    rows = [_row(checked, one) for one in told if one.changed or not only_changed]
    return pl.DataFrame(rows, schema=COEFFICIENTS, orient="row")


def mark_frame(checked: Checked, lang: Lang, table: str = "") -> pl.DataFrame:
    """Return what the check noticed: table, reason, words, and the powers of ten proposed."""
    wanted = checked.printed.table(table).id if table else ""
    rows = [
        (mark.table, mark.reason.value, len(mark.cells), mark.coefficient_power, mark.error_power,
         mark.words(lang))
        for mark in checked.marks
        if wanted in ("", mark.table)
    ]  # fmt: skip
    names = ("table", "reason", "cells", "coefficient_power", "error_power", "text")
    texts = ("table", "reason", "text")
    schema = {name: pl.String if name in texts else pl.Int64 for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


def erratum_frame(checked: Checked, lang: Lang) -> pl.DataFrame:
    """Return the known errors, where they stand, and the tables the check found them in."""
    rows = [
        (one.id.upper(), one.words(lang), one.lines, ", ".join(one.tables),
         ", ".join(one.found(checked)))
        for one in errata()
    ]  # fmt: skip
    names = ("erratum", "text", "lines", "tables", "found_in")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _as_printed(cell: Cell) -> str:
    """Return the characters that are printed, with a minus that no program takes for a sum."""
    text = f"{cell.coefficient.text}{'*' * cell.stars} ({cell.error.text})"
    return text.replace("-", "\N{MINUS SIGN}")


def _row(checked: Checked, one: Corrected) -> tuple[object, ...]:
    cell = one.cell
    held = checked.printed.by_id[cell.key.table]
    column = held.column(cell.key.model)
    first, last = held.lines or (None, None)
    return (
        *cell.key, cell.words, column.outcome, column.sample, column.estimator,
        column.observations, column.groups,
        _as_printed(cell), float(cell.coefficient.value), float(cell.error.value), cell.stars,
        float(one.coefficient), float(one.error), one.df, one.t_printed, one.t, one.changed,
        " ".join(mark.reason.value for mark in one.marks),
        cell.line, first, last,
    )  # fmt: skip
