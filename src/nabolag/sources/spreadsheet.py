"""XLSX, XLS and ODS: one sheet as rows of text, numbered as the program numbers them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from nabolag.core import Place, error
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable, Record, render, table_from_records

_FAILED = re.compile(r"Error\((\w+)\)")
_SIGNS = {
    "NA": "#N/A",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}


def read_spreadsheet(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read one sheet, by name or by number (the first is 1).

    Numbers are written as texts in the declared format, whole numbers without decimals, so
    that a code stored as a number reads as the code. Raises `UserError` for a workbook that
    is broken and for a sheet that is not there.
    """
    workbook = _opened(path, name)
    sheet = _sheet_name(workbook.sheet_names, options.sheet, name)
    try:
        page = workbook.get_sheet_by_name(sheet)
        rows = page.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as wrong:
        raise error("source_workbook_broken", Place(name), reason=str(wrong)) from wrong
    records: list[tuple[int, list[str]]] = [
        (at, _as_text(row, options.decimal)) for at, row in enumerate(rows, start=1)
    ]
    for (row, column), sign in _error_cells(path, sheet, page.start or (0, 0)).items():
        records[row][1][column] = sign
    return table_from_records(_without_tail(records), options, name, {"sheet": sheet})


def sheet_records(path: Path, name: str) -> dict[str, list[Record]]:
    """Return the rows of every sheet as texts, for a look. Raises `UserError` as reading does."""
    workbook = _opened(path, name)
    found: dict[str, list[Record]] = {}
    for sheet in workbook.sheet_names:
        try:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, OSError) as wrong:
            raise error("source_workbook_broken", Place(name), reason=str(wrong)) from wrong
        found[sheet] = [(at, _as_text(row, ".")) for at, row in enumerate(rows, start=1)]
    return found


def _error_cells(path: Path, sheet: str, start: tuple[int, int]) -> dict[tuple[int, int], str]:
    """Return the cells whose formula failed, by row and column (from 0), and their signs.

    The fast reader gives such cells as blank. A failed formula is no missing figure until
    somebody has said so, and therefore its sign is read as text.
    """
    import fastexcel  # noqa: PLC0415

    try:
        page = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string")
        _, failed = page.to_arrow_with_errors()
    except fastexcel.FastExcelError:
        return {}  # A sheet without any cell has none that failed.
    found = {}
    for cell in failed.errors if failed else ():
        kind = _FAILED.search(cell.detail)
        if kind:
            row, column = cell.position
            found[row + start[0], column + start[1]] = _SIGNS.get(kind.group(1), "#?")
    return found


def _opened(path: Path, name: str) -> CalamineWorkbook:
    with path.open("rb") as handle:
        start = handle.read(512)
    if start and not start.startswith(b"PK") and b"\0" not in start:
        raise error("source_text_instead", Place(name))
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


def _without_tail(records: list[tuple[int, list[str]]]) -> Sequence[Record]:
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
