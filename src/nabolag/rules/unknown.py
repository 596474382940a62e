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
    """Tell whether a fact is one of the values (none of none). Unknown gives unknown."""
    return reduce(or_, (fact == value for value in values), among(known(fact), nw.lit(False)))


def between(fact: nw.Expr, low: float, high: float) -> nw.Expr:
    """Tell whether a fact lies between two limits, both included. Unknown gives unknown."""
    return (fact >= low) & (fact <= high)


def total(facts: Sequence[nw.Expr]) -> nw.Expr:
    """Add facts together. One unknown makes the sum unknown."""
    return reduce(add, facts)


def choose(
    cases: Sequence[tuple[nw.Expr, nw.Expr | float | str]],
    otherwise: nw.Expr | float | str | None = None,
) -> nw.Expr:
    """Return the answer of the first condition that holds.

    An unknown condition does not hold: guard with `among(known(…), …)` where that matters.
    """
    answer = _literal(otherwise)
    for condition, then in reversed(cases):
        answer = nw.when(condition).then(_literal(then)).otherwise(answer)
    return answer


def at_most(fact: nw.Expr, ceiling: nw.Expr | float) -> nw.Expr:
    """Return the fact, or the ceiling where it is lower. Unknown gives unknown."""
    return among(known(fact), choose([(fact > ceiling, ceiling)], fact))


def band(fact: nw.Expr, starts: Sequence[float], names: Sequence[str]) -> nw.Expr:
    """Name the band a fact falls in: `names[n]` from `starts[n]` (included) to the next.

    Below the first start, and where the fact is unknown, null.
    """
    cases = [(fact >= start, name) for start, name in zip(starts, names, strict=True)]
    return choose(list(reversed(cases)))


def _literal(value: nw.Expr | float | str | None) -> nw.Expr:
    return value if isinstance(value, nw.Expr) else nw.lit(value)
