"""A reader's own printed table: read from a CSV with one row a coefficient, to be checked alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from nabolag.core import Finding, Place, Severity, Text, error, raise_errors
from nabolag.sources.delimited import DELIMITERS, decode, read_delimited
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import ROW
from nabolag.spending.printed.model import Cell, Column, Estimator, Key, Printed, PrintedTable
from nabolag.spending.printed.numerals import numeral, starred

#: Columns a file must have; the others may be left out.
REQUIRED = ("table", "model", "term", "coefficient", "error", "observations")
OPTIONAL = ("words", "stars", "outcome", "sample", "period", "estimator", "r2", "groups")
_ESTIMATORS: dict[str, Estimator] = {"": "ols", "ols": "ols", "fixed": "fixed"}

_T = TypeVar("_T")


def read_own(path: Path) -> Printed:
    """Read a file of printed coefficients.

    Numbers may have comma or point, standard errors brackets, and stars stand after the
    coefficient or in a column `stars` (asterisks or 0–3). Raises `UserError` naming row and
    column of everything that cannot be read.
    """
    rows = _rows(path)
    reading = _Reading(path.name)
    cells = [cell for at, row in rows if (cell := reading.cell(at, row)) is not None]
    columns = [column for at, row in rows if (column := reading.column(at, row)) is not None]
    reading.refuse_repeats(rows)
    raise_errors(reading.findings)
    return Printed(tuple(_tables(cells, columns)), path.name)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise error("printed_file_absent", Place(path.name), folder=str(path.parent))
    first = decode(path.read_bytes(), "utf-8", path.name).splitlines()[0]
    sign = max(DELIMITERS, key=first.count)
    frame = read_delimited(path, ReadOptions(delimiter=sign), path.name).frame
    absent = [name for name in REQUIRED if name not in frame.columns]
    if absent:
        known = ", ".join((*REQUIRED, *OPTIONAL))
        raise error(
            "printed_columns_absent", Place(path.name), absent=", ".join(absent), known=known
        )
    return [(int(row.pop(ROW)), row) for row in frame.iter_rows(named=True)]


@dataclass
class _Reading:
    """Rows as they are read, and what could not be."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def cell(self, at: int, row: dict[str, str]) -> Cell | None:
        bare, attached = starred(row["coefficient"])
        coefficient = self._try(numeral, bare, at, "coefficient", "number")
        spread = self._try(numeral, row["error"], at, "error", "number")
        model = self._try(_positive, row["model"], at, "model", "whole")
        stars = self._try(_stars, row.get("stars") or "*" * attached, at, "stars", "stars")
        if coefficient is None or spread is None or model is None or stars is None:
            return None
        if spread.value <= 0:
            self._tell(at, "error", "positive", row["error"])
            return None
        key = Key(row["table"].upper(), model, row["term"])
        return Cell(key, row.get("words") or row["term"], coefficient, spread, stars, at)

    def column(self, at: int, row: dict[str, str]) -> Column | None:
        model = self._quietly(_positive, row["model"])
        seen = self._try(_positive, row["observations"], at, "observations", "whole")
        groups = self._try(_or_none(_positive), row.get("groups", ""), at, "groups", "whole")
        r2 = self._try(_or_none(_share), row.get("r2", ""), at, "r2", "share")
        known = ", ".join(name for name in _ESTIMATORS if name)
        way = self._try(_ESTIMATORS.__getitem__, row.get("estimator", ""), at, "estimator", known)
        if model is None or seen is None or way is None:
            return None
        outcome, sample, period = (row.get(name, "") for name in ("outcome", "sample", "period"))
        table = row["table"].upper()
        return Column(table, model, outcome, sample, period, way, seen, _one(r2), _one(groups))

    def refuse_repeats(self, rows: list[tuple[int, dict[str, str]]]) -> None:
        first: dict[tuple[str, str, str], int] = {}
        for at, row in rows:
            key = (row["table"].upper(), row["model"], row["term"])
            if key in first:
                self._tell(at, "term", "once", row["term"])
            first.setdefault(key, at)

    def _quietly(self, read: Callable[[str], _T], text: str) -> _T | None:
        try:
            return read(text)
        except (ValueError, KeyError):
            return None

    def _try(
        self, read: Callable[[str], _T], text: str, at: int, column: str, wanted: str
    ) -> _T | None:
        found = self._quietly(read, text)
        if found is None:
            self._tell(at, column, wanted, text)
        return found

    def _tell(self, at: int, column: str, wanted: str, text: str) -> None:
        params: dict[str, Any] = {"given": text}
        code = f"printed_{wanted}" if wanted in _WANTED else "printed_estimator"
        told = Finding(code, Severity.ERROR, Place(self.file, at, column), params)
        if told not in self.findings:
            self.findings.append(told)


_WANTED = ("number", "whole", "stars", "share", "positive", "once")


def _positive(text: str) -> int:
    found = int(text.replace(" ", "").replace("\N{NO-BREAK SPACE}", ""))
    if found < 1:
        raise ValueError(text)
    return found


def _share(text: str) -> float:
    found = float(numeral(text).value)
    if not 0 <= found <= 1:
        raise ValueError(text)
    return found


def _stars(text: str) -> int:
    found = len(text) if set(text) <= {"*"} else int(text)
    if not 0 <= found <= 3:
        raise ValueError(text)
    return found


def _or_none(read: Callable[[str], _T]) -> Callable[[str], tuple[_T | None]]:
    """Return a reader that takes a blank for «not told». The answer stands in a tuple."""
    return lambda text: (read(text),) if text else (None,)


def _one(read: tuple[_T | None] | None) -> _T | None:
    return read[0] if read else None


def _tables(cells: list[Cell], columns: list[Column]) -> Iterator[PrintedTable]:
    for table in dict.fromkeys(cell.key.table for cell in cells):
        own = {column.model: column for column in columns if column.table == table}
        held = tuple(cell for cell in cells if cell.key.table == table)
        yield PrintedTable(table, Text.same(table), None, tuple(own.values()), held)
