"""Small changes that no sum notices, between counts and between areas.

A swap between counts adds one here and takes one there so that every equation between counts
still holds; a swap between areas does the same for areas. Their product changes a few cells of
a block and keeps all its sums: as long as those cells are hidden, nobody can tell the numbers
before from the numbers after. (In the language of matroids these are circuits; in tables of
groups by years they are the corners of rectangles and boxes, as in the hypercube methods.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from nabolag.disclosure.system import AreaSums, Block
from nabolag.disclosure.system.areas import Flags, Floats, Ints

#: Swaps kept for one count, the smallest first, and steps spent looking for them.
_MOST: Final = 120
_STEPS: Final = 6000
_LARGEST: Final = 17


@dataclass(frozen=True)
class Swaps:
    """Swaps through one count or area, padded to a table by repeating the first of each row.

    `where[s, k]` are places, `sign[s, k]` 1 or −1 (the one asked for has 1), `real[s, k]` is 0
    where an entry only pads.
    """

    where: Ints
    sign: Floats
    real: Floats

    @classmethod
    def of(cls, found: list[dict[int, int]]) -> Swaps:
        """Lay swaps (place → sign) out as a table."""
        width = max((len(swap) for swap in found), default=1)
        where = np.zeros((len(found), width), dtype=np.int64)
        sign, real = np.ones(where.shape), np.zeros(where.shape)
        for s, swap in enumerate(found):
            places, signs = list(swap), list(swap.values())
            where[s] = places + places[:1] * (width - len(places))
            sign[s] = signs + signs[:1] * (width - len(signs))
            real[s, : len(places)] = 1.0
        return cls(where, sign, real)

    @classmethod
    def pairs(cls, one: int, others: Ints) -> Swaps:
        """Return the swaps of one place with each of some others."""
        where = np.stack([np.full(others.size, one, dtype=np.int64), others], axis=1)
        sign = np.tile(np.array([1.0, -1.0]), (others.size, 1))
        return cls(where, sign, np.ones(where.shape))

    def chosen(self, rows: Ints) -> Swaps:
        """Return some of the swaps."""
        return Swaps(self.where[rows], self.sign[rows], self.real[rows])


class CountSwaps:
    """The swaps through each count of a set of equations, looked for once and kept."""

    def __init__(self, matrix: sparse.csr_array) -> None:
        self._rows = [
            {int(c): int(v) for c, v in zip(*_row(matrix, e), strict=True)}
            for e in range(matrix.shape[0])
        ]
        self._rows_of: list[list[int]] = [[] for _ in range(matrix.shape[1])]
        for e, row in enumerate(self._rows):
            for c in row:
                self._rows_of[c].append(e)
        self._most_rows = max((len(rows) for rows in self._rows_of), default=1)
        self._known: dict[int, Swaps] = {}

    def through(self, count: int) -> Swaps:
        """Return swaps that add one to a count, those of the fewest counts first."""
        if count not in self._known:
            self._known[count] = Swaps.of(self._look(count))
        return self._known[count]

    def _look(self, count: int) -> list[dict[int, int]]:
        found: dict[frozenset[tuple[int, int]], dict[int, int]] = {}
        steps = [_STEPS]
        for size in range(1, _LARGEST):
            before = steps[0]
            for swap in self._finish({count: 1}, self._off({count: 1}), size, steps):
                found.setdefault(frozenset(swap.items()), swap)
                if len(found) >= _MOST:
                    return list(found.values())
            if steps[0] <= 0 or (len(found) >= _MOST // 4 and before != steps[0]):
                break
        return list(found.values())

    def _off(self, swap: dict[int, int]) -> dict[int, int]:
        """Return by how much each equation is off after a swap."""
        off: dict[int, int] = {}
        for c, sign in swap.items():
            for e in self._rows_of[c]:
                off[e] = off.get(e, 0) + sign * self._rows[e][c]
        return {e: by for e, by in off.items() if by}

    def _finish(
        self, swap: dict[int, int], off: dict[int, int], size: int, steps: list[int]
    ) -> Iterator[dict[int, int]]:
        """Yield every way to set right what is off with `size` counts in all."""
        if not off:
            if len(swap) == size:
                yield swap
            return
        left = size - len(swap)
        if left <= 0 or steps[0] <= 0:
            return
        steps[0] -= 1
        e = min(off, key=lambda e: (len(self._rows[e]), e))
        for c, factor in self._rows[e].items():
            sign, rest = divmod(-off[e], factor)
            if c in swap or rest or abs(sign) != 1:
                continue
            after = self._after(off, c, sign)
            if len(after) <= (left - 1) * self._most_rows:
                yield from self._finish({**swap, c: sign}, after, size, steps)

    def _after(self, off: dict[int, int], c: int, sign: int) -> dict[int, int]:
        after = dict(off)
        for e in self._rows_of[c]:
            by = after.pop(e, 0) + sign * self._rows[e][c]
            if by:
                after[e] = by
        return after


def _row(matrix: sparse.csr_array, e: int) -> tuple[Ints, Floats]:
    part = slice(matrix.indptr[e], matrix.indptr[e + 1])
    return matrix.indices[part], matrix.data[part]


class AreaSwaps:
    """The swaps between areas: one smallest area gains what another loses, and so do all around.

    Only areas for which every equation of `holding` stays true are swapped.
    """

    def __init__(self, sums: AreaSums, holding: Flags) -> None:
        self._around = sums.around
        self._within = sums.within
        columns = np.concatenate(self._around) if sums.n else np.zeros(0, np.int64)
        lengths = [part.size for part in self._around]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        holds = sparse.csr_array((np.ones(columns.size), columns, starts), shape=(sums.n, sums.n))
        off = abs(sums.sums[np.flatnonzero(holding)] @ holds.T)
        broken = np.asarray(off.sum(axis=0)).ravel() > 0
        self._usable = sums.smallest & ~broken
        self._size = np.array([part.size for part in self._within])
        self._shells: dict[int, list[Ints]] = {}
        self._plain: dict[int, Swaps | None] = {}

    def around(self, area: int) -> Ints:
        """Return an area and those it lies in."""
        return self._around[area]

    def smallest(self, area: int) -> bool:
        """Tell whether an area has no other in it and can be swapped."""
        return bool(self._usable[area])

    def starts(self, area: int) -> Ints:
        """Return the smallest areas in an area, or itself."""
        if self._usable[area]:
            return np.array([area], dtype=np.int64)
        inner = self._within[area]
        picked: Ints = inner[self._usable[inner]]
        return picked

    def shells(self, start: int) -> list[Ints]:
        """Return the other smallest areas, the nearest (sharing the most areas around) first."""
        if start not in self._shells:
            around = self._around[start]
            outward = around[np.argsort(self._size[around], kind="stable")]
            seen = np.zeros(self._size.size, dtype=np.bool_)
            seen[start] = True
            shells = []
            for area in outward:
                inner = self._within[area]
                fresh = inner[self._usable[inner] & ~seen[inner]]
                seen[fresh] = True
                if fresh.size:
                    shells.append(fresh)
            rest = np.flatnonzero(self._usable & ~seen)
            self._shells[start] = [*shells, *([rest] if rest.size else [])]
        return self._shells[start]

    def nearest(self, start: int) -> Swaps | None:
        """Return all swaps with the nearest others, where only the two change; else `None`."""
        if start not in self._plain:
            shells = self.shells(start)
            near = shells[0] if shells else np.zeros(0, np.int64)
            plain = near.size > 0 and len(self.swap(start, int(near[0]))) == 2
            self._plain[start] = Swaps.pairs(start, near) if plain else None
        return self._plain[start]

    def swap(self, start: int, other: int | None) -> dict[int, int]:
        """Return the swap between two smallest areas; with none, what surrounds it gains alone."""
        gains = set(self._around[start].tolist())
        loses = set(self._around[other].tolist()) if other is not None else set()
        swap = dict.fromkeys(sorted(gains - loses), 1)
        return {**swap, **dict.fromkeys(sorted(loses - gains), -1)}


class SwapBook:
    """Swaps already looked for, kept by what they depend on: equal equations have equal swaps."""

    def __init__(self) -> None:
        self._counts: dict[bytes, CountSwaps] = {}
        self._areas: dict[tuple[int, bytes], AreaSwaps] = {}

    def counts(self, block: Block) -> CountSwaps:
        """Return the swaps between the counts of a block."""
        key = block.relations.key
        if key not in self._counts:
            self._counts[key] = CountSwaps(block.relations.matrix)
        return self._counts[key]

    def areas(self, block: Block) -> AreaSwaps:
        """Return the swaps between the areas of a block."""
        holding: Flags = np.asarray(block.holds_areas.any(axis=1), dtype=np.bool_)
        key = (id(block.areas), holding.tobytes())
        if key not in self._areas:
            self._areas[key] = AreaSwaps(block.areas, holding)
        return self._areas[key]
