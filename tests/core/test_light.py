"""The package is light: importing it loads no heavy library."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys, time
start = time.perf_counter()
import nabolag
import nabolag.core
spent = time.perf_counter() - start
heavy = {"polars", "duckdb", "geopandas", "numpy", "pydantic", "django", "pyarrow", "babel"}
print(spent, sorted(heavy & set(sys.modules)))
"""


def test_import_is_light() -> None:
    """The best of five: other work on the machine may slow one start, never all of them."""
    starts = [_start() for _ in range(5)]
    assert all(heavy == "[]" for _, heavy in starts)
    assert min(seconds for seconds, _ in starts) < 0.3


def _start() -> tuple[float, str]:
    out = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    seconds, heavy = out.stdout.strip().split(" ", 1)
    return float(seconds), heavy
