"""Areas that delivered files know: border files, and tables that have both code and name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import polars as pl

from nabolag.core import Level, code_fits
from nabolag.sources.sniff import TableSeen
from nabolag.sources.sniff_columns import ColumnSeen, level_of, says_name, town_column

#: The columns of a table, each looked at once.
Columns: TypeAlias = Sequence[ColumnSeen]
_TOTAL = re.compile(r"(i alt|sum|total|hele|alle)\b", re.I)


class Known(Protocol):
    """A file that knows areas of one level: their codes and names, and the columns of both."""

    @property
    def name(self) -> str:
        """The file, as messages name it."""

    @property
    def level(self) -> Level:
        """The level of its areas."""

    @property
    def code(self) -> str:
        """The column that holds codes."""

    @property
    def label(self) -> str:
        """The column that holds names."""

    @property
    def pad(self) -> int:
        """How many digits a code has, where zeros in front were lost; else 0."""

    @property
    def names(self) -> dict[str, str]:
        """The areas' names by code."""


@dataclass(frozen=True, slots=True)
class AreasSeen:
    """The areas of a table that has a code and a name in each row.

    `town` says that each code begins with the number of the municipality beside it.
    """

    name: str
    level: Level
    code: str
    label: str
    pad: int
    names: dict[str, str]
    town: bool = False


def areas_of_tables(tables: Sequence[tuple[TableSeen, Columns]]) -> list[AreasSeen]:
    """Return the areas of each level that tables name, from the table that most tables speak of.

    Among those that equally many speak of, from the one that knows most areas.
    """
    spoken = [_texts_of(table, columns) for table, columns in tables]
    found = [areas for one in tables if (areas := _areas_of(*one))]
    ranked = sorted(found, key=lambda areas: (-_met_in(areas, spoken), -len(areas.names)))
    best: dict[Level, AreasSeen] = {}
    for areas in ranked:
        best.setdefault(areas.level, areas)
    return list(best.values())


def _texts_of(table: TableSeen, columns: Columns) -> list[set[str]]:
    """Return the different texts of each column that may say a place."""
    kinds = [column for column in columns if column.kind in ("code", "name", "text")]
    return [set(table.table.frame[column.name].unique()) - {""} for column in kinds]


def _met_in(areas: AreasSeen, spoken: Sequence[Sequence[set[str]]]) -> int:
    """Return how many tables have a column in which most texts are areas of a list."""
    known = set(areas.names) | set(areas.names.values())
    return sum(any(2 * len(one & known) > len(one) for one in texts) for texts in spoken)


def _areas_of(table: TableSeen, columns: Columns) -> AreasSeen | None:
    frame = table.table.frame
    codes = [column for column in columns if column.kind == "code"]
    code = max(codes, key=lambda column: frame[column.name].n_unique(), default=None)
    if code is None:
        return None
    labels = [c.name for c in columns if c.kind == "name" and _one_each(frame, code.name, c.name)]
    label = max(labels, key=lambda name: (says_name(name), name), default="")
    if not label:
        return None
    pairs = frame.select(code.name, label).unique(maintain_order=True)
    made = code.codes(pairs[code.name].to_list())
    level = level_of(code.name, [one for one in made if one])
    names = {
        one: name
        for one, name in zip(made, pairs[label].to_list(), strict=True)
        if name and code_fits(level, one) and not _TOTAL.match(name)
    }
    if not names:
        return None
    town = town_column(frame, [column.name for column in columns], code.name)
    inside = bool(town) and all(
        one.startswith(number)
        for one, number in zip(code.codes(frame[code.name].to_list()), frame[town], strict=True)
    )
    return AreasSeen(table.name, level, code.name, label, code.pad, names, inside)


def _one_each(frame: pl.DataFrame, code: str, label: str) -> bool:
    """Tell whether each code has one name, and nearly each name one code."""
    pairs = frame.filter(pl.col(code) != "").select(code, label).unique()
    return pairs[code].n_unique() == pairs.height <= 1.2 * pairs[label].n_unique()
