"""Judging one register of one year: every row is kept or set apart, with all its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

import polars as pl

from nabolag.core import Severity
from nabolag.registers.between import miscounted, orphans, referring, repeated_keys
from nabolag.registers.checks import ROW, Check, row_checks
from nabolag.registers.conform import UNREAD, as_texts, conformed, unread_checks
from nabolag.registers.pieces import PIECE, Piece
from nabolag.registers.report import EXAMPLES, Outcome, Tally
from nabolag.registers.spec import CountedBy, ForeignKey, RegisterSpec
from nabolag.registers.spread import Spread
from nabolag.registers.validate import BLOCK, absent_column, blocks, extra_columns

_TEXT_CODES: Final = ("register_value_unknown", "register_digits", "register_pattern")
_AT: Final = (PIECE, ROW)
#: Stands where a check has been made elsewhere.
ALL: Final = pl.lit(value=True)


@dataclass(frozen=True)
class Unit:
    """One register in one year, in one piece or several.

    `corrections` says what of it corrects earlier rows.
    """

    spec: RegisterSpec
    year: int | None
    pieces: tuple[Piece, ...]
    corrections: Corrections | None = None

    @property
    def files(self) -> list[str]:
        """The files the pieces are of."""
        return [piece.file for piece in self.pieces]

    @cached_property
    def present(self) -> frozenset[str]:
        """The columns that every piece has."""
        schemas = [set(piece.delivered().collect_schema()) for piece in self.pieces]
        return frozenset(set.intersection(*schemas)) & set(self.spec.names)

    def columns(self, names: tuple[str, ...]) -> pl.LazyFrame:
        """Return some columns of every piece as values, with the piece's number and `ROW`.

        A correction of a row that nobody delivered is left out: nothing may refer to it.
        """
        return pl.concat(
            self._of_somebody(number, piece.values(names)).with_columns(
                pl.lit(number, pl.UInt32).alias(PIECE)
            )
            for number, piece in enumerate(self.pieces)
        )

    def _of_somebody(self, piece: int, values: pl.LazyFrame) -> pl.LazyFrame:
        if self.corrections is None:
            return values
        nobody = self.corrections.of_nothing.filter(pl.col(PIECE) == piece)[ROW]
        return values.filter(~pl.col(ROW).is_in(nobody.implode())) if nobody.len() else values


@dataclass(frozen=True, slots=True)
class Corrections:
    """What corrections did to a register's year.

    `replaced` rows are no longer among its rows, `rows` stand in their place (or in nobody's),
    from `files`. `of_nothing` are those that no earlier row has the key of (`PIECE` and `ROW`),
    and `found` all that is to be told of.
    """

    replaced: int
    rows: int
    files: tuple[str, ...]
    of_nothing: pl.DataFrame
    found: tuple[RowsFound, ...]


def apart_schema(spec: RegisterSpec) -> dict[str, pl.DataType]:
    """Return the columns of rows set apart: the contract's as texts, `reasons`, `file`, `row`."""
    texts: dict[str, pl.DataType] = dict.fromkeys(spec.names, pl.String())
    return {**texts, "reasons": pl.List(pl.String), "file": pl.String(), "row": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Sorted:
    """A block after judging. `apart` has the columns of `apart_schema`."""

    kept: pl.DataFrame
    apart: pl.DataFrame
    keys_apart: pl.DataFrame


@dataclass(frozen=True, slots=True)
class RowsFound:
    """What a check between rows or registers found: the rows, by piece, and what follows."""

    check: Check
    rows: pl.DataFrame
    outcome: Outcome = "set_apart"

    def within(self, piece: int) -> list[Check]:
        """Return the check of rows of one piece, if it has any."""
        mine = self.rows.filter(pl.col(PIECE) == piece)[ROW]
        wrong = pl.col(ROW).is_in(mine.implode())
        return [replace(self.check, wrong=wrong)] if mine.len() else []


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the rows of one file: what sets them apart, and what is only told of."""

    sets_apart: tuple[Check, ...]
    notes: tuple[Check, ...]


Links = Mapping[str, Unit]
Apart = Mapping[str, pl.DataFrame]


def judge(
    unit: Unit,
    links: Links,
    apart: Apart,
    tally: Tally,
    *,
    refers: Literal["keep", "set_apart"] = "keep",
    block: int = BLOCK,
) -> Iterator[Sorted]:
    """Yield the rows of a unit, block by block, sorted into kept and set apart.

    `links` are the other registers of the year as delivered: a reference is sound where it is
    delivered, and counts are of all that was delivered. `apart` are the keys that were set
    apart of registers judged before. What is found is added to `tally`. Memory is that of a
    block and of the columns of the key or of one reference.
    """
    corrected = unit.corrections.found if unit.corrections else ()
    found = [*corrected, *_repeated(unit), *_linked(unit, links, apart, tally, refers)]
    _told_of_columns(unit, tally)
    spread = Spread(unit.spec, unit.present, unit.files[0])
    for number, piece in enumerate(unit.pieces):
        present = set(piece.delivered().collect_schema())
        between = {
            outcome: [c for rows in found if rows.outcome == outcome for c in rows.within(number)]
            for outcome in ("set_apart", "kept")
        }
        asked = _Asked((*_alone(piece, present), *between["set_apart"]), tuple(between["kept"]))
        wanted = [n for n in unit.spec.names if n in present]
        for raw in blocks(piece.delivered().select(ROW, *wanted), block):
            yield _sorted(raw, piece, asked, tally, spread)
    spread.tell(tally)


def _alone(piece: Piece, present: set[str]) -> list[Check]:
    """Return the checks of single rows in one file."""
    spec = piece.spec
    unread = unread_checks(spec, present)
    rows = [
        # What could not be read is told of once, not as an empty cell too.
        replace(check, wrong=check.wrong & ~pl.col(UNREAD + check.column))
        if check.code == "register_null"
        else check
        for check in row_checks(spec, present)
    ]
    absent = [
        Check(f.code, f.place.column, pl.col(ROW).is_not_null(), f.params)
        for f in (absent_column(spec, n, piece.file) for n in spec.names if n not in present)
        if f.code == "register_column_absent"
    ]
    outside = []
    if piece.declared and spec.partition in present:
        at = pl.col(spec.partition)
        params = {"year": piece.year}
        wrong = at != piece.year
        outside = [
            Check("register_year_outside", spec.partition, wrong, params, at.cast(pl.String))
        ]
    return [*absent, *unread, *outside, *rows]


def _sorted(raw: pl.DataFrame, piece: Piece, asked: _Asked, tally: Tally, spread: Spread) -> Sorted:
    """Judge one block of delivered rows."""
    spec = piece.spec
    values = conformed(raw.lazy(), spec, piece.reading).collect()
    hits, masks = _hits(values, asked.sets_apart)
    if any(check.code in _TEXT_CODES for check in hits):
        values = _trimmed(values, spec, tally, piece.file)
        hits, masks = _hits(values, asked.sets_apart)
    spread.look(values)
    key = [name for name in spec.key if name in values.columns]
    whole = values.select(name for name in spec.names if name in values.columns)
    if not hits:
        _note(values, asked, piece.file, tally)
        return Sorted(whole, pl.DataFrame(schema=apart_schema(spec)), whole.select(key).head(0))
    texts = as_texts(raw, spec, piece.reading.options.decimal)
    for number, check in enumerate(hits):
        told = texts.with_columns(raw[ROW]) if check.of_delivered else values
        _count(check, masks[str(number)], told, piece.file, tally)
    wrong = masks.select(pl.any_horizontal(pl.exclude(ROW))).to_series()
    _note(values.filter(~wrong), asked, piece.file, tally)
    apart = _with_reasons(texts, hits, masks, piece.file)
    return Sorted(whole.filter(~wrong), apart.filter(wrong), whole.select(key).filter(wrong))


def _note(kept: pl.DataFrame, asked: _Asked, file: str, tally: Tally) -> None:
    """Tell of rows that are kept although something is to be known of them."""
    hits, masks = _hits(kept, asked.notes)
    for number, check in enumerate(hits):
        _count(check, masks[str(number)], kept, file, tally, "kept")


def _hits(values: pl.DataFrame, checks: Sequence[Check]) -> tuple[list[Check], pl.DataFrame]:
    """Return the checks that find something, and their rows: `ROW` and a column for each.

    The counts come first: most blocks are sound, and then nothing more is made of them.
    """
    wrong = [c.wrong.fill_null(value=False).alias(str(n)) for n, c in enumerate(checks)]
    counts = values.select(expr.sum() for expr in wrong).row(0) if checks else ()
    hits = [check for check, count in zip(checks, counts, strict=True) if count]
    exprs = [check.wrong.fill_null(value=False).alias(str(n)) for n, check in enumerate(hits)]
    return hits, values.select(ROW, *exprs)


def _with_reasons(
    texts: pl.DataFrame, hits: list[Check], masks: pl.DataFrame, file: str
) -> pl.DataFrame:
    """Return delivered texts with every reason, the file and the row."""
    listed = [
        pl.when(pl.col(str(number))).then(pl.lit(check.reason)) for number, check in enumerate(hits)
    ]
    reasons = pl.concat_list(listed).list.drop_nulls()
    return texts.with_columns(
        masks.select(reasons.alias("reasons")).to_series(),
        pl.lit(file).alias("file"),
        masks[ROW].cast(pl.Int64).alias("row"),
    )


def _count(
    check: Check,
    wrong: pl.Series,
    told: pl.DataFrame,
    file: str,
    tally: Tally,
    outcome: Outcome = "set_apart",
) -> None:
    few = told.filter(wrong).head(EXAMPLES)
    rows = [(file, int(row)) for row in few[ROW]]
    shown = few.select(check.shown.alias("e"))["e"].to_list() if check.shown is not None else []
    tally.add(
        check, int(wrong.sum()), rows, [None if e is None else str(e) for e in shown], outcome
    )


def _trimmed(values: pl.DataFrame, spec: RegisterSpec, tally: Tally, file: str) -> pl.DataFrame:
    """Take blanks at the ends of texts away, and tell of it. Asked for where texts are wrong."""
    texts = [
        c.name
        for c in spec.columns
        if c.type == "str" and c.name in values and c.name not in spec.key
    ]
    clean = values.with_columns(pl.col(texts).str.strip_chars())
    for name in texts:
        differing = values.filter(values[name] != clean[name])
        if differing.height:
            check = Check("register_blanks_trimmed", name, ALL)
            rows = [(file, int(row)) for row in differing[ROW].head(EXAMPLES)]
            tally.add(check, differing.height, rows, (), "kept")
    return clean


def _told_of_columns(unit: Unit, tally: Tally) -> None:
    """Tell of columns that are unknown, and of those that the contract does not have."""
    spec = unit.spec
    for piece in unit.pieces:
        given = piece.delivered().collect_schema().names()
        extra = sorted(set(given) - {*spec.names, ROW})
        told = [extra_columns(spec, extra, piece.file)] if extra else []
        told += [absent_column(spec, n, piece.file) for n in spec.names if n not in given]
        for finding in told:
            if finding.severity is Severity.WARNING:
                check = Check(finding.code, finding.place.column, ALL, finding.params)
                tally.add(check, finding.count, [(piece.file, 1)], finding.examples, "kept")


def _repeated(unit: Unit) -> list[RowsFound]:
    """Find rows with one key: exact repetitions, and rows that say different things."""
    spec = unit.spec
    if not set(spec.key) <= unit.present:
        return []
    rows = repeated_keys(unit.columns(spec.key), spec, _AT)
    if rows.is_empty():
        return []
    whole = pl.concat(
        piece.values()
        .with_columns(pl.lit(number, pl.UInt32).alias(PIECE))
        .join(rows.lazy().select(_AT), on=_AT, how="semi")
        .select(*_AT, *(n for n in spec.names if n in unit.present))
        .collect(engine="streaming")
        for number, piece in enumerate(unit.pieces)
    )
    said = pl.struct(n for n in spec.names if n in unit.present)
    alike = said.n_unique().over(spec.key) == 1
    later = pl.int_range(pl.len()).over(spec.key) > 0
    judged = whole.sort(_AT).with_columns(alike.alias("__alike"), later.alias("__later"))
    column = ", ".join(spec.key)
    twice = Check("register_row_twice", column, ALL, private=True)
    differing = Check("register_rows_of_key", column, ALL, {"key": column}, private=True)
    return [
        RowsFound(twice, judged.filter(pl.col("__alike") & pl.col("__later")).select(_AT)),
        RowsFound(differing, judged.filter(~pl.col("__alike")).select(_AT)),
    ]


def _linked(
    unit: Unit, links: Links, apart: Apart, tally: Tally, refers: Literal["keep", "set_apart"]
) -> list[RowsFound]:
    """Judge references and counts. What is only told of goes to the tally at once."""
    found = []
    for link in unit.spec.foreign_keys:
        other = links.get(link.register)
        if other is None:
            _unchecked(link.register, link.columns, unit, tally)
        elif set(link.columns) <= unit.present and set(link.target) <= other.present:
            found += _references(unit, link, other, apart, refers)
    for count in unit.spec.counted_by:
        other = links.get(count.register)
        columns = (*count.on, count.column)
        if other is None:
            _unchecked(count.register, columns, unit, tally)
        elif set(columns) <= unit.present and set(count.on) <= other.present:
            found.append(_counts(unit, count, other))
    return [one for one in found if one.rows.height]


def _references(
    unit: Unit,
    link: ForeignKey,
    other: Unit,
    apart: Apart,
    refers: Literal["keep", "set_apart"],
) -> list[RowsFound]:
    columns, params = ", ".join(link.columns), {"register": link.register}
    lazy = unit.columns(link.columns)
    lost = orphans(lazy, link, other.columns(link.target), _AT)
    found = []
    if link.orphans == "keep":
        later = Check("register_reference_later", columns, ALL, params, private=True)
        found.append(RowsFound(later, lost, "kept"))
    else:
        absent = Check(
            "register_reference_absent",
            columns,
            ALL,
            params,
            pl.format(" · ".join(["{}"] * len(link.columns)), *link.columns),
            private=any(unit.spec.column(c).private for c in link.columns),
        )
        found.append(RowsFound(absent, lost))
    keys = apart.get(link.register)
    if keys is not None and keys.height and set(link.target) <= set(keys.columns):
        pointing = referring(lazy, link, keys, _AT)
        if refers == "set_apart":
            also = Check("register_reference_apart", columns, ALL, params, private=True)
            found.append(RowsFound(also, pointing))
        else:
            open_ = Check("register_reference_open", columns, ALL, params, private=True)
            found.append(RowsFound(open_, pointing, "kept"))
    return found


def _counts(unit: Unit, link: CountedBy, other: Unit) -> RowsFound:
    key = other.spec.key if set(other.spec.key) <= other.present else ()
    counted = other.columns(tuple(dict.fromkeys((*link.on, *key))))
    wrong = miscounted(unit.columns((*link.on, link.column)), link, counted, _AT, key)
    params: dict[str, Any] = {"register": link.register, "column": link.column}
    check = Check("register_count_differs", link.column, ALL, params, private=True)
    return RowsFound(check, wrong)


def _unchecked(register: str, columns: tuple[str, ...], unit: Unit, tally: Tally) -> None:
    check = Check(
        "register_link_unchecked",
        ", ".join(columns),
        ALL,
        {"register": register},
    )
    tally.add(check, 1, (), (), "kept")
