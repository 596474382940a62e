"""What a printed regression table holds: cells, columns, tables, and all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from nabolag.core import Text, error
from nabolag.spending.printed.numerals import Numeral

Estimator: TypeAlias = Literal["ols", "fixed"]


class Key(NamedTuple):
    """Which coefficient: table («14»), column of it (1, 2, …) and term."""

    table: str
    model: int
    term: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One coefficient as printed, with standard error and stars.

    `words` is the row's name as printed. `line` is the line of the document; `None` where only
    the table's range of lines is known.
    """

    key: Key
    words: str
    coefficient: Numeral
    error: Numeral
    stars: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One estimated model: what is explained, among whom, and how well.

    `groups` is the printed number of fixed effects; `outcome`, `sample` and `period` may be empty.
    """

    table: str
    model: int
    outcome: str
    sample: str
    period: str
    estimator: Estimator
    observations: int
    r2: float | None = None
    groups: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table: its name («14»), title as printed, lines, columns and cells in order."""

    id: str
    title: Text
    lines: tuple[int, int] | None
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]

    def column(self, model: int) -> Column:
        """Return a column by its number."""
        return next(column for column in self.columns if column.model == model)

    def rows(self) -> Mapping[str, tuple[Cell, ...]]:
        """Return the cells of each term, in printed order."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.key.term, []).append(cell)
        return {term: tuple(cells) for term, cells in found.items()}

    def terms_of(self, model: int) -> int:
        """Return how many coefficients a column has, the constant among them."""
        return sum(cell.key.model == model for cell in self.cells)


@dataclass(frozen=True)
class Printed:
    """Printed tables of one document."""

    tables: tuple[PrintedTable, ...]
    source: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, PrintedTable]:
        """The tables by their names."""
        return {table.id: table for table in self.tables}

    @cached_property
    def by_key(self) -> Mapping[Key, Cell]:
        """The cells by their keys."""
        return {cell.key: cell for cell in self.cells()}

    def cells(self) -> Iterator[Cell]:
        """Go through every cell, in order."""
        for table in self.tables:
            yield from table.cells

    def table(self, table: str) -> PrintedTable:
        """Return a table. Raises `UserError` naming those there are."""
        name = table.removeprefix("table-").lstrip("0").upper()
        if name not in self.by_id:
            raise error("printed_table_unknown", given=table, known=", ".join(self.by_id))
        return self.by_id[name]

    def cell(self, table: str, model: int, term: str) -> Cell:
        """Return a cell. Raises `UserError` naming the terms and columns the table has."""
        held = self.table(table)
        key = Key(held.id, model, term)
        if key in self.by_key:
            return self.by_key[key]
        terms = sorted({f"{c.key.term} ({c.key.model})" for c in held.cells})
        raise error(
            "printed_cell_unknown", table=held.id, model=model, term=term, known=", ".join(terms)
        )
