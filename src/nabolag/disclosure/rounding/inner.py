"""The inner cells of a block: those that no other cells sum to, and how all others are their sums.

Every published count is written as a sum of inner cells, by following the block's own equations
down to cells that are the whole of none. Where one count is the whole of two sets of cells that
say different things of the inside (women and men, and young and old, but not young women), the
inner cells are not known, and nothing can be rounded so that both add up.

Those without a trait are everybody less those with it: several traits are told of the same
people, and nobody knows how many have one and not another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from nabolag.disclosure.system import Block
from nabolag.disclosure.system.areas import Flags, Floats, Ints
from nabolag.disclosure.system.spoken import AMOUNT, COMPLEMENT

#: Closer to 0 than this, a factor or a count is 0.
NOTHING: Final = 1e-6
_DEEPEST: Final = 64


@dataclass(frozen=True)
class Inner:
    """The inner cells of a block, over all its cells (numbered `area * m + count`).

    `sums` writes each cell as a sum of inner cells. `inner` tells which they are, `value` what
    each cell is, NaN where nobody in the house knows. `shares` (three rows) holds places of
    everybody, of those with and of those without a trait, where the last is worked out of the
    others. `contradicted` are cells that two ways of adding up say different things of, `unknown`
    cells that are known while something they are the sum of is not.
    """

    sums: sparse.csr_array
    inner: Flags
    value: Floats
    shares: Ints
    contradicted: Ints
    unknown: Ints


def inner_cells(block: Block) -> Inner:
    """Return the inner cells of a block. Sums of kroner and hours are not among them."""
    counted = _counted(block)
    equations, is_share = _equations(block, counted)
    whole = _wholes(equations, is_share)
    defined, shares = _with_the_rest(block, equations, is_share, whole)
    inner = counted & (defined < 0)
    sums = _followed(equations, defined, inner)
    value = np.where(counted, block.implied.ravel(), np.nan)
    off = _tidy(sparse.csr_array(equations @ sums))
    wrong = np.flatnonzero(np.diff(off.indptr) > 0)
    lost = np.asarray(abs(sums) @ (inner & np.isnan(value)).astype(float)).ravel() > 0
    return Inner(
        sums,
        inner,
        value,
        shares,
        contradicted=np.unique(equations[wrong].minimum(0).indices).astype(np.int64),
        unknown=np.flatnonzero(lost & ~np.isnan(value)).astype(np.int64),
    )


def _counted(block: Block) -> Flags:
    people = (block.counts["role"] != AMOUNT).to_numpy()
    counted: Flags = (block.present & people).ravel()
    return counted


def _equations(block: Block, counted: Flags) -> tuple[sparse.csr_array, Flags]:
    """Return the equations between counts of people, and which are of those with and without."""
    equations = block.equations
    between_areas = equations.shape[0] - int(block.holds_counts.sum())
    _, kind = np.nonzero(block.holds_counts)
    is_share = np.concatenate(
        [np.zeros(between_areas, dtype=np.bool_), ~block.relations.parts[kind]]
    )
    amounts = np.asarray(abs(equations) @ (~counted).astype(float)).ravel() > 0
    kept = np.flatnonzero(~amounts & (np.diff(equations.indptr) > 1))
    return sparse.csr_array(equations[kept]), is_share[kept]


def _wholes(equations: sparse.csr_array, is_share: Flags) -> Ints:
    """Return the whole of each equation (row); −1 where it has none that can be worked out."""
    negative = sparse.csr_array(equations.minimum(0))
    one = (np.diff(negative.indptr) == 1) & ~is_share
    whole = np.full(equations.shape[0], -1, dtype=np.int64)
    whole[one] = negative.indices[negative.indptr[:-1][one]]
    return whole


def _with_the_rest(
    block: Block, equations: sparse.csr_array, is_share: Flags, whole: Ints
) -> tuple[Ints, Ints]:
    """Return by which equation each cell is worked out (−1: it is inner), and the shares.

    A whole is worked out by the first equation that it is the whole of; everybody who are the whole
    of none by those with and without a trait, where both of these are; those without a trait by
    everybody less those with it, unless they are a whole.
    """
    defined = np.full(equations.shape[1], -1, dtype=np.int64)
    sums = np.flatnonzero(whole >= 0)[::-1]
    defined[whole[sums]] = sums
    rest = (block.counts["role"] == COMPLEMENT).to_numpy()
    rows = np.flatnonzero(is_share & (np.diff(equations.indptr) == 3))
    cells = _thirds(equations, rows, rest)
    _, first = np.unique(np.sort(cells, axis=0), axis=1, return_index=True)
    rows, cells = rows[np.sort(first)], cells[:, np.sort(first)]
    loose = np.flatnonzero((defined[cells[0]] < 0) & (defined[cells[1:]] >= 0).all(axis=0))
    defined[cells[0, loose[::-1]]] = rows[loose[::-1]]
    count = cells[2] % block.shape[1]
    found = [np.zeros((3, 0), dtype=np.int64)]
    for column in np.unique(count):
        mine = (count == column) & (defined[cells[2]] < 0)
        _, once = np.unique(cells[2, mine], return_index=True)
        picked = np.flatnonzero(mine)[once]
        defined[cells[2, picked]] = rows[picked]
        found.append(cells[:, picked])
    return defined, np.concatenate(found, axis=1)


def _thirds(equations: sparse.csr_array, rows: Ints, rest: Flags) -> Ints:
    """Return, for equations of three, everybody, those with the trait and those without."""
    starts = equations.indptr[rows]
    places = starts[None, :] + np.arange(3)[:, None]
    cells, data = equations.indices[places].astype(np.int64), equations.data[places]
    without = rest[cells % rest.size] & (data > 0)
    order = np.argsort(np.where(data < 0, 0, np.where(without, 2, 1)), axis=0, kind="stable")
    return np.take_along_axis(cells, order, axis=0)


def _followed(equations: sparse.csr_array, defined: Ints, inner: Flags) -> sparse.csr_array:
    """Write every cell as a sum of inner ones, a step of the equations at a time."""
    n = defined.size
    cells = np.flatnonzero(defined >= 0)
    own = sparse.csr_array(equations[defined[cells]]).tocoo()
    at_itself = own.col == cells[own.row]
    factor = np.zeros(cells.size)
    factor[own.row[at_itself]] = own.data[at_itself]
    others = ~at_itself
    data = -own.data[others] / factor[own.row[others]]
    step = sparse.csr_array((data, (cells[own.row[others]], own.col[others])), shape=(n, n))
    places = np.flatnonzero(inner)
    term = sparse.csr_array((np.ones(places.size), (places, places)), shape=(n, n))
    sums = term
    for _ in range(_DEEPEST):
        term = _tidy(sparse.csr_array(step @ term))
        if term.nnz == 0:
            break
        sums = sums + term
    return _tidy(sparse.csr_array(sums))


def _tidy(matrix: sparse.csr_array) -> sparse.csr_array:
    """Let what is nothing but rounding of decimals be nothing."""
    matrix.data[np.abs(matrix.data) < NOTHING] = 0
    matrix.eliminate_zeros()
    return matrix
