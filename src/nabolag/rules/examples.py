"""Worked cases of every rule. They explain it, and the tests hold the rule to each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

#: The date a case is judged at when it does not say.
USUAL_DATE = date(2024, 1, 1)
#: What a case expects where the rule does not hold at the date.
NOT_IN_FORCE = "not in force"


@dataclass(frozen=True, slots=True)
class Case:
    """One case: facts by name, the date, and the answer (`None` is unknown)."""

    rule: str
    name: str
    given: Mapping[str, Any]
    expect: Any
    at: date


def cases_of(rule: str) -> tuple[Case, ...]:
    """Return a rule's cases, in the order they are written."""
    return tuple(case for case in all_cases() if case.rule == rule)


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case of every rule."""
    import yaml  # noqa: PLC0415

    found = []
    for page in sorted((files("nabolag.rules") / "cases").iterdir(), key=lambda p: p.name):
        for rule, cases in yaml.safe_load(page.read_text(encoding="utf-8")).items():
            found += [_case(rule, case) for case in cases]
    return tuple(found)


def _case(rule: str, case: Mapping[str, Any]) -> Case:
    at = case.get("at", USUAL_DATE)
    return Case(rule, case["name"], case["given"], case["expect"], at)
