"""DuckDB, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from nabolag.store.engine.protocol import Lazy, added_up, joined, lazy

if TYPE_CHECKING:
    import duckdb


@contextmanager
def engine(memory: str = "2GB", threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB in memory, with a ceiling on what it may use.

    `memory` is written as DuckDB writes it (`2GB`). The connection is closed on exit. Nothing
    is downloaded: loading of extensions from the network is switched off.
    """
    import duckdb  # noqa: PLC0415

    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute(f"SET threads = {int(threads)}")
        yield connection
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class DuckEngine:
    """DuckDB, in this process."""

    connection: duckdb.DuckDBPyConnection

    def scan(self, files: Sequence[Path]) -> Lazy:
        """Open files."""
        return lazy(self.connection.read_parquet([str(file) for file in files]))

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over, in columns that DuckDB reads without copying."""
        return lazy(self.connection.from_arrow(frame.to_arrow()))

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Leave them: DuckDB reads words from files as numbers of its own."""
        return frame

    def keep(self, frame: Lazy, name: str, together: str = "") -> Lazy:
        """Write a table, which DuckDB moves to disk when memory runs short."""
        self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        frame.to_native().create(name)
        return lazy(self.connection.table(name))

    def gather(
        self,
        rows: Lazy,
        registers: Sequence[tuple[str, Lazy]],
        *,
        whole: bool = False,
        together: str = "",
    ) -> Iterator[Lazy]:
        """Join."""
        yield joined(rows, registers)

    def add_up(
        self, frame: Lazy, keys: Sequence[str], counted: Sequence[str], summed: Sequence[str]
    ) -> pl.DataFrame:
        """Group."""
        return self.collect(added_up(frame, keys, counted, summed))

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        found: pl.DataFrame = frame.to_native().pl()
        return found
