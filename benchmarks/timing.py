"""How long something takes."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any


def seconds(what: Callable[[], Any], times: int) -> float:
    """Return the median time of some runs, after one that does not count."""
    what()
    taken = []
    for _ in range(times):
        start = perf_counter()
        what()
        taken.append(perf_counter() - start)
    return median(taken)
