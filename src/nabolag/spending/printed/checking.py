"""The check as a whole: what is marked, and every cell beside what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from nabolag.spending.printed.marks import Corrected, Mark
from nabolag.spending.printed.model import Cell, Key, Printed
from nabolag.spending.printed.oddities import (
    Value,
    form_marks,
    r2_marks,
    row_marks,
    unit_marks,
)
from nabolag.spending.printed.scales import Readings, scale_marks
from nabolag.spending.printed.stars import Followed, agrees, all_followed, conventions


@dataclass(frozen=True)
class Checked:
    """Printed tables with the marks of the check.

    `readings` are the degrees of freedom each cell's stars were read with, `followed` why.
    """

    printed: Printed
    marks: tuple[Mark, ...]
    readings: Readings
    followed: tuple[Followed, ...]

    @cached_property
    def marks_of(self) -> Mapping[Key, tuple[Mark, ...]]:
        """The marks of each cell that has any."""
        found: dict[Key, list[Mark]] = {}
        for mark in self.marks:
            for key in mark.cells:
                found.setdefault(key, []).append(mark)
        return {key: tuple(marks) for key, marks in found.items()}

    def corrected(self, cell: Cell) -> Corrected:
        """Return a cell beside what is proposed for it."""
        marks = self.marks_of.get(cell.key, ())
        coefficient, error = _value(cell, marks)
        return Corrected(cell, coefficient, error, self.readings[cell.key], marks)

    def at(self, table: str, model: int, term: str) -> Corrected:
        """Return one coefficient. Raises `UserError` where there is none."""
        return self.corrected(self.printed.cell(table, model, term))

    def changed(self) -> tuple[Corrected, ...]:
        """Return every cell for which another number is proposed."""
        told = (self.corrected(cell) for cell in self.printed.cells())
        return tuple(one for one in told if one.changed)

    def conflicts(self) -> tuple[Cell, ...]:
        """Return every cell whose printed stars and t do not agree."""
        return tuple(
            cell for cell in self.printed.cells() if not agrees(cell, self.readings[cell.key])
        )


def check(printed: Printed) -> Checked:
    """Hold stars against t in every table, and look for what else cannot be right.

    Nothing is known beforehand of which tables are wrong; what is proposed follows from the
    printed numbers alone.
    """
    readings = conventions(printed)
    scales = scale_marks(printed, readings)
    lone = row_marks(printed, _values(printed, scales))
    values = _values(printed, (*scales, *lone))
    marks = (*scales, *lone, *form_marks(printed), *unit_marks(printed, values))
    return Checked(printed, (*marks, *r2_marks(printed, values)), readings, all_followed(printed))


def _values(printed: Printed, marks: tuple[Mark, ...]) -> dict[Key, Value]:
    found: dict[Key, list[Mark]] = {}
    for mark in marks:
        for key in mark.cells:
            found.setdefault(key, []).append(mark)
    return {cell.key: _value(cell, found.get(cell.key, ())) for cell in printed.cells()}


def _value(cell: Cell, marks: list[Mark] | tuple[Mark, ...]) -> Value:
    coefficient = sum(mark.coefficient_power for mark in marks)
    error = sum(mark.error_power for mark in marks)
    return cell.coefficient.shifted(coefficient), cell.error.shifted(error)
