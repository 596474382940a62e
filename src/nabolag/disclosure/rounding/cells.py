"""The inner cells of one block, rounded, and every other count added up from them anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nabolag.disclosure.rounding.choosing import Choice, chosen
from nabolag.disclosure.rounding.inner import NOTHING, Inner, inner_cells
from nabolag.disclosure.rounding.lots import lots
from nabolag.disclosure.system import Block
from nabolag.disclosure.system.areas import Flags, Floats, Ints


@dataclass(frozen=True)
class Rounded:
    """What rounding makes of a block.

    `value[n, m]` are the counts added up from rounded inner cells, NaN where nobody knows them.
    `marked[n, m]` tells which may be something else than they were: an inner cell in them is shown
    as a number that small cells are rounded to. It can be told from `value` alone, so that a mark
    says nothing more. `inner[n, m]` are the inner cells. `contradicted`, `unknown` and `small` are
    cells (`area * m + count`) that stop the rounding: see `Inner`, and `small` counts that would
    still be below the base.
    """

    value: Floats
    marked: Flags
    inner: Flags
    contradicted: Ints
    unknown: Ints
    small: Ints

    @property
    def stopped(self) -> bool:
        """Tell whether the block cannot be rounded."""
        return bool(self.contradicted.size or self.unknown.size or self.small.size)


def round_block(
    block: Block, names: Sequence[str], base: int, seed: int, before: Floats | None = None
) -> Rounded:
    """Round the inner cells of a block that are small (over 0, below `base`) to 0 or the base.

    `names` are those of its counts (`lots.count_names`). First the cells that stand alone, then
    those with a trait, so that everybody, where they are many, stay as many as they are.

    `before[n, m]` is what an earlier release showed of each count, NaN where none did: inner cells
    that may still be shown so are.
    """
    cells = inner_cells(block)
    shape, none = block.shape, np.zeros(0, dtype=np.int64)
    if cells.contradicted.size or cells.unknown.size:
        return Rounded(
            block.value, np.zeros(shape, bool), cells.inner.reshape(shape),
            cells.contradicted, cells.unknown, none,
        )  # fmt: skip
    lot = lots(seed, block.areas.areas, names, np.arange(cells.inner.size))
    told = np.full(cells.inner.size, np.nan) if before is None else before.ravel()
    draw = (lot, told)
    shown = np.where(cells.inner, cells.value, 0.0)
    traits = _traits(cells)
    alone = _Ends.alone(cells, traits, base)
    shown = _settled(cells, shown, alone, draw)
    ends = [alone]
    for part in _outermost_first(cells, traits):
        everybody = np.asarray(cells.sums @ shown).ravel()
        ends.append(_Ends.among(cells, part, everybody, base))
        shown = _settled(cells, shown, ends[-1], draw)
    value = np.asarray(cells.sums @ shown).ravel()
    maybe = np.any([one.maybe(value, base) for one in ends], axis=0) & cells.inner
    marked = np.asarray(abs(cells.sums) @ maybe.astype(float)).ravel() > 0
    known = np.where(_present(cells), value, np.nan)
    return Rounded(
        known.reshape(shape), marked.reshape(shape), cells.inner.reshape(shape),
        none, none, _left_small(cells, known, base),
    )  # fmt: skip


def _present(cells: Inner) -> Flags:
    present: Flags = np.diff(cells.sums.indptr) > 0
    return present


def _traits(cells: Inner) -> Flags:
    """Return the inner cells of those with a trait, which others are what is left of."""
    flags = np.zeros(cells.inner.size, dtype=np.bool_)
    flags[cells.sums.minimum(0).tocsr().indices] = True
    own = np.zeros_like(flags)
    own[cells.shares[1]] = True
    traits: Flags = flags & own & cells.inner
    return traits


def _outermost_first(cells: Inner, traits: Flags) -> Iterator[Flags]:
    """Yield the traits in an order in which everybody they are among are settled before them.

    Lone parents are among families with children, and those among all households.
    """
    everybody, own, _ = cells.shares
    left = traits.copy()
    while left.any():
        open_in = np.asarray(abs(cells.sums) @ left.astype(float)).ravel() > 0
        waits = np.zeros_like(left)
        waits[own[open_in[everybody]]] = True
        ready = left & ~waits
        ready = ready if ready.any() else left
        yield ready
        left = left & ~ready


@dataclass(frozen=True)
class _Ends:
    """The two numbers a cell may be shown as; the same twice where there is no choice.

    `cell` are inner cells, `everybody` (k × cells) how many are shown there that they are part
    of, NaN where there are fewer than k.
    """

    cell: Ints
    low: Floats
    high: Floats
    everybody: Floats

    @classmethod
    def alone(cls, cells: Inner, traits: Flags, base: int) -> _Ends:
        """Cells that are part of nobody else's everybody: 0 or the base, where they are small."""
        cell = np.flatnonzero(cells.inner & ~traits & ~np.isnan(cells.value))
        x = cells.value[cell]
        small = (x > NOTHING) & (x < base - NOTHING)
        low, high = np.where(small, 0.0, x), np.where(small, float(base), x)
        return cls(cell, low, high, np.full((1, cell.size), np.nan))

    @classmethod
    def among(cls, cells: Inner, traits: Flags, shown: Floats, base: int) -> _Ends:
        """Those with a trait, among everybody as already rounded.

        Neither they nor the rest may be left small, who were nobody stay nobody, and of the
        numbers that allow it the nearest below and above are taken, if less than the base away.
        """
        cell = np.flatnonzero(traits & ~np.isnan(cells.value))
        x = cells.value[cell]
        where = _among_whom(cells, cell)
        everybody = np.where(where >= 0, shown[where], np.nan)
        before = np.where(where >= 0, cells.value[where], np.nan)
        tried = [np.zeros(cell.size), np.full(cell.size, float(base)), x]
        for of in everybody:
            tried += [of, of - base]
        allowed = np.stack(tried)
        for row in range(allowed.shape[0]):
            v = allowed[row]
            allowed[row] = np.where(_allowed(v, x, everybody, before, base), v, np.nan)
        low, high = _nearest(allowed, x, base)
        return cls(cell, low, high, everybody)

    def maybe(self, value: Floats, base: int) -> Flags:
        """Return which cells (of all) are shown as a number that small cells are rounded to."""
        x = value[self.cell]
        ends = (0.0, float(base))
        hit = np.isin(np.round(x, 6), ends)
        for of in self.everybody:
            rest = np.round(of - x, 6)
            hit = hit | np.isin(rest, ends) | np.isin(np.round(of, 6), ends)
        flags = np.zeros(value.size, dtype=np.bool_)
        flags[self.cell[hit]] = True
        return flags


def _among_whom(cells: Inner, cell: Ints) -> Ints:
    """Return (k × cells) everybody that each cell is part of, −1 where there are fewer than k."""
    everybody, own, _ = cells.shares
    mine = np.isin(own, cell)
    order = np.lexsort((everybody[mine], own[mine]))
    of, part = everybody[mine][order], own[mine][order]
    at = np.searchsorted(cell, part)
    number = np.arange(at.size) - np.searchsorted(at, at)
    where = np.full((int(number.max(initial=0)) + 1, cell.size), -1, dtype=np.int64)
    where[number, at] = of
    return where


def _allowed(v: Floats, x: Floats, everybody: Floats, before: Floats, base: int) -> Flags:
    """Tell whether cells of `x` may be shown as `v`."""
    fine = _not_small(v, base) & ((np.abs(x) > NOTHING) | (np.abs(v) < NOTHING))
    for of, was in zip(everybody, before, strict=True):
        rest, was_rest = of - v, was - x
        nobody = np.abs(was_rest) < NOTHING
        sound = _not_small(rest, base) & (~nobody | (np.abs(rest) < NOTHING))
        fine &= sound | np.isnan(of)
    return fine & ~np.isnan(v)


def _not_small(v: Floats, base: int) -> Flags:
    sound: Flags = (np.abs(v) < NOTHING) | (v > base - NOTHING)
    return sound


def _nearest(allowed: Floats, x: Floats, base: int) -> tuple[Floats, Floats]:
    """Return the nearest allowed numbers below and above; `x` itself where that is allowed."""
    below = np.where(allowed <= x + NOTHING, allowed, np.nan)
    above = np.where(allowed >= x - NOTHING, allowed, np.nan)
    low = np.fmax.reduce(below, axis=0)
    high = np.fmin.reduce(above, axis=0)
    low = np.where((x - low < base - NOTHING) | np.isnan(high), low, high)
    high = np.where((high - x < base - NOTHING) | np.isnan(low), high, low)
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    return np.where(np.isnan(low), x, low), np.where(np.isnan(high), x, high)


def _settled(cells: Inner, shown: Floats, ends: _Ends, draw: tuple[Floats, Floats]) -> Floats:
    """Choose which cells are shown as the higher of their two numbers.

    Sums that hold one such cell alone have no say: they would take the largest up each time, so
    that whoever knows the method could tell a large small number from a small one.

    `draw` are the lot of each cell, and what an earlier release showed of it.
    """
    lot, before = draw
    after = shown.copy()
    after[ends.cell] = ends.low
    open_cells = np.flatnonzero(ends.high - ends.low > NOTHING)
    cell, low = ends.cell[open_cells], ends.low[open_cells]
    columns = cells.sums.tocsc()[:, cell].tocsr()
    rows = np.flatnonzero(np.diff(columns.indptr) > 1)
    truth = np.where(cells.inner, cells.value, 0.0)
    off = np.asarray(cells.sums[rows] @ (truth - after)).ravel()
    choice = Choice(
        value=cells.value[cell],
        low=low,
        step=ends.high[open_cells] - low,
        sums=sparse.csr_array(columns[rows]),
        off=np.nan_to_num(off),
        lot=lot[cell],
        before=before[cell],
    )
    after[cell] = choice.shown(chosen(choice))
    return after


def _left_small(cells: Inner, value: Floats, base: int) -> Ints:
    """Return the counts that are still small, or below 0. A mean of years may be a fraction."""
    broken = np.abs(cells.sums.data - np.round(cells.sums.data)) > NOTHING
    means = _with_data(cells.sums, broken.astype(float))
    whole = np.asarray(means.sum(axis=1)).ravel() == 0
    small = ((value > NOTHING) & (value < base - NOTHING)) | (value < -NOTHING)
    return np.flatnonzero(small & whole).astype(np.int64)


def _with_data(matrix: sparse.csr_array, data: Floats) -> sparse.csr_array:
    """Return a matrix of the same shape and places with other numbers."""
    return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
