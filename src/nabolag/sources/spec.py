"""What a delivered table is and how its rows become cells: `[[source]]` in `nabolag.toml`.

A specification is data. It says which columns hold the place, the time and the figures, how
the producer writes numbers and marks, and which rows are totals. Nothing is guessed: what a
file holds beyond the specification is reported, and what it lacks is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from nabolag.core import Level, PeriodKind, Status, Text
from nabolag.core.columns import CELLS
from nabolag.store import Section

Format = Literal["csv", "excel", "jsonstat", "px", "parquet", "json", "geojson"]
#: What a mark stands for. `zero` is the number 0 (SSB's «-» means that there is nothing to
#: count); `value` is a mark that changes nothing (a footnote, «preliminary»).
MarkMeaning = Literal[
    "missing", "not_applicable", "suppressed", "unreliable", "zero", "value"
]  # fmt: skip

#: Marks that need no declaration, and those only: Statistics Norway's standard signs and blank.
#: «-» and numbers such as -999 are never among them, for they mean different things in
#: different files.
DEFAULT_MARKS: Mapping[str, MarkMeaning] = {
    "": "missing",
    ":": "suppressed",
    "*": "suppressed",
    ".": "not_applicable",
    "..": "missing",
}
STATUS_OF_MARK: Mapping[MarkMeaning, Status] = {
    "missing": Status.MISSING,
    "not_applicable": Status.NOT_APPLICABLE,
    "suppressed": Status.SUPPRESSED_PRIMARY,
    "unreliable": Status.UNRELIABLE,
    "zero": Status.VALUE,
    "value": Status.VALUE,
}
_FORMATS: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xls": "excel",
    ".xlsm": "excel",
    ".ods": "excel",
    ".px": "px",
    ".parquet": "parquet",
    ".json": "json",
    ".geojson": "geojson",
}


def _listed(given: Any) -> Any:
    return (given,) if isinstance(given, str | int) else given


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as wrong:
        raise ValueError(f"«{pattern}» is not a regular expression ({wrong})") from wrong
    return pattern


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_listed)]
Pattern = Annotated[str, Field(default=""), BeforeValidator(_compiles)]
Words = Annotated[Text, BeforeValidator(Text.of)]


class ReadOptions(Section):
    """How the file is written.

    `header_row` is the row number of the first header row as a spreadsheet shows it; rows
    above it are titles. `header_rows` says how many rows the header takes; their texts are
    joined with `header_join`, after blank cells have taken the text to their left where
    `header_fill` is true. `ends_at` is the beginning of the first cell below the table;
    `footer_rows` counts rows below it. `short_rows = "fill"` takes rows with fewer fields
    than the header as ending in blanks. `columns` names the columns instead of the header.
    `rename` gives columns that are called differently in some files of a source one name.
    `path` leads to records in JSON.
    """

    encoding: str = "utf-8"
    delimiter: str = ";"
    quote: str = '"'
    decimal: Literal[".", ","] = "."
    thousands: Literal["", " ", ".", ",", "'"] = ""
    header_row: int = Field(default=1, ge=1)
    header_rows: int = Field(default=1, ge=1)
    header_join: str = " | "
    header_fill: bool = False
    columns: Texts = ()
    rename: dict[str, str] = Field(default_factory=dict)
    footer_rows: int = Field(default=0, ge=0)
    ends_at: str = ""
    short_rows: Literal["refuse", "fill"] = "refuse"
    sheet: str | int = 1
    language: str = ""
    dataset: str = ""
    path: Texts = ()

    @field_validator("delimiter", "quote")
    @classmethod
    def _one_character(cls, given: str) -> str:
        if len(given) != 1:
            raise ValueError("one character is expected")
        return given

    @model_validator(mode="after")
    def _marks_differ(self) -> ReadOptions:
        if self.decimal == self.thousands:
            raise ValueError("decimal and thousands cannot be the same character")
        return self


class Condition(Section):
    """One test of one column's text. Exactly one of the tests is given.

    Texts are compared after white space at both ends is taken away.
    """

    column: str
    equals: str | None = None
    in_: Texts | None = Field(default=None, alias="in")
    not_in: Texts | None = None
    matches: str | None = None
    blank: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = (self.equals, self.in_, self.not_in, self.matches, self.blank)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("give exactly one of equals, in, not_in, matches, blank")
        if self.matches is not None:
            _compiles(self.matches)
        return self


class LeaveOut(Section):
    """Rows that are not imported: every condition of `where` holds. Counted and reported."""

    reason: Words
    where: tuple[Condition, ...] = Field(min_length=1)


class Step(Section):
    """One step from the text in the file to a code. Exactly one is given.

    `first = 4`, `last = 4`, `slice = [2, 6]` (from, to; counted from 0), `strip_prefix = "K-"`,
    `strip_suffix`, `pad = 8` (zeros in front), `replace = [old, new]`, `before = " "` (the text
    before the first occurrence), `after`, `prefix = "0301"` (put in front).
    """

    first: int | None = None
    last: int | None = None
    slice: tuple[int, int] | None = None
    strip_prefix: str | None = None
    strip_suffix: str | None = None
    pad: int | None = None
    replace: tuple[str, str] | None = None
    before: str | None = None
    after: str | None = None
    prefix: str | None = None

    @model_validator(mode="after")
    def _one_step(self) -> Step:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one step in each pair of braces")
        return self

    @property
    def name(self) -> str:
        """Which step it is."""
        return next(iter(self.model_fields_set))


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
        return {name: name for name in given} if isinstance(given, list | tuple) else given

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


def format_of(name: str, declared: Format | None) -> Format | None:
    """Return the declared format, else the one that the file's suffix tells, else `None`."""
    if declared:
        return declared
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return _FORMATS.get(suffix)
