"""Stars against t: which distribution the stars of a table follow, and which cells they contradict.

A printed coefficient and its standard error leave t inside a small range, for both are rounded.
Stars agree where some t of that range would get them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Literal, TypeAlias

from nabolag.spending.printed.model import Cell, Key, Printed, PrintedTable

#: Levels of one, two and three stars, as the report prints them under its tables (L2730).
LEVELS = (0.10, 0.05, 0.01)
#: Groups that a sample consists of where a table prints no number of them: the bydeler of Oslo.
GROUPS_OF_SAMPLE = {"oslo": 15}

Reference: TypeAlias = Literal["normal", "residual", "groups"]


@dataclass(frozen=True, slots=True)
class Convention:
    """The distribution that stars are read from.

    `residual` is t with as many degrees of freedom as observations less coefficients, `groups` t
    with one less than the number of groups (standard errors clustered on them).
    """

    reference: Reference
    df: int | None = None

    def of(self, table: PrintedTable, model: int) -> int | None:
        """Return the degrees of freedom for a column; `None` is the normal distribution."""
        if self.reference != "residual":
            return self.df
        return max(table.column(model).observations - table.terms_of(model), 1)


@dataclass(frozen=True, slots=True)
class Followed:
    """The convention a part of a table follows, and how each candidate did.

    `conflicts` has the cells that each contradicts; `alike` those that do as well as the chosen.
    """

    table: str
    estimator: str
    cells: int
    convention: Convention
    conflicts: tuple[tuple[Convention, int], ...]
    alike: tuple[Convention, ...]


def followed(table: PrintedTable, estimator: str) -> Followed:
    """Return which convention the stars of a table's columns of one estimator follow.

    Fewest contradictions decide. Of equals the residual one stands first, then the number of
    groups that the table prints, so that nothing is assumed that the stars do not show.
    """
    cells = [c for c in table.cells if table.column(c.key.model).estimator == estimator]
    counted = [(way, conflicts(table, cells, way)) for way in _candidates(table)]
    fewest = min(n for _, n in counted)
    chosen = next(way for way, n in counted if n == fewest)
    alike = tuple(way for way, n in counted if n == fewest and way != chosen)
    return Followed(table.id, estimator, len(cells), chosen, tuple(counted), alike)


def all_followed(printed: Printed) -> tuple[Followed, ...]:
    """Return what every table follows, its plain and fixed-effect columns apart."""
    return tuple(
        followed(table, estimator)
        for table in printed.tables
        for estimator in dict.fromkeys(column.estimator for column in table.columns)
    )


def conventions(printed: Printed) -> dict[Key, int | None]:
    """Return the degrees of freedom that each cell's stars are read with."""
    found: dict[Key, int | None] = {}
    for told in all_followed(printed):
        table = printed.by_id[told.table]
        for cell in table.cells:
            if table.column(cell.key.model).estimator == told.estimator:
                found[cell.key] = told.convention.of(table, cell.key.model)
    return found


def conflicts(table: PrintedTable, cells: Iterable[Cell], way: Convention) -> int:
    """Return how many cells have stars that no t of theirs would get."""
    return sum(not agrees(cell, way.of(table, cell.key.model)) for cell in cells)


def agrees(cell: Cell, df: int | None, power: int = 0) -> bool:
    """Tell whether stars and t agree when the standard error is times ten to `power`."""
    low, high = t_range(cell)
    scale = 10.0**-power
    bounds = (0.0, *critical(df), inf)
    return high * scale >= bounds[cell.stars] and low * scale < bounds[cell.stars + 1]


def t_range(cell: Cell) -> tuple[float, float]:
    """Return the least and greatest |t| that the printed digits allow."""
    size, slack = abs(cell.coefficient.value), cell.coefficient.slack
    least = max(size - slack, size * 0) / (cell.error.value + cell.error.slack)
    under = cell.error.value - cell.error.slack
    return float(least), (float((size + slack) / under) if under > 0 else inf)


@lru_cache(maxsize=4096)
def critical(df: int | None) -> tuple[float, ...]:
    """Return the least |t| of one, two and three stars."""
    from scipy import stats  # noqa: PLC0415

    law = stats.norm() if df is None else stats.t(df)
    return tuple(float(law.isf(level / 2)) for level in LEVELS)


def _candidates(table: PrintedTable) -> list[Convention]:
    printed = [column.groups for column in table.columns if column.groups]
    implied = [GROUPS_OF_SAMPLE.get(column.sample, 0) for column in table.columns]
    groups = dict.fromkeys(n - 1 for n in [*printed, *implied] if n > 1)
    clustered = [Convention("groups", df) for df in groups]
    return [Convention("residual"), *clustered, Convention("normal")]
