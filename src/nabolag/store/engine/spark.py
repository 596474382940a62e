"""Spark, on this machine or on many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from nabolag.store.engine.protocol import Lazy, added_up, joined, lazy


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Spark: a session that somebody opened, on this machine or on many.

    `folder` is where frames are kept, as Spark writes addresses: each of its machines must be
    able to read and write there. What is kept lies there until somebody empties it.
    """

    session: Any
    folder: str
    _times: Counter[str] = field(default_factory=Counter, repr=False)

    def scan(self, files: Sequence[Path]) -> Lazy:
        """Open files."""
        return lazy(self.session.read.parquet(*(str(file) for file in files)))

    def take(self, frame: pl.DataFrame) -> Lazy:
        """Hand a table over."""
        return lazy(self.session.createDataFrame(frame.to_arrow()))

    def shorten(self, frame: Lazy, words: Sequence[str]) -> Lazy:
        """Leave them."""
        return frame

    def keep(self, frame: Lazy, name: str, together: str = "") -> Lazy:
        """Write a frame, so that what is made of it begins anew.

        Holding it in memory would be shorter, but a held frame remembers all it was made of: over
        the years plans would grow until planning takes longer than counting. A name has two
        places in turn, for what takes a frame's place may be made of it.
        """
        self._times[name] += 1
        place = f"{self.folder}/{name}-{self._times[name] % 2}"
        frame.to_native().write.mode("overwrite").parquet(place)
        return lazy(self.session.read.parquet(place))

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
        found = pl.from_arrow(frame.to_native().toArrow())
        if not isinstance(found, pl.DataFrame):
            raise TypeError("a table was expected of Spark")
        return found


@contextmanager
def spark_engine(memory: str, threads: int, folder: Path | None) -> Iterator[SparkEngine]:
    """Open Spark on this machine and close it again; what was kept is removed.

    Where this process already has a session, its Spark is used and goes on afterwards; `memory`
    and `threads` are then its own. Raises `ImportError` where Spark is not installed.
    """
    from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="spark-", dir=folder, ignore_cleanup_errors=True) as kept:
        try:
            running = SparkSession.active()
        except PySparkRuntimeError:
            session = _started(memory, threads, kept)
            try:
                yield SparkEngine(session, f"{kept}/kept")
            finally:
                session.stop()
        else:
            yield SparkEngine(running.newSession(), f"{kept}/kept")


def _started(memory: str, threads: int, folder: str) -> Any:
    from pyspark.sql import SparkSession  # noqa: PLC0415

    asked = {
        "spark.driver.memory": memory.lower().removesuffix("b"),
        "spark.sql.shuffle.partitions": str(2 * threads),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("nabolag")
    for key, value in asked.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
