"""Opening delivered register files: every file, or the part of it that is of one year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.core import Place, error
from nabolag.registers.checks import ROW
from nabolag.registers.conform import Reading, conformed, value_of
from nabolag.registers.contracts import CONTRACTS
from nabolag.registers.delivery import RegisterDelivery
from nabolag.registers.spec import RegisterSpec
from nabolag.sources.column_rules import Lookup
from nabolag.sources.file_form import format_of
from nabolag.sources.grid import ROW as SOURCE_ROW
from nabolag.sources.read import read_raw
from nabolag.sources.tables import find_matching

#: The internal column that numbers the pieces of a register's year.
PIECE: Final = "__piece"
_YEAR_FOLDER: Final = re.compile(r"year=(\d{4})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one register and one year in one file. `year` is null where none can be read.

    `declared` says that the year is not read from the rows but promised for all of them.
    `names` gives delivered columns the contract's names; `constants` are texts. `corrects` is 0
    for a delivery of its own and counts corrections: one stands in place of what is lower.
    """

    path: Path
    file: str
    spec: RegisterSpec
    year: int | None = None
    declared: bool = False
    reading: Reading = field(default_factory=Reading)
    names: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    corrects: int = 0

    def delivered(self) -> pl.LazyFrame:
        """Open the file: delivered values under the contract's names, and `ROW`.

        Raises `UserError` for a broken file and for two columns with one name.
        """
        frame = self._opened()
        present = frame.collect_schema().names()
        here = {old: new for old, new in self.names.items() if old in present}
        if twice := [new for old, new in here.items() if new != old and new in present]:
            raise error("source_column_twice", Place(self.file, None, twice[0]))
        filled = [pl.lit(text).alias(name) for name, text in self.constants.items()]
        return frame.rename(here).with_columns(filled)

    def values(self, only: Iterable[str] = ()) -> pl.LazyFrame:
        """Return the contract's columns as values to be judged (see `conform.conformed`)."""
        return conformed(self.delivered(), self.spec, self.reading, tuple(only))

    def _opened(self) -> pl.LazyFrame:
        try:
            frame = pl.scan_parquet(self.path, hive_partitioning=False)
            if ROW in frame.collect_schema():
                return frame
        except (pl.exceptions.PolarsError, OSError) as wrong:
            first = (str(wrong).splitlines() or [""])[0]
            raise error("source_parquet_broken", Place(self.file), reason=first) from wrong
        # Asked of the scan itself, so that a block of rows is read without those before it.
        return pl.scan_parquet(
            self.path, hive_partitioning=False, row_index_name=ROW, row_index_offset=1
        )


def folder_pieces(folder: Path) -> list[Piece]:
    """Return the files of a folder in the house's own layout: `<register>/year=<year>/*.parquet`.

    Raises `UserError` where there is none.
    """
    found = []
    for spec in CONTRACTS.values():
        for path in sorted((folder / spec.name).glob("year=*/*.parquet")):
            name = path.relative_to(folder).as_posix()
            if year := _year_in(name):
                found.append(Piece(path, name, spec, year, declared=True))
    if not found:
        raise error("register_deliveries_absent", Place(str(folder)))
    return found


def delivered_pieces(
    delivery: RegisterDelivery, roots: Sequence[Path], scratch: Path
) -> list[Piece]:
    """Find and open what a `[[register]]` names, each file by year.

    Files that hold several years, or text, are written to `scratch` by year as Parquet; a
    Parquet file of one year is read where it lies. Raises `UserError` for absent and broken
    files. Text files are read whole: for national registers, ask for Parquet.
    """
    return [
        part
        for number, (path, name) in enumerate(find_matching(delivery.file, roots))
        for part in _of_file(delivery, path, name, scratch / f"{delivery.register_name}-{number}")
    ]


def _of_file(delivery: RegisterDelivery, path: Path, name: str, scratch: Path) -> list[Piece]:
    spec = CONTRACTS[delivery.register_name]
    constants = dict(delivery.constants)
    declared = delivery.year or _year_in(name)
    kind = format_of(name, delivery.format)
    names = {**delivery.read.rename, **delivery.rename}
    reading = Reading(delivery.read, delivery.codes, delivery.unknown)
    if kind != "parquet":
        path = _as_parquet(delivery, path, name, scratch)
    piece = Piece(path, name, spec, declared, bool(declared), reading, names, constants)
    present = piece.delivered().collect_schema()
    if declared:
        if spec.partition not in present:
            piece = replace(piece, constants={**constants, spec.partition: str(declared)})
        return [piece]
    if spec.partition not in present:
        return [piece]  # every row will be told of
    return _by_year(piece, scratch)


def _as_parquet(delivery: RegisterDelivery, path: Path, name: str, scratch: Path) -> Path:
    """Read text, a workbook or another table with the readers of `sources`; keep it as Parquet."""
    plain = delivery.read.model_copy(update={"rename": {}})
    asked = Lookup(file=name, name="", code="", format=delivery.format, read=plain)
    table = read_raw(path, asked, name)
    staged = scratch.with_suffix(".parquet")
    # Numbered as a scan numbers rows, so that text and Parquet may be of one year.
    table.frame.rename({SOURCE_ROW: ROW}).cast({ROW: pl.UInt32}).write_parquet(staged)
    return staged


def _by_year(piece: Piece, scratch: Path) -> list[Piece]:
    """Split a file that holds several years; a year that no register can be of is none."""
    spec = piece.spec
    years = piece.values([spec.partition]).select(spec.partition).unique().collect()
    found = sorted({_possible(spec, y) for y in years[spec.partition]}, key=lambda y: y or 0)
    if len(found) <= 1:
        return [replace(piece, year=found[0] if found else None)]
    frame = piece.delivered()
    given = frame.collect_schema()[spec.partition]
    year = value_of(spec.column(spec.partition), given, piece.reading, key=True)
    split = []
    for value in found:
        path = scratch.with_name(f"{scratch.name}-{value}.parquet")
        possible = [y for y in found if y is not None]
        mine = year == value if value is not None else year.is_in(possible).not_().fill_null(True)
        frame.filter(mine).sink_parquet(path)
        split.append(replace(piece, path=path, year=value, names={}, constants={}))
    return split


def _possible(spec: RegisterSpec, year: int | None) -> int | None:
    column = spec.column(spec.partition)
    low, high = column.minimum or 0, column.maximum or 9999
    return year if year is not None and low <= year <= high else None


def _year_in(name: str) -> int | None:
    """Return the year that the folders of a file tell."""
    found = _YEAR_FOLDER.search(name)
    return int(found.group(1)) if found else None
