"""Polars, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.store.engine.gathering import gathered, rows_together
from nabolag.store.engine.protocol import Lazy, added_up, lazy
from nabolag.store.engine.runs import added_in_runs

#: Rows gathered at a time: so few that what is made of them stays in the processor's cache.
PART = 1_000_000


@dataclass(frozen=True, slots=True)
class PolarsEngine:
    """Polars, in this process. `part` is how many rows are gathered at a time."""

    part: int = PART

    def scan(self, files: Sequence[Path]) -> Lazy:
        """Open files."""
        return nw.from_native(pl.scan_parquet(list(files), hive_partitioning=False))

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over."""
        return nw.from_native(frame.lazy())

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Give each word a number, which is then moved and compared in its place."""
        return frame.with_columns(nw.col(*words).cast(nw.Categorical))

    def keep(self, frame: Lazy, name: str, together: str = "") -> Lazy:
        """Compute a frame; what reads it holds it. Groups that lie together are found at once."""
        kept = self.collect(frame)
        return lazy((rows_together(kept, together) if together else kept).lazy())

    def gather(
        self,
        rows: Lazy,
        registers: Sequence[tuple[str, Lazy]],
        *,
        whole: bool = False,
        together: str = "",
    ) -> Iterator[Lazy]:
        """Read all that is needed at once, and go straight to each key's place."""
        asked = [rows.to_native(), *(register.to_native() for _, register in registers)]
        left, *others = pl.collect_all(asked, engine="in-memory")
        found = [(key, other) for (key, _), other in zip(registers, others, strict=True)]
        for part in gathered(left, found, left.height if whole else self.part, together):
            yield lazy(part.lazy())

    def add_up(
        self, frame: Lazy, keys: Sequence[str], counted: Sequence[str], summed: Sequence[str]
    ) -> pl.DataFrame:
        """Group; rows that stand together already are added up where they stand."""
        rows = self.collect(frame)
        found = None
        if len(keys) == 1 and rows[keys[0]].dtype == pl.Categorical:
            found = added_in_runs(rows, keys[0], counted, summed)
        if found is None:
            found = self.collect(added_up(lazy(rows.lazy()), keys, counted, summed))
        return found

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="in-memory")
