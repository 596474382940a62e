"""The web application in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVE = """
import sys
from pathlib import Path
from nabolag.web.server import serve
serve(Path(sys.argv[1]), port=0, on_ready=lambda address: print(address, flush=True))
"""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a workspace, and give the address while it does."""
    unset = ("NABOLAG_SECRET_KEY", "DATABASE_URL", "NABOLAG_DATABASE", "NABOLAG_ALLOWED_HOSTS")
    given = {name: value for name, value in os.environ.items() if name not in unset}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)],
        cwd=Path(__file__).parents[2], env=given, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address, "the server did not start"
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()
