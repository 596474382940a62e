"""What the house asks of an engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import narwhals.stable.v2 as nw
import polars as pl

Lazy: TypeAlias = "nw.LazyFrame[Any]"
EngineName: TypeAlias = Literal["polars", "duckdb", "spark", "postgres"]


class Engine(Protocol):
    """What the house asks of an engine."""

    def scan(self, files: Sequence[Path]) -> Lazy:
        """Open Parquet files as one frame."""
        ...

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over to the engine."""
        ...

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Store columns that repeat a few words as the engine likes best; they read the same."""
        ...

    def keep(self, frame: Lazy, name: str, together: str = "") -> Lazy:
        """Compute a frame once. Another frame kept under the same name takes its place.

        `together` names a column of whole numbers by which the frame will be grouped, should the
        engine like to put the rows of a group next to one another.
        """
        ...

    def gather(
        self,
        rows: Lazy,
        registers: Sequence[tuple[str, Lazy]],
        *,
        whole: bool = False,
        together: str = "",
    ) -> Iterator[Lazy]:
        """Yield the rows with what registers know of them, in one part (`whole`) or in several.

        Each register is given with the key it is looked up by, which must be unique in it. Every
        row stands in exactly one part, and none is lost: where a register lacks its key, its
        columns are null. `together` names a column of `rows` by which the parts will be added up,
        should the engine like to put rows alike next to one another within each part.
        """
        ...

    def add_up(
        self, frame: Lazy, keys: Sequence[str], counted: Sequence[str], summed: Sequence[str]
    ) -> pl.DataFrame:
        """Return for each group of rows how many are not null in some columns, and others' sums."""
        ...

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        ...


def lazy(native: Any) -> Lazy:
    """Read an engine's own frame in Narwhals' words."""
    frame: Lazy = nw.from_native(native)
    return frame


def added_up(
    frame: Lazy, keys: Sequence[str], counted: Sequence[str], summed: Sequence[str]
) -> Lazy:
    """Group and add up, as engines do that plan their own work."""
    counts, sums = (nw.col(name).count() for name in counted), (nw.col(n).sum() for n in summed)
    return frame.group_by(list(keys)).agg(*counts, *sums)


def joined(rows: Lazy, registers: Sequence[tuple[str, Lazy]]) -> Lazy:
    """Join registers to rows one after another, as engines do that plan their own work."""
    for key, register in registers:
        rows = rows.join(register, on=key, how="left")
    return rows
