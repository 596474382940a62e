"""Corrections: files with only the corrected rows, which stand in place of rows with their key.

What was delivered before is never changed. A register's year is put together anew from the
deliveries and the corrections of them, and judged as a whole: what was wrong and is corrected is
then no longer wrong, and a correction that is wrong itself is set apart like any other row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.core import Place, error
from nabolag.registers.checks import ROW, Check
from nabolag.registers.conform import UNREAD
from nabolag.registers.judge import ALL, Corrections, RowsFound, Unit
from nabolag.registers.pieces import PIECE, Piece

#: Why a correction is set apart that no earlier row has the key of.
OF_NOTHING: Final = "register_correction_of_nothing"
#: Told of a column that corrections changed, and of corrections that changed nothing.
CORRECTED: Final = "register_row_corrected"
SAME: Final = "register_correction_same"
_LEVEL, _AFTER = "__level", "__after"
_AT = (PIECE, ROW)


def corrected(unit: Unit, scratch: Path) -> Unit:
    """Return a register's year without the rows that corrections stand in place of.

    Rows keep their file and number. What is left of a file is written to `scratch`. Raises
    `UserError` where a correction has nothing to correct that year, or lacks a column that the
    delivery has: a value that is not written would be taken for unknown.
    """
    if unit.year is None or not any(piece.corrects for piece in unit.pieces):
        return unit
    _require_whole(unit)
    if any(set(unit.spec.key) - _columns(piece) for piece in unit.pieces if piece.corrects):
        return unit  # no row can be found, and every row is set apart for what it lacks
    rows = _keyed(unit)
    gone = [_superseded(unit, piece, rows) for piece in unit.pieces]
    left = tuple(
        _without(piece, out[ROW], scratch / f"left-{unit.spec.name}-{unit.year}-{number}.parquet")
        for number, (piece, out) in enumerate(zip(unit.pieces, gone, strict=True))
    )
    standing = rows.join(
        pl.concat([o.select(pl.lit(n, pl.UInt32).alias(PIECE), ROW) for n, o in enumerate(gone)]),
        on=_AT,
        how="anti",
    )
    found = tuple(_found(unit, standing))
    told = Corrections(
        replaced=sum(out.height for out in gone),
        rows=standing.height,
        files=tuple(dict.fromkeys(piece.file for piece in unit.pieces if piece.corrects)),
        of_nothing=found[0].rows,
        found=found,
    )
    return replace(unit, pieces=left, corrections=told)


def _require_whole(unit: Unit) -> None:
    """Refuse corrections of a year that nothing is delivered of, and those that lack columns."""
    spec = unit.spec
    first = [piece for piece in unit.pieces if not piece.corrects]
    here = {name for piece in first for name in _columns(piece)}
    for piece in unit.pieces:
        if not piece.corrects:
            continue
        if not first:
            params = {"register": spec.name, "year": unit.year}
            raise error("register_correction_without_delivery", Place(piece.file), **params)
        absent = [name for name in spec.names if name in here - _columns(piece)]
        if absent:
            place = Place(piece.file, None, absent[0])
            listed = ", ".join(absent)
            raise error("register_correction_column_absent", place, columns=listed)


def _columns(piece: Piece) -> set[str]:
    return set(piece.delivered().collect_schema()) & set(piece.spec.names)


def _keyed(unit: Unit) -> pl.DataFrame:
    """Return the key of every correcting row, with its piece, number and level."""
    key = unit.spec.key
    return pl.concat(
        piece.values(key)
        .select(
            pl.lit(number, pl.UInt32).alias(PIECE),
            ROW,
            *key,
            pl.lit(piece.corrects).alias(_LEVEL),
        )
        .collect()
        for number, piece in enumerate(unit.pieces)
        if piece.corrects
    )


def _superseded(unit: Unit, piece: Piece, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a piece that a later correction has the key of."""
    key = unit.spec.key
    if not set(key) <= _columns(piece):
        return pl.DataFrame(schema={ROW: rows.schema[ROW]})
    later = rows.filter(pl.col(_LEVEL) > piece.corrects).select(key).unique()
    found = piece.values(key).select(ROW, *key).join(later.lazy(), on=key, how="semi")
    return found.select(pl.col(ROW).cast(rows.schema[ROW])).collect(engine="streaming")


def _without(piece: Piece, rows: pl.Series, path: Path) -> Piece:
    """Return a piece without some of its rows; its others keep their numbers."""
    if rows.is_empty():
        return piece
    piece.delivered().filter(~pl.col(ROW).is_in(rows.implode())).sink_parquet(path)
    return replace(piece, path=path, names={}, constants={})


def _found(unit: Unit, standing: pl.DataFrame) -> Iterator[RowsFound]:
    """Tell which corrections have no row, which columns were corrected, and which change nothing.

    A key that cannot be read is told of as what it is.
    """
    key = list(unit.spec.key)
    named = standing.drop_nulls(key)
    before = _values([p for p in unit.pieces if not p.corrects], named, key).unique(
        key, keep="first", maintain_order=True
    )
    column = ", ".join(key)
    nobody = named.join(before, on=key, how="anti")
    yield RowsFound(Check(OF_NOTHING, column, ALL, {"key": column}, private=True),
                    nobody.select(_AT))  # fmt: skip
    after = _values(list(unit.pieces), named, key).join(named, on=_AT, how="semi")
    both = after.join(before, on=key, how="inner", suffix=_AFTER)
    changed = both.select(*_AT, *(_differs(name, both) for name in unit.spec.names
                                  if name not in key and name in after.columns))  # fmt: skip
    for name in changed.columns[len(_AT) :]:
        rows = changed.filter(pl.col(name)).select(_AT)
        yield RowsFound(Check(CORRECTED, name, ALL, private=True), rows, "kept")
    same = changed.filter(~pl.any_horizontal(pl.exclude(_AT))) if changed.width > len(_AT) else both
    yield RowsFound(Check(SAME, column, ALL, private=True), same.select(_AT), "kept")


def _values(pieces: list[Piece], named: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return whole rows of the keys named, in the order they were delivered."""
    keys = named.select(key).unique().lazy()
    return pl.concat(
        (
            piece.values()
            .with_columns(pl.lit(number, pl.UInt32).alias(PIECE))
            .join(keys, on=key, how="semi", maintain_order="left")
            .collect()
            for number, piece in enumerate(pieces)
            if set(key) <= _columns(piece)
        ),
        how="diagonal_relaxed",
    )


def _differs(name: str, both: pl.DataFrame) -> pl.Expr:
    """Tell where a column says something else than before, or said nothing that could be read."""
    if f"{name}{_AFTER}" not in both.columns:
        return pl.col(name).is_not_null().alias(name)
    other = pl.col(name).ne_missing(pl.col(f"{name}{_AFTER}"))
    unread = f"{UNREAD}{name}{_AFTER}"
    return (other | pl.col(unread) if unread in both.columns else other).alias(name)
