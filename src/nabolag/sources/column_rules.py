"""Which columns say the place, the time and the figures, and how each is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from nabolag.core import Level, PeriodKind
from nabolag.sources.file_form import Format, ReadOptions
from nabolag.sources.given import Numbers, Pattern, Texts
from nabolag.sources.marks import MarkMeaning
from nabolag.sources.row_rules import Condition, Step
from nabolag.store import Section


class Lookup(Section):
    """A table that turns names into codes, for files that hold names only.

    `file` is relative like the source's own. Names are compared without regard to capital
    letters and repeated spaces; `same` maps a name in the data to the name in the table.
    A name that the table gives two codes is an error when the data use it. Names that the
    table lacks stop the import, unless `unknown = "leave_out"`: then they are reported.
    """

    file: str
    name: str
    code: str
    format: Format | None = None
    read: ReadOptions = ReadOptions()
    keep: tuple[Condition, ...] = ()
    transform: tuple[Step, ...] = ()
    same: dict[str, str] = Field(default_factory=dict)
    unknown: Literal["refuse", "leave_out"] = "refuse"


class AreaRule(Section):
    """Where the place stands, and at which level.

    Rules are tried in order; the first that fits a row decides. A rule fits where the text of
    `column` is neither blank nor in `blank`, every condition of `when` holds, the text has one
    of the lengths in `length`, the whole text matches `matches`, and, where `codes` is given,
    the text is among its keys. `code` names one area for every row instead.
    """

    level: Level
    column: str = ""
    code: str = ""
    blank: Texts = ()
    when: tuple[Condition, ...] = ()
    length: Numbers = ()
    matches: Pattern
    transform: tuple[Step, ...] = ()
    codes: dict[str, str] = Field(default_factory=dict)
    lookup: Lookup | None = None

    @model_validator(mode="after")
    def _column_or_code(self) -> AreaRule:
        if bool(self.column) == bool(self.code):
            raise ValueError("give either column or code")
        if self.codes and self.lookup:
            raise ValueError("give either codes or lookup")
        return self


class PeriodPart(Section):
    """The month or quarter where it stands in a column beside the year's.

    `codes` gives its texts the written form: `Mars = "M03"`, `"1. kvartal" = "K1"`.
    """

    column: str
    codes: dict[str, str]


class PeriodRule(Section):
    """What time the figures are about: one `value`, or a `column`, of a `kind`.

    Where measures take the period from column headings, only `kind` and `transform` count.
    `part` is put after the column's text.
    """

    value: str = ""
    column: str = ""
    kind: PeriodKind = PeriodKind.YEAR
    transform: tuple[Step, ...] = ()
    part: PeriodPart | None = None

    @model_validator(mode="after")
    def _not_both(self) -> PeriodRule:
        if self.value and self.column:
            raise ValueError("give either value or column")
        if self.part and not self.column:
            raise ValueError("part stands beside column")
        return self


#: What a declared unit multiplies and divides a delivered number with.
UNIT_SCALES: Mapping[str, tuple[float, float]] = {
    "as_is": (1.0, 1.0),
    "percent": (1.0, 100.0),
    "permille": (1.0, 1000.0),
    "thousands": (1000.0, 1.0),
    "millions": (1_000_000.0, 1.0),
}


class Measure(Section):
    """One figure of the table.

    `column` is its column; or `columns` is a regular expression for several columns whose
    named groups `period` and dimension names take their values from the headings. `code` is
    the text of the source's `measure_column` in rows that hold this measure. `min` and `max`
    are the expected range as the file writes the figure, before `unit` is applied. `marks`
    stand over the source's own for this measure: «-» is 0 persons but no mean.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    column: str = ""
    columns: Pattern
    code: str = ""
    mark_column: str = ""
    marks: dict[str, MarkMeaning] = Field(default_factory=dict)
    unit: Literal["as_is", "percent", "permille", "thousands", "millions"] = "as_is"
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Measure:
        if bool(self.column) == bool(self.columns):
            raise ValueError("give either column or columns")
        return self

    @property
    def groups(self) -> tuple[str, ...]:
        """The named groups of `columns`."""
        return tuple(re.compile(self.columns).groupindex) if self.columns else ()
