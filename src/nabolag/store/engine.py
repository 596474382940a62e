"""The one place where an engine is opened.

What is asked is written once, in Narwhals' words, and runs on any of three engines: Polars and
DuckDB inside the house, Spark where the data outgrow one machine. An `Engine` is the little that
differs between them: reading files, computing something once, and looking facts up by a key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import narwhals.stable.v2 as nw
import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    import duckdb

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


@contextmanager
def open_engine(
    name: EngineName = "polars",
    *,
    memory: str = "4GB",
    threads: int = 2,
    folder: Path | None = None,
) -> Iterator[Engine]:
    """Open an engine and close it again.

    `memory` (DuckDB, Spark) is a ceiling; `folder` is where DuckDB and Spark may put what does not
    fit under it. Polars uses the threads it was started with (`POLARS_MAX_THREADS`). Raises
    `ImportError` where Spark is not installed.
    """
    match name:
        case "polars":
            yield PolarsEngine()
        case "duckdb":
            with engine(memory, threads) as connection:
                connection.execute("SET preserve_insertion_order = false")
                if folder is not None:
                    connection.execute("SET temp_directory = ?", [str(folder)])
                yield DuckEngine(connection)
        case "spark":
            session = _spark(memory, threads, folder)
            try:
                yield SparkEngine(session)
            finally:
                session.stop()


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
                return _lazy(_picked(left.collect(), right, key, *places).lazy())
            right = right.lazy()
        return _lazy(left.join(right, on=key, how="left", maintain_order="left"))

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        native: pl.LazyFrame = frame.to_native()
        return native.collect()


@dataclass(frozen=True, slots=True)
class DuckEngine:
    """DuckDB, in this process."""

    connection: duckdb.DuckDBPyConnection

    def scan(self, files: Sequence[Path], sorted_by: str = "") -> Lazy:
        """Open files."""
        return _lazy(self.connection.read_parquet([str(file) for file in files]))

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over, in columns that DuckDB reads without copying."""
        return _lazy(self.connection.from_arrow(frame.to_arrow()))

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Leave them: DuckDB reads words from files as numbers of its own."""
        return frame

    def keep(self, frame: Lazy, name: str, sorted_by: str = "") -> Lazy:
        """Write a table, which DuckDB moves to disk when memory runs short."""
        self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        frame.to_native().create(name)
        return _lazy(self.connection.table(name))

    def look_up(self, rows: Lazy, register: Lazy, key: str, *, ordered: bool = False) -> Lazy:
        """Join."""
        return rows.join(register, on=key, how="left")

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        found: pl.DataFrame = frame.to_native().pl()
        return found


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Spark: a session that somebody opened, on this machine or on many."""

    session: Any

    def scan(self, files: Sequence[Path], sorted_by: str = "") -> Lazy:
        """Open files."""
        return _lazy(self.session.read.parquet(*(str(file) for file in files)))

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over."""
        return _lazy(self.session.createDataFrame(frame.to_arrow()))

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Leave them."""
        return frame

    def keep(self, frame: Lazy, name: str, sorted_by: str = "") -> Lazy:
        """Let Spark hold a frame from the first time it is computed."""
        held = frame.to_native().cache()
        before = self.session.catalog
        if before.tableExists(name):
            self.session.table(name).unpersist()
        held.createOrReplaceTempView(name)
        return _lazy(held)

    def look_up(self, rows: Lazy, register: Lazy, key: str, *, ordered: bool = False) -> Lazy:
        """Join."""
        return rows.join(register, on=key, how="left")

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        found = pl.from_arrow(frame.to_native().toArrow())
        if not isinstance(found, pl.DataFrame):
            raise TypeError("a table was expected of Spark")
        return found


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


def _lazy(native: Any) -> Lazy:
    frame: Lazy = nw.from_native(native)
    return frame


def _spark(memory: str, threads: int, folder: Path | None) -> Any:
    from pyspark.sql import SparkSession  # noqa: PLC0415

    asked = {
        "spark.driver.memory": memory.lower().removesuffix("b"),
        "spark.sql.shuffle.partitions": str(2 * threads),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    if folder is not None:
        asked["spark.local.dir"] = str(folder)
        asked["spark.sql.warehouse.dir"] = str(folder / "warehouse")
    builder = SparkSession.builder.master(f"local[{threads}]").appName("nabolag")
    for key, value in asked.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
