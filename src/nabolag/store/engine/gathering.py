"""Facts looked up by key, a part of the rows at a time, for an engine that holds what it reads.

Registers are kept in the order of their keys, which are whole numbers lying close. So a key's row
is found in a table of places rather than by hashing or merging, and only the stretch of a register
that meets a part of the rows is looked at. The next part is gathered while the last is being used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Rows = npt.NDArray[np.integer]
#: Columns, and for each row asked about the row of them it is; `None` where that is the same.
Found: TypeAlias = tuple[pl.DataFrame, Rows | None]
#: A table of places may have this many places for each key, and a few more.
_SPARSE, _FEW = 4, 1024
_LAST_SHORT = 2**16 - 1


def gathered(
    rows: pl.DataFrame,
    registers: Sequence[tuple[str, pl.DataFrame]],
    size: int,
    together: str = "",
) -> Iterator[pl.DataFrame]:
    """Yield the rows with the registers' columns, `size` rows at a time, in their own order.

    Within a part they stand in the order of the column `together`, where one is named: rows that
    are alike in it lie next to one another, and are added up without being looked for.
    """
    finders = [_finder(rows[key], key, register, size) for key, register in registers]
    if rows.height <= size:
        yield _part(rows, finders, 0, rows.height, together)
        return
    with ThreadPoolExecutor(1) as ahead:
        starts = range(0, rows.height, size)
        coming = ahead.submit(_part, rows, finders, 0, size, together)
        for start in starts[1:]:
            following = ahead.submit(_part, rows, finders, start, size, together)
            now, coming = coming.result(), following
            yield now
        yield coming.result()


def rows_together(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Put the rows of a group next to one another, and note what else is in order then."""
    ordered = _taken(frame.rechunk(), _order(frame[column]))
    whole = [name for name, dtype in frame.schema.items() if dtype.is_integer()]
    return ordered.with_columns(
        pl.col(name).set_sorted() for name in whole if ordered[name].is_sorted()
    )


class _Finder(Protocol):
    """Finds a register's columns for some rows."""

    @property
    def key(self) -> str:
        """The column of the rows that says which row of the register is meant."""
        ...

    def found(self, keys: pl.Series, start: int) -> Found:
        """Return where the rows with these keys are, the first of them row `start`."""
        ...


@dataclass(frozen=True, slots=True)
class _Same:
    """The register has the rows' own keys in the rows' own order."""

    key: str
    facts: pl.DataFrame

    def found(self, keys: pl.Series, start: int) -> Found:
        return self.facts.slice(start, len(keys)), None


@dataclass(frozen=True, slots=True)
class _Placed:
    """Keys are whole numbers; `places` gives the row of each from `lowest` on.

    The first and the last place are for keys below and above, and say as all places without a
    row do: the last row, of which nothing is known.
    """

    key: str
    facts: pl.DataFrame
    lowest: int
    places: Rows

    def found(self, keys: pl.Series, start: int) -> Found:
        away = _whole(keys, self.lowest) - self.lowest
        return self.facts, self.places.take(away, mode="clip")


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Rows and register stand in the order of their keys: the stretch that meets is looked at."""

    key: str
    register: pl.DataFrame
    numbers: Rows

    def found(self, keys: pl.Series, start: int) -> Found:
        first, last = np.searchsorted(self.numbers, (keys[0], keys[-1] + 1))
        numbers, asked = self.numbers[first:last], keys.to_numpy()
        facts = _with_nothing(self.register.slice(int(first), int(last - first)), self.key)
        if places := _places(numbers) if len(numbers) * _SPARSE > len(asked) else None:
            return _Placed(self.key, facts, *places).found(keys, start)
        at = np.full(len(asked), len(numbers), dtype=np.int32)
        first, last = (np.searchsorted(asked, numbers, side) for side in ("left", "right"))
        times = last - first  # how many rows ask for each number; they stand together
        rows = np.arange(len(numbers), dtype=np.int32).repeat(times)
        at[np.arange(len(rows)) + (last - times.cumsum()).repeat(times)] = rows
        return facts, at


@dataclass(frozen=True, slots=True)
class _Joined:
    """Keys of any kind."""

    key: str
    register: pl.DataFrame

    def found(self, keys: pl.Series, start: int) -> Found:
        asked = keys.cast(self.register[self.key].dtype).alias(self.key).to_frame()
        facts = asked.join(
            self.register, on=self.key, how="left", maintain_order="left", validate="m:1"
        ).drop(self.key)
        return facts, None


@dataclass(frozen=True, slots=True)
class _Worded:
    """Keys are words that are repeated: each is looked up once, and found by its number."""

    key: str
    register: pl.DataFrame

    def found(self, keys: pl.Series, start: int) -> Found:
        drawn = keys.cast(pl.Categorical)
        seen = drawn.unique().drop_nulls()
        rows = self.register.select(self.key, pl.int_range(pl.len(), dtype=pl.Int32).alias("row"))
        at = _Joined(self.key, rows).found(seen, 0)[0]["row"].fill_null(rows.height)
        numbers = seen.to_physical().cast(pl.Int64).to_numpy()
        places = np.full(int(numbers.max(initial=0)) + 3, rows.height, dtype=np.int32)
        places[numbers + 1] = at.to_numpy()
        facts = _with_nothing(self.register, self.key)
        return _Placed(self.key, facts, -1, places).found(drawn, start)


def _finder(keys: pl.Series, key: str, register: pl.DataFrame, size: int) -> _Finder:
    """Choose how a register's rows are found."""
    if keys.dtype in (pl.String, pl.Categorical):
        return _Worded(key, register)
    own = register[key]
    numbers = _numbers(own)
    if numbers is None:
        return _Joined(key, register)
    if len(keys) == len(own) and keys.equals(own):
        return _Same(key, register.drop(key))
    rising = bool((numbers[1:] > numbers[:-1]).all())
    if rising and len(keys) > size and not keys.null_count() and keys.is_sorted():
        return _Ordered(key, register, numbers)
    places = _places(numbers, unique=rising)
    if places is None:
        return _Joined(key, register)
    return _Placed(key, _with_nothing(register, key), *places)


def _part(
    rows: pl.DataFrame, finders: Sequence[_Finder], start: int, size: int, together: str
) -> pl.DataFrame:
    own = rows.slice(start, size).rechunk()
    found = [finder.found(own[finder.key], start) for finder in finders]
    order = _order(own[together].to_physical()) if together else None
    parts = [_arranged(one, order) for one in ((own, None), *found)]
    return pl.concat(parts, how="horizontal") if found else parts[0]


def _arranged(found: Found, order: Rows | None) -> pl.DataFrame:
    """Return the columns of the rows in an order; in the rows' own where there is none."""
    facts, at = found
    if order is not None:
        at = order if at is None else at[order]
    return facts if at is None else _taken(facts, at)


def _numbers(keys: pl.Series) -> Rows | None:
    """Return keys that are whole numbers, all known and at least one; else nothing."""
    if not keys.dtype.is_integer() or keys.is_empty() or keys.null_count():
        return None
    found: Rows = keys.to_numpy()
    return found


def _places(numbers: Rows, *, unique: bool = True) -> tuple[int, Rows] | None:
    """Return the number before the lowest key, and for each from it on the row with that key.

    Numbers without a row get the number of rows; the last place is for all that are higher.
    Nothing where keys do not lie close, or one stands there twice (asked unless they are known
    to be `unique`).
    """
    if not len(numbers):
        return None
    before = int(numbers.min()) - 1
    span = int(numbers.max()) - before + 2
    if span > _SPARSE * len(numbers) + _FEW or span >= np.iinfo(np.int32).max:
        return None
    places = np.full(span, len(numbers), dtype=np.int32)
    rows = np.arange(len(numbers), dtype=np.int32)
    places[numbers - before] = rows
    if not unique and not np.array_equal(places[numbers - before], rows):
        return None
    return before, places


def _with_nothing(register: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return a register's facts with a last row of which nothing is known."""
    facts = register.drop(key)
    return pl.concat([facts, facts.clear(1)], rechunk=True)


def _taken(frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    # As a frame, not as expressions: the places are then looked over once, not once a column.
    return frame[pl.Series(rows.astype(np.uint32, copy=False))] if frame.width else frame


def _whole(keys: pl.Series, unknown: int) -> Rows:
    found: Rows = keys.to_physical().cast(pl.Int64).fill_null(unknown).to_numpy()
    return found


def _order(numbers: pl.Series) -> Rows:
    """Return the order that puts rows alike next to one another, rising, the unknown last."""
    lowest, highest = numbers.min(), numbers.max()
    # Sixteen bits are sorted by counting, in two passes.
    short = lowest is not None and highest - lowest < _LAST_SHORT  # type: ignore[operator]
    known = (numbers.cast(pl.Int64) - lowest).cast(pl.UInt16) if short else numbers.cast(pl.Int64)
    last = _LAST_SHORT if short else np.iinfo(np.int64).max
    found: Rows = np.argsort(known.fill_null(last).to_numpy(), kind="stable")
    return found
