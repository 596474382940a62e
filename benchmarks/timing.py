"""How long something takes, and how much memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any


def seconds(
    what: Callable[[], Any], times: int, clock: Callable[[], float] = perf_counter
) -> float:
    """Return the median time of some runs, after one that does not count."""
    what()
    taken = []
    for _ in range(times):
        start = clock()
        what()
        taken.append(clock() - start)
    return median(taken)


def peak_gib() -> float:
    """Return the most memory this process has held. Unlike `ru_maxrss`, not its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20
