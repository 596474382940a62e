"""What no single move can do: the cheapest change of many counts together, by a program.

Used where swaps of a few cells leave too little room: few areas, few groups, levels that cross,
or neighbours that are small themselves. The program looks near the cell first, then wider.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import sparse

from nabolag.disclosure.moves import Mover
from nabolag.disclosure.programs import Programs
from nabolag.disclosure.system.areas import Flags, Floats, Ints

#: More cells than this are not put into one program.
_LARGEST: Final = 60_000
#: Changing what is hidden already costs almost nothing, so that the change stays small.
_ALMOST: Final = 1e-4
_STILL: Final = 1e-7
#: How many parts a large need is met in, where it cannot be met whole.
_PARTS: Final = 16


def cheapest_change(mover: Mover, area: int, count: int, need: tuple[float, float]) -> Ints | None:
    """Return the figures (`area * F + figure`) to hide so that a cell gets the room it needs.

    `need` is how wide its interval must be, and how far above it that must reach in any case (0:
    wherever there is room). `None` where no change does, however much is hidden.
    """
    m = mover.block.shape[1]
    for areas in _nearby(mover, area):
        cells = (areas[:, None] * m + np.arange(m)).ravel()
        cells = cells[mover.block.present.ravel()[cells]]
        if cells.size > _LARGEST:
            return None
        found = _change(mover, cells, area * m + count, need)
        if found is not None:
            return found
    return None


def _nearby(mover: Mover, area: int) -> Iterator[Ints]:
    """Yield areas to look among: those of the smallest area around, then wider, then all."""
    sums = mover.block.areas
    around = sums.around[area]
    size = np.array([sums.within[a].size for a in around])
    last = 0
    for place in around[np.argsort(size, kind="stable")]:
        near = np.union1d(np.append(sums.within[place], place), sums.around[place])
        near = np.union1d(near, around)
        if near.size > last:
            last = near.size
            yield near.astype(np.int64)
    if last < sums.n:
        yield np.arange(sums.n)


def _change(mover: Mover, cells: Ints, target: int, need: tuple[float, float]) -> Ints | None:
    """Return the figures of the cheapest change among some cells."""
    matrix = mover.block.equations[:, cells]
    rows = np.flatnonzero(np.diff(matrix.indptr))
    near = sparse.csr_array(matrix[rows])
    price = mover.cell_price().ravel()[cells] + _ALMOST
    up = mover.up.ravel()[cells]
    down = mover.down.ravel()[cells]
    still = np.zeros(rows.size)
    programs = Programs(
        sparse.csr_array(sparse.hstack([near, -near], format="csr")),
        (still, still),
        (np.zeros(2 * cells.size), np.concatenate([up, down])),
    )
    k = int(np.searchsorted(cells, target))
    costs = dict(enumerate(np.concatenate([price, price]).tolist()))
    for rise, fall in _ways(float(up[k]), float(down[k]), need):
        moved = _moved(programs, costs, k, (rise, fall))
        if moved is not None:
            return _figures(mover, cells[moved])
    return None


def _ways(up: float, down: float, asked: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Yield how far to go up and down: one way if there is room for it, else some of both."""
    need, above = asked
    for fall in [need - above] if above else [0.0, need, *steps(need)]:
        rise = need - fall
        if rise <= up + _STILL and fall <= down + _STILL:
            yield rise, fall


def steps(need: float) -> list[float]:
    """Return what lies between nothing and a need: whole steps, even parts where it is large."""
    step = max(1.0, need / _PARTS)
    return [float(size) for size in np.arange(step, need, step)]


def _moved(
    programs: Programs, costs: dict[int, float], k: int, ways: tuple[float, float]
) -> Flags | None:
    """Return which cells change when cell k goes up and, in another table, down."""
    n = len(costs) // 2
    moved = np.zeros(n, dtype=np.bool_)
    for place, far in zip((k, n + k), ways, strict=True):
        if far <= 0:
            continue
        programs.hold({k: (0.0, 0.0), n + k: (0.0, 0.0)})
        programs.hold({place: (far, far)})
        table = programs.extreme(costs)
        if table is None:
            return None
        moved |= _net(table, n)
    return moved


def _net(table: Floats, n: int) -> Flags:
    net: Flags = np.abs(table[:n] - table[n:]) > _STILL
    return net


def _figures(mover: Mover, cells: Ints) -> Ints:
    """Return the shown figures that tell any of the cells."""
    m, f = mover.block.shape[1], mover.shown.shape[1]
    found = []
    for cell in cells.tolist():
        area, count = divmod(cell, m)
        tell = np.flatnonzero(mover.block.speaks[:, count] & mover.shown[area])
        found.append(area * f + tell)
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
