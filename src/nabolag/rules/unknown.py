"""How rules say «unknown», the same on every engine.

Comparison, arithmetic and `& | ~` already carry null the same way everywhere (unknown stays
unknown unless the other side settles it). What differs between engines is written here:
membership, and horizontal sums and maxima, which skip nulls on some of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add, and_, or_

import narwhals.stable.v2 as nw


def known(*facts: nw.Expr) -> nw.Expr:
    """Tell whether every fact is known. Never null itself."""
    return reduce(and_, (~fact.is_null() for fact in facts))


def among(population: nw.Expr, answer: nw.Expr) -> nw.Expr:
    """Return the answer within the population; null outside it, and where either is unknown."""
    return nw.when(population).then(answer)


def one_of(fact: nw.Expr, values: Iterable[str | int]) -> nw.Expr:
    """Tell whether a fact is one of the values. Unknown gives unknown."""
    return reduce(or_, (fact == value for value in values))


def between(fact: nw.Expr, low: float, high: float) -> nw.Expr:
    """Tell whether a fact lies between two limits, both included. Unknown gives unknown."""
    return (fact >= low) & (fact <= high)


def total(facts: Sequence[nw.Expr]) -> nw.Expr:
    """Add facts together. One unknown makes the sum unknown."""
    return reduce(add, facts)
