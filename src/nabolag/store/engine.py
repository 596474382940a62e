"""The one place where an engine is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def engine(memory: str = "2GB", threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an embedded engine in memory, with a ceiling on what it may use.

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
