"""What the house asks of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import narwhals.stable.v2 as nw
import polars as pl

Lazy: TypeAlias = "nw.LazyFrame[Any]"
EngineName: TypeAlias = Literal["polars", "duckdb", "spark"]


class Engine(Protocol):
    """What the house asks of an engine."""

    def scan(self, files: Sequence[Path], sorted_by: str = "") -> Lazy:
        """Open Parquet files as one frame. `sorted_by` is a column they are sorted by."""
        ...

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over to the engine."""
        ...

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Store columns that repeat a few words as the engine likes best; they read the same."""
        ...

    def keep(self, frame: Lazy, name: str, sorted_by: str = "") -> Lazy:
        """Compute a frame once. Another frame kept under the same name takes its place."""
        ...

    def look_up(self, rows: Lazy, register: Lazy, key: str, *, ordered: bool = False) -> Lazy:
        """Add a register's columns to rows; no row is lost, an absent key gives null.

        `key` must be unique in the register. `ordered` says that both sides are thought to stand
        in the key's order, which may be made use of and is never relied on.
        """
        ...

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        ...


def lazy(native: Any) -> Lazy:
    """Read an engine's own frame in Narwhals' words."""
    frame: Lazy = nw.from_native(native)
    return frame
