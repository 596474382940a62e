"""A measure told in words, from the very expression that counts it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

from nabolag.core import Lang, has_label, label
from nabolag.indicators.engine.expressions import (
    TRUE,
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
from nabolag.indicators.engine.measures import Measure
from nabolag.publish.numbers import format_number
from nabolag.publish.rule_words import numbers_in_words
from nabolag.publish.text import listed
from nabolag.rules import RULES, numbers_of, signature
from nabolag.rules.facts import Kind

_SIGNS = {
    "==": "equal",
    "!=": "not_equal",
    "<": "below",
    "<=": "at_most",
    ">": "above",
    ">=": "at_least",
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that a measure calls: its term, where it stands, and its numbers."""

    name: str
    term: str
    reference: str
    numbers: str


def measure_sentences(measure: Measure, lang: Lang) -> tuple[str, ...]:
    """Say how a measure is counted: what, among whom, in which groups, and what is unknown."""
    told = [_main(measure, lang)]
    if measure.outside:
        told.append(_said("outside", lang))
    if measure.per is not None:
        told.append(_per(measure.per, lang))
    if measure.years > 1:
        told.append(_said("years", lang, years=str(measure.years)))
    if measure.numerator != TRUE:
        told.append(_said("unknown", lang))
    if measure.groups:
        names = [listed([_fact(name, lang) for name in group], lang) for group in measure.groups]
        told.append(_said("groups", lang, groups=listed(names, lang)))
    return tuple(told)


def _main(measure: Measure, lang: Lang) -> str:
    facts: dict[str, Any] = {
        "rows": label(f"measure_words.rows.{measure.unit.value}", lang),
        "numerator": in_words(measure.numerator, lang),
        "where": in_words(measure.where, lang),
    }
    form: str = measure.statistic.value
    if measure.denominator is not None:
        facts["denominator"] = in_words(measure.denominator, lang)
        both = is_condition(measure.numerator) and is_condition(measure.denominator)
        form = "counted" if both and measure.where == TRUE else "divided"
    among = "" if measure.where == TRUE else "_among"
    return _said(f"{form}{among}", lang, **facts)


def _per(per: Measure, lang: Lang) -> str:
    """Say what a count or a sum is divided by."""
    rows = label(f"measure_words.rows.{per.unit.value}", lang)
    if per.numerator != TRUE and not is_condition(per.numerator):
        return _said("per_amount", lang, rows=rows, numerator=in_words(per.numerator, lang))
    asked = [part for part in (per.where, per.numerator) if part != TRUE]
    if not asked:
        return _said("per", lang, rows=rows)
    return _said("per_among", lang, rows=rows, where=in_words(reduce(Both, asked), lang))


def _said(key: str, lang: Lang, **params: Any) -> str:
    return label(f"measure_words.said.{key}", lang, **params)


def in_words(expression: Expression, lang: Lang) -> str:
    """Return an expression as words that stand inside a sentence."""
    match expression:
        case Fact(name):
            return _fact(name, lang)
        case Constant(value):
            return _constant(value, lang)
        case Call(rule, _):
            return _rule(rule, lang)
        case Several(given) | AtLeast(_, given):
            told = listed([in_words(part, lang) for part in given], lang)
            many = expression.count if isinstance(expression, AtLeast) else 0
            return label("measure_words.join.several", lang, count=many, of=told) if many else told
        case Reckoning(sign, left, right):
            return f"{in_words(left, lang)} {sign} {in_words(right, lang)}"
        case _:
            return _condition(expression, lang)


def _condition(expression: Expression, lang: Lang) -> str:
    match expression:
        case Comparison(sign, left, right):
            return _join(_SIGNS[sign], lang, left=left, right=right)
        case Both(Known(of), right) if _about(of, right):
            return in_words(right, lang)  # «known and at least 1» is told as «at least 1»
        case Both(left, right) | Either(left, right):
            joined = "both" if isinstance(expression, Both) else "either"
            return _join(joined, lang, left=left, right=right)
        case Between(of, low, high):
            return _join("between", lang, of=of, low=low, high=high)
        case Among(of, choices):
            return _join("among", lang, of=of, choices=Several(choices))
        case Not(of) | Known(of):
            return _join("not" if isinstance(expression, Not) else "known", lang, of=of)
        case _:
            raise TypeError(f"no words for {expression!r}")


def _about(of: Expression, other: Expression) -> bool:
    return isinstance(other, Comparison) and of in (other.left, other.right)


def _join(key: str, lang: Lang, **given: Expression) -> str:
    told: dict[str, Any] = {name: in_words(part, lang) for name, part in given.items()}
    return label(f"measure_words.join.{key}", lang, **told)


def _fact(name: str, lang: Lang) -> str:
    key = f"fact_words.{name}"
    return label(key, lang) if has_label(key) else f"«{name}»"


def _constant(value: bool | float | str, lang: Lang) -> str:
    if isinstance(value, str):
        key = f"code_words.{value}"
        return label(key, lang) if has_label(key) else f"«{value}»"
    return format_number(float(value), lang, 0 if float(value).is_integer() else 1)


def _rule(name: str, lang: Lang) -> str:
    key = f"rule_words.{name}"
    if has_label(key):
        return label(key, lang)
    term = RULES[name].term if name in RULES else name
    return label("measure_words.join.rule_unknown", lang, rule=term)


def is_condition(expression: Expression) -> bool:
    """Tell whether an expression answers true, false or unknown."""
    if isinstance(expression, Call):
        return expression.rule in RULES and signature(expression.rule).answer is Kind.FLAG
    plain = (Comparison, Both, Either, Not, Among, AtLeast, Between, Known)
    return isinstance(expression, plain)


def rule_lines(measure: Measure, lang: Lang) -> tuple[RuleLine, ...]:
    """Return the rules a measure calls, with the newest numbers of each."""
    return tuple(_rule_line(name, lang) for name in sorted(measure.rules) if name in RULES)


def _rule_line(name: str, lang: Lang) -> RuleLine:
    info, kind = RULES[name], signature(name).parameters
    numbers = numbers_in_words(numbers_of(kind.history()[-1]), lang) if kind else ""
    return RuleLine(name, label(f"rule.{name}.term", lang), info.reference, numbers)


__all__ = ["RuleLine", "in_words", "is_condition", "measure_sentences", "rule_lines"]
