"""A delivered list of grants read line by line; what is wrong with a line is written beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.allocation.grants.spec import GrantArea, GrantsSpec
from nabolag.core import Finding, Level, Place, Severity, raise_errors
from nabolag.sources.grid import ROW
from nabolag.sources.numerals import hundredths
from nabolag.sources.read import read_raw
from nabolag.sources.vector_codes import rows_in, told_left_out

#: One row a line. Amounts are hundredths (øre), null where none could be read or none is given.
#: `problem` is empty, or the first thing wrong: `amount`, `year`, `funder`, `area`, `municipal`,
#: `persons`; `column` is where. `level` and `area` are empty for a line without a known place.
LINES: Final[dict[str, pl.DataType]] = {
    "file": pl.String(),
    "row": pl.Int64(),
    "level": pl.String(),
    "area": pl.String(),
    "unit": pl.String(),
    "funder": pl.String(),
    "scheme": pl.String(),
    "year": pl.Int64(),
    "amount": pl.Int64(),
    "municipal": pl.Int64(),
    "persons": pl.Int64(),
    "conditions": pl.String(),
    "text": pl.String(),
    "problem": pl.String(),
    "column": pl.String(),
}
_ONE: Final = 100
_EXAMPLES: Final = 8
_TWICE: Final = ("level", "area", "unit", "funder", "scheme", "year", "amount")


@dataclass(frozen=True)
class GrantsRead:
    """A list as it was read: every line (`LINES`), and what was noticed."""

    spec: GrantsSpec
    lines: pl.DataFrame
    left_out: tuple[Finding, ...] = ()

    @property
    def problems(self) -> pl.DataFrame:
        """Every line with something wrong: where it stands, what it is, and what was written."""
        wrong = self.lines.filter(pl.col("problem") != "")
        return wrong.select("file", "row", "column", "problem", "year", "text")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was left out by declaration, and what is wrong or written twice."""
        return (*self.left_out, *_told(self), *_repeated(self))

    def held_to(self, areas: pl.DataFrame) -> GrantsRead:
        """Return the list with lines about areas that are not known (`AREAS`) as problems."""
        place = self.spec.area
        if place is None:
            return self
        known = areas.select("level", area="code", _known=pl.lit(True)).unique(["level", "area"])
        lines = self.lines.join(known, on=["level", "area"], how="left", maintain_order="left")
        strange = (pl.col("area") != "") & pl.col("_known").is_null()
        first = strange & pl.col("problem").is_in(["", "municipal", "persons"])
        held = lines.with_columns(
            *(pl.when(strange).then(pl.lit("")).otherwise(name).alias(name)
              for name in ("level", "area")),
            pl.when(first).then(pl.lit("area")).otherwise("problem").alias("problem"),
            pl.when(first).then(pl.lit(place.column)).otherwise("column").alias("column"),
            pl.when(first).then("area").otherwise("text").alias("text"),
        )  # fmt: skip
        return replace(self, lines=held.select(*LINES))


def read_grants(spec: GrantsSpec, files: Sequence[tuple[Path, str]]) -> GrantsRead:
    """Read a list's files. Raises `UserError` for files and columns that are not there."""
    parts, told = [], []
    for path, name in files:
        table = read_raw(path, spec, name)
        raise_errors(
            Finding("grants_column_absent", Severity.ERROR, Place(name, column=column),
                    {"key": key, "columns": ", ".join(table.columns)})
            for key, column in spec.columns.items() if column not in table.columns
        )  # fmt: skip
        chosen, taken, outside = rows_in(table.frame, spec.keep, spec.leave_out)
        told += told_left_out("area", Place(name), taken, outside)
        parts.append(_lines(spec, chosen, name))
    return GrantsRead(spec, pl.concat(parts), tuple(told))


def _lines(spec: GrantsSpec, rows: pl.DataFrame, name: str) -> pl.DataFrame:
    made = rows.select(
        pl.lit(name).alias("file"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
        *_place(spec.area),
        _text(spec.unit).alias("unit"),
        spec.funder.expression().str.strip_chars().alias("funder"),
        (spec.scheme.expression() if spec.scheme else pl.lit("")).alias("scheme"),
        spec.year.expression().str.strip_chars().str.extract(r"^(\d{4})$", 1)
        .cast(pl.Int64).alias("year"),
        _amount(spec).alias("amount"),
        (_kroner(spec, spec.municipal) if spec.municipal else pl.lit(None, pl.Int64))
        .alias("municipal"),
        _persons(spec).alias("persons"),
        _text(spec.conditions).alias("conditions"),
        *(_text(spec.columns.get(key, "")).alias(f"_{key}") for key in _CELLS),
    )  # fmt: skip
    problems = _problems(spec)
    named = {key: spec.columns.get(key, "") for key in _CELLS}
    return made.with_columns(
        _first((bad, pl.lit(key)) for key, bad in problems).alias("problem"),
        _first((bad, pl.lit(named[key])) for key, bad in problems).alias("column"),
        _first((bad, pl.col(f"_{key}")) for key, bad in problems).alias("text"),
    ).select(pl.col(key).cast(kind) for key, kind in LINES.items())


_CELLS: Final = ("amount", "year", "funder", "area", "municipal", "persons")


def _first(pairs: Iterator[tuple[pl.Expr, pl.Expr]]) -> pl.Expr:
    return pl.coalesce(*(pl.when(bad).then(told) for bad, told in pairs), pl.lit(""))


def _text(column: str) -> pl.Expr:
    return pl.col(column) if column else pl.lit("")


def _kroner(spec: GrantsSpec, column: str) -> pl.Expr:
    return hundredths(pl.col(column), spec.read) * (1000 if spec.thousands_of_kroner else 1)


def _amount(spec: GrantsSpec) -> pl.Expr:
    """Return the amount; of a count it is a whole number, 0 or more."""
    if not spec.amount:
        return pl.lit(_ONE, pl.Int64)
    read = _kroner(spec, spec.amount)
    if spec.counts is None:
        return read
    return pl.when((read >= 0) & (read % _ONE == 0)).then(read)


def _persons(spec: GrantsSpec) -> pl.Expr:
    if not spec.persons:
        return pl.lit(None, pl.Int64)
    read = hundredths(pl.col(spec.persons), spec.read)
    return pl.when((read >= 0) & (read % _ONE == 0)).then(read // _ONE)


def _place(area: GrantArea | None) -> list[pl.Expr]:
    """Return the level and the code, both empty where the column does not tell."""
    if area is None:
        return [pl.lit("").alias("level"), pl.lit("").alias("area")]
    word = pl.col(area.column).str.strip_chars()
    about_all = word.is_in(list(area.whole))
    code = word.replace_strict(area.codes, default="", return_dtype=pl.String) \
        if area.codes else word  # fmt: skip
    level = pl.lit(area.level.value) if area.level else pl.col(area.level_column).replace_strict(
        {said: one.value for said, one in area.levels.items()}, default="",
        return_dtype=pl.String,
    )  # fmt: skip
    known = (code != "") & (level != "")
    whole = pl.when(about_all)
    return [
        whole.then(pl.lit(Level.KOMMUNE.value)).when(known).then(level)
        .otherwise(pl.lit("")).alias("level"),
        whole.then(pl.lit(area.municipality)).when(known).then(code)
        .otherwise(pl.lit("")).alias("area"),
    ]  # fmt: skip


def _problems(spec: GrantsSpec) -> list[tuple[str, pl.Expr]]:
    """Return what may be wrong with a line, the worst first."""
    no_place = (pl.col("area") == "") if spec.area else pl.lit(False)
    return [
        ("amount", pl.col("amount").is_null()),
        ("year", pl.col("year").is_null()),
        ("funder", pl.col("funder").fill_null("") == ""),
        ("area", no_place),
        ("municipal", pl.col("municipal").is_null() & (pl.col("_municipal") != "")),
        ("persons", pl.col("persons").is_null() & (pl.col("_persons") != "")),
    ]


def _told(read: GrantsRead) -> Iterator[Finding]:
    for (problem, file), part in read.problems.group_by("problem", "file", maintain_order=True):
        first = part.row(0, named=True)
        place = Place(str(file), first["row"], first["column"])
        shown = tuple(text or "–" for text in part["text"].head(_EXAMPLES))
        rows = ", ".join(map(str, part["row"].head(_EXAMPLES)))
        params = {"id": read.spec.id, "rows": rows}
        yield Finding(f"grants_line_{problem}", Severity.WARNING, place, params, part.height, shown)


def _repeated(read: GrantsRead) -> Iterator[Finding]:
    """Tell of lines that are alike in everything: perhaps delivered twice; all are counted."""
    if not read.spec.amount:
        return
    sound = read.lines.filter(pl.col("problem") == "")
    twice = sound.filter(sound.select(_TWICE).is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        rows = ", ".join(map(str, twice["row"].head(_EXAMPLES)))
        params = {"id": read.spec.id, "rows": rows}
        place = Place(first["file"], first["row"])
        yield Finding("grants_line_twice", Severity.WARNING, place, params, twice.height)
