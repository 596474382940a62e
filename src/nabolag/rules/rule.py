"""The mark that makes a function a rule: what it is called, where it stands, since when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import narwhals.stable.v2 as nw

from nabolag.rules.status import RuleStatus

F = TypeVar("F", bound=Callable[..., nw.Expr])


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What is known about a rule. `in_force` is `None` where no document states a date."""

    name: str
    term: str
    reference: str
    status: RuleStatus
    in_force: date | None
    function: Callable[..., nw.Expr]


RULES: dict[str, RuleInfo] = {}


def rule(
    *,
    term: str,
    reference: str,
    status: RuleStatus = RuleStatus.STATISTICAL,
    in_force: str | None = None,
) -> Callable[[F], F]:
    """Register a rule under its function's name and leave the function as it is.

    `term` is the Norwegian term, `in_force` an ISO date where the rule itself (and not only its
    numbers) begins on one. Raises `ValueError` for a name twice.
    """

    def register(function: F) -> F:
        name = function.__name__
        if name in RULES:
            raise ValueError(f"rule {name} is written twice")
        since = date.fromisoformat(in_force) if in_force else None
        RULES[name] = RuleInfo(name, term, reference, status, since, function)
        return function

    return register
