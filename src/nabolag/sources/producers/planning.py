"""Splitting a query into as few questions as possible, none of them over the cell limit.

The codes of every dimension are cut into runs of (nearly) equal length; a question is one run of
each. Such parts are disjoint and cover the selection exactly. Among all ways to cut, the one
with the fewest questions is found by search; of several, the one that cuts the fewest dimensions
and the largest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import ceil, prod

#: How far the search goes before it takes the best it has; tables with few dimensions end before.
_MOST_STATES = 20_000


def split(selection: Mapping[str, Sequence[str]], limit: int) -> list[dict[str, tuple[str, ...]]]:
    """Return the parts of a selection, each of at most `limit` cells (0: no limit).

    Parts come in the order of the selection, the first dimension slowest. Raises `ValueError`
    where the limit is negative.
    """
    if limit < 0:
        raise ValueError("a limit of cells is positive, or 0 for none")
    sizes = [len(codes) for codes in selection.values()]
    if limit == 0 or prod(sizes) <= limit:
        return [{name: tuple(codes) for name, codes in selection.items()}]
    pieces = pieces_of(sizes, limit)
    runs = [
        list(_runs(codes, count)) for codes, count in zip(selection.values(), pieces, strict=True)
    ]
    return [dict(zip(selection, part, strict=True)) for part in product(*runs)]


def pieces_of(sizes: Sequence[int], limit: int) -> tuple[int, ...]:
    """Return into how many runs each dimension is cut, so that the product is smallest.

    The largest run of each dimension times those of the others is at most `limit` (at least 1).
    """
    order = sorted(range(len(sizes)), key=lambda at: (-sizes[at], at))
    found = _Search([sizes[at] for at in order], max(1, limit)).best()
    pieces = [1] * len(sizes)
    for at, count in zip(order, found, strict=True):
        pieces[at] = count
    return tuple(pieces)


class _Search:
    """The fewest parts, dimension by dimension (the largest first), cut off where hopeless."""

    def __init__(self, sizes: Sequence[int], limit: int) -> None:
        self._sizes, self._limit = sizes, limit
        self._after = [prod(sizes[at:]) for at in range(len(sizes) + 1)]
        self._found = tuple(self._largest_first())
        self._fewest = prod(self._found)
        self._states = 0

    def best(self) -> tuple[int, ...]:
        self._from(0, 1, ())
        return self._found

    def _largest_first(self) -> Iterator[int]:
        """Cut the largest dimension as much as needed, then the next."""
        room = self._limit
        for at, size in enumerate(self._sizes):
            run = max(1, min(size, room // self._after[at + 1]))
            yield ceil(size / run)
            room //= run

    def _from(self, at: int, taken: int, so_far: tuple[int, ...]) -> None:
        """Try every cut of the dimension `at`; the runs of those before hold `taken` cells."""
        self._states += 1
        if at == len(self._sizes):
            self._found, self._fewest = so_far, prod(so_far)
            return
        for count in _cuts(self._sizes[at]):
            run = ceil(self._sizes[at] / count) * taken
            if run > self._limit:
                continue
            parts = prod(so_far) * count * ceil(self._after[at + 1] / (self._limit // run))
            if parts < self._fewest and self._states < _MOST_STATES:
                self._from(at + 1, run, (*so_far, count))


def _cuts(size: int) -> list[int]:
    """Return the counts of runs worth trying: more runs only where the longest gets shorter."""
    counts, run = [], size
    while run >= 1:
        counts.append(ceil(size / run))
        run = ceil(size / counts[-1]) - 1
    return counts


def _runs(codes: Sequence[str], count: int) -> Iterator[tuple[str, ...]]:
    """Cut codes into runs whose lengths differ by at most one."""
    length, longer = divmod(len(codes), count)
    start = 0
    for at in range(count):
        end = start + length + (1 if at < longer else 0)
        yield tuple(codes[start:end])
        start = end
