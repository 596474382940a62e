"""The first sentences of an area's page: an asset, what stands out, and how sure we are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nabolag.core import Indicator, Lang, Worse, label
from nabolag.publish.numbers import number_word
from nabolag.publish.text import (
    Ref,
    Sentence,
    inside,
    listed,
    ref_of,
    same_definition,
    say,
    subject,
    together,
    years_in_row,
)
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import AreaRow, ClassView, Shown
from nabolag.publish.views.naming import at_place

_NAMED = 3


def lead_sentences(
    facts: Facts,
    area: tuple[str, str],
    rows: Sequence[AreaRow],
    classed: ClassView | None,
    lang: Lang,
) -> tuple[Sentence, ...]:
    """Return up to four sentences: an asset, a challenge, the class, the certainty.

    Only differences that are certain are told as differences. Where both a lighter and a
    heavier side exist, both are told, the lighter first. Background is never in the lead.
    """
    lighter = _strongest(rows, "easier")
    harder = [row for row in _strongest(rows, "harder") if row.kind == "challenge"]
    said = []
    best = sorted(lighter, key=lambda row: row.kind != "asset")
    if best:
        said.append(_compared(facts, area, best[0], lang))
    if harder:
        said.append(_compared(facts, area, harder[0], lang))
    if classed:
        said.append(classed.sentence)
    sure = _certainty(facts, rows, lang)
    return (*said, *([sure] if sure.text else []))


def _strongest(rows: Sequence[AreaRow], meaning: str) -> list[AreaRow]:
    """Return rows whose difference is certain and means this, the widest of the spread first."""
    found = [row for row in rows if row.difference.meaning == meaning]
    return sorted(found, key=lambda row: (-_reach(row), row.indicator))


def _reach(row: AreaRow) -> float:
    """Return the difference as a part of the spread over areas, so that units can be compared."""
    width = row.spread.highest - row.spread.lowest if row.spread else 0.0
    return abs(row.difference.value or 0.0) / width if width else 0.0


def _compared(facts: Facts, area: tuple[str, str], row: AreaRow, lang: Lang) -> Sentence:
    other = _compared_with(row)
    assert other is not None  # noqa: S101 - a certain difference has both figures
    entry = facts.release.indicators[row.indicator]
    side, years = row.difference.side, _years_on_side(row, entry)
    words = {
        "place": at_place(facts, *area, lang),
        "subject": subject(entry, lang),
        "rest": label("sentence.compare.rest", lang, name=other.name),
        "whole": label(f"sentence.compare.whole_{_against(row)}", lang),
        "value": row.shown.text,
        "other": other.text,
    }
    refs = [ref_of(row.shown), ref_of(other)]
    if years < 2:
        return say(f"compare.{side}", lang, refs, **words)
    spelled = number_word(years, lang)
    return say(f"compare.{side}_years", lang, refs, years=spelled, **words)


def _against(row: AreaRow) -> str:
    """Return whom a row is judged against: the municipality, for a municipality the country."""
    return "municipality" if row.municipality is not None else "country"


def _compared_with(row: AreaRow) -> Shown | None:
    return row.municipality if row.municipality is not None else row.country


def _years_on_side(row: AreaRow, entry: Indicator) -> int:
    """Return for how many years in a row the area has been on its side, by one definition."""
    town = next((s for s in row.history if s.role == _against(row)), None)
    if town is None:
        return 0
    sign = 1 if row.difference.side == "above" else -1
    holds = {
        own.period: own.value is not None
        and other.value is not None
        and sign * (own.value - other.value) > 0
        for own, other in zip(row.history[0].points, town.points, strict=True)
    }
    points = [point for point in row.history[0].points if _not_after(point.period, row)]
    return years_in_row(same_definition(points, entry), holds)


def _not_after(period: str, row: AreaRow) -> bool:
    order = [point.period for point in row.history[0].points]
    return order.index(period) <= order.index(row.period)


def _certainty(facts: Facts, rows: Sequence[AreaRow], lang: Lang) -> Sentence:
    """Say for what the difference is certain, may be chance, or is not known to be either."""
    judged = [row for row in rows if _is_judged(facts, row)]
    groups = {
        certainty: [row for row in judged if row.difference.certainty == certainty][:_NAMED]
        for certainty in ("certain", "uncertain", "unknown")
    }
    names: dict[str, Any] = {
        certainty: listed([inside(_short(facts, row, lang)) for row in found], lang)
        for certainty, found in groups.items()
    }
    if judged:
        names["other"] = label(f"sentence.difference.{_against(judged[0])}", lang)
    form = "both" if groups["certain"] and groups["uncertain"] else _only(groups)
    if not form:
        return Sentence("")
    told = groups["certain"] + groups["uncertain"] if form == "both" else groups[form]
    first = say(f"certainty.{form}", lang, _refs(told), **names)
    if form == "unknown" or not groups["unknown"]:
        return first
    return together(first, say("certainty.unknown", lang, _refs(groups["unknown"]), **names))


def _refs(rows: Sequence[AreaRow]) -> list[Ref]:
    """Return references to the rows' figures and to those they are judged against."""
    own = [ref_of(row.shown) for row in rows]
    return own + [ref_of(other) for row in rows if (other := _compared_with(row))]


def _only(groups: dict[str, list[AreaRow]]) -> str:
    return next((certainty for certainty, rows in groups.items() if rows), "")


def _short(facts: Facts, row: AreaRow, lang: Lang) -> str:
    return facts.release.indicators[row.indicator].heading.in_(lang)


def _is_judged(facts: Facts, row: AreaRow) -> bool:
    """Tell whether a row is a challenge or an asset with a known difference."""
    entry = facts.release.indicators[row.indicator]
    told = row.difference.side in ("above", "below")
    return told and row.kind != "background" and entry.worse is not Worse.NEITHER
