"""Randomisation inference: how often chance gives a difference as large, were areas dealt anew.

A 0/1 variable is dealt out again among the units that could have had it, as many times as asked,
and the t-value is worked out anew (MacKinnon and Webb 2020). It needs no groups to be many, but
it takes for granted that any unit could as well have been chosen, which analysis areas were not:
they were picked by living conditions (L139–147). The answer is told beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from nabolag.spending.checks import Floats, Ints
from nabolag.spending.fitting import Fit
from nabolag.spending.within import taken_out

#: So many numbers are held at once, and no more than so many are worked through.
_AT_ONCE: Final = 4_000_000
MOST: Final = 400_000_000
_SAME: Final = 1e-9


@dataclass(frozen=True)
class Dealt:
    """What dealing anew says: the share of deals at least as far out, and how many there were."""

    p: float
    deals: int


@dataclass(frozen=True)
class _Deck:
    """Units, sorted rows, and what stays the same whatever is dealt."""

    fit: Fit
    holder: Ints
    strata: Ints
    had: Floats


def can_be_dealt(fit: Fit, term: str) -> bool:
    """Tell whether a term is a 0/1 variable of its own that is the same for a unit every year."""
    at = fit.design.terms.index(term)
    values = fit.design.x[:, at]
    if not np.all((values == 0) | (values == 1)):
        return False
    units = fit.design.units
    if units is None:
        return True
    ones = np.bincount(units, values)
    rows = np.bincount(units)
    return bool(np.all((ones == 0) | (ones == rows)))


def deal(fit: Fit, term: str, deals: int, seed: int) -> Dealt | None:
    """Return how often chance alone gives as much; nothing where that would take too long.

    Units are dealt among those of the same first fixed effect, where units lie within it.
    """
    if fit.design.n * deals > MOST:
        return None
    deck = _deck(fit, term)
    others = _others(fit, term)
    there = abs(_t_values(deck, others, deck.had[:, None])[0])
    rng = np.random.default_rng(seed)
    chunk = max(1, _AT_ONCE // fit.design.n)
    outside = 0
    for start in range(0, deals, chunk):
        held = _dealt(deck, min(chunk, deals - start), rng)
        outside += int((np.abs(_t_values(deck, others, held)) >= there * (1 - _SAME)).sum())
    return Dealt((1 + outside) / (1 + deals), deals)


def _deck(fit: Fit, term: str) -> _Deck:
    design = fit.design
    rows = np.arange(design.n)
    holder = rows if design.units is None else design.units
    values = design.x[:, design.terms.index(term)]
    first = np.zeros(int(holder.max()) + 1, dtype=np.int64)
    first[holder] = rows
    strata = np.zeros(len(first), dtype=np.int64)
    for name in design.regression.fixed_effects[:1]:
        codes = design.groups[name]
        own = codes[first]
        if bool((own[holder] == codes).all()):
            strata = own
    return _Deck(fit, holder, strata, values[first])


def _dealt(deck: _Deck, deals: int, rng: np.random.Generator) -> Floats:
    """Return who holds a 1 in each deal (units × deals): as many in each stratum as there were."""
    held = np.zeros((len(deck.had), deals))
    for stratum in np.unique(deck.strata):
        members = np.flatnonzero(deck.strata == stratum)
        order = rng.random((len(members), deals)).argsort(axis=0)
        held[members] = deck.had[members][order]
    return held


def _others(fit: Fit, term: str) -> Floats:
    """Return an orthonormal basis of the other columns, within the effects and weighted."""
    kept = [at for at, name in enumerate(fit.names) if name != term]
    kept += list(range(len(fit.names), fit.x.shape[1]))
    block = fit.x[:, kept]
    if not fit.within:
        root = np.ones(fit.design.n) if fit.design.weight is None else np.sqrt(fit.design.weight)
        block = np.column_stack([root, block])
    if not block.shape[1]:
        return block
    size = np.sqrt((block**2).sum(axis=0))
    return np.asarray(np.linalg.qr(block / np.where(size > 0, size, 1.0))[0])


def _t_values(deck: _Deck, others: Floats, held: Floats) -> Floats:
    """Return the t-value of each deal, robust to likeness within units."""
    fit = deck.fit
    rows = _within(fit, held[deck.holder])
    rows = rows - others @ (others.T @ rows)
    outcome = fit.y - others @ (others.T @ fit.y)
    size = (rows**2).sum(axis=0)
    empty = size < 1e-9 * fit.design.n
    size[empty] = np.inf
    estimate = (outcome @ rows) / size
    residual = outcome[:, None] - rows * estimate
    member = sparse.csr_matrix((np.ones(len(rows)), (deck.holder, np.arange(len(rows)))))
    spread = np.sqrt(((member @ (rows * residual)) ** 2).sum(axis=0)) / size
    return np.asarray(np.divide(estimate, spread, out=np.zeros_like(estimate), where=spread > 0))


def _within(fit: Fit, columns: Floats) -> Floats:
    """Return columns with the fixed effects taken out, weighted as the fit is."""
    design = fit.design
    weight = np.ones(design.n) if design.weight is None else design.weight
    effects = [design.groups[name] for name in design.regression.fixed_effects]
    rows = taken_out(columns, effects, weight) if effects else columns
    return np.asarray(rows * np.sqrt(weight)[:, None])
