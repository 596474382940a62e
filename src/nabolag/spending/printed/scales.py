"""Standard errors on another scale than their coefficients, found from stars alone.

Where stars and t do not agree, the smallest power of ten that makes them agree is sought: first
for a whole table, then for a row (one variable through the columns), then for a single cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import log10
from statistics import median
from typing import NamedTuple

from nabolag.spending.printed.marks import Mark, Reason
from nabolag.spending.printed.model import Cell, Key, Printed, PrintedTable
from nabolag.spending.printed.stars import agrees

#: Powers that are tried, the smallest first.
POWERS = tuple(sorted(range(-6, 7), key=abs))
#: A whole table is one scale where one power leaves at most this part of its conflicts.
_LEFT = 0.25

Readings = Mapping[Key, int | None]


class _Power(NamedTuple):
    """How many cells a power leaves in conflict, its size (the smaller the better), and itself."""

    conflicts: int
    size: int
    power: int


def scale_marks(printed: Printed, readings: Readings) -> tuple[Mark, ...]:
    """Return the marks of every table whose stars and t do not agree."""
    found = [mark for table in printed.tables for mark in _of_table(table, readings)]
    usual = _usual_powers(found)
    return tuple(_split(mark, usual) for mark in found)


def _of_table(table: PrintedTable, readings: Readings) -> list[Mark]:
    wrong = _conflicting(table.cells, readings, 0)
    if not wrong:
        return []
    whole = _best(table.cells, readings)
    spread = len({cell.key.term for cell in wrong}) > 1
    if spread and whole.power and whole.conflicts <= _LEFT * len(wrong):
        facts = {"conflicts": len(wrong), "of": len(table.cells), "left": whole.conflicts}
        mark = _mark(Reason.TABLE_SCALE, table, table.cells, whole.power, facts)
        left = _conflicting(table.cells, readings, whole.power)
        return [mark, *(_single(cell, table, readings, whole.power) for cell in left)]
    return [mark for cells in table.rows().values() for mark in _of_row(table, cells, readings)]


def _of_row(table: PrintedTable, cells: Sequence[Cell], readings: Readings) -> list[Mark]:
    wrong = _conflicting(cells, readings, 0)
    if not wrong:
        return []
    row = _best(cells, readings)
    if row.conflicts or not row.power or len(cells) == 1:
        return [_single(cell, table, readings, 0) for cell in wrong]
    facts = {"conflicts": len(wrong), "of": len(cells), "words": cells[0].words}
    return [_mark(Reason.ROW_SCALE, table, cells, row.power, facts)]


def _single(cell: Cell, table: PrintedTable, readings: Readings, base: int) -> Mark:
    """Return what would mend one cell: another power on its error, or on its coefficient.

    The one whose standard error then lies nearest its row's is chosen.
    """
    df = readings[cell.key]
    facts = {"words": cell.words, "printed": cell.coefficient.text, "stars": "*" * cell.stars}
    fitting = [power for power in POWERS if power and agrees(cell, df, base + power)]
    if not fitting:
        return Mark(Reason.STARS, table.id, (cell.key,), facts=facts)
    power = fitting[0]
    if _error_is_odd(cell, table, power):
        return Mark(Reason.CELL_SCALE, table.id, (cell.key,), 0, power, facts)
    return Mark(Reason.CELL_SCALE, table.id, (cell.key,), -power, 0, facts)


def _error_is_odd(cell: Cell, table: PrintedTable, power: int) -> bool:
    others = [other.error.size for other in table.rows()[cell.key.term] if other is not cell]
    if not others:
        return True
    usual = log10(median(others))
    own = log10(cell.error.size)
    return abs(own + power - usual) < abs(own - usual)


def _best(cells: Sequence[Cell], readings: Readings) -> _Power:
    return min(
        _Power(len(_conflicting(cells, readings, power)), abs(power), power) for power in POWERS
    )


def _conflicting(cells: Iterable[Cell], readings: Readings, power: int) -> list[Cell]:
    return [cell for cell in cells if not agrees(cell, readings[cell.key], power)]


def _mark(
    reason: Reason,
    table: PrintedTable,
    cells: Sequence[Cell],
    power: int,
    facts: Mapping[str, object],
) -> Mark:
    return Mark(reason, table.id, tuple(cell.key for cell in cells), 0, power, facts)


def _usual_powers(marks: Iterable[Mark]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return, for each variable whose row is off in several tables, the usual power and where."""
    seen: dict[str, list[tuple[int, str]]] = {}
    for mark in marks:
        if mark.reason is Reason.ROW_SCALE:
            seen.setdefault(mark.cells[0].term, []).append((mark.error_power, mark.table))
    found = {}
    for term, rows in seen.items():
        power, times = Counter(power for power, _ in rows).most_common(1)[0]
        if times > 1:
            found[term] = (power, tuple(table for one, table in rows if one == power))
    return found


def _split(mark: Mark, usual: Mapping[str, tuple[int, tuple[str, ...]]]) -> Mark:
    """Share a row's power between error and coefficient where other tables tell the error's."""
    if mark.reason is not Reason.ROW_SCALE or mark.cells[0].term not in usual:
        return mark
    power, tables = usual[mark.cells[0].term]
    rest = mark.error_power - power
    if rest == 0 or rest * power < 0:
        return mark
    facts = {**mark.facts, "whole": 10 ** abs(mark.error_power), "tables": ", ".join(tables)}
    return replace(
        mark,
        reason=Reason.SPLIT_SCALE,
        coefficient_power=-rest,
        error_power=power,
        facts=facts,
    )
