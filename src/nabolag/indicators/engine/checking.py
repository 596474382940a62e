"""Whether what a measure asks can be asked: facts, rules, and kinds that go together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from nabolag.core import Finding, Severity
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
)
from nabolag.indicators.engine.facts import kinds
from nabolag.indicators.engine.measures import Counted, Measure, Statistic
from nabolag.rules import RULES, Kind, signature

_NUMBERS = frozenset({Kind.WHOLE, Kind.NUMBER})
#: What kind of numerator each statistic takes.
_TAKES: dict[Statistic, frozenset[Kind]] = {
    Statistic.SHARE: frozenset({Kind.FLAG}),
    Statistic.COUNT: frozenset({Kind.FLAG, Kind.WHOLE}),
    Statistic.MEDIAN: _NUMBERS,
}
_NUMBERS_AND_FLAGS = _NUMBERS | {Kind.FLAG}


def measure_problems(name: str, measure: Measure) -> list[Finding]:
    """Return what is wrong with a measure: each finding names the indicator and the part."""
    reading = _Reading(name, kinds(measure.unit))
    reading.expect(measure.where, frozenset({Kind.FLAG}))
    reading.expect(measure.numerator, _TAKES.get(measure.statistic, _NUMBERS_AND_FLAGS))
    if measure.denominator is not None:
        reading.expect(measure.denominator, _NUMBERS_AND_FLAGS)
    for fact in sorted({fact for group in measure.groups for fact in group}):
        reading.kind(Fact(fact))
    if measure.outside:
        reading.expect(Fact(measure.outside), frozenset({Kind.WORD}))
    of_per = [] if measure.per is None else measure_problems(name, measure.per)
    return [*reading.problems, *of_per]


def kind_of(expression: Expression, unit: Counted) -> Kind | None:
    """Return what kind of answer an expression gives; `None` where it cannot be told."""
    return _Reading("", kinds(unit)).kind(expression)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a measure, and what was noticed."""

    name: str
    known: Mapping[str, Kind]
    problems: list[Finding] = field(default_factory=list)

    def expect(self, expression: Expression, wanted: frozenset[Kind]) -> None:
        """Notice where an expression is of another kind than what is wanted."""
        given = self.kind(expression)
        if given is not None and given not in wanted:
            listed = ", ".join(sorted(wanted))
            self._notice("measure_kind_wrong", given=given.value, wanted=listed)

    def kind(self, expression: Expression) -> Kind | None:
        """Return the kind, noticing what is wrong inside."""
        match expression:
            case Fact(name):
                return self._fact(name)
            case Constant(value):
                return _constant(value)
            case Reckoning(_, left, right):
                self._all((left, right), _NUMBERS_AND_FLAGS)
                return Kind.NUMBER
            case Call():
                return self._call(expression)
            case Several():
                self._notice("measure_list_alone")
                return None
            case _:
                self._answer(expression)
                return Kind.FLAG

    def _answer(self, expression: Expression) -> None:
        """Look into an expression that answers true or false."""
        match expression:
            case Both(left, right) | Either(left, right):
                self._all((left, right), frozenset({Kind.FLAG}))
            case Not(of):
                self.expect(of, frozenset({Kind.FLAG}))
            case Known(of):
                self.kind(of)
            case AtLeast(_, answers):
                self._all(answers, frozenset({Kind.FLAG}))
            case Comparison(_, left, right):
                self._alike((left, right))
            case Among(of, choices):
                self._alike((of, *choices))
            case Between(of, low, high):
                self._all((of, low, high), _NUMBERS)

    def _all(self, parts: Iterable[Expression], wanted: frozenset[Kind]) -> None:
        for part in parts:
            self.expect(part, wanted)

    def _alike(self, parts: Iterable[Expression]) -> None:
        """Notice where values of different kinds are held against each other."""
        first, *rest = (self.kind(part) for part in parts)
        for other in rest:
            if first is None or other is None or first is other or {first, other} <= _NUMBERS:
                continue
            self._notice("measure_kind_wrong", given=other.value, wanted=first.value)

    def _fact(self, name: str) -> Kind | None:
        if name in self.known:
            return self.known[name]
        self._unknown("measure_fact_unknown", name, self.known)
        return None

    def _call(self, wanted: Call) -> Kind | None:
        if wanted.rule not in RULES:
            self._unknown("measure_rule_unknown", wanted.rule, RULES)
            return None
        asked = signature(wanted.rule)
        given = [part for fact in wanted.given
                 for part in (fact.parts if isinstance(fact, Several) else (fact,))]  # fmt: skip
        many = any(fact.many for fact in asked.facts)
        if len(given) < len(asked.facts) or (not many and len(given) != len(asked.facts)):
            self._notice("measure_rule_facts", rule=str(asked), given=str(len(given)))
        elif not many:
            for part, fact in zip(given, asked.facts, strict=True):
                wide = _NUMBERS if fact.kind in _NUMBERS else frozenset({fact.kind})
                self.expect(part, wide)
        else:
            for part in given:
                self.kind(part)
        return asked.answer

    def _unknown(self, code: str, name: str, among: Iterable[str]) -> None:
        listed = sorted(among)
        near = get_close_matches(name, listed, n=3, cutoff=0.5) or listed
        self._notice(code, given=name, near=", ".join(near))

    def _notice(self, code: str, **params: str) -> None:
        self.problems.append(
            Finding(code, Severity.ERROR, params={"indicator": self.name, **params})
        )


def _constant(value: bool | float | str) -> Kind:
    if isinstance(value, bool):
        return Kind.FLAG
    if isinstance(value, str):
        return Kind.WORD
    return Kind.WHOLE if float(value).is_integer() else Kind.NUMBER
