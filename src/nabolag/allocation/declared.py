"""`[[allocation]]` of `nabolag.toml`: who shares, by which needs, how much, and by which model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import polars as pl
from pydantic import Field, model_validator

from nabolag.allocation.model import Model
from nabolag.allocation.numbers import read_number
from nabolag.allocation.presets import preset
from nabolag.allocation.units import Columns, Measure, Units, read_units
from nabolag.core import Finding, Level, Place, Severity, error, raise_errors
from nabolag.geography.rows import rows_of
from nabolag.sources.grid import ROW
from nabolag.sources.listed import ListFile
from nabolag.sources.marks import DEFAULT_MARKS
from nabolag.sources.read import read_raw
from nabolag.store import CONFIG_NAME, Section, Words


class NeedSpec(Section):
    """One `[[allocation.need]]`: a column of the table, or a released indicator of the unit's area.

    `measure`: `rate` for shares and means, `count`, or `points`. A column about people says how
    many stand behind it (`count`, a column) so that small numbers are hidden, or who has published
    it already (`published`). `background` is immigrant background and the like: shown with models
    that are named historical, never offered otherwise.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: Words
    column: str = ""
    indicator: str = ""
    period: str = ""
    measure: Measure = "rate"
    worse: Literal["high", "low"] = "high"
    count: str = ""
    published: Words | None = None
    background: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.column) == bool(self.indicator):
            raise error("allocation_need_source", Place(CONFIG_NAME), need=self.id)
        behind = bool(self.count) or self.published is not None
        if self.column and not behind and self.measure != "count":
            raise error("allocation_need_unprotected", Place(CONFIG_NAME), need=self.id)
        return self


class AllocationSpec(ListFile):
    """One `[[allocation]]`: a table with a row for each unit, and what is shared among them.

    `unit` and `unit_name` are columns; `sizes` names columns of pupils (or others) by what models
    call them, `size` always among them. `today`, `base` and `special` are columns of whole kroner.
    `area` is the column with the code of the area a unit lies in, of `area_level`. `budget` is what
    is shared, in kroner, and `fte_cost` what a full-time equivalent costs. `preset` names a model
    that documents describe; `model` is one's own. Either starts the page; others can be tried.
    """

    file: str = Field(min_length=1)
    name: Words
    units: Words
    size_word: Words
    unit: str = Field(min_length=1)
    unit_name: str = ""
    sizes: dict[str, str]
    today: str = ""
    base: str = ""
    special: str = ""
    area: str = ""
    area_level: Level | None = None
    budget: int = Field(gt=0)
    period: str = ""
    fte_cost: int | None = Field(default=None, gt=0)
    need: tuple[NeedSpec, ...] = Field(min_length=1)
    preset: str = ""
    model: Model | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        place = Place(CONFIG_NAME)
        if "size" not in self.sizes:
            raise error("allocation_size_absent", place, id=self.id)
        ids = [one.id for one in self.need]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise error("allocation_need_twice", place, id=self.id, needs=", ".join(twice))
        if bool(self.preset) == (self.model is not None):
            raise error("allocation_one_model", place, id=self.id)
        by_area = [one.id for one in self.need if one.indicator]
        if bool(self.area) != (self.area_level is not None) or (by_area and not self.area):
            raise error("allocation_area_unclear", place, id=self.id)
        self.own_model.complete()
        self._refuse_unknown(ids)
        return self

    def _refuse_unknown(self, known: list[str]) -> None:
        marked = {one.id for one in self.need if one.background}
        model = self.own_model
        unmarked = [n for n in model.background if n in known and n not in marked]
        used = [n for n in model.needs if n in marked and n not in model.background]
        place = Place(CONFIG_NAME)
        raise_errors(
            Finding("allocation_need_unknown", Severity.ERROR, place,
                    {"name": name, "known": ", ".join(known)})
            for name in model.needs if name not in known
        )  # fmt: skip
        if unmarked or used or (model.background and not self.preset):
            needs = ", ".join(dict.fromkeys([*unmarked, *used, *model.background]))
            raise error("allocation_background", place, id=self.id, needs=needs)

    @property
    def own_model(self) -> Model:
        """The model that the page opens with."""
        return self.model or preset(self.preset).model

    @property
    def columns(self) -> Columns:
        """Which columns of the table hold what."""
        needs = {one.id: (one.column, one.measure) for one in self.need if one.column}
        return Columns(self.unit, self.unit_name, self.sizes, needs, self.today, self.base,
                       self.special, self.read.decimal, self.read.thousands)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivered:
    """A table that was read: the units, the code of each one's area, and counts behind needs.

    `behind` says, for needs that are not public already, how many persons stand behind a unit's
    figure, `None` where nobody says. `rows` are the row numbers as a user sees them.
    """

    spec: AllocationSpec
    units: Units
    areas: tuple[str, ...]
    behind: Mapping[str, tuple[int | None, ...]]
    rows: tuple[int, ...]
    findings: tuple[Finding, ...]


def read_allocation(spec: AllocationSpec, path: Path, name: str) -> Delivered:
    """Read the table of an `[[allocation]]`. Raises `UserError` with every mistake in it."""
    table = read_raw(path, spec, name)
    # Rows of lists are given a level; that of a unit is asked by nobody.
    rows, findings = rows_of(spec.model_copy(update={"level": Level.LAND}), table, name, {})
    beside = {f"count.{one.id}": one.count for one in spec.need if one.count}
    beside |= {"area": spec.area} if spec.area else {}
    raise_errors(
        Finding("allocation_column_absent", Severity.ERROR, Place(name, column=column),
                {"key": key, "columns": ", ".join(table.columns)})
        for key, column in beside.items() if column not in rows.columns
    )  # fmt: skip
    units = read_units(rows, spec.columns, name)
    areas = tuple(rows[spec.area]) if spec.area else ("",) * len(units)
    behind = {
        one.id: counts for one in spec.need if (counts := _behind(spec, one, units, rows, name))
    }
    return Delivered(spec, units, areas, behind, tuple(rows[ROW]), tuple(findings))


def _behind(
    spec: AllocationSpec, need: NeedSpec, units: Units, rows: pl.DataFrame, name: str
) -> tuple[int | None, ...]:
    """Return how many stand behind a need, unit by unit; nothing where it is public already.

    A count that is marked as not known hides the figure. Raises `UserError` for one that is no
    number.
    """
    if need.published is not None or not need.column:
        return ()
    if not need.count:
        return tuple(None if v is None else int(v) for v in units.needs[need.id].values)
    texts = rows[need.count].to_list()
    numbers = [read_number(text, spec.read.decimal, spec.read.thousands) for text in texts]
    raise_errors(
        Finding("allocation_not_number", Severity.ERROR, Place(name, row, need.count),
                {"given": text})
        for row, text, number in zip(rows[ROW], texts, numbers, strict=True)
        if number is None and text not in DEFAULT_MARKS
    )  # fmt: skip
    return tuple(None if number is None else int(number) for number in numbers)
