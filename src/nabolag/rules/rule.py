"""The mark that makes a function a rule: what it is called, where it stands, since when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

import narwhals.stable.v2 as nw

F = TypeVar("F", bound=Callable[..., nw.Expr])


class RuleStatus(StrEnum):
    """How firm a rule is. The documents mix these; the house never does."""

    IN_FORCE = "in_force"
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    RECOMMENDED = "recommended"
    EXAMPLE = "example"
    STATISTICAL = "statistical"


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What is known about a rule. `in_force` is `None` where no document states a date."""

    name: str
    term: str
    reference: str
    status: RuleStatus
    in_force: date | None = None


RULES: dict[str, RuleInfo] = {}


def rule(
    *,
    term: str,
    reference: str,
    status: RuleStatus = RuleStatus.STATISTICAL,
    in_force: str | None = None,
) -> Callable[[F], F]:
    """Register a rule under its function's name and leave the function as it is.

    `term` is the Norwegian term, `in_force` an ISO date. Raises `ValueError` for a name twice.
    """

    def register(function: F) -> F:
        name = function.__name__
        if name in RULES:
            raise ValueError(f"rule {name} is written twice")
        since = date.fromisoformat(in_force) if in_force else None
        RULES[name] = RuleInfo(name, term, reference, status, since)
        return function

    return register
