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
    out = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    seconds, heavy = out.stdout.strip().split(" ", 1)
    assert heavy == "[]"
    assert float(seconds) < 0.3
