"""A block: areas × counts that hang together, with the equations between them.

Every area has the same equations between counts, and every count the same equations between
areas; only where the numbers do not add up does one not hold. So a block keeps the two sets of
equations once, and which of them hold where; `equations` writes them out as one sparse matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from nabolag.disclosure.system.areas import AreaSums, Flags, Floats, Ints
from nabolag.disclosure.system.spoken import AMOUNT


@dataclass(frozen=True)
class Relations:
    """Equations between the counts of a block: one row each, a factor a count.

    `believed`: held for true where no numbers can tell. `parts`: of groups, years or indicators,
    not of those with and without a trait.
    """

    matrix: sparse.csr_array
    believed: Flags
    parts: Flags

    @cached_property
    def key(self) -> bytes:
        """Equal for equal equations, so that what is worked out once can be used again."""
        m = self.matrix
        return bytes(m.indptr.tobytes() + m.indices.tobytes() + m.data.tobytes())


@dataclass(frozen=True)
class Block:
    """Numbers of areas (n) × counts (m), and figures (f) that speak of them.

    `counts` names each count (`indicator`, `role`, `period`, `group`), `figures` each column of
    figures (`indicator`, `period`, `group`). `speaks[f, m]` tells which counts a figure publishes.
    `row[n, f]` is the figure's row in the observations, −1 where the area has none.

    `value[n, m]` is the count, NaN where nobody in the house knows it; `present` where a figure
    speaks of it; `nobody` where the figure's status itself says 0. `limit` and `zero` say from when
    a count is small, `width` how wide the interval of a small or hidden one must be
    (`system.spoken`).

    `holds_areas[e, m]` and `holds_counts[n, e]` tell which equations hold for which count and
    which area.
    """

    areas: AreaSums
    counts: pl.DataFrame
    relations: Relations
    figures: pl.DataFrame
    speaks: Flags
    row: Ints
    value: Floats
    present: Flags
    limit: Ints
    zero: Flags
    nobody: Flags
    width: Floats
    holds_areas: Flags
    holds_counts: Flags

    @property
    def shape(self) -> tuple[int, int]:
        """How many areas and counts."""
        return self.value.shape[0], self.value.shape[1]

    @cached_property
    def implied(self) -> Floats:
        """The counts, and those that the others imply where the house was not told them."""
        value = np.where(self.present, self.value, 0.0).ravel()
        while True:
            left = np.isnan(value)
            open_rows = self.equations @ left.astype(float)
            single = np.abs(self.equations) @ left.astype(float) == 1
            if not single.any():
                break
            rest = -(self.equations @ np.where(left, 0.0, value))
            pick = sparse.csr_array(self.equations[np.flatnonzero(single)])
            entry = left[pick.indices]
            solved = pick.indices[entry]
            value[solved] = rest[single] / open_rows[single]
        value[value < 0] = np.nan
        told = np.where(np.isnan(self.value), value.reshape(self.shape), self.value)
        return np.where(self.present, told, np.nan)

    @cached_property
    def exists(self) -> Flags:
        """Which figures there are."""
        there: Flags = self.row >= 0
        return there

    @cached_property
    def whole(self) -> Flags:
        """Which counts (m) are whole numbers wherever they are known."""
        amount = (self.counts["role"] == AMOUNT).to_numpy()
        told = np.nan_to_num(self.value)
        whole: Flags = ~amount & (np.abs(told - np.round(told)) < 1e-6).all(axis=0)
        return whole

    @cached_property
    def closed(self) -> Flags:
        """Cells without a figure that an equation nevertheless takes for 0."""
        in_areas = (abs(self.areas.sums).T @ self.holds_areas.astype(float)) > 0
        in_counts = (self.holds_counts.astype(float) @ abs(self.relations.matrix)) > 0
        shut: Flags = ~self.present & (in_areas | in_counts)
        return shut

    @cached_property
    def wholes(self) -> Flags:
        """Figures (n, f) that are sums of other figures: of areas, groups, years or indicators."""
        whole = self.areas.sums.minimum(0)
        in_areas = abs(whole).T @ self.holds_areas.astype(float) > 0
        negative = abs(self.relations.matrix.minimum(0))[np.flatnonzero(self.relations.parts)]
        holds = self.holds_counts[:, self.relations.parts].astype(float)
        cells = self.present & (in_areas | (holds @ negative > 0))
        told: Flags = self.exists & ((cells.astype(np.float32) @ self.speaks.T) > 0)
        return told

    @cached_property
    def equations(self) -> sparse.csr_array:
        """Every equation that holds, over cells numbered `area * m + count`."""
        return sparse.csr_array(
            sparse.vstack([self._area_equations(), self._count_equations()], format="csr")
        )

    def _area_equations(self) -> sparse.csr_array:
        n, m = self.shape
        sums = self.areas.sums.tocoo()
        e, c = np.nonzero(self.holds_areas)
        number = np.full(self.holds_areas.shape, -1, dtype=np.int64)
        number[e, c] = np.arange(e.size)
        rows, columns, data = [], [], []
        for count in range(m):
            picked = number[sums.row, count] >= 0
            picked &= self.present[sums.col, count]
            rows.append(number[sums.row[picked], count])
            columns.append(sums.col[picked].astype(np.int64) * m + count)
            data.append(sums.data[picked])
        return _coo(rows, columns, data, (e.size, n * m))

    def _count_equations(self) -> sparse.csr_array:
        n, m = self.shape
        terms = self.relations.matrix.tocoo()
        i, e = np.nonzero(self.holds_counts)
        number = np.full(self.holds_counts.shape, -1, dtype=np.int64)
        number[i, e] = np.arange(i.size)
        rows, columns, data = [], [], []
        for equation, count, factor in zip(terms.row, terms.col, terms.data, strict=True):
            places = np.flatnonzero((number[:, equation] >= 0) & self.present[:, count])
            rows.append(number[places, equation])
            columns.append(places * m + int(count))
            data.append(np.full(places.size, factor))
        return _coo(rows, columns, data, (i.size, n * m))


def _coo(
    rows: list[Ints], columns: list[Ints], data: list[NDArray[Any]], shape: tuple[int, int]
) -> sparse.csr_array:
    if not rows:
        return sparse.csr_array(shape)
    where = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_array((np.concatenate(data), where), shape=shape)
