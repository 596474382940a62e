"""What is added up for each measure, and once where several measures add up the same.

Sums are exact whatever order an engine adds in: rows are counted, and a number is split in its
whole part and the rest in units of 2⁻³⁰, both of which a 64-bit float adds without rounding as
long as sums stay below 2⁵³ (9 · 10¹⁵ kroner). Only sums of squares, for standard errors, round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import narwhals.stable.v2 as nw

from nabolag.indicators.engine.checking import kind_of
from nabolag.indicators.engine.compiling import compiled
from nabolag.indicators.engine.expressions import (
    TRUE,
    Among,
    AtLeast,
    Between,
    Both,
    Comparison,
    Constant,
    Either,
    Expression,
    Fact,
    Known,
    Not,
    facts_of,
    rules_of,
    walk,
)
from nabolag.indicators.engine.facts import always_known, kinds
from nabolag.indicators.engine.measures import Counted, Measure, Statistic
from nabolag.rules import InForce, Kind

_FINE: Final = 2.0**-30


class How(StrEnum):
    """What is added up over the rows of a population."""

    ROWS = "rows"
    KNOWN = "known"
    TRUE = "true"
    WHOLE = "whole"
    REST = "rest"
    SQUARES = "squares"


#: Sums that are counts of rows.
COUNTED: Final = frozenset({How.ROWS, How.KNOWN, How.TRUE})


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of what `of` says, over rows where `where` holds and `given` are known.

    `within` are expressions that must have an answer once what is unknown is filled in: a rule
    answers nobody outside its own population (an age, a kind of household), and whoever stands
    there is not counted as unknown.
    """

    how: How
    where: Expression
    of: Expression = TRUE
    given: tuple[Expression, ...] = ()
    within: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """Which sums a measure is made of, by column. A number is the sum of its columns."""

    population: str
    known: str
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    squares: str = ""


@dataclass(frozen=True)
class SumPlan:
    """The sums of some measures of one unit, by column, and what each measure makes of them."""

    unit: Counted
    columns: dict[Sum, str] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)

    def add(self, name: str, measure: Measure) -> None:
        """Take a measure in."""
        where, of, own = measure.where, measure.numerator, measure.denominator
        asked = tuple(part for part in (of, own) if part is not None and not self._sure(part))
        rules = tuple(part for part in asked if rules_of(part))
        population = self._column(Sum(How.ROWS, where, within=rules))
        known = self._column(Sum(How.KNOWN, where, TRUE, asked)) if asked else population
        if measure.statistic is Statistic.MEDIAN:
            self.parts[name] = Parts(population, known)
            return
        numerator = self._amount(where, of, asked)
        denominator = (known,) if own is None else self._amount(where, own, asked)
        squares = ""
        if measure.statistic is Statistic.MEAN and own is None:
            squares = self._column(Sum(How.SQUARES, where, of, asked))
        self.parts[name] = Parts(population, known, numerator, denominator, squares)

    def _amount(
        self, where: Expression, of: Expression, asked: tuple[Expression, ...]
    ) -> tuple[str, ...]:
        """Return the columns whose sum is the amount."""
        kind = kind_of(of, self.unit)
        if of == TRUE:
            known = Sum(How.KNOWN, where, TRUE, asked) if asked else Sum(How.ROWS, where)
            return (self._column(known),)
        # What is true is known: only the other part has to be asked whether it is.
        others = tuple(part for part in asked if part != of)
        if kind is Kind.FLAG:
            return (self._column(Sum(How.TRUE, where, of, others)),)
        whole = self._column(Sum(How.WHOLE, where, of, others))
        if kind is Kind.WHOLE:
            return (whole,)
        return (whole, self._column(Sum(How.REST, where, of, others)))

    def _column(self, wanted: Sum) -> str:
        return self.columns.setdefault(wanted, f"s{len(self.columns)}")

    def _sure(self, expression: Expression) -> bool:
        """Tell whether an expression is known for every row, whatever the data."""
        plain = (
            Fact | Constant | Comparison | Both | Either | Not | Among | Between | Known | AtLeast
        )
        return all(isinstance(part, plain) for part in walk(expression)) and facts_of(
            expression
        ) <= always_known(self.unit)


def columns_of(
    plan: SumPlan, wanted: set[str], rules: InForce, numbers: Mapping[str, float | None]
) -> list[nw.Expr]:
    """Return for each wanted sum a column to be added up: null where a row is not in it."""

    def of(part: Expression) -> nw.Expr:
        return compiled(part, rules, numbers)

    def filled_in(part: Expression) -> nw.Expr:
        unsure = facts_of(part) - always_known(plan.unit)
        return compiled(part, rules, numbers, {fact: kinds(plan.unit)[fact] for fact in unsure})

    found = []
    for one, name in plan.columns.items():
        if name not in wanted:
            continue
        conditions = [] if one.where == TRUE else [of(one.where)]
        conditions += [~of(part).is_null() for part in one.given]
        conditions += [~filled_in(part).is_null() for part in one.within]
        if one.how is How.TRUE:
            conditions.append(of(one.of))
        value = _value(one, of(one.of))
        for condition in conditions[1:]:
            conditions[0] = conditions[0] & condition
        column = nw.when(conditions[0]).then(value) if conditions else value
        found.append(column.alias(name))
    return found


def _value(one: Sum, of: nw.Expr) -> nw.Expr:
    """Return what one row adds."""
    if one.how in COUNTED:
        return nw.lit(value=True)
    number = of.cast(nw.Float64)
    match one.how:
        case How.WHOLE:
            return _rounded(number, 1.0)
        case How.REST:
            return _rounded(number - _rounded(number, 1.0), _FINE)
        case _:
            return number * number


def _rounded(number: nw.Expr, step: float) -> nw.Expr:
    """Round to the nearest multiple of `step`, a power of two.

    A float this large has room for whole steps only: adding it leaves a number no others, and it
    is taken away again. (`floor` will not do: some engines give it as a 64-bit whole number, and
    stop at what has no place in one.) Where a number is so large itself that more goes (beyond
    2⁵¹ steps), what went is found in its rest.
    """
    large = 1.5 * 2.0**52 * step
    return (number + large) - large
