"""The report's tables as they stand in the package, read and held together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

from nabolag.core import Text
from nabolag.spending.printed.checking import Checked, check
from nabolag.spending.printed.facts import packaged
from nabolag.spending.printed.model import Cell, Column, Estimator, Key, Printed, PrintedTable
from nabolag.spending.printed.numerals import numeral

#: The document the tables stand in. Line numbers are those of its text.
SOURCE = "SØF-rapport nr. 04/20"


@cache
def report() -> Printed:
    """Return every printed coefficient of the report (1 213 in 46 tables)."""
    columns = _by_table(_column(row) for row in packaged("models.csv"))
    cells = _by_table_of_cells(_cell(row) for row in packaged("coefficients.csv"))
    tables = tuple(
        PrintedTable(
            row["table"],
            Text(row["title"], row["title"], row["title_en"]),
            (int(row["first_line"]), int(row["last_line"])),
            columns[row["table"]],
            cells[row["table"]],
        )
        for row in packaged("tables.csv")
    )
    return Printed(tables, SOURCE)


@cache
def checked_report() -> Checked:
    """Return the report's tables with the marks of the check."""
    return check(report())


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        table=row["table"],
        model=int(row["model"]),
        outcome=row["outcome"],
        sample=row["sample"],
        period=row["period"],
        estimator=cast("Estimator", row["estimator"]),
        observations=int(row["observations"]),
        r2=float(row["r2"]) if row["r2"] else None,
        groups=int(row["groups"]) if row["groups"] else None,
    )


def _cell(row: Mapping[str, str]) -> Cell:
    return Cell(
        Key(row["table"], int(row["model"]), row["term"]),
        row["words"],
        numeral(row["coefficient"]),
        numeral(row["error"]),
        int(row["stars"]),
        int(row["line"]) if row["line"] else None,
    )


def _by_table(columns: Iterable[Column]) -> dict[str, tuple[Column, ...]]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(column.table, []).append(column)
    return {table: tuple(held) for table, held in found.items()}


def _by_table_of_cells(cells: Iterable[Cell]) -> dict[str, tuple[Cell, ...]]:
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.key.table, []).append(cell)
    return {table: tuple(held) for table, held in found.items()}
