"""What a register must hold: the frozen description every microdata file is checked against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

from nabolag.core import Text, label_text

ColumnType: TypeAlias = Literal["i8", "i16", "i32", "i64", "f64", "str", "bool"]

_STORED: dict[str, pl.DataType] = {
    "i8": pl.Int8(),
    "i16": pl.Int16(),
    "i32": pl.Int32(),
    "i64": pl.Int64(),
    "f64": pl.Float64(),
    "str": pl.String(),
    "bool": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `minimum` and `maximum` are inclusive; `values` lists every allowed value.

    `type` says how the house stores it. Another width of the same family (a 64-bit year) is
    accepted when read, since the range is checked anyway. `unit` is empty for codes.
    A nullable column may be absent from a delivery: all of it is then unknown, and that is said.

    `private` values (identities, amounts of one person) are never shown as examples in a report.
    `varies` columns that hold one value in every row of a year are pointed out: most often
    something was copied down. `empty_text` says that an empty text is a value of its own; else
    a blank cell of a text file is unknown.
    """

    name: str
    type: ColumnType
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str | int, ...] = ()
    pattern: str = ""
    nullable: bool = False
    reference: str = ""
    private: bool = False
    varies: bool = False
    empty_text: bool = False

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type the column is stored as."""
        return _STORED[self.type]

    def accepts(self, given: pl.DataType) -> bool:
        """Tell whether a delivered type is of this column's family."""
        match self.type:
            case "str":
                return isinstance(given, pl.String | pl.Categorical | pl.Enum)
            case "bool":
                return given == pl.Boolean()
            case "f64":
                return given.is_numeric()
            case _:
                return given.is_integer()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must exist in another register under `target` (same order).

    A row where any of the columns is null points nowhere and is not judged. `orphans = "keep"`
    is for registers of another time of the year than the one they refer to: a value that is not
    there is told of, and the row is sound.
    """

    columns: tuple[str, ...]
    register: str
    target: tuple[str, ...]
    orphans: Literal["set_apart", "keep"] = "set_apart"


@dataclass(frozen=True, slots=True)
class NotAbove:
    """Two columns of one row: `lower` may never be above `upper`. Null is not judged.

    `strict` also forbids that they are equal.
    """

    lower: str
    upper: str
    strict: bool = False


@dataclass(frozen=True, slots=True)
class OnlyWhere:
    """A column that is filled only in rows where another column has one of some values."""

    column: str
    where: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class CountedBy:
    """A count that another register proves: rows of `register` that share `on`."""

    column: str
    register: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterSpec:
    """The contract of one register. Frozen: what reads it may rely on every line.

    `key` identifies a row. `partition` is the column the files are split by. Words for people
    stand in `core/labels/registers.toml` under `register.<name>`.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    not_above: tuple[NotAbove, ...] = ()
    counted_by: tuple[CountedBy, ...] = ()
    only_where: tuple[OnlyWhere, ...] = ()
    partition: str = "year"
    reference: str = ""

    def __post_init__(self) -> None:
        """Refuse a contract that names columns it does not have."""
        known = set(self.names)
        named = {*self.key, self.partition}
        named |= {name for fk in self.foreign_keys for name in fk.columns}
        named |= {name for pair in self.not_above for name in (pair.lower, pair.upper)}
        named |= {name for count in self.counted_by for name in (count.column, *count.on)}
        named |= {name for rule in self.only_where for name in (rule.column, rule.where)}
        if absent := sorted(named - known):
            raise ValueError(f"register {self.name} names absent columns: {', '.join(absent)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in stored order."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The Polars schema that the house writes."""
        return {column.name: column.dtype for column in self.columns}

    def column(self, name: str) -> Column:
        """Return a column by name. Raises `KeyError` where the register has no such column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def label(self) -> Text:
        """What the register is called."""
        return label_text(f"register.{self.name}.name")

    def column_label(self, name: str) -> Text:
        """Return what a column holds, in words."""
        return label_text(f"register.{self.name}.column.{name}")
