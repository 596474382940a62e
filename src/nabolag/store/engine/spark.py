"""Spark, on this machine or on many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.store.engine.protocol import Lazy, joined, lazy


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Spark: a session that somebody opened, on this machine or on many."""

    session: Any

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
        """Let Spark hold a frame from the first time it is computed."""
        held = frame.to_native().cache()
        before = self.session.catalog
        if before.tableExists(name):
            self.session.table(name).unpersist()
        held.createOrReplaceTempView(name)
        return lazy(held)

    def gather(
        self, rows: Lazy, registers: Sequence[tuple[str, Lazy]], *, whole: bool = False
    ) -> Iterator[Lazy]:
        """Join."""
        yield joined(rows, registers)

    def collect(self, frame: Lazy) -> pl.DataFrame:
        """Compute a frame."""
        found = pl.from_arrow(frame.to_native().toArrow())
        if not isinstance(found, pl.DataFrame):
            raise TypeError("a table was expected of Spark")
        return found


def spark_session(memory: str, threads: int, folder: Path | None) -> Any:
    """Open Spark on this machine. Raises `ImportError` where it is not installed."""
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
