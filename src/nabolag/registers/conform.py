"""From delivered columns to the contract's: names, codes, types. What cannot be read is marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from nabolag.core import LANGS, label
from nabolag.registers.checks import ROW, Check
from nabolag.registers.spec import Column, RegisterSpec
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.numerals import number_pattern, read_numbers

#: What is put before a column's name for the flag «this cell could not be read».
UNREAD: Final = "__unread_"
_TRUE, _FALSE = ("true", "1"), ("false", "0")
#: Ways of writing a whole number that programs use and that lose nothing.
_WHOLE: Final = r"^[+-]?[0-9]+$"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the values of delivered columns are read: numbers, codes, what means unknown."""

    options: ReadOptions = field(default_factory=ReadOptions)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def conformed(
    frame: pl.LazyFrame, spec: RegisterSpec, reading: Reading, only: Collection[str] = ()
) -> pl.LazyFrame:
    """Return the contract's columns that the frame has, as values to be judged, and `ROW`.

    Whole numbers are 64-bit until they have been judged, so that a value out of range is told
    as one. Each column comes with a flag `UNREAD + name`. `only` asks for some columns and no
    flags.
    """
    schema = frame.collect_schema()
    here = [c for c in spec.columns if c.name in schema and (not only or c.name in only)]
    values = {c.name: value_of(c, schema[c.name], reading, c.name in spec.key) for c in here}
    flags = [] if only else [_unread(c, values[c.name], schema, reading) for c in here]
    return frame.select(ROW, *(v.alias(n) for n, v in values.items()), *flags)


def unread_checks(spec: RegisterSpec, present: Collection[str]) -> list[Check]:
    """Return the tests of cells that could not be read as the contract's type."""
    return [
        Check(
            "register_cell_unread",
            column.name,
            pl.col(UNREAD + column.name),
            {f"type_{lang}": label(f"register_type.{column.type}", lang) for lang in LANGS},
            pl.col(column.name),
            column.private,
            of_delivered=True,
        )
        for column in spec.columns
        if column.name in present
    ]


def as_texts(frame: pl.DataFrame, spec: RegisterSpec, decimal: str = ".") -> pl.DataFrame:
    """Return the contract's columns as the texts that were delivered, null where absent."""
    return frame.select(
        (_text(pl.col(n), frame.schema[n], decimal) if n in frame.columns else pl.lit(None))
        .cast(pl.String)
        .alias(n)
        for n in spec.names
    )


def value_of(column: Column, given: pl.DataType, reading: Reading, key: bool) -> pl.Expr:
    """Return a column's value in its family of types; null where unknown or not readable.

    Texts of a key are compared, so blanks at their ends are taken away.
    """
    raw = pl.col(column.name)
    if column.name in reading.codes or isinstance(given, pl.String) or not column.accepts(given):
        return _parsed(column, _prepared(column, given, reading, key), reading.options)
    if reading.unknown and not isinstance(given, pl.Boolean):
        raw = pl.when(_text(raw, given, ".").is_in(list(reading.unknown)).not_()).then(raw)
    return raw.cast(_judged(column))


def _judged(column: Column) -> pl.DataType:
    return pl.Int64() if column.dtype.is_integer() else column.dtype


def _prepared(column: Column, given: pl.DataType, reading: Reading, key: bool) -> pl.Expr:
    """Return the text of a cell after codes, null where it means unknown."""
    text = _text(pl.col(column.name), given, reading.options.decimal)
    if key or column.type != "str" or column.name in reading.codes:
        text = text.str.strip_chars()
    if column.name in reading.codes:
        text = text.replace(dict(reading.codes[column.name]))
    unknown = [*reading.unknown, *(() if column.empty_text else ("",))]
    return pl.when(text.is_in(unknown).not_()).then(text) if unknown else text


def _parsed(column: Column, text: pl.Expr, options: ReadOptions) -> pl.Expr:
    """Read a text as the column's type. No text is guessed into a value."""
    match column.type:
        case "str":
            return text
        case "bool":
            lower = text.str.to_lowercase()
            return pl.when(lower.is_in(_TRUE)).then(True).when(lower.is_in(_FALSE)).then(False)
        case "f64":
            return read_numbers(text, options)
        case _:
            bare: pl.Expr = pl.when(text.str.contains(number_pattern(options))).then(text)
            if options.thousands:
                bare = bare.str.replace_all(f"[{options.thousands}\u00a0\u2009\u202f]", "")
            whole = bare.str.replace(rf"[{options.decimal}]0+$", "")
            sound = pl.when(whole.str.contains(_WHOLE)).then(whole.str.strip_prefix("+"))
            return sound.cast(pl.Int64, strict=False)


def _unread(column: Column, value: pl.Expr, schema: pl.Schema, reading: Reading) -> pl.Expr:
    """Return the flag of a cell in which something stands that could not be read."""
    given = schema[column.name]
    name = UNREAD + column.name
    direct = column.accepts(given) and not isinstance(given, pl.String)
    if column.name not in reading.codes and (direct or column.type == "str"):
        return pl.lit(value=False).alias(name)
    text = _prepared(column, given, reading, key=True)
    return (text.is_not_null() & value.is_null()).alias(name)


def _text(value: pl.Expr, given: pl.DataType, decimal: str) -> pl.Expr:
    """Write a cell as text, as `sources` does: whole numbers without decimals."""
    if isinstance(given, pl.String):
        return value
    if given.is_nested():
        return pl.when(value.is_not_null()).then(pl.lit("[…]"))
    text = value.cast(pl.String, strict=False)
    if given.is_float():
        text = text.str.replace(r"\.0$", "")
        return text.str.replace(".", decimal, literal=True) if decimal != "." else text
    return text
