"""The municipality's page: one sentence, the map, the table, what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nabolag.core import Indicator, Kind, Lang, Level, Unit, Worse, label
from nabolag.publish.figures.breaks import Method
from nabolag.publish.numbers import format_period, number_word, shown_value
from nabolag.publish.text import (
    ACCUMULATION,
    Ref,
    Sentence,
    inside,
    listed,
    overlap,
    ref_of,
    say,
    subject,
    together,
)
from nabolag.publish.views.asked import indicator_of, level_of, method_of, period_of
from nabolag.publish.views.facts import Facts, facts_of
from nabolag.publish.views.layer import (
    CLASSES,
    class_layer,
    class_rows,
    indicator_layer,
    rank_rows,
)
from nabolag.publish.views.model import Change, MapLayer, OverviewView, RankRow, Shown
from nabolag.publish.views.naming import at_place, in_town
from nabolag.publish.views.shared import (
    counts_of,
    counts_sentence,
    indicator_choices,
    level_choices,
    method_choices,
    notices,
    period_choices,
    source_lines,
)
from nabolag.store import Release

#: The class the opening tells of, and the one it tells of where too few challenges count.
_HEAVY, _LIGHTER, _HEAVY_COUNT = "4+", "2-3", 4
_CHANGES = 3


def overview(
    release: Release,
    lang: Lang,
    level: str | Level | None = None,
    indicator: str | None = None,
    period: str | None = None,
    method: str | Method | None = None,
) -> OverviewView:
    """Return the overview of a release.

    Without `level` the main level; without `indicator` accumulation where the level has it,
    else the first indicator; without `period` the latest with figures. `method` names how map
    classes are set. Raises `UserError` with the nearest known names for anything else.
    """
    facts = facts_of(release)
    at = level_of(facts, level)
    what = _indicator(facts, at, indicator)
    periods = facts.class_periods(at) if what == ACCUMULATION else facts.periods(what, at)
    default = None if what == ACCUMULATION else facts.latest(what, at)
    when = period_of(period, periods, default)
    how = method_of(method)
    layer, rows = _map_and_rows(facts, at, what, when, how, lang)
    counts = counts_of([row.shown for row in rows], lang)
    better, worse = changes(facts, lang)
    source_ids = _sources(facts, what)
    return OverviewView(
        lang=lang,
        release_id=release.id,
        name=release.name.in_(lang),
        opening=_opening(facts, layer, rows, lang),
        level=at,
        level_text=Level(at).label.in_(lang),
        level_plural=Level(at).plural.in_(lang),
        indicator=what,
        indicator_text=layer.title,
        indicator_definition=_definition(facts, what, lang),
        period=when,
        period_text=format_period(when, lang),
        levels=level_choices(facts, at, lang),
        indicators=indicator_choices(facts, at, what, lang, with_classes=True),
        periods=period_choices(periods, when, lang),
        methods=() if what == ACCUMULATION else method_choices(how.value, lang),
        map=layer,
        rows=rows,
        table_note=_table_note(what, lang),
        better=better,
        worse=worse,
        changes_title=label("publish.changes.title", lang, place=_where(facts, lang)),
        changes_note=_changes_note(facts, lang),
        counts=counts,
        counts_sentence=counts_sentence(counts, lang),
        sources=source_lines(facts, source_ids, lang),
        notices=notices(facts, lang),
    )


def _indicator(facts: Facts, level: str, given: str | None) -> str:
    if given is not None:
        return indicator_of(facts, given, also_accumulation=True)
    if facts.class_periods(level):
        return ACCUMULATION
    held = [name for name in facts.release.indicators if facts.has_figures(name, level)]
    return held[0] if held else ACCUMULATION


def _map_and_rows(
    facts: Facts, level: str, what: str, period: str, method: Method, lang: Lang
) -> tuple[MapLayer, tuple[RankRow, ...]]:
    if what == ACCUMULATION:
        layer = class_layer(facts, level, period, lang)
        return layer, class_rows(facts, layer, lang)
    entry = facts.release.indicators[what]
    figures = [
        facts.shown(level, code, what, period, lang) for code in facts.areas_at(level, period)
    ]
    layer = indicator_layer(facts, figures, entry, method, lang)
    return layer, rank_rows(facts, figures, layer, entry, lang)


def _sources(facts: Facts, what: str) -> list[str]:
    names = facts.counted if what == ACCUMULATION else (what,)
    return [source for name in names for source in facts.source_ids(name)]


def _definition(facts: Facts, what: str, lang: Lang) -> str:
    if what == ACCUMULATION:
        return label("publish.note.table_classes", lang)
    return facts.release.indicators[what].definition.in_(lang)


def _table_note(what: str, lang: Lang) -> str:
    form = "table_classes" if what == ACCUMULATION else "table"
    return label(f"publish.note.{form}", lang)


def _opening(facts: Facts, layer: MapLayer, rows: Sequence[RankRow], lang: Lang) -> Sentence:
    if layer.indicator == ACCUMULATION:
        return _opening_classes(facts, layer, lang)
    entry = facts.release.indicators[layer.indicator]
    return opening_figures(facts, layer, [row.shown for row in rows], entry, lang)


def _opening_classes(facts: Facts, layer: MapLayer, lang: Lang) -> Sentence:
    known = [area for area in layer.areas if area.class_index is not None]
    words: dict[str, Any] = {
        "areas": Level(layer.level).plural.in_(lang),
        "where": in_town(facts, lang),
        "period": layer.period_text,
    }
    if not known:
        return say("overview_accumulation.none", lang, **words)
    counted = len(facts.counted)
    least = CLASSES.index(_HEAVY if counted >= _HEAVY_COUNT or not counted else _LIGHTER)
    heavy = [area for area in known if (area.class_index or 0) >= least]
    told = heavy or known
    refs = [Ref(layer.level, area.code, ACCUMULATION, layer.period) for area in told]
    words |= {"word": number_word(len(heavy), lang), "counted": number_word(counted, lang)}
    few = "fewer" if least == CLASSES.index(_LIGHTER) else _heavy_form(counted)
    form = few if heavy else f"{few}_zero"
    return say(f"overview_accumulation.{form}", lang, refs, of=len(known), **words)


def _heavy_form(counted: int) -> str:
    """Return how «four or more» is said: all of them where only four count."""
    if not counted:
        return "some"
    return "four" if counted == _HEAVY_COUNT else "some_of"


def opening_figures(
    facts: Facts, layer: MapLayer, figures: Sequence[Shown], entry: Indicator, lang: Lang
) -> Sentence:
    """Say in one sentence what the municipality's figure is and how far the areas reach."""
    valued = sorted((s for s in figures if s.value is not None), key=lambda s: s.value or 0.0)
    town = _town_figure(facts, entry, layer.period, lang)
    words: dict[str, Any] = {
        "place": in_town(facts, lang).strip(),
        "subject": subject(entry, lang),
        "label": inside(entry.label.in_(lang)),
        "period": layer.period_text,
        "areas": Level(layer.level).plural.in_(lang) if layer.level else "",
        "n": len(valued),
    }
    refs = [ref_of(town)] if town else []
    if town:
        words["value"] = town.text
    if len(valued) > 1:
        low, high = valued[0], valued[-1]
        form = "indicator" if town else "indicator_areas"
        refs += [ref_of(low), ref_of(high)]
        return say(f"overview.{form}", lang, refs, low=low.text, high=high.text, **words)
    if town:
        return say("overview.indicator_town", lang, refs, **words)
    if valued:
        only = {"area": valued[0].name, "low": valued[0].text}
        return say("overview.indicator_one", lang, [ref_of(valued[0])], **only, **words)
    form = "indicator_none" if layer.period else "indicator_never"
    return say(f"overview.{form}", lang, **words)


def _town_figure(facts: Facts, entry: Indicator, period: str, lang: Lang) -> Shown | None:
    if facts.municipality is None:
        return None
    shown = facts.shown(*facts.municipality, entry.id, period, lang)
    return shown if shown.value is not None else None


def changes(facts: Facts, lang: Lang) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return up to three changes to the better and three to the worse in the municipality.

    Only indicators with a direction, only where both periods have a number, and never nominal
    kroner. The largest relative changes come first; certain ones before uncertain ones.
    """
    found = [
        (judged[0], judged[1])
        for entry in facts.release.indicators.values()
        if (judged := _judged_change(facts, entry, lang)) is not None
    ]
    found.sort(key=lambda pair: (not pair[1].certain, -_relative(pair[1]), pair[1].indicator))
    better = tuple(change for good, change in found if good)[:_CHANGES]
    worse = tuple(change for good, change in found if not good)[:_CHANGES]
    return better, worse


def _judged_change(facts: Facts, entry: Indicator, lang: Lang) -> tuple[bool, Change] | None:
    pair = _two_latest(facts, entry, lang)
    if pair is None:
        return None
    before, after = pair
    assert before.value is not None  # noqa: S101 - `_two_latest` keeps only values
    assert after.value is not None  # noqa: S101
    was, now = shown_value(before.value, entry), shown_value(after.value, entry)
    if was == now:
        return None
    good = (now > was) == (entry.worse is Worse.LOW)
    return good, _change(facts, entry, before, after, lang)


def _two_latest(facts: Facts, entry: Indicator, lang: Lang) -> tuple[Shown, Shown] | None:
    """Return the municipality's two latest figures, where the very latest period has one."""
    directed = entry.worse is not Worse.NEITHER and entry.kind is not Kind.BACKGROUND
    nominal = entry.unit in (Unit.NOK, Unit.NOK_PER_M2, Unit.COUNT)
    if facts.municipality is None or not directed or nominal:
        return None
    periods = facts.periods(entry.id, facts.municipality[0])
    shown = [facts.shown(*facts.municipality, entry.id, period, lang) for period in periods]
    valued = [figure for figure in shown if figure.value is not None]
    if len(valued) < 2 or valued[-1] is not shown[-1]:
        return None
    if entry.breaks_between(valued[-2].period, valued[-1].period):
        return None
    return valued[-2], valued[-1]


def _change(facts: Facts, entry: Indicator, before: Shown, after: Shown, lang: Lang) -> Change:
    assert before.value is not None  # noqa: S101 - see `_judged_change`
    assert after.value is not None  # noqa: S101
    rise = after.value > before.value
    bounded = None not in (before.lower, before.upper, after.lower, after.upper)
    certain = bounded and not overlap(before, after)
    words: dict[str, Any] = {
        "place": in_town(facts, lang).strip(),
        "subject": subject(entry, lang),
        "first": before.text,
        "last": after.text,
        "from": before.period_text,
        "to": after.period_text,
    }
    refs = [ref_of(before), ref_of(after)]
    sentence = say(f"change.{'up' if rise else 'down'}", lang, refs, **words)
    doubt = Sentence("") if certain else say(f"trend.{'chance' if bounded else 'unsure'}", lang)
    said = together(sentence, doubt)
    heading = entry.label.in_(lang)
    return Change(entry.id, heading, said, before, after, certain)


def _relative(change: Change) -> float:
    before, after = change.before.value or 0.0, change.after.value or 0.0
    return abs(after - before) / abs(before) if before else float("inf")


def _where(facts: Facts, lang: Lang) -> str:
    """Return «i kommunen»; a county or a district that figures are compared with has its name."""
    if facts.municipality is None or facts.municipality[0] == Level.KOMMUNE:
        return label("publish.changes.in_municipality", lang)
    return at_place(facts, *facts.municipality, lang)


def _what(facts: Facts, lang: Lang) -> str:
    if facts.municipality is None or facts.municipality[0] == Level.KOMMUNE:
        return label("sentence.difference.municipality", lang)
    return facts.name(*facts.municipality, lang)


def _changes_note(facts: Facts, lang: Lang) -> str:
    entries = facts.release.indicators.values()
    compared = any(_two_latest(facts, entry, lang) for entry in entries)
    form = "note" if compared else "none"
    told = label(f"publish.changes.{form}", lang, of=_what(facts, lang))
    broken = [inside(e.label.in_(lang)) for e in entries if _broken_at_end(facts, e)]
    if not broken:
        return told
    return f"{told} {label('publish.note.changes_broken', lang, indicators=listed(broken, lang))}"


def _broken_at_end(facts: Facts, entry: Indicator) -> bool:
    """Tell whether a new definition parts the municipality's two latest periods."""
    if facts.municipality is None or entry.kind is Kind.BACKGROUND:
        return False
    periods = facts.periods(entry.id, facts.municipality[0])
    return len(periods) > 1 and bool(entry.breaks_between(periods[-2], periods[-1]))
