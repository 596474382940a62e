"""How long something takes."""

from __future__ import annotations

from collections.abc import Callable
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
