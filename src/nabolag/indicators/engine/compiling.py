"""From the tree of a definition to one expression that every engine understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, eq, ge, gt, le, lt, ne
from typing import Any

import narwhals.stable.v2 as nw

from nabolag.indicators.engine.expressions import (
    Among,
    AtLeast,
    Between,
    Both,
    Call,
    Comparison,
    Constant,
    Either,
    Expression,
    Fact,
    Known,
    Not,
    Reckoning,
    Several,
    parts,
)
from nabolag.rules import InForce, Kind
from nabolag.rules.unknown import choose, one_of

_COMPARE: dict[str, Any] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


#: What an unknown fact is taken to be where it is only asked whether a rule would answer.
_FILLING: dict[Kind, bool | float | str] = {
    Kind.FLAG: True,
    Kind.WHOLE: 1,
    Kind.NUMBER: 1.0,
    Kind.WORD: "",
}
_NOTHING: Mapping[str, Kind] = {}


def compiled(
    expression: Expression,
    rules: InForce,
    numbers: Mapping[str, float | None],
    filled: Mapping[str, Kind] = _NOTHING,
) -> nw.Expr:
    """Return an expression over the facts' columns.

    `rules` are those in force. `numbers` are facts that are the same for everybody;
    `filled` are facts that are given some value where they are unknown. Reckoning is done in
    64-bit floating point, so that no engine overflows or divides whole numbers in its own way.
    """
    match expression:
        case Fact(name):
            return _fact(name, numbers, filled)
        case Constant(value):
            return nw.lit(value)
        case _:
            given = [
                compiled(part, rules, numbers, filled)
                for fact in parts(expression)
                for part in _spread(fact)
            ]
            return _joined(expression, given, rules)


def _fact(name: str, numbers: Mapping[str, float | None], filled: Mapping[str, Kind]) -> nw.Expr:
    if name in numbers:
        number = 1.0 if name in filled and numbers[name] is None else numbers[name]
        return nw.lit(number).cast(nw.Float64)
    if name in filled:
        return nw.col(name).fill_null(_FILLING[filled[name]])
    return nw.col(name)


def _joined(expression: Expression, given: Sequence[nw.Expr], rules: InForce) -> nw.Expr:
    match expression:
        case Both():
            return given[0] & given[1]
        case Either():
            return given[0] | given[1]
        case Not():
            return ~given[0]
        case Known():
            return ~given[0].is_null()
        case AtLeast(count):
            return _at_least(count, given)
        case _:
            return _held(expression, given, rules)


def _held(expression: Expression, given: Sequence[nw.Expr], rules: InForce) -> nw.Expr:
    match expression:
        case Comparison(sign):
            found: nw.Expr = _COMPARE[sign](given[0], given[1])
        case Reckoning(sign):
            found = _reckoned(sign, given[0].cast(nw.Float64), given[1].cast(nw.Float64))
        case Among(_, choices):
            found = one_of(given[0], [choice.value for choice in choices])  # type: ignore[misc]
        case Between():
            found = (given[0] >= given[1]) & (given[0] <= given[2])
        case Call(rule):
            found = rules.call(rule, given)
        case _:
            raise TypeError(f"a list stands alone: {expression}")
    return found


def _at_least(count: int, given: Sequence[nw.Expr]) -> nw.Expr:
    """Count what is true, and what may be: the answer is known unless the unknown decides it."""
    one, none = nw.lit(1), nw.lit(0)
    sure = reduce(add, (nw.when(part).then(one).otherwise(none) for part in given))
    may = reduce(add, (nw.when(~part).then(none).otherwise(one) for part in given))
    return choose([(sure >= count, True), (may < count, False)], None)


def _spread(fact: Expression) -> tuple[Expression, ...]:
    """Give the parts of a list one after another, as rules of several years take them."""
    return fact.parts if isinstance(fact, Several) else (fact,)


def _reckoned(sign: str, left: nw.Expr, right: nw.Expr) -> nw.Expr:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            # Engines disagree on what is divided by zero; the language says it is unknown. And
            # Polars divides by one number for all as it multiplies with its inverse, which is
            # another number in the last digit: so every row is given the number to itself.
            return nw.when(right != 0).then(left / (right + left * 0.0))
