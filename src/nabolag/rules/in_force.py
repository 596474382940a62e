"""The rules as they stand on a date, with the numbers of one book.

What counts a whole year asks here: for a rule's answer, for whose its numbers are, and whether it
has any. A rule that does not hold, or whose numbers nobody has given, is no rule with a default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import narwhals.stable.v2 as nw

from nabolag.rules.calling import call, signature
from nabolag.rules.parameters import Book, Parameters, house_book
from nabolag.rules.rule import RULES
from nabolag.rules.timeline import RuleAt, Standing, numbers_of, rule_at

#: Why a rule gives no answer on a date: it does not hold, or nobody has given its numbers.
NOT_IN_FORCE, NUMBERS_ABSENT = "rule_not_in_force", "rule_numbers_absent"


@dataclass(frozen=True, slots=True)
class RuleNumbers:
    """Whose numbers rules use, on whatever date: see `InForce`, which is these on one date."""

    book: Book | None = None
    house_numbers: bool = True

    def of_year(self, year: int) -> InForce:
        """Return the rules that a year is counted by: those of its first day."""
        return self.on(date(year, 1, 1))

    def on(self, at: date) -> InForce:
        """Return the rules on a date."""
        return InForce(at, self.book, self.house_numbers)


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules on a date. `book` has their numbers; without one they are the house's.

    `house_numbers` says whether numbers that no document gives may be the house's own. Where it
    is false, a rule that needs them lacks its numbers until the book's own give them.
    """

    at: date
    book: Book | None = None
    house_numbers: bool = True

    def call(self, name: str, args: Sequence[nw.Expr]) -> nw.Expr:
        """Return a rule's answer to facts given in order. Raises as `calling.call` does."""
        return call(name, args, self.at, self.book)

    def parameters(self, name: str) -> Parameters | None:
        """Return a rule's numbers, `None` for a rule without. Raises `NotInForceError`."""
        kind = signature(name).parameters
        return None if kind is None else kind.at(self.at, self.book)

    def lacks(self, name: str) -> str:
        """Return why a rule gives no answer, empty where it gives one."""
        found = rule_at(name, self.at, self.book)
        if found.standing is Standing.HOLDS:
            unsourced = not self.house_numbers and bool(set(found.numbers) & set(found.declared))
            return NUMBERS_ABSENT if unsourced and not self.own(name) else ""
        begins = RULES[name].in_force
        if found.standing is Standing.ENDED or (begins is not None and self.at < begins):
            return NOT_IN_FORCE
        known_start = found.standing is Standing.NOT_YET and "since" not in found.declared
        return NOT_IN_FORCE if known_start else NUMBERS_ABSENT

    def rule(self, name: str) -> RuleAt:
        """Return a rule as it stands here: without numbers where it lacks them."""
        found = rule_at(name, self.at, self.book)
        if found.standing is not Standing.HOLDS or not self.lacks(name):
            return found
        return replace(found, standing=Standing.NUMBERS_ABSENT, numbers={})

    def own(self, name: str) -> bool:
        """Tell whether a rule's numbers are of the book alone, and not the house's."""
        return is_own(self.parameters(name))

    def digest(self, names: Iterable[str]) -> str:
        """Return a short text that changes when a number of one of the rules does."""
        stands = [f"{name}: {self._stands(name)}" for name in sorted(names)]
        return hashlib.sha256("\n".join(stands).encode()).hexdigest()[:16]

    def _stands(self, name: str) -> str:
        lacking = self.lacks(name)
        numbers = None if lacking else self.parameters(name)
        return lacking or (repr(sorted(asdict(numbers).items())) if numbers else "")


#: The house's numbers, its own among them.
HOUSE_NUMBERS: Final = RuleNumbers()


def is_own(numbers: Parameters | None) -> bool:
    """Tell whether numbers are others than those that come with the house."""
    return numbers is not None and numbers not in type(numbers).history(house_book())


def house_beside(name: str, own: Parameters) -> dict[str, Any] | None:
    """Return the house's numbers of a rule where one's own begin, `None` where it has none."""
    history = type(own).history()
    since = own.since or history[0].since
    if since is None:
        return numbers_of(history[0])
    house = InForce(since)
    known = None if house.lacks(name) else house.parameters(name)
    return None if known is None else numbers_of(known)


def other_numbers(name: str, own: Parameters) -> dict[str, Any]:
    """Return the numbers of one's own that are others than the house's where they begin."""
    house = house_beside(name, own) or {}
    return {n: v for n, v in numbers_of(own).items() if n in house and house[n] != v}
