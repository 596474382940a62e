"""Which hidden counts come out exactly by adding and subtracting what is shown.

Two steps find them. Peeling solves every equation with one hidden count in it, again and again.
In what is left, a random change of the hidden counts that keeps every equation is made by
projection: a count that such a change never touches is the same in every solution, and so is
known. Neither step uses that counts are whole and not negative; `bounds` does.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nabolag.disclosure.system.areas import Flags, Floats, Ints

_SEED: Final = 20260101
_TRIES: Final = 2
#: A count that moves less than this, when all move by about one, does not move.
_STILL: Final = 1e-6


def recoverable(equations: sparse.csr_array, hidden: Flags) -> Flags:
    """Return which of the `hidden` counts every solution of the equations agrees about.

    `equations` has one column a count; those that are not hidden are known.
    """
    known = ~hidden
    determined = np.zeros(hidden.size, dtype=np.bool_)
    left = _peeled(equations, known, determined)
    rows = np.flatnonzero(np.diff(left.indptr))
    if rows.size:
        columns = np.unique(left.indices)
        core = sparse.csr_array(left[rows][:, columns])
        determined[columns[_still(core)]] = True
    return determined & hidden


def _peeled(equations: sparse.csr_array, known: Flags, determined: Flags) -> sparse.csr_array:
    """Mark what single equations solve; return the equations over what they do not.

    A count that stands in one equation only can always give way, so that equation says nothing
    about the others as long as it is there. It is taken out, and looked at again by `_still`
    only where all the others of its equation might be known.
    """
    left = _without(equations, known)
    while True:
        alone = np.diff(left.indptr) == 1
        if not alone.any():
            return left
        solved = np.unique(left.indices[left.indptr[:-1][alone]])
        determined[solved] = True
        gone = np.zeros(known.size, dtype=np.bool_)
        gone[solved] = True
        left = _without(left, gone)


def _without(matrix: sparse.csr_array, gone: Flags) -> sparse.csr_array:
    """Return the matrix with the entries of some columns taken out, and of rows then empty."""
    keep = ~gone[matrix.indices]
    counted = np.concatenate([[0], np.cumsum(keep)])
    starts = counted[matrix.indptr]
    full = np.diff(starts) > 0
    lengths = np.diff(starts)[full]
    return sparse.csr_array(
        (matrix.data[keep], matrix.indices[keep], np.concatenate([[0], np.cumsum(lengths)])),
        shape=(int(full.sum()), matrix.shape[1]),
    )


def _still(core: sparse.csr_array) -> Flags:
    """Return which columns no change that keeps every equation touches."""
    chance = np.random.default_rng(_SEED)
    still = np.ones(core.shape[1], dtype=np.bool_)
    for _ in range(_TRIES):
        moved = _projected(core, chance.standard_normal(core.shape[1]))
        still &= np.abs(moved) < _STILL
        if not still.any():
            break
    return still


def _projected(core: sparse.csr_array, start: Floats) -> Floats:
    """Return the part of a change that keeps every equation (conjugate gradients)."""
    scale = 1.0 / np.sqrt(np.asarray((core.multiply(core)).sum(axis=1)).ravel())
    rows = sparse.csr_array(core.multiply(scale[:, None]))
    moved = start
    for _ in range(3):
        moved = moved - rows.T @ _solved(rows, rows @ moved)
        if float(np.abs(rows @ moved).max()) < _STILL**1.7:
            break
    return np.asarray(moved, dtype=np.float64)


def _solved(rows: sparse.csr_array, right: Floats) -> Floats:
    """Solve rows · rowsᵀ · y = right, which has solutions also where rows repeat."""
    y = np.zeros_like(right)
    rest = right.copy()
    step = rest.copy()
    size = float(rest @ rest)
    wanted = size * 1e-24
    back = sparse.csr_array(rows.T)
    for _ in range(20_000):
        if size <= wanted or size < 1e-28:
            break
        image = rows @ (back @ step)
        far = size / float(step @ image)
        y += far * step
        rest -= far * image
        before, size = size, float(rest @ rest)
        step = rest + (size / before) * step
    return y


def components(equations: sparse.csr_array, hidden: Flags) -> tuple[int, Ints]:
    """Return how many parts the hidden counts fall into, and the part of each (−1: not hidden)."""
    left = _without(equations, ~hidden)
    n = left.shape[1]
    rows: NDArray[np.int64] = np.repeat(np.arange(left.shape[0]), np.diff(left.indptr))
    graph = sparse.csr_array(
        (np.ones(rows.size), (left.indices, n + rows)), shape=(n + left.shape[0],) * 2
    )
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    part = np.where(hidden, label[:n], -1)
    found, part = np.unique(part, return_inverse=True)
    shift = int(found[0] == -1) if found.size else 0
    return found.size - shift, part - shift
