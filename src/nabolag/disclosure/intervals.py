"""How far a reader can narrow each hidden count down: linear programs, part by part.

A hidden count lies between the least and the most it can be in any table that agrees with
everything a reader knows. Every program that is solved gives a whole table, and with it a possible
number for every hidden count; so most counts are known to be open enough long before they have
had a program of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse

from nabolag.disclosure.exact import components
from nabolag.disclosure.programs import Programs
from nabolag.disclosure.reading import Reading
from nabolag.disclosure.system import Block
from nabolag.disclosure.system.areas import Flags, Floats, Ints

#: Closer than this to a whole number is a whole number.
NEARLY: Final = 1e-6
#: And closer than this to a large amount, as a part of it, is the same amount.
_PART: Final = 1e-6
#: A pair of programs for many cells must settle so many, or each gets a pair of its own.
_WORTH: Final = 2
#: So many wanting counts × counts of their part are quick to be sure of all the same.
_QUICK: Final = 20_000
_SEED: Final = 20260101


@dataclass(frozen=True)
class Question:
    """Hidden counts, the equations between all counts, and what is known of each.

    `value` is the true number (NaN where the house does not know it), `lower` and `upper` bound
    it for the reader, `whole` says that it is a whole number, and `need` how wide its interval
    must be (0: nobody asks); `above`: how far over the truth it must reach besides.
    """

    equations: sparse.csr_array
    hidden: Flags
    value: Floats
    lower: Floats
    upper: Floats
    whole: Flags
    need: Floats
    above: Floats

    @classmethod
    def of(cls, block: Block, reading: Reading) -> Question:
        """Ask about every count of a block that a reading hides."""
        hidden = block.present & ~reading.known(block)
        return cls(
            block.equations,
            hidden.ravel(),
            block.value.ravel(),
            reading.lower.ravel(),
            reading.upper.ravel(),
            np.broadcast_to(block.whole, block.shape).ravel(),
            np.where(hidden, reading.need, 0.0).ravel(),
            np.where(hidden, reading.above, 0.0).ravel(),
        )

    def asking(self, need: Floats) -> Question:
        """Return the same question about other needs."""
        return replace(self, need=need)

    def at(self, cells: Ints) -> Question:
        """Return what is asked of some counts; the equations stay those of all."""
        names = ("hidden", "value", "lower", "upper", "whole", "need", "above")
        return replace(self, **{name: getattr(self, name)[cells] for name in names})


@dataclass(frozen=True)
class Intervals:
    """The least and the most each hidden count is known to be able to be.

    Both ends are the reader's true ends where the interval is short of what was asked; elsewhere
    it is at least this wide, which was enough. `impossible`: no table agrees with what is
    published, so nothing can be said. `programs` counts the linear programs.
    """

    least: Floats
    most: Floats
    impossible: Flags
    programs: int

    def width(self, whole: Flags) -> Floats:
        """Return how wide each interval is; between whole numbers where only those can be."""
        least = np.where(whole, np.ceil(self.least - NEARLY), self.least)
        most = np.where(whole, np.floor(self.most + NEARLY), self.most)
        there = self.most >= self.least
        return np.where(there, np.where(there, most, 0.0) - np.where(there, least, 0.0), 0.0)

    def at(self, cells: Ints) -> Intervals:
        """Return the intervals of some counts."""
        ends = (self.least[cells], self.most[cells])
        return Intervals(*ends, self.impossible[cells], self.programs)

    def short(self, asked: Question) -> Flags:
        """Tell which counts are narrower than they need to be, or not open far enough above."""
        x = np.nan_to_num(asked.value)
        low = self.width(asked.whole) < asked.need - NEARLY - _PART * asked.above
        below = (asked.above > 0) & (self.most - x < asked.above - NEARLY - _PART * asked.above)
        short: Flags = (asked.need > 0) & (low | below)
        return short


def open_enough(asked: Question, *, surely: bool = True) -> Intervals:
    """Return intervals wide enough for the need of each hidden count, or as wide as they are.

    Not `surely`: in large parts a count that is still wanting when many are pushed at a time is
    left at that, so that its interval may be wider than is found.
    """
    x = asked.value
    found = Intervals(
        np.where(np.isnan(x), np.inf, x),
        np.where(np.isnan(x), -np.inf, x),
        np.zeros(x.size, dtype=np.bool_),
        0,
    )
    wanting = asked.hidden & (asked.need > 0)
    if not wanting.any():
        return found
    _, part = components(asked.equations, asked.hidden)
    columns = asked.equations.tocsc()
    right = _right(asked)
    programs = 0
    order = np.argsort(part, kind="stable")
    starts = np.searchsorted(part[order], np.arange(part.max() + 2))
    for number in np.unique(part[wanting]):
        cells = order[starts[number] : starts[number + 1]]
        programs += _part(asked, (columns, right), cells, found, surely=surely)
    return Intervals(found.least, found.most, found.impossible, programs)


def _right(asked: Question) -> tuple[Floats, Floats]:
    """Return between what the hidden counts of each equation must sum to.

    Exactly to what the shown ones leave; where rounded numbers do not quite add up, anything
    between that and the truth.
    """
    told = np.where(asked.hidden | np.isnan(asked.value), 0.0, asked.value)
    true = np.where(asked.hidden & ~np.isnan(asked.value), asked.value, 0.0)
    left = -(asked.equations @ told)
    truly = asked.equations @ true
    unsure = (abs(asked.equations) @ (asked.hidden & np.isnan(asked.value)).astype(float)) > 0
    ragged = np.where(np.abs(left - np.round(left)) > NEARLY, 0.5, 0.0)
    least = np.where(unsure, left - ragged, np.minimum(left, truly))
    most = np.where(unsure, left + ragged, np.maximum(left, truly))
    return least, most


def _part(
    asked: Question,
    system: tuple[sparse.csc_array, tuple[Floats, Floats]],
    cells: Ints,
    found: Intervals,
    *,
    surely: bool,
) -> int:
    """Settle the cells of one part. Returns how many programs it took."""
    columns, (least, most) = system
    own = sparse.csr_array(columns[:, cells])
    rows = np.flatnonzero(np.diff(own.indptr))
    programs = Programs(
        sparse.csr_array(own[rows]),
        (least[rows], most[rows]),
        (asked.lower[cells], asked.upper[cells]),
    )
    seen = _Seen(found, cells, asked.at(cells))
    if not _swept(programs, seen):
        found.impossible[cells] = True
        return programs.solved
    wanting = np.flatnonzero(seen.wanting())
    for k in wanting if surely or wanting.size * cells.size <= _QUICK else ():
        if seen.wanting()[k]:
            for sign in (1.0, -1.0):
                table = programs.extreme({int(k): sign})
                if table is not None:
                    seen.note(table)
    return programs.solved


@dataclass(frozen=True)
class _Seen:
    """The possible numbers of some cells, as tables come in."""

    found: Intervals
    cells: Ints
    asked: Question

    def note(self, table: Floats) -> None:
        """Take note of a possible table."""
        least, most = self.found.least, self.found.most
        least[self.cells] = np.minimum(least[self.cells], table)
        most[self.cells] = np.maximum(most[self.cells], table)

    def wanting(self) -> Flags:
        """Tell which cells are not known to be open enough."""
        return self.found.at(self.cells).short(self.asked)


def _swept(programs: Programs, seen: _Seen) -> bool:
    """Push wanting cells up and down, many at a time, while that helps. False: no table agrees.

    First all one way and then the other; after that some up and some down, by lot, and the other
    way about: what one of two neighbours gets, the other must lose. A cell by itself takes two
    programs, so a pair of programs is worth it as long as it settles more than one.
    """
    lots = np.random.default_rng(_SEED)
    signs: Floats | None = None
    while True:
        wanting = np.flatnonzero(seen.wanting())
        if wanting.size == 0:
            return True
        signs = np.ones(wanting.size) if signs is None else lots.choice([1.0, -1.0], wanting.size)
        for way in (signs, -signs):
            table = programs.extreme(dict(zip(wanting.tolist(), way.tolist(), strict=True)))
            if table is None:
                return False
            seen.note(table)
        if wanting.size - int(seen.wanting().sum()) < _WORTH:
            return True
