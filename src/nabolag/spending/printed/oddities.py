"""What cannot be right although the stars agree: digits, a lone cell, a unit, an R²."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import log10, sqrt
from statistics import median

from nabolag.spending.printed.facts import term_facts
from nabolag.spending.printed.marks import Mark, Reason
from nabolag.spending.printed.model import Cell, Column, Key, Printed, PrintedTable

#: Rows are even enough to judge one of their cells by when the others differ by at most this.
_EVEN = 2.0
#: How near a whole power of ten a lone cell must lie from the rest of its row.
_NEAR_POWER = 0.2
#: So many standard errors a lone cell must lie from the rest.
_FAR = 4.0
#: The same variable and outcome measured this many times more precisely than anywhere is another
#: unit.
_UNIT_TIMES = 10.0
#: R² may lie so far below what the largest t implies before it is marked, for robust and
#: clustered errors make the bound approximate.
_R2_SLACK = 0.3

Value = tuple[Decimal, Decimal]


def form_marks(printed: Printed) -> tuple[Mark, ...]:
    """Mark numbers whose digits nobody would print."""
    return tuple(
        Mark(Reason.FORM, cell.key.table, (cell.key,), facts={"printed": text})
        for cell in printed.cells()
        for text in (cell.coefficient.text, cell.error.text)
        if not (cell.coefficient if text == cell.coefficient.text else cell.error).well_formed
    )


def row_marks(printed: Printed, values: Mapping[Key, Value]) -> tuple[Mark, ...]:
    """Mark a coefficient that is ten, a hundred … times an otherwise even row, or a tenth of it."""
    return tuple(
        mark
        for table in printed.tables
        for cells in table.rows().values()
        for cell in cells
        if (mark := _lone(cell, cells, values)) is not None
    )


def _lone(cell: Cell, row: Iterable[Cell], values: Mapping[Key, Value]) -> Mark | None:
    own, error = (float(number) for number in values[cell.key])
    others = [float(values[other.key][0]) for other in row if other is not cell]
    if len(others) < 3 or own == 0 or min(others) * max(others) <= 0 or own * others[0] < 0:
        return None
    sizes = [abs(other) for other in others]
    usual = median(sizes)
    away = log10(abs(own) / usual)
    power = round(away)
    even = max(sizes) <= _EVEN * min(sizes)
    far = abs(abs(own) - usual) > _FAR * error
    if not (even and far and power and abs(away - power) < _NEAR_POWER):
        return None
    facts = {"words": cell.words, "printed": cell.coefficient.text, "power": power}
    return Mark(Reason.OUT_OF_ROW, cell.key.table, (cell.key,), -power, 0, facts)


def unit_marks(printed: Printed, values: Mapping[Key, Value]) -> tuple[Mark, ...]:
    """Mark rows measured in another unit than the same variable in other tables.

    A standard error times the root of the number of observations hangs on the variable's unit
    and hardly on the sample. Where it is less than a tenth of what every other table has for the
    same outcome and the variable it is held against, the unit is another.
    """
    spread = _precisions(printed, values)
    found: dict[tuple[str, str], list[Key]] = {}
    times: dict[tuple[str, str], list[float]] = {}
    against: dict[tuple[str, str], set[str]] = {}
    for (outcome, term, table), (own, keys) in spread.items():
        reference = term_facts()[term].compared_with if term in term_facts() else ""
        others = {
            t: value
            for (o, name, t), (value, _) in spread.items()
            if reference and o == outcome and name == reference and t != table
        }
        if outcome and others and own * _UNIT_TIMES < min(others.values()):
            found.setdefault((table, term), []).extend(keys)
            times.setdefault((table, term), []).append(min(others.values()) / own)
            against.setdefault((table, term), set()).update(others)
    return tuple(
        _unit_mark(printed, place, tuple(keys), median(times[place]), against[place])
        for place, keys in found.items()
    )


def _unit_mark(
    printed: Printed, place: tuple[str, str], keys: tuple[Key, ...], times: float, against: set[str]
) -> Mark:
    order = [table.id for table in printed.tables if table.id in against]
    cell = printed.by_key[keys[0]]
    reference = term_facts()[place[1]]
    facts = {
        "words": cell.words,
        "ratio": _rounded(times),
        "tables": ", ".join(order),
        "term": reference.compared_with,
        "kind": reference.kind,
    }
    return Mark(Reason.UNIT, place[0], keys, facts=facts)


def _rounded(times: float) -> int:
    """Return a ratio with one significant digit: 38 as 40."""
    step = 10 ** int(log10(times))
    return int(round(times / step) * step)


def _precisions(
    printed: Printed, values: Mapping[Key, Value]
) -> dict[tuple[str, str, str], tuple[float, list[Key]]]:
    """Return the median of error × √n by outcome, term and table, and the cells behind it."""
    found: dict[tuple[str, str, str], list[tuple[float, Key]]] = {}
    for table in printed.tables:
        for cell in table.cells:
            column = table.column(cell.key.model)
            place = (column.outcome, cell.key.term, table.id)
            held = float(values[cell.key][1]) * sqrt(column.observations)
            found.setdefault(place, []).append((held, cell.key))
    return {
        place: (median(value for value, _ in cells), [key for _, key in cells])
        for place, cells in found.items()
    }


def r2_marks(printed: Printed, values: Mapping[Key, Value]) -> tuple[Mark, ...]:
    """Mark columns whose R² is far below what their largest t implies."""
    return tuple(
        mark
        for table in printed.tables
        for column in table.columns
        if (mark := _low_r2(table, column, values)) is not None
    )


def _low_r2(table: PrintedTable, column: Column, values: Mapping[Key, Value]) -> Mark | None:
    own = [c for c in table.cells if c.key.model == column.model and c.key.term != "const"]
    if column.r2 is None or not own:
        return None
    largest = max(own, key=lambda cell: abs(float(values[cell.key][0] / values[cell.key][1])))
    t = float(values[largest.key][0] / values[largest.key][1])
    df = max(column.observations - table.terms_of(column.model), 1)
    implied = t * t / (t * t + df)
    if implied - column.r2 <= _R2_SLACK:
        return None
    facts = {"words": largest.words, "r2": column.r2, "implied": implied, "model": column.model}
    return Mark(Reason.R2, table.id, (largest.key,), facts=facts)
