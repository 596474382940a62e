"""The first round of complementary suppression: no equation may give a hidden count away.

Equation by equation, the hidden counts must leave one another room: what one of them could be
more, the others must be able to be less. Where they do not, the figure is hidden that costs
least and helps most. This looks at one equation at a time; what several of them give away
together, programs find afterwards (`intervals`), and moves mend (`moves`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from nabolag.disclosure.moves import Mover
from nabolag.disclosure.system.areas import Flags, Floats, Ints
from nabolag.disclosure.system.spoken import AMOUNT, COUNT, NUMERATOR

_ROUNDS: Final = 100
#: Room without bound, as a number that can be added up.
_ROOMY: Final = 1e9
_HAIR: Final = 1e-9


def close(mover: Mover) -> int:
    """Hide figures until no single equation gives a hidden count away. Returns how many.

    Counts that make a figure's value must have as much room as is asked of small ones, also those
    that are hidden only to protect others: what cannot move cannot protect.
    """
    closing = _Closing.of(mover)
    total = 0
    for _ in range(_ROUNDS):
        fresh = closing.round()
        total += fresh
        if fresh == 0:
            break
    return total


@dataclass(frozen=True)
class _Closing:
    """The entries of the equations of a block, and what is asked of each cell.

    Entry k stands in equation `row[k]` for cell `column[k]`; `adds[k]` tells its sign.
    """

    mover: Mover
    matrix: sparse.csr_array
    columns: sparse.csc_array
    row: Ints
    column: Ints
    up: Floats
    down: Floats
    room: Floats
    asked: Floats

    @classmethod
    def of(cls, mover: Mover) -> _Closing:
        matrix = mover.block.equations
        up = np.minimum(mover.up.ravel(), _ROOMY)
        down = np.minimum(mover.down.ravel(), _ROOMY)
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        column = matrix.indices.astype(np.int64)
        adds = matrix.data > 0
        main = mover.block.counts["role"].is_in([COUNT, NUMERATOR, AMOUNT]).to_numpy()
        told = ~np.isnan(mover.block.value) & main
        else_asked = np.where(told, np.minimum(mover.block.width, mover.up + mover.down), 0.0)
        need = mover.reading.need
        asked = np.where(need > 0, need, else_asked).ravel()
        return cls(
            mover,
            matrix,
            matrix.tocsc(),
            row,
            column,
            np.where(adds, up[column], down[column]),
            np.where(adds, down[column], up[column]),
            up + down,
            asked,
        )

    def round(self) -> int:
        """Hide one figure for each equation that gives something away and has not had help."""
        hidden = self.mover.hidden().ravel()
        lacking = self._lacking(hidden)
        worst = np.bincount(self.row[lacking], minlength=self.matrix.shape[0])
        rows = np.flatnonzero(worst)
        rows = rows[np.argsort(-worst[rows], kind="stable")]
        score = self._score(hidden, worst > 0)
        helped = np.zeros(self.matrix.shape[0], dtype=np.bool_)
        total = 0
        for e in rows.tolist():
            if helped[e]:
                continue
            chosen = self._chosen(e, score)
            if chosen is None:
                continue
            fresh, cells = self.mover.hide_cell(chosen)
            total += fresh.size
            helped[self._equations_of(cells)] = True
        return total

    def _lacking(self, hidden: Flags) -> Ints:
        """Return the entries whose equation leaves them less room than is asked."""
        there = hidden[self.column]
        up, down = np.where(there, self.up, 0.0), np.where(there, self.down, 0.0)
        n = self.matrix.shape[0]
        others_up = np.bincount(self.row, weights=up, minlength=n)[self.row] - up
        others_down = np.bincount(self.row, weights=down, minlength=n)[self.row] - down
        left = np.minimum(up, others_down) + np.minimum(down, others_up)
        lacking: Ints = np.flatnonzero(there & (left < self.asked[self.column] - _HAIR))
        return lacking

    def _score(self, hidden: Flags, bad: Flags) -> Floats:
        """Return what hiding each cell costs, beside what it helps; infinite where it may not."""
        there = hidden[self.column]
        empty = np.bincount(self.row, weights=there, minlength=self.matrix.shape[0]) == 0
        figure = self.mover.sole_figure().ravel()[self.column]
        unit = np.where(figure >= 0, figure, self.mover.shown.size + self.column)
        pair = self.row.astype(np.int64) * (self.mover.shown.size + hidden.size) + unit
        _, first, many = np.unique(pair, return_index=True, return_counts=True)
        helps = np.zeros(self.mover.shown.size + hidden.size)
        opens = np.zeros_like(helps)
        np.add.at(helps, unit[first], bad[self.row[first]])
        np.add.at(opens, unit[first], empty[self.row[first]] & (many == 1))
        cell = np.arange(hidden.size)
        sole = self.mover.sole_figure().ravel()
        own = np.where(sole >= 0, sole, self.mover.shown.size + cell)
        price = self.mover.cell_price().ravel() ** 2
        score = price * (1 + opens[own]) / np.maximum(helps[own], 1)
        free = hidden | (self.room <= 0) | ~self.mover.block.present.ravel()
        return np.where(free, np.inf, score)

    def _chosen(self, e: int, score: Floats) -> int | None:
        """Return the cell of an equation to hide: with room enough, and of the lowest score."""
        part = slice(self.matrix.indptr[e], self.matrix.indptr[e + 1])
        cells = self.column[part]
        cells = cells[np.isfinite(score[cells])]
        if cells.size == 0:
            return None
        wanted = self.asked[self.column[part]].max()
        roomy = cells[self.room[cells] >= wanted]
        if roomy.size == 0:
            return int(cells[np.argmax(self.room[cells])])
        return int(roomy[np.argmin(score[roomy])])

    def _equations_of(self, cells: Ints) -> Ints:
        starts, ends = self.columns.indptr[cells], self.columns.indptr[cells + 1]
        parts = [self.columns.indices[a:b] for a, b in zip(starts, ends, strict=True)]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)
