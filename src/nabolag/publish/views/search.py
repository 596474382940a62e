"""Search in names of areas, indicators and schools: without accents and case, tolerant of slips."""

from __future__ import annotations

import difflib

from nabolag.core import Indicator, Lang, Level, label
from nabolag.publish.views.asked import fold
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.model import SearchHit
from nabolag.publish.views.schools import smallest_area
from nabolag.store import Release

_LEAST = 0.72
_SHORTEST = 4


def search(release: Release, text: str, lang: Lang, limit: int = 20) -> list[SearchHit]:
    """Return areas, indicators and schools that fit a text, the best first; none for no text.

    Whole names come before beginnings, beginnings before beginnings of words, those before
    other parts, and last what is spelt nearly alike (texts of four letters and more).
    """
    asked = fold(text)
    if not asked:
        return []
    facts = facts_of(release)
    hits = [
        *_areas(facts, asked, lang),
        *_indicators(facts, asked, lang),
        *_schools(facts, asked, lang),
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.kind, hit.text, hit.code))
    return hits[:limit]


def _areas(facts: Facts, asked: str, lang: Lang) -> list[SearchHit]:
    found = []
    for (level, code), name in facts.names.items():
        score = max(likeness(asked, fold(name)), 1.0 if asked == code.casefold() else 0.0)
        if score:
            found.append(SearchHit("area", level, code, name, _where(facts, level, code, lang),
                                   score))  # fmt: skip
    return found


def _where(facts: Facts, level: str, code: str, lang: Lang) -> str:
    """Return «delbydel, Nordre, Eksempel»."""
    above = [facts.name(*parent, lang) for parent in facts.ancestors(level, code)]
    return ", ".join([Level(level).label.in_(lang), *above])


def _indicators(facts: Facts, asked: str, lang: Lang) -> list[SearchHit]:
    kind = label("publish.search.indicator", lang)
    found = []
    for entry in facts.release.indicators.values():
        score = max(likeness(asked, words) for words in _names(entry, lang))
        if score:
            detail = f"{kind}, {label(f'ring.{entry.ring}', lang).lower()}"
            hit = SearchHit("indicator", "", entry.id, entry.label.in_(lang), detail, score)
            found.append(hit)
    return found


def _schools(facts: Facts, asked: str, lang: Lang) -> list[SearchHit]:
    """Return schools and kindergartens; each leads to the smallest area it lies in."""
    found = []
    for level, code, name in facts.release.points.select("level", "code", "name").iter_rows():
        score = max(likeness(asked, fold(name or code)), 1.0 if asked == code.casefold() else 0.0)
        place = smallest_area(facts, level, code) if score else None
        if place is not None:
            detail = f"{Level(level).label.in_(lang)}, {facts.name(*place, lang)}"
            found.append(SearchHit("area", *place, name or code, detail, score))
    return found


def _names(entry: Indicator, lang: Lang) -> tuple[str, ...]:
    return (fold(entry.label.in_(lang)), fold(entry.heading.in_(lang)), fold(entry.id))


def likeness(asked: str, name: str) -> float:
    """Return how well a folded text fits a folded name, from 0 (not) to 1 (the same)."""
    if asked == name:
        return 1.0
    if name.startswith(asked):
        return 0.95
    words = name.replace("-", " ").replace("_", " ").split()
    if any(word.startswith(asked) for word in words):
        return 0.9
    if len(asked) > 1 and asked in name:
        return 0.8
    if len(asked) < _SHORTEST:
        return 0.0
    ratio = max(_ratio(asked, part) for part in (name, *words))
    return 0.75 * ratio if ratio >= _LEAST else 0.0


def _ratio(asked: str, part: str) -> float:
    matcher = difflib.SequenceMatcher(None, asked, part)
    if matcher.real_quick_ratio() < _LEAST or matcher.quick_ratio() < _LEAST:
        return 0.0
    return matcher.ratio()
