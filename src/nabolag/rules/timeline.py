"""What applied on a date: every rule with its status then, and the numbers it used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from nabolag.rules.calling import signature
from nabolag.rules.parameters import Book, Parameters
from nabolag.rules.rule import RULES, RuleInfo
from nabolag.rules.status import RuleStatus


class Standing(StrEnum):
    """Where a date falls in a rule's time.

    `ENDED` is an end that a document states; `NUMBERS_ABSENT` is the end of what the house knows.
    """

    HOLDS = "holds"
    NOT_YET = "not_yet"
    ENDED = "ended"
    NUMBERS_ABSENT = "numbers_absent"


@dataclass(frozen=True, slots=True)
class RuleAt:
    """A rule on a date.

    `since` is the day its present form began (for a rule not yet begun: will begin), `until`
    the last day of it; `None` where no document states one. `numbers` are empty where the rule
    does not hold, and where it has none; `declared` names those that no document gives.
    """

    info: RuleInfo
    at: date
    standing: Standing
    status: RuleStatus
    since: date | None
    until: date | None
    reference: str
    numbers: Mapping[str, Any]
    declared: tuple[str, ...]


def rules_at(at: date, book: Book | None = None) -> tuple[RuleAt, ...]:
    """Return every rule as it stands on a date, in the order of the rooms they are written in."""
    return tuple(rule_at(name, at, book) for name in RULES)


def rule_at(name: str, at: date, book: Book | None = None) -> RuleAt:
    """Return one rule as it stands on a date. Raises `UnknownRuleError`."""
    kind = signature(name).parameters
    info = RULES[name]
    begins = info.in_force
    if kind is None:
        standing = Standing.NOT_YET if begins is not None and at < begins else Standing.HOLDS
        return RuleAt(info, at, standing, info.status, begins, None, info.reference, {}, ())
    history = kind.history(book)
    begun = [entry for entry in history if entry.since is None or entry.since <= at]
    if not begun or (begins is not None and at < begins):
        first = max(filter(None, (history[0].since, begins)), default=None)
        return _outside(info, at, Standing.NOT_YET, first, None, history[0])
    entry = begun[-1]
    since = max(filter(None, (entry.since, begins)), default=None)
    if entry.until is not None and entry.until < at:
        ended = Standing.NUMBERS_ABSENT if "until" in entry.declared else Standing.ENDED
        return _outside(info, at, ended, since, entry.until, entry)
    status = entry.status or info.status
    return RuleAt(
        info, at, Standing.HOLDS, status, since, entry.until, entry.reference,
        numbers_of(entry), entry.declared,
    )  # fmt: skip


def numbers_of(entry: Parameters) -> dict[str, Any]:
    """Return the numbers of an entry by name, in the order they are written."""
    return {name: getattr(entry, name) for name in entry.numbers()}


def _outside(
    info: RuleInfo,
    at: date,
    standing: Standing,
    since: date | None,
    until: date | None,
    entry: Parameters,
) -> RuleAt:
    status = entry.status or info.status
    return RuleAt(info, at, standing, status, since, until, entry.reference, {}, entry.declared)
