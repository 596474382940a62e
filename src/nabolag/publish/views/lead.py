"""The first sentences of an area's page: an asset, what stands out, and how sure we are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nabolag.core import Lang, Worse, label
from nabolag.publish.numbers import number_word
from nabolag.publish.text import (
    Ref,
    Sentence,
    inside,
    listed,
    ref_of,
    say,
    subject,
    together,
)
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import AreaRow, ClassView
from nabolag.publish.views.naming import at_place
from nabolag.publish.views.standout import (
    against,
    compared_with,
    harder_rows,
    lighter_rows,
    years_on_side,
)

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
    lighter, harder = lighter_rows(rows), harder_rows(rows)
    said = []
    if lighter:
        said.append(_compared(facts, area, lighter[0], lang))
    if harder:
        said.append(_compared(facts, area, harder[0], lang))
    if classed:
        said.append(classed.sentence)
    sure = _certainty(facts, rows, lang)
    return (*said, *([sure] if sure.text else []))


def _compared(facts: Facts, area: tuple[str, str], row: AreaRow, lang: Lang) -> Sentence:
    other = compared_with(row)
    assert other is not None  # noqa: S101 - a certain difference has both figures
    entry = facts.release.indicators[row.indicator]
    side, years = row.difference.side, years_on_side(row, entry)
    words = {
        "place": at_place(facts, *area, lang),
        "subject": subject(entry, lang),
        "rest": label("sentence.compare.rest", lang, name=other.name),
        "whole": label(f"sentence.compare.whole_{against(row)}", lang),
        "value": row.shown.text,
        "other": other.text,
    }
    refs = [ref_of(row.shown), ref_of(other)]
    if years < 2:
        return say(f"compare.{side}", lang, refs, **words)
    spelled = number_word(years, lang)
    return say(f"compare.{side}_years", lang, refs, years=spelled, **words)


def _certainty(facts: Facts, rows: Sequence[AreaRow], lang: Lang) -> Sentence:
    """Say for what the difference is certain, may be chance, or is not known to be either.

    A few are named; where any of the three is more than a few, all are counted.
    """
    judged = [row for row in rows if _is_judged(facts, row)]
    groups = {
        certainty: [row for row in judged if row.difference.certainty == certainty]
        for certainty in ("certain", "uncertain", "unknown")
    }
    form = "both" if groups["certain"] and groups["uncertain"] else _only(groups)
    if not form:
        return Sentence("")
    other = label(f"sentence.difference.{against(judged[0])}", lang)
    if any(len(found) > _NAMED for found in groups.values()):
        return _counted(groups, judged, other, lang)
    names: dict[str, Any] = {
        certainty: listed([inside(_short(facts, row, lang)) for row in found], lang)
        for certainty, found in groups.items()
    }
    names["other"] = other
    told = groups["certain"] + groups["uncertain"] if form == "both" else groups[form]
    first = say(f"certainty.{form}", lang, _refs(told), **names)
    if form == "unknown" or not groups["unknown"]:
        return first
    return together(first, say("certainty.unknown", lang, _refs(groups["unknown"]), **names))


def _counted(
    groups: dict[str, list[AreaRow]], judged: Sequence[AreaRow], other: str, lang: Lang
) -> Sentence:
    """Say how many of the differences are certain, and how many are not or not known to be."""
    parts = []
    for certainty, found in groups.items():
        words: dict[str, Any] = {"count": number_word(len(found), lang), "other": other}
        words["of"] = number_word(len(judged), lang)
        if found or certainty == "certain":
            form = certainty if found else "none"
            parts.append(say(f"certainty.counted_{form}", lang, _refs(found or judged), **words))
    return together(*parts)


def _refs(rows: Sequence[AreaRow]) -> list[Ref]:
    """Return references to the rows' figures and to those they are judged against."""
    own = [ref_of(row.shown) for row in rows]
    return own + [ref_of(other) for row in rows if (other := compared_with(row))]


def _only(groups: dict[str, list[AreaRow]]) -> str:
    return next((certainty for certainty, rows in groups.items() if rows), "")


def _short(facts: Facts, row: AreaRow, lang: Lang) -> str:
    return facts.release.indicators[row.indicator].heading.in_(lang)


def _is_judged(facts: Facts, row: AreaRow) -> bool:
    """Tell whether a row is a challenge or an asset with a known difference."""
    entry = facts.release.indicators[row.indicator]
    told = row.difference.side in ("above", "below")
    return told and row.kind != "background" and entry.worse is not Worse.NEITHER
