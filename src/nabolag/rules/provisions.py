"""Provisions and schemes with a date and a status, but nothing to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from nabolag.rules.parameters import read_page
from nabolag.rules.status import RuleStatus
from nabolag.rules.timeline import Standing


@dataclass(frozen=True, slots=True)
class Provision:
    """One span of time of a provision. `declared` names days that the source does not state."""

    name: str
    status: RuleStatus
    since: date | None
    until: date | None
    reference: str
    declared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProvisionAt:
    """A provision on a date: the span that holds, the last that did, or the first to come."""

    provision: Provision
    at: date
    standing: Standing


def provisions_at(at: date) -> tuple[ProvisionAt, ...]:
    """Return every provision as it stands on a date, in the order of their first dates."""
    return tuple(_at(spans, at) for spans in provisions().values())


@cache
def provisions() -> Mapping[str, tuple[Provision, ...]]:
    """Return the spans of every provision, oldest first."""
    text = (files("nabolag.rules") / "provisions.yaml").read_text(encoding="utf-8")
    found = {}
    for name, entries in read_page(text).items():
        found[name] = tuple(
            Provision(
                name,
                RuleStatus(entry["status"]),
                entry["from"],
                entry.get("until"),
                entry["reference"],
                tuple(entry.get("declared", ())),
            )
            for entry in entries
        )
    return found


def _at(spans: tuple[Provision, ...], at: date) -> ProvisionAt:
    begun = [span for span in spans if span.since is None or span.since <= at]
    if not begun:
        return ProvisionAt(spans[0], at, Standing.NOT_YET)
    last = begun[-1]
    ended = last.until is not None and last.until < at
    return ProvisionAt(last, at, Standing.ENDED if ended else Standing.HOLDS)
