"""Weights and indices out of files: a JSON of weights, a CSV of criteria or sectors."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from nabolag.allocation.need.model import NeedModel, from_mapping
from nabolag.core import Finding, Place, Severity, error, raise_errors
from nabolag.sources.delimited import DELIMITERS, decode, read_delimited
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import ROW


def read_weights(path: Path) -> NeedModel:
    """Read weights from a JSON file (see `from_mapping`). Raises `UserError`."""
    _refuse_absent(path)
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as wrong:
        raise error("need_file_broken", Place(path.name), reason=str(wrong)) from wrong
    if not isinstance(given, dict):
        raise error("need_part", Place(path.name), part="sectors")
    return from_mapping(given)


def read_indices(path: Path) -> pl.DataFrame:
    """Read `area`, `index` and `sector` or `criterion` from a CSV; an empty index is not known.

    Raises `UserError` naming row and column of what is no number.
    """
    _refuse_absent(path)
    first = decode(path.read_bytes(), "utf-8", path.name).splitlines()[0]
    sign = max(DELIMITERS, key=first.count)
    frame = read_delimited(path, ReadOptions(delimiter=sign), path.name).frame
    by = next((name for name in ("sector", "criterion") if name in frame.columns), "sector")
    absent = [name for name in ("area", by, "index") if name not in frame.columns]
    if absent:
        known = ", ".join(("area", "sector / criterion", "index"))
        raise error("need_columns", Place(path.name), absent=", ".join(absent), known=known)
    rows = list(frame.iter_rows(named=True))
    raise_errors(
        Finding("reach_number", Severity.ERROR, Place(path.name, int(row[ROW]), "index"),
                {"given": row["index"]})
        for row in rows
        if row["index"] and _number(row["index"]) is None
    )  # fmt: skip
    made = [{"area": r["area"], by: r[by], "index": _number(r["index"])} for r in rows]
    return pl.DataFrame(made, schema={"area": pl.String, by: pl.String, "index": pl.Float64})


def _number(text: str) -> float | None:
    try:
        return float(text.replace(" ", "").replace(",", ".")) if text else None
    except ValueError:
        return None


def _refuse_absent(path: Path) -> None:
    if not path.is_file():
        raise error("need_file_absent", Place(path.name), folder=str(path.parent))
