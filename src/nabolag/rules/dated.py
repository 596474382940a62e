"""Schemes over time: what applied on a date, and what changes next.

A scheme is a rule that is more than a definition of statistics, or a provision. Each has spans of
time; what is between them is what no document says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from nabolag.rules.calling import signature
from nabolag.rules.parameters import Book
from nabolag.rules.provisions import provisions
from nabolag.rules.rule import RULES, RuleInfo
from nabolag.rules.status import RuleStatus
from nabolag.rules.timeline import Standing, numbers_of

SchemeKind: TypeAlias = Literal["rule", "provision"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of time of a scheme, with what holds in it.

    `since` and `until` are the first and last day; `None` where no document states one. `ends` says
    that `until` is an end of the scheme, not of the numbers that are known. `declared` names days
    and numbers that no document gives; `changed` the numbers that are others than in the span
    before.
    """

    since: date | None
    until: date | None
    ends: bool
    status: RuleStatus
    reference: str
    declared: tuple[str, ...]
    numbers: Mapping[str, Any]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme with its spans, oldest first."""

    name: str
    kind: SchemeKind
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SchemeAt:
    """A scheme on a date: the span that holds, the last that did or the first to come."""

    scheme: Scheme
    at: date
    standing: Standing
    span: Span


@dataclass(frozen=True, slots=True)
class Change:
    """Something that begins (`begins`) or has ended on a day (the first day without it)."""

    day: date
    scheme: Scheme
    span: Span
    begins: bool


def all_schemes(book: Book | None = None) -> tuple[Scheme, ...]:
    """Return every scheme: rules that are no definitions of statistics, then provisions."""
    rules = [_of_rule(info, book) for info in RULES.values()]
    held = [rule for rule in rules if rule.spans[-1].status is not RuleStatus.STATISTICAL]
    return (*held, *(_of_provision(name) for name in provisions()))


def schemes_on(at: date, book: Book | None = None) -> tuple[SchemeAt, ...]:
    """Return every scheme as it stands on a date."""
    return tuple(_on(scheme, at) for scheme in all_schemes(book))


def changes_after(at: date, book: Book | None = None) -> tuple[Change, ...]:
    """Return what begins or ends after a date, the nearest day first.

    An end is told where no span of the scheme follows at once.
    """
    found = []
    for scheme in all_schemes(book):
        starts = {span.since for span in scheme.spans}
        for span in scheme.spans:
            if span.since is not None and span.since > at:
                found.append(Change(span.since, scheme, span, begins=True))
            after = span.until + _DAY if span.until is not None and span.ends else None
            if after is not None and after > at and after not in starts:
                found.append(Change(after, scheme, span, begins=False))
    return tuple(sorted(found, key=lambda change: change.day))


def _of_rule(info: RuleInfo, book: Book | None) -> Scheme:
    kind = signature(info.name).parameters
    if kind is None:
        span = Span(info.in_force, None, False, info.status, info.reference, (), {}, ())
        return Scheme(info.name, "rule", (span,))
    history = kind.history(book)
    spans: list[Span] = []
    before: Mapping[str, Any] = {}
    for entry, following in zip(history, (*history[1:], None), strict=True):
        numbers = numbers_of(entry)
        next_day = following.since if following is not None else None
        until = entry.until or (next_day - _DAY if next_day is not None else None)
        changed = tuple(n for n, v in numbers.items() if before and before.get(n) != v)
        since = max(filter(None, (entry.since, info.in_force)), default=None)
        spans.append(
            Span(since, until, "until" not in entry.declared, entry.status or info.status,
                 entry.reference, entry.declared, numbers, changed)
        )  # fmt: skip
        before = numbers
    held = [span for span in spans if _in_force(span)]
    return Scheme(info.name, "rule", tuple(held or spans))


def _in_force(span: Span) -> bool:
    """Leave out numbers that ended before the rule itself began."""
    return span.until is None or span.since is None or span.until >= span.since


def _of_provision(name: str) -> Scheme:
    held = provisions()[name]
    spans = []
    for one, following in zip(held, (*held[1:], None), strict=True):
        next_day = following.since if following is not None else None
        until = one.until or (next_day - _DAY if next_day is not None else None)
        spans.append(Span(one.since, until, True, one.status, one.reference, one.declared, {}, ()))
    return Scheme(name, "provision", tuple(spans))


def _on(scheme: Scheme, at: date) -> SchemeAt:
    begun = [span for span in scheme.spans if span.since is None or span.since <= at]
    if not begun:
        return SchemeAt(scheme, at, Standing.NOT_YET, scheme.spans[0])
    last = begun[-1]
    if last.until is None or last.until >= at:
        return SchemeAt(scheme, at, Standing.HOLDS, last)
    ended = Standing.ENDED if last.ends else Standing.NUMBERS_ABSENT
    return SchemeAt(scheme, at, ended, last)
