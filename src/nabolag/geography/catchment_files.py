"""Catchments as delivered tables: `[[catchments]]` in `nabolag.toml`, and the files it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from pydantic import Field, model_validator

from nabolag.core import Finding, Level, Place, Severity, raise_errors
from nabolag.geography.catchments import Catchments, catchments_of
from nabolag.geography.register import AreaRegister
from nabolag.geography.rows import number, read_rows, unread
from nabolag.sources.given import Texts
from nabolag.sources.grid import ROW
from nabolag.sources.listed import ListFile
from nabolag.sources.vector_codes import Code, CodeRule
from nabolag.store import conform
from nabolag.store.frames import CATCHMENTS

_EXAMPLES = 8
_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_SPELL = ["school", "level", "area", "from_year", "to_year"]


class CatchmentsSpec(ListFile):
    """One `[[catchments]]`: which areas' pupils belong to which school, a row each.

    `file` is one path or several, `*` for any characters. `level` is the level of the areas.
    `share` is the column with the part of an area's pupils (0 to 1); without it, or where it is
    blank for all of an area's rows, the schools that share an area do so in equal parts, which is
    told. `from_year` and `to_year` are columns with the first and the last year; blank is open.
    Schools of different grades are divisions of their own, each a section of its own.
    """

    file: Texts = Field(min_length=1)
    school: Code = CodeRule(column="school")
    area: Code = CodeRule(column="area")
    share: str = ""
    from_year: str = ""
    to_year: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> CatchmentsSpec:
        self.refuse_unclear_level()
        return self


@dataclass(frozen=True, slots=True)
class CatchmentsRead:
    """What one `[[catchments]]` gave (columns of `CATCHMENTS`), not held against areas yet."""

    spec: CatchmentsSpec
    table: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def read_catchments(spec: CatchmentsSpec, files: Sequence[tuple[Path, str]]) -> CatchmentsRead:
    """Read the files of one `[[catchments]]`. Raises `UserError` with every error in a file."""
    parts = [_read(spec, path, name) for path, name in files]
    frame = pl.concat([rows for rows, _ in parts])
    findings = [finding for _, found in parts for finding in found]
    again = frame.filter(frame.is_duplicated())
    if again.height:
        shown = _named(again.unique(maintain_order=True))
        place = Place(spec.file[0])
        findings.append(Finding("catchment_row_twice", _INFO, place, {}, again.height, shown))
    return CatchmentsRead(spec, frame.unique(maintain_order=True), tuple(findings))


def _read(spec: CatchmentsSpec, path: Path, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    columns = {key: getattr(spec, key) for key in ("share", "from_year", "to_year")}
    numbers = {key: column for key, column in columns.items() if column}
    named: Mapping[str, CodeRule | str] = {"school": spec.school, "area": spec.area, **numbers}
    rows, findings = read_rows(spec, path, name, named)
    made = rows.with_columns(
        spec.school.expression().alias("_school"),
        spec.area.expression().alias("_area"),
        *(number(column).alias(f"_{key}") for key, column in numbers.items()),
    )
    wrong = unread(made, numbers, name, kind="number")
    blank = made.filter((pl.col("_school") == "") | (pl.col("_area") == ""))
    if blank.height:
        shown = tuple(map(str, blank[ROW].head(_EXAMPLES)))
        place = Place(name, blank[ROW][0])
        wrong.append(Finding("catchment_blank", _ERROR, place, {}, blank.height, shown))
    raise_errors(wrong)
    given = {key: f"_{key}" for key in ("school", "level", "area", *numbers)}
    chosen = conform(made.select(**given), CATCHMENTS)
    return chosen.with_columns(source=pl.lit(spec.id)), findings


def checked_catchments(
    read: CatchmentsRead, register: AreaRegister, schools: pl.DataFrame, year: int | None
) -> Catchments:
    """Hold a table against the areas, and against the schools that are known (`POINTS`).

    Every year that the table names is checked, and `year`, which is the workspace's own.
    """
    told = catchments_of(read.table, register, _years(read.table, year))
    found = (*told.findings, *_schools(read.table, schools))
    place = Place(", ".join(read.spec.file))
    return replace(told, findings=tuple(replace(one, place=place) for one in found))


def _years(table: pl.DataFrame, year: int | None) -> tuple[int, int]:
    named = [*table["from_year"].drop_nulls(), *table["to_year"].drop_nulls()]
    every = [*named, *([year] if year is not None else [])] or [0]
    return min(every), max(every)


def _schools(table: pl.DataFrame, schools: pl.DataFrame) -> list[Finding]:
    """Tell of schools that the list of schools lacks; without a list nothing is known."""
    known = schools.filter(pl.col("level") == Level.SCHOOL.value)
    if known.is_empty():
        return []
    unknown = table.join(known, left_on="school", right_on="code", how="anti")
    codes = unknown["school"].unique(maintain_order=True)
    if codes.is_empty():
        return []
    shown = tuple(codes.head(_EXAMPLES))
    return [Finding("catchment_school_unknown", _WARNING, count=codes.len(), examples=shown)]


def _named(rows: pl.DataFrame) -> tuple[str, ...]:
    pairs = rows.select("school", "area").head(_EXAMPLES).iter_rows()
    return tuple(f"{school} – {area}" for school, area in pairs)
