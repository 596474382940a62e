"""The standard living-condition set: which indicators, in which edition, asked for by whom.

NIBR-rapport 2019:6 asks for «standardisert levekårssett på delbydelnivå» (L311–313), Meld. St. 28
(2022–2023) for a fixed set of indicators at zone level (L9521–9541); neither lists what is in it.
What this house has put in stands in `standard_set.yaml`, edition by edition. An edition that has
been given out is never changed; a definition that changes is a new version of the indicator, a
new edition, and a break in the series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from nabolag.core import (
    LANGS,
    Finding,
    Indicator,
    Kind,
    Place,
    Severity,
    Text,
    UserError,
    error,
    has_label,
)
from nabolag.indicators.catalogue import Definitions, load_definitions
from nabolag.indicators.engine.measures import Measure

SET_FILE = "standard_set.yaml"


@dataclass(frozen=True, slots=True)
class Asked:
    """A document that asks for an indicator or uses it, with the lines where it does."""

    by: str
    reference: str


@dataclass(frozen=True, slots=True)
class Member:
    """An indicator's place in an edition: the version it has there, and who asks for it."""

    indicator: str
    version: int
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the set. `without_asset` says why a ring has no positive factor."""

    id: str
    date: date
    note: Text
    members: Mapping[str, Member]
    without_asset: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edition changed since the one before; `changed` holds (id, version, version)."""

    added: tuple[str, ...]
    changed: tuple[tuple[str, int, int], ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandardSet:
    """An edition with the catalogue entries it speaks of, in the order of the edition."""

    edition: Edition
    previous: Edition | None
    indicators: Mapping[str, Indicator]
    measures: Mapping[str, Measure]

    @property
    def changes(self) -> Changes:
        """What the edition changed. Everything is new in the first."""
        return changes_since(self.edition, self.previous)


def changes_since(edition: Edition, previous: Edition | None) -> Changes:
    """Return what an edition added, changed and removed since another."""
    before = previous.members if previous else {}
    now = edition.members
    return Changes(
        added=tuple(name for name in now if name not in before),
        changed=tuple(
            (name, before[name].version, member.version)
            for name, member in now.items()
            if name in before and before[name].version != member.version
        ),
        removed=tuple(name for name in before if name not in now),
    )


def standard_set(edition: str | None = None) -> StandardSet:
    """Return an edition of the set, the newest where none is named.

    Raises `UserError` for an edition that is not there, and for a set that contradicts the
    catalogue.
    """
    known = load_editions()
    wanted = known[-1].id if edition is None else edition
    places = {one.id: place for place, one in enumerate(known)}
    if wanted not in places:
        raise error("set_edition_unknown", given=wanted, known=", ".join(places))
    found = known[places[wanted]]
    previous = known[places[wanted] - 1] if places[wanted] else None
    house = _house()
    return StandardSet(
        edition=found,
        previous=previous,
        indicators={name: house.indicators[name] for name in found.members},
        measures={n: house.measures[n] for n in found.members if n in house.measures},
    )


@cache
def load_editions() -> tuple[Edition, ...]:
    """Return every edition, oldest first, checked against the catalogue of the house."""
    text = (files("nabolag.indicators") / SET_FILE).read_text(encoding="utf-8")
    editions = read_editions(text)
    problems = set_problems(editions, _house().indicators)
    if problems:
        raise UserError(*problems)
    return editions


@cache
def _house() -> Definitions:
    return load_definitions()


def read_editions(text: str) -> tuple[Edition, ...]:
    """Read editions from YAML, oldest first. Raises `KeyError` for an absent key."""
    given = yaml.safe_load(text)["editions"]
    return tuple(sorted((_edition(one) for one in given), key=lambda one: one.date))


def _edition(given: Mapping[str, Any]) -> Edition:
    return Edition(
        id=str(given["id"]),
        date=given["date"],
        note=Text.of(given["note"]),
        members={str(name): _member(str(name), one) for name, one in given["indicators"].items()},
        without_asset={r: Text.of(why) for r, why in given.get("without_asset", {}).items()},
    )


def _member(name: str, given: Mapping[str, Any]) -> Member:
    asked = tuple(Asked(str(by), str(lines)) for by, lines in given["asked"].items())
    return Member(name, int(given["version"]), asked)


def set_problems(editions: Sequence[Edition], catalogue: Mapping[str, Indicator]) -> list[Finding]:
    """Return what in the editions contradicts the catalogue or one another.

    An id of any edition must be in the catalogue for ever; no edition may speak of a version
    that the catalogue does not have, nor go back to an older one; in the newest edition every
    ring has an asset or says why not, no two labels are alike, and nothing that only describes
    who lives in an area may count.
    """
    problems: list[Finding] = []
    for place, edition in enumerate(editions):
        for name, member in edition.members.items():
            problems += _member_problems(edition, member, catalogue.get(name))
        if place:
            problems += _backward(edition, editions[place - 1])
    if editions and not problems:
        newest = editions[-1]
        entries = [catalogue[name] for name in newest.members]
        problems += _same_label(newest, entries) + _no_asset(newest, entries)
    return problems


def _member_problems(edition: Edition, member: Member, entry: Indicator | None) -> list[Finding]:
    about = {"edition": edition.id, "indicator": member.indicator}
    if entry is None:
        return [_wrong("set_indicator_gone", **about)]
    problems = []
    if not 1 <= member.version <= entry.version:
        told = {"version": str(member.version), "known": str(entry.version)}
        problems.append(_wrong("set_version_unknown", **about, **told))
    if not member.asked:
        problems.append(_wrong("set_nobody_asks", **about))
    problems += [
        _wrong("set_asker_unknown", **about, by=asked.by)
        for asked in member.asked
        if not has_label(f"asked.{asked.by}")
    ]
    if entry.kind is Kind.BACKGROUND and entry.may_flag:
        problems.append(_wrong("set_background_counts", **about))
    return problems


def _backward(edition: Edition, before: Edition) -> list[Finding]:
    older = [n for n, a, b in changes_since(edition, before).changed if b < a]
    return [_wrong("set_version_backward", edition=edition.id, indicator=n) for n in older]


def _same_label(edition: Edition, entries: Sequence[Indicator]) -> list[Finding]:
    problems = []
    for lang in LANGS:
        seen: dict[str, str] = {}
        for entry in entries:
            words = entry.label.in_(lang).casefold()
            if words in seen:
                names = {"indicator": entry.id, "other": seen[words], "label": words}
                problems.append(_wrong("set_label_twice", edition=edition.id, **names))
            seen[words] = entry.id
    return problems


def _no_asset(edition: Edition, entries: Sequence[Indicator]) -> list[Finding]:
    rings = {entry.ring for entry in entries}
    held = {entry.ring for entry in entries if entry.kind is Kind.ASSET}
    untold = sorted(rings - held - set(edition.without_asset))
    return [_wrong("set_ring_without_asset", edition=edition.id, ring=ring) for ring in untold]


def _wrong(code: str, **params: str) -> Finding:
    return Finding(code, Severity.ERROR, Place(SET_FILE), params)
