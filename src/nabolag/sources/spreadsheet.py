"""XLSX, XLS and ODS: one sheet as rows of text, numbered as the program numbers them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from nabolag.core import Place, error
from nabolag.sources.grid import RawTable, Record, render, table_from_records
from nabolag.sources.spec import ReadOptions


def read_spreadsheet(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read one sheet, by name or by number (the first is 1).

    Numbers are written as texts in the declared format, whole numbers without decimals, so
    that a code stored as a number reads as the code. Raises `UserError` for a workbook that
    is broken and for a sheet that is not there.
    """
    workbook = _opened(path, name)
    sheet = _sheet_name(workbook.sheet_names, options.sheet, name)
    try:
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as wrong:
        raise error("source_workbook_broken", Place(name), reason=str(wrong)) from wrong
    records: list[Record] = [
        (at, _as_text(row, options.decimal)) for at, row in enumerate(rows, start=1)
    ]
    return table_from_records(_without_tail(records), options, name, {"sheet": sheet})


def _opened(path: Path, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, ValueError, OSError) as wrong:
        raise error("source_workbook_broken", Place(name), reason=str(wrong)) from wrong


def _sheet_name(present: Sequence[str], wanted: str | int, name: str) -> str:
    if isinstance(wanted, int) and 1 <= wanted <= len(present):
        return present[wanted - 1]
    if wanted in present:
        return str(wanted)
    listed = ", ".join(f"«{sheet}»" for sheet in present)
    raise error("source_sheet_absent", Place(name), sheet=wanted, present=listed)


def _without_tail(records: list[Record]) -> list[Record]:
    """Cut blank rows below the last row with text: formats and borders leave them behind."""
    while records and not any(records[-1][1]):
        records.pop()
    return records


def _as_text(row: Sequence[Any], decimal: str) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else _cell_text(cell, decimal) for cell in row]


def _cell_text(cell: Any, decimal: str) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return render(cell, decimal)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
