"""Mutual information taken apart, exactly: between and within larger units, and change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Bools, Floats, Ints
from nabolag.analysis.segregation.indices import mutual, units

_ROUNDS, _CLOSE = 2000, 1e-10


@dataclass(frozen=True, slots=True)
class Nested:
    """M of one place between larger units, and within each with its weight.

    `between + (weight * within).sum()` is M.
    """

    between: float
    within: Floats
    weight: Floats


def nested(counts: Floats, nest: Ints) -> Nested:
    """Take M of one place apart. `nest` numbers the larger unit of each unit from 0, sorted."""
    starts = np.flatnonzero(np.diff(nest, prepend=-1))
    larger = np.add.reduceat(counts, starts, axis=0)
    people = larger.sum(axis=1)
    between = mutual(units(larger, np.array([0])))
    return Nested(float(between[0]), mutual(units(counts, starts)), people / people.sum())


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of M is made of; the four sum to it.

    `gone` and `come` are units that were there only before or only after; `composition` follows
    from how many there are of each group and in each unit, `structure` is what remains: who
    lives beside whom, given that. `settled` is whether the adjustment came to rest.
    """

    gone: float
    come: float
    composition: float
    structure: float
    settled: bool


def change(before: Floats, after: Floats) -> Change:
    """Split the change of M of one place. Both of shape (units, groups), unit by unit the same.

    A unit with nobody is one that is not there. Composition is what M changes by when the table
    of one time is given the margins of the other by iterative proportional fitting (Deming and
    Stephan 1940; Karmel and Maclachlan 1988), as the mean of both directions, so that nothing
    depends on which is called first.
    """
    both = (before.sum(axis=1) > 0) & (after.sum(axis=1) > 0)
    first, last = before[both], after[both]
    if not both.any():
        return Change(-_mutual(before), _mutual(after), 0.0, 0.0, settled=False)
    forward, back = fitted(first, last), fitted(last, first)
    m_first, m_last = _mutual(first), _mutual(last)
    m_forward, m_back = _mutual(forward[0]), _mutual(back[0])
    return Change(
        gone=m_first - _mutual(before),
        come=_mutual(after) - m_last,
        composition=(m_forward - m_first + m_last - m_back) / 2,
        structure=(m_last - m_forward + m_back - m_first) / 2,
        settled=forward[1] and back[1],
    )


def fitted(table: Floats, margins: Floats) -> tuple[Floats, bool]:
    """Return the table with the margins of another of the same shape, and whether it settled.

    Odds within the table are kept. It does not settle where a group that must be there has
    nobody in any unit it could be in.
    """
    rows, columns = margins.sum(axis=1), margins.sum(axis=0)
    found = table.astype(np.float64)
    for _ in range(_ROUNDS):
        found = found * _ratio(rows, found.sum(axis=1))[:, None]
        found = found * _ratio(columns, found.sum(axis=0))
        off = np.abs(found.sum(axis=1) - rows).max()
        if off <= _CLOSE * max(float(rows.sum()), 1.0):
            break
    near = [np.allclose(found.sum(axis=a), m, rtol=1e-6) for a, m in ((1, rows), (0, columns))]
    return found, all(near)


def _ratio(wanted: Floats, held: Floats) -> Floats:
    return np.divide(wanted, held, out=np.zeros(held.shape), where=held > 0)


def _mutual(counts: Floats) -> float:
    there: Bools = counts.sum(axis=1) > 0
    return float(mutual(units(counts[there], np.array([0])))[0]) if there.any() else 0.0
