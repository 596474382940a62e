"""What a delivered table is and how its rows become cells: `[[source]]` in `nabolag.toml`.

A specification is data. It says which columns hold the place, the time and the figures, how
the producer writes numbers and marks, and which rows are totals. Nothing is guessed: what a
file holds beyond the specification is reported, and what it lacks is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from nabolag.core.columns import CELLS
from nabolag.sources.column_rules import AreaRule, Measure, PeriodRule
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.given import Texts, Words
from nabolag.sources.marks import DEFAULT_MARKS, MarkMeaning
from nabolag.sources.row_rules import Condition, LeaveOut
from nabolag.store import Section


class SourceSpec(Section):
    """One `[[source]]`: a delivered table, where it comes from and how it is read.

    `file` is one path or several; `*` stands for any characters in a name. Instead of it, `fetch`
    names a `[[fetch]]` whose kept answers are read. `geography` is the
    year of the borders that the codes belong to. `retrieved` and `updated` are ISO dates.

    Two rows with the same key are an error, except where every condition of `add_up` holds:
    such rows are parts of one figure and are added, which only counts can be; and where
    `repeats = "same"`: rows that hold the same figure, or nothing, are then taken once.

    `preset` names a known form of delivery (`sources.adapters`); what stands beside it here
    goes before what the preset says.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    file: Texts = ()
    fetch: str = ""
    format: Format | None = None
    producer: str
    title: Words
    table: str = ""
    licence: str = ""
    url: str = ""
    retrieved: str = ""
    updated: str = ""
    geography: str = ""
    note: Words | None = None
    read: ReadOptions = ReadOptions()
    keep: tuple[Condition, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    area: tuple[AreaRule, ...] = Field(min_length=1)
    period: PeriodRule
    measure_column: str = ""
    measure: tuple[Measure, ...] = Field(min_length=1)
    dimensions: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    marks: dict[str, MarkMeaning] = Field(default_factory=dict)
    add_up: tuple[Condition, ...] = ()
    repeats: Literal["refuse", "same"] = "refuse"
    preset: str = ""

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, given: Any) -> Any:
        if not isinstance(given, Mapping) or not given.get("preset"):
            return given
        # Presets are files; those who use none never open them.
        from nabolag.sources.adapters import with_preset  # noqa: PLC0415

        return with_preset(given)

    @field_validator("area", "measure", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        return (given,) if isinstance(given, Mapping) else given

    @field_validator("dimensions", mode="before")
    @classmethod
    def _names_or_table(cls, given: Any) -> Any:
        if isinstance(given, list | tuple) and all(isinstance(name, str) for name in given):
            return {name: name for name in given}
        return given

    @model_validator(mode="after")
    def _hangs_together(self) -> SourceSpec:
        if bool(self.file) == bool(self.fetch):
            raise ValueError("give either file or fetch")
        self._check_names()
        self._check_period()
        without = [m.id for m in self.measure if self.measure_column and not m.code]
        if without:
            raise ValueError(f"measure_column is given, but {', '.join(without)} has no code")
        shares = [m.id for m in self.measure if m.unit in ("percent", "permille")]
        if self.add_up and shares:
            raise ValueError(f"shares cannot be added up ({', '.join(shares)})")
        if not self.measure_column and any(m.code for m in self.measure):
            raise ValueError("a measure has a code, but measure_column is not given")
        return self

    def _check_names(self) -> None:
        taken = [name for name in self.dimension_names if name in CELLS or name.startswith("_")]
        if taken:
            raise ValueError(f"a dimension cannot be named {', '.join(taken)}")
        ids = [(m.id, m.code) for m in self.measure if not m.groups]
        if len(set(ids)) != len(ids):
            raise ValueError("two measures have the same id")
        stray = [name for name in self.codes if name not in self.dimension_names]
        if stray:
            raise ValueError(f"codes are given for {', '.join(stray)}, which is no dimension")

    def _check_period(self) -> None:
        in_headings = ["period" in m.groups for m in self.measure]
        outside = bool(self.period.value or self.period.column)
        if outside and any(in_headings):
            raise ValueError("the period stands both in period and in the column headings")
        if not outside and not all(in_headings):
            raise ValueError("period needs value or column")

    @property
    def named(self) -> str:
        """What messages call the whole delivery: its (first) file, or its fetch."""
        return self.file[0] if self.file else f"[[fetch]] {self.fetch}"

    @property
    def dimension_names(self) -> tuple[str, ...]:
        """The source's own dimensions, in the order in which cells hold them."""
        from_headings = [g for m in self.measure for g in m.groups if g != "period"]
        return tuple(dict.fromkeys([*self.dimensions, *self.constants, *from_headings]))

    def marks_of(self, measure: Measure) -> dict[str, MarkMeaning]:
        """Return the marks that need no declaration, the source's over them, the measure's last."""
        return {**DEFAULT_MARKS, **self.marks, **measure.marks}
