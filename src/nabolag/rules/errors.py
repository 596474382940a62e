"""What can be wrong with asking for a rule. Each says in words what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from nabolag.core import Finding, Severity, UserError


class UnknownRuleError(UserError, LookupError):
    """No rule has the name. `nearest` are names that look like it."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.nearest = tuple(get_close_matches(name, list(known), n=3, cutoff=0.5))
        near = ", ".join(self.nearest) or "–"
        super().__init__(_finding("unknown", given=name, near=near))


class WrongFactsError(UserError, TypeError):
    """The rule takes another number of facts than it was given."""

    def __init__(self, name: str, written: str, given: int) -> None:
        self.name, self.given = name, given
        super().__init__(_finding("facts", name=name, written=written, given=given))


class NotInForceError(UserError, LookupError):
    """The rule, or its numbers, do not hold at the date: not yet, no longer, or not known."""

    def __init__(self, name: str, at: date) -> None:
        self.name, self.at = name, at
        super().__init__(_finding("not_in_force", name=name, date=at.isoformat()))


def _finding(code: str, **params: str | int) -> Finding:
    return Finding(f"rule_{code}", Severity.ERROR, params=params)
