"""Which small cells to round up: the choice that changes what is published the least.

After Langsrud and Heldal, «An Algorithm for Small Count Rounding of Tabular Data» (Privacy in
Statistical Databases 2018), and what Statistics Norway's package SmallCountRounding documents of
it: all small cells are taken down, as many as keep the total are taken up again, each time the one
that brings the published sums closest to the truth; then one up and one down change places for as
long as that helps. Here many are taken up at a time where they do not stand in each other's way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nabolag.disclosure.system.areas import Flags, Floats, Ints

#: In a table with fewer small cells than this, how many are taken up is drawn: were the nearest
#: number always chosen, a lone cell that went up would be known to be large.
FEW: Final = 5
_NOTHING: Final = 1e-6


@dataclass(frozen=True)
class Choice:
    """Small cells (c), each to be shown as `low` or as `low + step`, and the sums they are in.

    `value` (over `low`) is what they are, `sums` (p × c) the published cells they are in, and `off`
    (p) how far below the truth each of those is when all are low. `lot` (c) settles what is equal.

    `before` (c) is what an earlier release showed, NaN where none did. A cell that may still be
    shown so, is: else whoever has both knows that it is neither 0 nor the base.
    """

    value: Floats
    low: Floats
    step: Floats
    sums: sparse.csr_array
    off: Floats
    lot: Floats
    before: Floats

    @cached_property
    def was_up(self) -> Flags:
        """Which cells an earlier release showed as the higher of their two numbers."""
        up: Flags = np.abs(self.before - self.low - self.step) < _NOTHING
        return up

    @cached_property
    def kept(self) -> Flags:
        """Which cells stay as an earlier release showed them."""
        kept: Flags = self.was_up | (np.abs(self.before - self.low) < _NOTHING)
        return kept

    @cached_property
    def turn(self) -> Floats:
        """In which order cells come that are as useful: by lot, the larger more often first.

        As likely as they are large (Efraimidis and Spirakis, Information Processing Letters 97,
        2006), so that a cell is right on average where no sum decides.
        """
        turn: Floats = 1.0 - self.lot ** (self.step / (self.value - self.low))
        return turn

    @cached_property
    def columns(self) -> sparse.csc_array:
        """The sums, a cell at a time."""
        return self.sums.tocsc()

    @cached_property
    def weight(self) -> Floats:
        """How much of the published cells each cell stands in: its squared factors."""
        weight: Floats = np.asarray((self.sums**2).sum(axis=0)).ravel()
        return weight

    @cached_property
    def table(self) -> Ints:
        """Which table each cell is in: cells that share a published sum, or are linked so."""
        p, c = self.sums.shape
        both = sparse.block_array([[None, self.sums], [self.sums.T, None]], format="csr")
        _, label = sparse.csgraph.connected_components(both, directed=False)
        _, table = np.unique(label[p : p + c], return_inverse=True)
        return table.astype(np.int64)

    def gain(self, left: Floats) -> Floats:
        """Return by how much the sum of squares falls when each cell is taken up."""
        pull = 2.0 * self.step * (self.sums.T @ left) - self.step**2 * self.weight
        return np.asarray(np.round(pull, 6), dtype=np.float64)

    def shown(self, up: Flags) -> Floats:
        """Return what the cells are shown as."""
        return np.where(up, self.low + self.step, self.low)


def chosen(choice: Choice) -> Flags:
    """Return which cells are taken up."""
    if choice.value.size == 0:
        return np.zeros(0, dtype=np.bool_)
    up, left = _taken_up(choice)
    return _exchanged(choice, up, left)


def how_many(choice: Choice) -> Ints:
    """Return how many cells of each table are taken up: as many as keep its total.

    A table with few small cells gets the number below or above it, by lot, so that it is right on
    average and nobody can tell what the lone cell was.
    """
    table = choice.table
    cells = np.bincount(table)
    wanted = np.bincount(table, weights=(choice.value - choice.low) / choice.step)
    first = np.full(cells.size, 1.0)
    np.minimum.at(first, table, choice.lot)
    drawn = np.modf(first * 2.0**20)[0]
    number = np.floor(np.round(wanted, 9) + np.where(cells < FEW, drawn, 0.5))
    return np.minimum(number, cells).astype(np.int64)


def _taken_up(choice: Choice) -> tuple[Flags, Floats]:
    """Take cells up, the most useful first, and return what is left of each sum."""
    up = choice.was_up.copy()
    left = choice.off - choice.sums @ np.where(up, choice.step, 0.0)
    owed = _owed(choice)
    steps = choice.step.max()
    while owed.any():
        gain = choice.gain(left)
        open_cells = np.flatnonzero(~up & ~choice.kept & (owed[choice.table] > 0))
        order = open_cells[np.lexsort((choice.turn[open_cells], -gain[open_cells]))]
        room = np.maximum(1, np.floor(left / (2.0 * steps))).astype(np.int64)
        taken = order[_fitting(choice, order, room, owed)]
        up[taken] = True
        owed -= np.bincount(choice.table[taken], minlength=owed.size)
        left = choice.off - choice.sums @ np.where(up, choice.step, 0.0)
    return up, left


def _owed(choice: Choice) -> Ints:
    """Return how many more cells of each table are to be taken up, beside those kept so."""
    table = choice.table
    wanted = how_many(choice)
    there = np.bincount(table, weights=choice.was_up, minlength=wanted.size)
    free = np.bincount(table, weights=~choice.kept, minlength=wanted.size)
    owed: Ints = np.clip(wanted - there, 0, free).astype(np.int64)
    return owed


def _fitting(choice: Choice, order: Ints, room: Ints, owed: Ints) -> Flags:
    """Tell which cells, best first, are within the room of every sum they are in.

    The best of all always fits, so that each round takes at least one.
    """
    rows, cell = _entries(choice.columns, order)
    fits = np.ones(order.size, dtype=np.bool_)
    fits[cell[_place(rows) >= room[rows]]] = False
    kept = np.flatnonzero(fits)
    tables = choice.table[order[kept]]
    fits[kept[_place(tables) >= owed[tables]]] = False
    return fits


def _entries(columns: sparse.csc_array, order: Ints) -> tuple[Ints, Ints]:
    """Return the rows of some columns, in their order, and which of them each belongs to."""
    picked = sparse.csc_array(columns[:, order])
    return picked.indices.astype(np.int64), np.repeat(np.arange(order.size), np.diff(picked.indptr))


def _place(names: Ints) -> Ints:
    """Return how many equal names stand before each."""
    by_name = np.argsort(names, kind="stable")
    held = names[by_name]
    new = np.flatnonzero(np.r_[True, held[1:] != held[:-1]]) if held.size else np.zeros(0, int)
    starts = np.repeat(new, np.diff(np.r_[new, held.size]))
    place = np.empty(names.size, dtype=np.int64)
    place[by_name] = np.arange(names.size) - starts
    return place


def _exchanged(choice: Choice, up: Flags, left: Floats) -> Flags:
    """Let one up and one down change places until no exchange brings the sums closer.

    Of each published sum the best pair within it is tried. Cells that meet first in a sum share
    at least what all in it share, so where sums are nested, no pair is better than one tried.
    """
    filled = sparse.csr_array(choice.sums[np.flatnonzero(np.diff(choice.sums.indptr))])
    rising = choice.gain(left)
    while True:
        downs, ups = _pairs(choice, filled, up, rising)
        if downs.size == 0:
            return up
        up[downs], up[ups] = True, False
        left = choice.off - choice.sums @ np.where(up, choice.step, 0.0)
        rising = choice.gain(left)


def _pairs(
    choice: Choice, filled: sparse.csr_array, up: Flags, rising: Floats
) -> tuple[Ints, Ints]:
    """Return pairs (one to take up, one to take down) that help and touch no sum in common."""
    falling = -rising - 2.0 * choice.step**2 * choice.weight
    low, high = ~up & ~choice.kept, up & ~choice.kept
    best_down = _best(filled, np.where(low, rising, -np.inf), choice.turn)
    best_up = _best(filled, np.where(high, falling, -np.inf), -choice.turn)
    both = np.unique(np.column_stack([best_down, best_up]), axis=0)
    both = both[low[both[:, 0]] & high[both[:, 1]]]
    downs, ups = both[:, 0].astype(np.int64), both[:, 1].astype(np.int64)
    one, other = choice.columns[:, downs], choice.columns[:, ups]
    shared = np.asarray((one * other).sum(axis=0)).ravel()
    helps = rising[downs] + falling[ups] + 2.0 * choice.step[downs] * choice.step[ups] * shared
    kept = np.flatnonzero(helps > _NOTHING)
    kept = kept[np.lexsort((choice.lot[ups[kept]], choice.lot[downs[kept]], -helps[kept]))]
    apart = kept[_apart(choice, downs[kept], ups[kept])]
    return downs[apart], ups[apart]


def _best(filled: sparse.csr_array, score: Floats, turn: Floats) -> Ints:
    """Return the cell with the highest score in each sum."""
    order = np.lexsort((turn, -score))
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    first: Ints = np.minimum.reduceat(place[filled.indices], filled.indptr[:-1])
    return order[first]


def _apart(choice: Choice, downs: Ints, ups: Ints) -> NDArray[np.bool_]:
    """Tell which pairs, best first, change no sum that a better one changes."""
    if downs.size == 0:
        return np.zeros(0, dtype=np.bool_)
    moved = (
        choice.columns[:, downs] * choice.step[downs] - choice.columns[:, ups] * choice.step[ups]
    )
    moved = sparse.csc_array(moved)
    moved.data[np.abs(moved.data) < _NOTHING] = 0
    moved.eliminate_zeros()
    rows, pair = _entries(moved, np.arange(downs.size))
    cells, at = np.concatenate([downs, ups]), np.tile(np.arange(downs.size), 2)
    rows = np.concatenate([rows, cells + choice.sums.shape[0]])
    pair = np.concatenate([pair, at])
    in_order = np.argsort(pair, kind="stable")
    rows, pair = rows[in_order], pair[in_order]
    apart = np.ones(downs.size, dtype=np.bool_)
    apart[pair[_place(rows) > 0]] = False
    return apart
