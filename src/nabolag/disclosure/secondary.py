"""Complementary suppression: which further figures to hide, so that none can be subtracted.

Follows the idea of Gaussian elimination over published and inner cells (Langsrud, Statistics
Norway's GaussSuppression): a hidden count must not be a combination of shown ones. Here it must in
addition keep an interval, and what is proved is kept: first every equation is closed, then
programs find what several equations give away together, and moves or programs mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nabolag.disclosure.closing import close
from nabolag.disclosure.exact import recoverable
from nabolag.disclosure.flows import cheapest_change, steps
from nabolag.disclosure.intervals import Question, open_enough
from nabolag.disclosure.moves import Mover
from nabolag.disclosure.reading import Reading
from nabolag.disclosure.swaps import SwapBook
from nabolag.disclosure.system import Block, System
from nabolag.disclosure.system.areas import Flags, Floats, Ints
from nabolag.disclosure.system.spoken import AMOUNT

_TRIES: Final = 3


@dataclass(frozen=True)
class Secondary:
    """What complementary suppression makes of each block.

    `readings` are what a reader knows when it is done: which figures are shown, and which of the
    hidden ones are told why. `hidden` are the figures (n, f) that were hidden to protect others.
    `unprotected` are rows of the system's figures that no hiding gives the room they ask.
    """

    readings: tuple[Reading, ...]
    hidden: tuple[Flags, ...]
    unprotected: Ints

    def rows(self, system: System) -> Ints:
        """Return the rows of the system's figures that were hidden to protect others."""
        return _rows(system, self.hidden)

    def untold(self, system: System) -> Ints:
        """Return the rows that are hidden for privacy and do not say why."""
        quiet = [
            (h | r.primary) & ~r.told & ~r.shown
            for h, r in zip(self.hidden, self.readings, strict=True)
        ]
        return _rows(system, quiet)


def _rows(system: System, figures: Sequence[Flags]) -> Ints:
    parts = [block.row[chosen] for block, chosen in zip(system.blocks, figures, strict=True)]
    rows: Ints = np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
    return rows[rows >= 0]


def protect_linked(system: System, readings: Sequence[Reading]) -> Secondary:
    """Return which figures to hide so that every hidden count keeps its room.

    Where it does not get it because of what hidden figures say of themselves, no figure of the
    block is told why it is hidden, and its figures are chosen anew.
    """
    book = SwapBook()
    after, hidden, left = [], [], []
    for block, reading in zip(system.blocks, readings, strict=True):
        known = reading
        shown, unprotected = _protect(block, known, book)
        if unprotected.any() and known.told.any():
            known = reading.untold(block)
            shown, unprotected = _protect(block, known, book)
        after.append(known.showing(shown))
        hidden.append(reading.shown & ~shown)
        left.append(unprotected)
    return Secondary(tuple(after), tuple(hidden), _rows(system, left))


def weights(block: Block) -> Floats:
    """Return what each figure (n, f) is worth: the square root of the largest count in it."""
    people = (block.counts["role"] != AMOUNT).to_numpy()
    told = np.where(people, np.nan_to_num(np.abs(block.value)), 0.0)
    largest = np.zeros(block.row.shape)
    for f in range(block.figures.height):
        largest[:, f] = told[:, block.speaks[f]].max(axis=1, initial=0.0)
    return np.sqrt(1.0 + largest)


def _protect(block: Block, reading: Reading, book: SwapBook) -> tuple[Flags, Flags]:
    """Return the figures of one block that stay shown, and the hidden ones left unprotected."""
    mover = Mover(block, reading, weights(block), book)
    unprotected = np.zeros_like(reading.shown)
    if not (reading.need > 0).any():
        return reading.shown, unprotected
    _uncover(mover)
    close(mover)
    given_up = _mended(mover)
    for cell in given_up:
        area, count = divmod(cell, block.shape[1])
        unprotected[area] |= block.speaks[:, count] & block.exists[area] & ~mover.shown[area]
    _show_needless(mover)
    return mover.shown, unprotected


def _mended(mover: Mover) -> set[int]:
    """Mend what is short of room, and return what cannot be mended.

    A count that seems to be short gets a move first. Where that was not enough, a program; then it
    is given up. Hiding more never takes room from a count, so only what was short is looked at
    again, and then for sure.
    """
    short = _short(mover, np.flatnonzero((mover.reading.need > 0).ravel()), surely=False)
    given_up: set[int] = set()
    for attempt in range(_TRIES):
        left = [c for c in short.tolist() if not _mend(mover, c, by_move=attempt == 0)]
        given_up.update(left if attempt else ())
        short = _short(mover, short, surely=True)
        short = short[~np.isin(short, list(given_up))]
        if short.size == 0:
            break
    return given_up | set(short.tolist())


def _uncover(mover: Mover) -> None:
    """Hide figures that tell a count which another figure must hide."""
    told = (mover.reading.need > 0) & mover.block.present & ~mover.hidden() & ~mover.reading.fixed
    for cell in np.flatnonzero(told.ravel()).tolist():
        mover.hide_cell(cell)


def _short(mover: Mover, cells: Ints, *, surely: bool) -> Ints:
    """Return which of some counts have less room than they need, the neediest first.

    Not `surely`: also some that have it, where it would take long to be sure of each.
    """
    asked = Question.of(mover.block, mover.reading.showing(mover.shown))
    wanted = np.zeros_like(asked.need)
    wanted[cells] = asked.need[cells]
    found = open_enough(asked.asking(wanted), surely=surely)
    width = found.width(asked.whole)
    short: Ints = np.flatnonzero(found.short(asked.asking(wanted)) & ~found.impossible)
    return short[np.argsort(width[short], kind="stable")]


def _mend(mover: Mover, cell: int, *, by_move: bool) -> bool:
    """Hide what gives one count the room it needs, or as much as there can be.

    Returns whether it got all it needs.
    """
    area, count = divmod(cell, mover.block.shape[1])
    need, above = (float(a[area, count]) for a in (mover.reading.need, mover.reading.above))
    for wanted in [need, *reversed(steps(need))]:
        # A move goes one way or the other; what must reach above the truth needs a program.
        move = mover.cheapest(area, count, wanted) if by_move and not above else None
        asked = (wanted, above * wanted / need)
        hides = move.hides if move is not None else cheapest_change(mover, area, count, asked)
        if hides is not None:
            mover.hide(hides)
            return bool(wanted == need)
    return False


def _show_needless(mover: Mover) -> None:
    """Show again what can be worked out all the same: hiding it protects nothing."""
    block = mover.block
    hidden = mover.hidden()
    known = recoverable(block.equations, hidden.ravel()).reshape(block.shape)
    silent = (hidden & ~known).astype(np.float32) @ block.speaks.T > 0
    needless = mover.reading.shown & ~mover.shown & ~silent
    mover.show(np.flatnonzero(needless.ravel()))
