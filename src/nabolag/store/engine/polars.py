"""Polars, in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import narwhals.stable.v2 as nw
import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.store.engine.protocol import Lazy, lazy


@dataclass(frozen=True, slots=True)
class PolarsEngine:
    """Polars, in this process."""

    def scan(self, files: Sequence[Path], sorted_by: str = "") -> Lazy:
        """Open files. Sorted keys are merged instead of hashed, so it is seen that they are."""
        frame = pl.scan_parquet(list(files), hive_partitioning=False)
        if sorted_by:
            in_order = frame.select(pl.col(sorted_by).is_sorted()).collect().item()
            frame = frame.set_sorted(sorted_by) if in_order else frame
        return nw.from_native(frame)

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over."""
        return nw.from_native(frame.lazy())

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Give each word a number, which is then moved and compared in its place."""
        return frame.with_columns(nw.col(*words).cast(nw.Categorical))

    def keep(self, frame: Lazy, name: str, sorted_by: str = "") -> Lazy:
        """Compute a frame; what reads it holds it."""
        kept = self.collect(frame)
        if sorted_by and kept[sorted_by].is_sorted():
            kept = kept.with_columns(pl.col(sorted_by).set_sorted())
        return nw.from_native(kept.lazy())

    def look_up(self, rows: Lazy, register: Lazy, key: str, *, ordered: bool = False) -> Lazy:
        """Merge what is ordered; else go straight to each key's place where keys are numbers."""
        left, right = rows.to_native(), register.to_native()
        if not ordered:
            right = right.collect()
            places = _places(right[key])
            if places is not None:
                return lazy(_picked(left.collect(), right, key, *places).lazy())
            right = right.lazy()
        return lazy(left.join(right, on=key, how="left", maintain_order="left"))

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        native: pl.LazyFrame = frame.to_native()
        return native.collect()


def _places(keys: pl.Series) -> tuple[int, npt.NDArray[np.int64]] | None:
    """Return the lowest key and, for each number from it on, the row with that key or −1.

    `None` where keys are not whole numbers lying close, or stand there twice.
    """
    if not keys.dtype.is_integer() or keys.is_empty() or keys.null_count():
        return None
    numbers = keys.to_numpy().astype(np.int64)
    lowest, span = int(numbers.min()), int(numbers.max()) - int(numbers.min()) + 1
    if span > 4 * len(numbers) + 1024:
        return None
    rows = np.full(span, -1, dtype=np.int64)
    order = np.arange(len(numbers))
    rows[numbers - lowest] = order
    return (lowest, rows) if np.array_equal(rows[numbers - lowest], order) else None


def _picked(
    left: pl.DataFrame, right: pl.DataFrame, key: str, lowest: int, rows: npt.NDArray[np.int64]
) -> pl.DataFrame:
    """Add to each row the right side's columns at its key's place; null where it has none."""
    away = left[key].cast(pl.Int64).fill_null(lowest - 1).to_numpy() - lowest
    inside = (away >= 0) & (away < len(rows))
    found = np.where(inside, rows[np.where(inside, away, 0)], -1)
    place = pl.Series("place", found).replace(-1, None)
    return left.hstack(right.drop(key).select(pl.all().gather(place)))
