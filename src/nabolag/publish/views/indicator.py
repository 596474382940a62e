"""The indicator's page: what it measures, how it is spread, how sure we are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nabolag.core import Indicator, Lang, Level, Text, label
from nabolag.publish.groups import about_group
from nabolag.publish.numbers import format_period, format_value
from nabolag.publish.text import Sentence, overlap, ref_of, say
from nabolag.publish.views.asked import (
    ANYTHING,
    Asked,
    choosable,
    group_of,
    indicator_of,
    level_of,
    level_of_group,
    method_of,
    period_of,
)
from nabolag.publish.views.breakdown import breakdown
from nabolag.publish.views.broken import series_breaks
from nabolag.publish.views.compare import spread
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.layer import indicator_layer, rank_rows
from nabolag.publish.views.model import Breakdown, Choice, IndicatorView, Shown, SpreadPoint
from nabolag.publish.views.naming import at_place
from nabolag.publish.views.overview import opening_figures
from nabolag.publish.views.shared import (
    counts_of,
    counts_sentence,
    direction_words,
    group_choices,
    indicator_choices,
    level_choices,
    notices,
    own_number_notices,
    period_choices,
    source_lines,
)
from nabolag.store import Release


def indicator_page(
    release: Release,
    indicator: str,
    lang: Lang,
    asked: Asked = ANYTHING,
) -> IndicatorView:
    """Return the page of one indicator, about everybody or about one group.

    Without a level the main level, or the smallest that has figures where the main has none;
    without a period the latest with figures. Raises `UserError` for unknown names, for a group
    that describes background, and for a level without figures about the group.
    """
    whole = facts_of(release)
    known = release.indicators[indicator_of(whole, indicator)]
    group = group_of(whole, known.id, asked.group)
    facts, entry = whole.of_group(group), about_group(known, group)
    at = level_of(facts, asked.level if asked.level is not None else _default_level(facts, entry))
    at = level_of_group(facts, entry.id, group, at)
    periods = facts.periods(entry.id, at)
    when = period_of(asked.period, periods, facts.latest(entry.id, at))
    figures = [facts.shown(at, code, entry.id, when, lang) for code in facts.areas_at(at, when)]
    layer = indicator_layer(facts, figures, entry, method_of(asked.method), lang)
    rows = rank_rows(facts, figures, layer, entry, lang)
    counts = counts_of(figures, lang)
    return IndicatorView(
        lang=lang,
        release_id=release.id,
        name=release.name.in_(lang),
        opening=opening_figures(facts, layer, figures, entry, lang),
        **_what_it_is(entry, lang),
        level=at,
        level_text=Level(at).label.in_(lang),
        level_plural=Level(at).plural.in_(lang),
        period=when,
        period_text=format_period(when, lang),
        levels=level_choices(facts, at, lang, entry.id),
        periods=period_choices(periods, when, lang),
        indicators=indicator_choices(facts, at, entry.id, lang, with_classes=False),
        municipality=_beside(facts, facts.municipality, entry, when, lang),
        country=_beside(facts, facts.country, entry, when, lang),
        spread=spread(_values(figures), entry, lang),
        rows=rows,
        table_note=label("publish.note.table", lang),
        history=_history(facts, at, entry, periods, lang),
        breaks=series_breaks(entry, periods, lang),
        inequality=inequality(facts, figures, entry, lang),
        map=layer,
        group=group,
        groups=group_choices(facts, entry.id, at, group, lang),
        group_levels=_group_levels(facts, entry, at, lang),
        breakdown=_breakdown(whole, known, when, lang),
        counts=counts,
        counts_sentence=counts_sentence(counts, lang),
        sources=source_lines(facts, facts.source_ids(entry.id), lang),
        notices=(*notices(facts, lang), *own_number_notices(facts, entry.id, lang)),
    )


def _what_it_is(entry: Indicator, lang: Lang) -> dict[str, Any]:
    """Return what the catalogue says of an indicator, in one language."""
    return {
        "indicator": entry.id,
        "label": entry.label.in_(lang),
        "short": entry.heading.in_(lang),
        "definition": entry.definition.in_(lang),
        "numerator": _words(entry.numerator, lang),
        "denominator": _words(entry.denominator, lang),
        "population": _words(entry.population, lang),
        "direction_text": direction_words(entry, lang),
        "kind": entry.kind.value,
        "kind_text": label(f"kind.{entry.kind.value}", lang),
        "kind_note": label(f"publish.note.{entry.kind.value}", lang),
        "ring": entry.ring,
        "ring_text": label(f"ring.{entry.ring}", lang),
        "unit": entry.unit.value,
        "unit_text": label(f"unit.{entry.unit.value}", lang),
        "decimals": entry.decimals,
        "reference": entry.reference,
        "version": label("publish.version.text", lang, version=entry.version),
        "minimum_level_text": _minimum_level(entry, lang),
    }


def _default_level(facts: Facts, entry: Indicator) -> str:
    main = facts.release.main_level.value
    held = [level for level in facts.levels if facts.has_figures(entry.id, level)]
    return held[-1] if held and main not in held else main


def _group_levels(facts: Facts, entry: Indicator, level: str, lang: Lang) -> tuple[Choice, ...]:
    """Return the levels with figures by group, where the level shown has none."""
    if facts.groups(entry.id, level):
        return ()
    held = [other for other in facts.levels if choosable(facts, entry.id, [other])]
    return tuple(Choice(other, Level(other).plural.in_(lang)) for other in reversed(held))


def _breakdown(facts: Facts, entry: Indicator, period: str, lang: Lang) -> Breakdown | None:
    """Return the municipality group by group, or the country where it alone has groups."""
    for place in (facts.municipality, facts.country):
        if place and period and (found := breakdown(facts, place, entry, period, lang)):
            return found
    return None


def _words(text: Text | None, lang: Lang) -> str:
    return text.in_(lang) if text else ""


def _minimum_level(entry: Indicator, lang: Lang) -> str:
    if entry.minimum_level is None:
        return ""
    level = entry.minimum_level.label.in_(lang)
    return label("publish.status.rule_level", lang, level=level)


def _beside(
    facts: Facts, place: tuple[str, str] | None, entry: Indicator, period: str, lang: Lang
) -> Shown | None:
    return facts.shown(*place, entry.id, period, lang) if place and period else None


def _values(figures: Sequence[Shown]) -> list[float]:
    return [shown.value for shown in figures if shown.value is not None]


def _history(
    facts: Facts, level: str, entry: Indicator, periods: Sequence[str], lang: Lang
) -> tuple[SpreadPoint, ...]:
    """Return the spread over areas and the municipality's figure, period by period."""
    points = []
    for period in periods:
        figures = [
            facts.shown(level, code, entry.id, period, lang)
            for code in facts.areas_at(level, period)
        ]
        town = _beside(facts, facts.municipality, entry, period, lang)
        spreading = spread(_values(figures), entry, lang)
        points.append(SpreadPoint(period, format_period(period, lang), spreading, town))
    return tuple(points)


def inequality(
    facts: Facts, figures: Sequence[Shown], entry: Indicator, lang: Lang
) -> Sentence | None:
    """Say how far apart the areas are, and whether chance alone could part the outermost.

    Four areas with figures are the least that a middle half can be told of.
    """
    valued = sorted((s for s in figures if s.value is not None), key=lambda s: s.value or 0.0)
    spreading = spread(_values(valued), entry, lang)
    if spreading is None or len(valued) < 4:
        return None
    low, high = valued[0], valued[-1]
    refs = [ref_of(high), ref_of(low)]
    top, bottom = (at_place(facts, end.level, end.area, lang) for end in (high, low))
    words = {"high": high.text, "top": top, "low": low.text, "bottom": bottom}
    if overlap(low, high):
        return say("inequality.overlap", lang, refs, **words)
    ends = {
        "lower": format_value(spreading.lower_quartile, entry, lang),
        "upper": format_value(spreading.upper_quartile, entry, lang),
    }
    return say("inequality.spread", lang, [*refs, *map(ref_of, valued)], **words, **ends)
