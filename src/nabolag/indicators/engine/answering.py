"""Whether the rules a measure calls give an answer in a year, and what to say where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from nabolag.core import Finding, Severity
from nabolag.indicators.engine.facts import day_of
from nabolag.indicators.engine.measures import Measure
from nabolag.rules import NOT_IN_FORCE, NUMBERS_ABSENT, InForce, RuleNumbers, signature


def unanswered(measure: Measure, rules: InForce) -> dict[str, str]:
    """Return the rules of a measure that give no answer, and why (the `reason` of its figures)."""
    lacks = {name: rules.lacks(name) for name in sorted(measure.rules)}
    return {name: why for name, why in lacks.items() if why}


def no_answer(measure: Measure, rules: InForce) -> str:
    """Return why a measure cannot be counted by its rules, empty where it can.

    Numbers that somebody can write down come before a rule that simply does not hold.
    """
    whys = set(unanswered(measure, rules).values())
    return next((why for why in (NUMBERS_ABSENT, NOT_IN_FORCE) if why in whys), "")


def rule_findings(
    measures: Mapping[str, Measure], numbers: RuleNumbers, year: int
) -> list[Finding]:
    """Say of each measure which of its rules gives no answer in a year, and what to write where."""
    return [
        _finding(indicator, rule, why, year)
        for indicator, measure in measures.items()
        for rule, why in unanswered(measure, numbers.on(day_of(measure.unit, year))).items()
    ]


def rules_digest(measures: Iterable[Measure], numbers: RuleNumbers, year: int) -> str:
    """Return a short text that changes when a number that measures use in a year does."""
    asked: dict[date, set[str]] = {}
    for measure in measures:
        asked.setdefault(day_of(measure.unit, year), set()).update(measure.rules)
    return "-".join(numbers.on(day).digest(rules) for day, rules in sorted(asked.items()))


def _finding(indicator: str, rule: str, why: str, year: int) -> Finding:
    params: dict[str, str] = {"indicator": indicator, "rule": rule}
    kind = signature(rule).parameters
    if why == NUMBERS_ABSENT and kind is not None:
        params |= {"entry": kind.entry, "numbers": ", ".join(kind.required())}
    severity = Severity.WARNING if why == NUMBERS_ABSENT else Severity.INFO
    return Finding(f"measure_{why}", severity, params=params, examples=(str(year),))
