"""Looking for a move: a change of hidden cells that a reader could not tell from none.

A move through a cell is a swap between areas times a swap between counts. How far it can go,
forwards and backwards, is how wide the reader's interval of the cell is at least. A move may
need figures hidden that are shown now; that is its cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nabolag.disclosure.reading import Reading
from nabolag.disclosure.swaps import AreaSwaps, CountSwaps, SwapBook, Swaps
from nabolag.disclosure.system import Block
from nabolag.disclosure.system.areas import Flags, Floats, Ints

#: How many partners of one distance are tried, and how many smallest areas of a larger one.
_PARTNERS: Final = 48
_STARTS: Final = 4
_HAIR: Final = 1e-9


@dataclass(frozen=True)
class Move:
    """How far a cell can go up and down, and which figures (`area * F + figure`) that hides.

    `cost` is what it takes to hide those that are shown; 0 where all are hidden already.
    """

    up: float
    down: float
    cost: float
    hides: Ints

    @property
    def width(self) -> float:
        """How wide the reader's interval is at least."""
        return self.up + self.down


class Mover:
    """Looks for moves in one block. `shown` may change between looks (`hide`, `show`)."""

    def __init__(self, block: Block, reading: Reading, weight: Floats, book: SwapBook) -> None:
        self.block, self.reading, self.weight = block, reading, weight
        self.shown = reading.shown.copy()
        self.price = np.where(self.shown, weight, 0.0)
        self._counts: CountSwaps = book.counts(block)
        self._areas: AreaSwaps = book.areas(block)
        self.up, self.down = _room(block, reading)
        self._published: dict[int, NDArray[np.float64]] = {}

    def hide(self, cells: Ints) -> Ints:
        """Hide figures (`area * F + figure`). Returns those that were shown."""
        fresh: Ints = cells[self.shown.ravel()[cells]]
        self.shown.ravel()[fresh] = False
        self.price.ravel()[fresh] = 0.0
        return fresh

    def show(self, cells: Ints) -> None:
        """Show figures again."""
        self.shown.ravel()[cells] = True
        self.price.ravel()[cells] = self.weight.ravel()[cells]

    def hidden(self) -> Flags:
        """Return which counts no shown figure tells."""
        told = (self.shown.astype(np.float32) @ self.block.speaks) > 0
        left: Flags = self.block.present & ~told & ~self.reading.fixed
        return left

    def hide_cell(self, cell: int) -> tuple[Ints, Ints]:
        """Hide every figure that tells a count (`area * m + count`).

        Returns the figures, and the counts (with this one) that nothing tells any more.
        """
        area, count = divmod(cell, self.block.shape[1])
        f = np.flatnonzero(self.block.speaks[:, count] & self.shown[area])
        fresh = self.hide(area * self.shown.shape[1] + f)
        untold = self.block.speaks[f].any(axis=0) & ~self.block.speaks[self.shown[area]].any(axis=0)
        return fresh, area * self.block.shape[1] + np.flatnonzero(untold)

    def cell_price(self) -> Floats:
        """Return what it costs to hide each count: all figures that tell it."""
        price: Floats = self.price @ self.block.speaks.astype(np.float64)
        return price

    def sole_figure(self) -> Ints:
        """Return the one shown figure that tells each count; −1 where there are none or several."""
        places = np.arange(self.shown.size, dtype=np.float64).reshape(self.shown.shape) + 1
        shown = self.shown.astype(np.float64)
        speaks = self.block.speaks.astype(np.float64)
        tell = shown @ speaks
        which = (shown * places) @ speaks
        sole: Ints = np.where(tell == 1, which - 1, -1).astype(np.int64)
        return sole

    def cheapest(self, area: int, count: int, need: float) -> Move | None:
        """Return the move that gives a cell enough room at the least cost, `None` if none does."""
        between = self._counts.through(count)
        if not between.where.size or self.up[area, count] + self.down[area, count] < need:
            return None
        have = _Best()
        for swaps in self._area_swaps(area, count):
            found = self._tried(swaps, count, between)
            have.see_free(found)
            if have.free_width >= need - _HAIR:
                return have.free_move()
            have.see(found, need)
            if have.found is not None:
                return have.found
        return None

    def _area_swaps(self, area: int, count: int) -> Iterator[Swaps]:
        """Yield swaps of areas through one, in tables, the nearest partners first."""
        room = (self.up[:, count] + self.down[:, count]) > 0
        price = self._count_price(count)
        near = self._areas.nearest(area) if self._areas.smallest(area) else None
        if near is not None:
            partners = near.where[:, 1]
            picked = _cheapest(np.flatnonzero(room[partners]), price[partners], _PARTNERS)
            if picked.size:
                yield near.chosen(picked)
        inner = self._areas.starts(area)
        starts = self._roomy(inner, price, room, self._areas.around(area), _STARTS)
        for distance in range(int(near is not None), self._furthest(starts)):
            found = self._at(distance, starts, inner, (price, room))
            if found:
                yield Swaps.of([_first(swap, area) for swap in found])
        if starts:
            yield Swaps.of([_first(self._areas.swap(s, None), area) for s in starts])

    def _count_price(self, count: int) -> Floats:
        price: Floats = self.price @ self.block.speaks[:, count].astype(np.float64)
        return price

    def _furthest(self, starts: list[int]) -> int:
        return max((len(self._areas.shells(start)) for start in starts), default=0)

    def _at(
        self, distance: int, starts: list[int], inner: Ints, about: tuple[Floats, Flags]
    ) -> list[dict[int, int]]:
        """Return swaps of some starts with others at one distance, none of them inside."""
        price, room = about
        inside = set(inner.tolist())
        most = max(_PARTNERS // (len(starts) * (1 + distance)), 4)
        found = []
        for start in starts:
            shells = self._areas.shells(start)
            if distance < len(shells):
                around = self._areas.around(start)
                others = self._roomy(shells[distance], price, room, around, most)
                found += [self._areas.swap(start, p) for p in others if p not in inside]
        return found

    def _roomy(self, areas: Ints, price: Floats, room: Flags, shared: Ints, most: int) -> list[int]:
        """Return some of the areas: with room there and around, where hiding costs least.

        What is `shared` need not have room: it does not change.
        """
        usable = areas[room[areas]]
        usable = usable[_cheapest(np.arange(usable.size), price[usable], 8 * most)]
        same = set(shared.tolist())
        found: list[int] = []
        for place in usable.tolist():
            around = self._areas.around(place).tolist()
            if all(room[a] for a in around if a not in same):
                found.append(place)
                if len(found) == most:
                    break
        return found

    def _tried(self, swaps: Swaps, count: int, between: Swaps) -> _Tried:
        """Return room and cost of every product of two swaps: tables areas × counts."""
        gains = swaps.sign[:, :, None] > 0
        up, down = self.up[swaps.where], self.down[swaps.where]
        rises = np.where(gains, up, down).min(axis=1)
        falls = np.where(gains, down, up).min(axis=1)
        with_sign = between.sign > 0
        forwards = np.where(with_sign, rises[:, between.where], falls[:, between.where])
        backwards = np.where(with_sign, falls[:, between.where], rises[:, between.where])
        if count not in self._published:
            speaks = self.block.speaks.T.astype(np.float64)
            self._published[count] = (speaks[between.where].sum(axis=1) > 0).astype(np.float64)
        published = self._published[count]
        price = (self.price[swaps.where] * swaps.real[:, :, None]).sum(axis=1)
        return _Tried(
            forwards.min(axis=2), backwards.min(axis=2), price @ published.T, swaps, published
        )


def _cheapest(rows: Ints, price: Floats, most: int) -> Ints:
    """Return the rows of the lowest prices, the lowest first."""
    if rows.size > most:
        rows = rows[np.argpartition(price[rows], most)[:most]]
    ordered: Ints = rows[np.argsort(price[rows], kind="stable")]
    return ordered


def _first(swap: dict[int, int], area: int) -> dict[int, int]:
    """Return a swap with its own area first, gaining."""
    turn = swap[area]
    return {area: 1, **{i: sign * turn for i, sign in swap.items() if i != area}}


def _room(block: Block, reading: Reading) -> tuple[Floats, Floats]:
    """Return how far each cell could go up and down if it were hidden."""
    unknown = np.isnan(block.implied)
    up = np.where(unknown, np.inf, reading.upper - block.implied)
    down = np.where(unknown, np.inf, block.implied - reading.lower)
    stuck = block.closed | reading.fixed
    return np.where(stuck, 0.0, up), np.where(stuck, 0.0, down)


@dataclass(frozen=True)
class _Tried:
    """Room up and down and cost of areas × counts, and what they were made of."""

    up: Floats
    down: Floats
    cost: Floats
    swaps: Swaps
    published: Floats

    def hides(self, s: int, q: int) -> Ints:
        """Return the figures that one product hides."""
        real = self.swaps.real[s] > 0
        figures = np.flatnonzero(self.published[q])
        areas = self.swaps.where[s][real]
        cells: Ints = (areas[:, None] * self.published.shape[1] + figures).ravel()
        return cells

    def move(self, s: int, q: int) -> Move:
        """Return one product as a move."""
        return Move(
            float(self.up[s, q]), float(self.down[s, q]), float(self.cost[s, q]), self.hides(s, q)
        )


class _Best:
    """The best moves seen: the furthest up and down for nothing, and the cheapest that do."""

    def __init__(self) -> None:
        self.up: Move | None = None
        self.down: Move | None = None
        self.found: Move | None = None

    @property
    def free_width(self) -> float:
        up = self.up.up if self.up else 0.0
        return up + (self.down.down if self.down else 0.0)

    def free_move(self) -> Move:
        """Return the two free moves as one."""
        parts = [move.hides for move in (self.up, self.down) if move is not None]
        up = self.up.up if self.up else 0.0
        down = self.down.down if self.down else 0.0
        return Move(up, down, 0.0, np.unique(np.concatenate(parts)))

    def see_free(self, tried: _Tried) -> None:
        free = tried.cost <= 0
        if not free.any():
            return
        for room, better in ((tried.up, "up"), (tried.down, "down")):
            s, q = np.unravel_index(np.argmax(np.where(free, room, -1.0)), room.shape)
            best = getattr(self, better)
            if room[s, q] > (getattr(best, better) if best else 0.0):
                setattr(self, better, tried.move(int(s), int(q)))

    def see(self, tried: _Tried, need: float) -> None:
        up = np.maximum(tried.up, self.up.up if self.up else 0.0)
        down = np.maximum(tried.down, self.down.down if self.down else 0.0)
        enough = (up + down >= need - _HAIR) & (tried.up + tried.down > 0)
        if not enough.any():
            return
        cost = np.where(enough, tried.cost, np.inf)
        s, q = np.unravel_index(np.argmin(cost), cost.shape)
        move = tried.move(int(s), int(q))
        parts = [m.hides for m in (self.up, self.down) if m is not None]
        hides = np.unique(np.concatenate([move.hides, *parts]))
        self.found = Move(float(up[s, q]), float(down[s, q]), move.cost, hides)
