"""A delivered table of units and years, in the variables of a model."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nabolag.core import Finding, Place, Severity, raise_errors
from nabolag.sources.grid import ROW
from nabolag.sources.read import read_raw
from nabolag.spending.declared import SpendingSpec
from nabolag.spending.derive import YEAR, needed
from nabolag.spending.spec import ModelSpec
from nabolag.spending.variables import variables

_EXAMPLES = 8
_YEAR = r"^\s*(\d{4})(?:\s*[-/–]\s*(?:\d{4}|\d{2}))?\s*$"


@dataclass(frozen=True, slots=True)
class UnitsRead:
    """A delivered table that was read, in the variables' names."""

    id: str
    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def read_units(declared: SpendingSpec, path: Path, name: str) -> UnitsRead:
    """Read the table of a model. Raises `UserError` naming row and column of what is wrong.

    Numbers may have comma or point and spaces between thousands; an empty cell is unknown, and
    a row without a value is left out of the columns that need it.
    """
    spec = declared.spec()
    table = read_raw(path, declared, name)
    groups, numbers = wanted(spec)
    columns = {one: declared.variables.get(one, one) for one in (*groups, *numbers)}
    here = {one: column for one, column in columns.items() if column in table.columns}
    raise_errors(_absent(spec, declared, columns, list(table.columns), name))
    rows = table.frame.select(
        ROW,
        *(_text(column).alias(one) for one, column in here.items() if one in groups),
        *(_text(column).alias(f"_{one}") for one, column in here.items() if one in numbers),
    )
    made = rows.with_columns(_number(f"_{one}").alias(one) for one in here if one in numbers)
    if YEAR in here:
        made = made.with_columns(
            pl.col(YEAR).alias("_year"),
            pl.col(YEAR).str.extract(_YEAR).cast(pl.Int64).alias(YEAR),
        )
    raise_errors(
        _unread(made, [one for one in here if one in numbers or one == YEAR], columns, name)
    )
    raise_errors(_repeated(made, name, columns))
    return UnitsRead(declared.id, made.select(*here))


def wanted(spec: ModelSpec) -> tuple[list[str], list[str]]:
    """Return the columns of groups, and those of numbers, that a model can use."""
    groups = [YEAR, "unit"]
    numbers: list[str] = []
    known = variables()
    for one in spec.columns:
        groups += [*one.groupings, *(name for name in one.where if name not in known)]
        asked = [one.outcome, *one.variables, *(name for name in one.where if name in known)]
        numbers += [*asked, *([one.weight] if one.weight else [])]
    for name in list(numbers):
        if name in known and known[name].derived:
            numbers += [other for other in needed(known[name]) if other != YEAR]
    return list(dict.fromkeys(groups)), [n for n in dict.fromkeys(numbers) if n not in groups]


def _absent(
    spec: ModelSpec,
    declared: SpendingSpec,
    columns: Mapping[str, str],
    there: list[str],
    name: str,
) -> list[Finding]:
    """Name columns that a model cannot do without, and those that are named and not there."""
    known = variables()
    must = {n for one in spec.columns for n in (one.outcome, *one.variables, *one.groupings)}
    must |= {n for one in spec.columns for n in one.where}
    must |= {YEAR} if any(one.years or one.year_dummies for one in spec.columns) else set()
    made = {n for n in must if n in known and known[n].derived and columns[n] not in there}
    must = (must - made) | {other for n in made for other in needed(known[n])}
    must |= set(declared.variables) & set(columns)
    found = []
    for one in sorted(must):
        column = columns.get(one, one)
        if column not in there:
            near = difflib.get_close_matches(column, there, n=1)
            params = {"column": one if column == one else f"{one} ({column})",
                      "near": near[0] if near else "–", "known": ", ".join(there)}  # fmt: skip
            found.append(Finding("spending_column_absent", Severity.ERROR, Place(name), params))
    return found


def _text(column: str) -> pl.Expr:
    clean = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(clean != "").then(clean)


def _number(column: str) -> pl.Expr:
    text = pl.col(column).str.replace(",", ".", literal=True).str.replace("\u2212", "-")
    return text.str.replace_all(r"[\s\u00a0]", "").cast(pl.Float64, strict=False)


def _unread(
    rows: pl.DataFrame, names: list[str], columns: Mapping[str, str], name: str
) -> list[Finding]:
    found = []
    for one in names:
        wrong = rows.filter(pl.col(one).is_null() & pl.col(f"_{one}").is_not_null())
        if wrong.height:
            params = {"given": wrong[f"_{one}"][0], "row": wrong[ROW][0]}
            place = Place(name, wrong[ROW][0], columns[one])
            texts = tuple(wrong[f"_{one}"].unique(maintain_order=True).head(_EXAMPLES))
            code = "spending_not_a_number"
            found.append(Finding(code, Severity.ERROR, place, params, wrong.height, texts))
    return found


def _repeated(rows: pl.DataFrame, name: str, columns: Mapping[str, str]) -> list[Finding]:
    """Tell of a unit that stands twice in a year."""
    key = [one for one in ("unit", YEAR) if one in rows.columns]
    if "unit" not in key:
        return []
    again = rows.drop_nulls(key).filter(pl.struct(key).is_duplicated())
    if again.is_empty():
        return []
    place = Place(name, again[ROW][0], columns["unit"])
    texts = tuple(again["unit"].unique(maintain_order=True).head(_EXAMPLES))
    return [Finding("spending_unit_twice", Severity.ERROR, place, {}, again.height, texts)]
