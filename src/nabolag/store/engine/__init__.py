"""The one place where an engine is opened.

What is asked is written once, in Narwhals' words, and runs on any of four engines: Polars and
DuckDB inside the house, Spark where the data outgrow one machine, PostgreSQL where a database is to
do the work. An `Engine` is the little that differs between them: reading files, computing something
once, and looking facts up by a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nabolag.store.engine.duck import DuckEngine, engine
from nabolag.store.engine.polars import PolarsEngine
from nabolag.store.engine.postgres import PostgresEngine, postgres_engine
from nabolag.store.engine.protocol import Engine, EngineName, Lazy
from nabolag.store.engine.spark import SparkEngine, spark_engine

__all__ = [
    "DuckEngine",
    "Engine",
    "EngineName",
    "Lazy",
    "PolarsEngine",
    "PostgresEngine",
    "SparkEngine",
    "engine",
    "open_engine",
]


@contextmanager
def open_engine(
    name: EngineName = "polars",
    *,
    memory: str = "4GB",
    threads: int = 2,
    folder: Path | None = None,
    address: str = "",
) -> Iterator[Engine]:
    """Open an engine and close it again.

    `memory` (DuckDB, Spark) is a ceiling; `folder` is where DuckDB and Spark may put what does not
    fit under it. Polars uses the threads it was started with (`POLARS_MAX_THREADS`);
    PostgreSQL is asked at its `address`. Raises `ImportError` where what an engine needs is not
    installed, `ConnectionError` where no database answers.
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
            with spark_engine(memory, threads, folder) as opened:
                yield opened
        case "postgres":
            with postgres_engine(address) as opened_there:
                yield opened_there
