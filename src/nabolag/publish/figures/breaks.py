"""Where classes on a map begin and end, by a named method.

Sources: quantiles and equal intervals as in any textbook of cartography; natural breaks after
Fisher (1958) and Jenks (1977), here by an exact dynamic program over the sorted values.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate


class Method(StrEnum):
    """How breaks are set."""

    QUANTILES = "quantiles"
    EQUAL = "equal"
    NATURAL = "natural"


@dataclass(frozen=True, slots=True)
class Breaks:
    """Upper limits of the classes, rising; the last is the highest value.

    A value belongs to the first class whose upper limit is not below it. `lowest` is the lowest
    value. There may be fewer classes than asked for where values are few or alike.
    """

    method: Method
    lowest: float
    upper: tuple[float, ...]

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.upper)

    def class_of(self, value: float) -> int:
        """Return the class of a value, counted from 0."""
        return min(bisect_left(self.upper, value), len(self.upper) - 1)


def breaks(values: Sequence[float], classes: int = 5, method: Method = Method.QUANTILES) -> Breaks:
    """Set breaks for at least one value. Raises `ValueError` for none, or for no classes."""
    if not values or classes < 1:
        raise ValueError("breaks need at least one value and one class")
    ordered = sorted(values)
    distinct = sorted(set(ordered))
    wanted = min(classes, len(distinct))
    limits = {
        Method.QUANTILES: _quantiles,
        Method.EQUAL: _equal,
        Method.NATURAL: _natural,
    }[method](ordered, wanted)
    rising = _used(ordered, sorted({*limits, ordered[-1]}))
    return Breaks(method, ordered[0], tuple(rising))


def _used(ordered: Sequence[float], limits: Sequence[float]) -> list[float]:
    """Leave out a class that no value falls in only where it would repeat its neighbour."""
    return [limit for limit in limits if limit >= ordered[0]]


def _quantiles(ordered: Sequence[float], classes: int) -> list[float]:
    """Return the largest value of each of as equal groups as ties allow."""
    count = len(ordered)
    return [ordered[-(-count * step // classes) - 1] for step in range(1, classes + 1)]


def _equal(ordered: Sequence[float], classes: int) -> list[float]:
    low, high = ordered[0], ordered[-1]
    width = (high - low) / classes
    return [low + width * step for step in range(1, classes)] + [high]


def _natural(ordered: Sequence[float], classes: int) -> list[float]:
    """Return the breaks with the least sum of squared deviations within classes (exact).

    Works on distinct values with their counts, so equal values are never parted. Time grows
    with classes × distinct², which is a fraction of a second for a thousand areas.
    """
    values, weights = _counted(ordered)
    cost = _costs(values, weights)
    size = len(values)
    best = [cost(0, end) for end in range(size)]
    starts: list[list[int]] = []
    for step in range(1, classes):
        best, chosen = _extend(best, cost, step, size)
        starts.append(chosen)
    limits, end = [], size - 1
    for chosen in reversed(starts):
        limits.append(values[end])
        end = chosen[end] - 1
    return [*limits, values[end]]


def _extend(best: list[float], cost: _Cost, step: int, size: int) -> tuple[list[float], list[int]]:
    """Add one more class: the best cost and its start for every end."""
    reached, chosen = [float("inf")] * size, [0] * size
    for end in range(step, size):
        for start in range(step, end + 1):
            total = best[start - 1] + cost(start, end)
            if total < reached[end]:
                reached[end], chosen[end] = total, start
    return reached, chosen


class _Cost:
    """Sum of squared deviations of the values from one position to another, in no time."""

    def __init__(self, values: Sequence[float], weights: Sequence[int]) -> None:
        middle = sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)
        shifted = [(v - middle, w) for v, w in zip(values, weights, strict=True)]
        self.count = [0, *accumulate(weights)]
        self.sum = [0.0, *accumulate(v * w for v, w in shifted)]
        self.square = [0.0, *accumulate(v * v * w for v, w in shifted)]

    def __call__(self, start: int, end: int) -> float:
        """Return the sum for positions `start` to `end`, both included."""
        count = self.count[end + 1] - self.count[start]
        total = self.sum[end + 1] - self.sum[start]
        return self.square[end + 1] - self.square[start] - total * total / count


def _costs(values: Sequence[float], weights: Sequence[int]) -> _Cost:
    return _Cost(values, weights)


def _counted(ordered: Sequence[float]) -> tuple[list[float], list[int]]:
    counts: dict[float, int] = {}
    for value in ordered:
        counts[value] = counts.get(value, 0) + 1
    return list(counts), list(counts.values())
