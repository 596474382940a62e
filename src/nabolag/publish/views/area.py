"""The area's page: what life is like here, what stands out, since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nabolag.core import Indicator, Kind, Lang, Level, Worse, label
from nabolag.publish.figures.palette import ACCUMULATION as CLASS_COLORS
from nabolag.publish.numbers import format_number, format_period, number_word
from nabolag.publish.text import (
    ACCUMULATION,
    Ref,
    Sentence,
    inside,
    listed,
    ref_of,
    say,
    trend_sentence,
)
from nabolag.publish.views.asked import area_of, level_of, period_of
from nabolag.publish.views.broken import border_breaks, series_breaks
from nabolag.publish.views.compare import difference, spread
from nabolag.publish.views.facts import Facts, facts_of, in_time_order
from nabolag.publish.views.layer import CLASSES, class_text, class_words, to_municipality
from nabolag.publish.views.lead import lead_sentences
from nabolag.publish.views.model import (
    AreaRow,
    AreaView,
    ClassView,
    HiddenItem,
    ReasonItem,
    Series,
    Shown,
)
from nabolag.publish.views.naming import at_place
from nabolag.publish.views.shared import notices, period_choices, source_line, source_lines
from nabolag.store import Release

Place = tuple[str, str]


def area_page(
    release: Release, level: str | Level, code: str, lang: Lang, period: str | None = None
) -> AreaView:
    """Return the page of one area.

    Without `period` each indicator shows its own latest period at the level; with one, every
    indicator shows that period, or says that it was not delivered for it. Raises `UserError`
    with the nearest known names for an unknown level, code or period.
    """
    facts = facts_of(release)
    at = level_of(facts, level)
    area = area_of(facts, at, code, lang)
    periods = _periods(facts, at)
    when = period_of(period, periods, None) if period else ""
    rows = _with_country_or_without(_rows(facts, at, area, when, lang))
    by_kind = {kind: tuple(row for row in rows if row.kind == kind.value) for kind in Kind}
    classed = _class(facts, at, area, when, lang)
    if classed:
        classed = _with_other_years(facts, (at, area), classed, rows, lang)
    hidden = tuple(_hidden(row) for row in rows if row.shown.value is None)
    town = facts.municipality_of(at, area)
    country = facts.country if any(row.country for row in rows) else None
    return AreaView(
        lang=lang,
        release_id=release.id,
        level=at,
        level_text=Level(at).label.in_(lang),
        code=area,
        name=facts.name(at, area, lang),
        parents=tuple(facts.link(*above, lang) for above in facts.ancestors(at, area)[::-1]),
        municipality_name=facts.name(*town) if town else "",
        country_name=facts.name(*country, lang) if country else "",
        lead=lead_sentences(facts, (at, area), rows, classed, lang),
        accumulation=classed,
        accumulation_note="" if classed else label("publish.note.no_accumulation", lang),
        assets=by_kind[Kind.ASSET],
        challenges=by_kind[Kind.CHALLENGE],
        background=by_kind[Kind.BACKGROUND],
        background_note=label("publish.note.background", lang),
        judged_note=label("publish.note.judged", lang),
        hidden=hidden,
        hidden_note=label(f"publish.note.hidden_{'some' if hidden else 'none'}", lang),
        sources=source_lines(facts, [s for row in rows for s in _source_ids(facts, row)], lang),
        siblings=tuple(facts.link(*beside, lang) for beside in facts.siblings(at, area)),
        children=tuple(facts.link(*inner, lang) for inner in facts.children(at, area)),
        period=when,
        periods=period_choices(periods, when, lang),
        notices=notices(facts, lang),
    )


def _periods(facts: Facts, level: str) -> list[str]:
    held = {p for name in facts.release.indicators for p in facts.periods(name, level)}
    return in_time_order(held)


def _source_ids(facts: Facts, row: AreaRow) -> list[str]:
    stated = [part for part in row.shown.source.split(";") if part in facts.release.sources]
    return stated or facts.source_ids(row.indicator)


def _rows(facts: Facts, level: str, area: str, period: str, lang: Lang) -> list[AreaRow]:
    """Return a row for each indicator that the level has, in catalogue order."""
    rows = []
    for entry in facts.release.indicators.values():
        when = period or facts.latest(entry.id, level)
        if when and facts.has_figures(entry.id, level):
            rows.append(_row(facts, (level, area), entry, (when, period), lang))
    return rows


def _with_country_or_without(rows: list[AreaRow]) -> list[AreaRow]:
    """Leave the country out where no indicator has a figure for it."""
    if any(row.country is not None and row.country.has_value for row in rows):
        return rows
    return [replace(row, country=None) for row in rows]


def _row(
    facts: Facts, place: Place, entry: Indicator, periods: tuple[str, str], lang: Lang
) -> AreaRow:
    """Return a row; `periods` is the one shown and the one asked for (empty for none)."""
    period, asked = periods
    shown = facts.shown(*place, entry.id, period, lang)
    town, country = facts.municipality_of(*place), facts.country
    beside = facts.shown(*town, entry.id, period, lang) if town else None
    nation = facts.shown(*country, entry.id, period, lang) if country else None
    between = [p for p in facts.ancestors(*place) if p not in (town, country)]
    history = _history(facts, place, entry, period, lang)
    source = facts.source_ids(entry.id)
    return AreaRow(
        indicator=entry.id,
        label=entry.label.in_(lang),
        definition=entry.definition.in_(lang),
        kind=entry.kind.value,
        ring=entry.ring,
        ring_text=label(f"ring.{entry.ring}", lang),
        direction_text=direction_words(entry, lang),
        period=period,
        period_text=format_period(period, lang),
        shown=shown,
        municipality=beside,
        country=nation,
        parents=tuple(facts.shown(*above, entry.id, period, lang) for above in between),
        difference=to_municipality(facts, shown, entry, lang),
        to_country=difference(shown, nation, "country", entry, lang),
        trend=trend_sentence(_until(history, period), entry, lang),
        flagged=_flagged(facts, place, entry.id, period, asked),
        history=history,
        spread=spread(_level_values(facts, place[0], entry.id, period), entry, lang),
        source=source[0] if source else "",
        source_text=_cited(facts, source, lang),
        decimals=entry.decimals,
        unit=entry.unit.value,
        breaks=(
            *series_breaks(entry, [point.period for point in history[0].points], lang),
            *border_breaks(history[0].points, lang),
        ),
    )


def _cited(facts: Facts, ids: Sequence[str], lang: Lang) -> str:
    lines = (source_line(facts.release.sources[name], lang).text for name in ids)
    return " ".join(f"{line}." for line in lines) if len(ids) > 1 else "".join(lines)


def direction_words(entry: Indicator, lang: Lang) -> str:
    """Say what a high or a low figure means: a challenge, an asset, or neither."""
    if entry.kind is not Kind.ASSET or entry.worse.value == "neither":
        return label(f"publish.direction.{entry.worse.value}", lang)
    better = "high" if entry.worse.value == "low" else "low"
    return label(f"publish.direction.asset_{better}", lang)


def _until(history: Sequence[Series], period: str) -> list[Shown]:
    """Return the area's own points up to and including a period."""
    points = history[0].points
    at = next((i for i, point in enumerate(points) if point.period == period), len(points) - 1)
    return list(points[: at + 1])


def _history(
    facts: Facts, place: Place, entry: Indicator, period: str, lang: Lang
) -> tuple[Series, ...]:
    """Return one series for the area, its municipality and the country, gaps and all."""
    who = {"area": place, "municipality": facts.municipality_of(*place), "country": facts.country}
    held = {
        role: at for role, at in who.items() if at is not None and (role == "area" or at != place)
    }
    periods = in_time_order(
        {period, *(p for at in held.values() for p in facts.periods(entry.id, at[0]))}
    )
    series = []
    for role, at in held.items():
        points = tuple(facts.shown(*at, entry.id, when, lang) for when in periods)
        if role == "area" or any(point.value is not None for point in points):
            series.append(Series(role, facts.name(*at, lang), points))
    return tuple(series)


def _level_values(facts: Facts, level: str, indicator: str, period: str) -> list[float]:
    return [
        row["value"]
        for row in facts.cells(indicator).values()
        if row["level"] == level and row["period"] == period and row["value"] is not None
    ]


def _flagged(facts: Facts, place: Place, indicator: str, period: str, asked: str) -> bool | None:
    """Tell whether the figure shown is one that the class in force counts; `None` if not judged."""
    classified = facts.class_periods(place[0])
    when = asked or (classified[-1] if classified else "")
    row = facts.reasons_of(*place, when).get(indicator)
    if row is None or (row.get("used_period") or when) != period:
        return None
    return bool(row["flagged"]) if row["flagged"] is not None else None


def _hidden(row: AreaRow) -> HiddenItem:
    shown = row.shown
    return HiddenItem(row.indicator, row.label, shown.period_text, shown.kind, shown.status_words)


def _class(facts: Facts, level: str, area: str, period: str, lang: Lang) -> ClassView | None:
    """Return the area's class in the period asked for, else in the latest classified."""
    periods = facts.class_periods(level)
    when = period or (periods[-1] if periods else "")
    row = facts.classes.get((level, area, when))
    if row is None:
        return None
    reasons = _reasons(facts, row, lang)
    sure = bool(row["known"]) and row["class"] in CLASSES
    code = row["class"] if sure else "unknown"
    years = int(row["years"] or 0)
    of = len(facts.counted) or int(row["known"] or 0)
    return ClassView(
        class_code=code,
        text=class_words(facts, row, lang) if sure else class_text(code, lang),
        index=CLASSES.index(code) if sure else -1,
        color=CLASS_COLORS.get(code, "#ffffff"),
        period=when,
        period_text=format_period(when, lang),
        sentence=_class_sentence(facts, row, code, reasons, lang),
        reasons=reasons,
        years=years,
        years_text=_years_text(code, years, lang),
        count=int(row["count"] or 0),
        known=int(row["known"] or 0),
        of=of,
        known_text=_known_text(int(row["known"] or 0), of, lang),
    )


def _years_text(code: str, years: int, lang: Lang) -> str:
    if code in ("0", "unknown") or years < 1:
        return ""
    return label("sentence.class.years", lang, n=years, word=number_word(years, lang))


def _known_text(known: int, of: int, lang: Lang) -> str:
    form = "known_all" if known == of else "known"
    words: dict[str, Any] = {"known": number_word(known, lang), "of": number_word(of, lang)}
    return label(f"sentence.class.{form}", lang, n=of, **words)


def _with_other_years(
    facts: Facts, area: Place, classed: ClassView, rows: Sequence[AreaRow], lang: Lang
) -> ClassView:
    """Say for which challenges the class rests on another year than the table shows."""
    told = facts.reasons_of(*area, classed.period)
    apart = [
        label("sentence.class.years_of", lang, label=inside(row.label),
              used=format_period(used, lang), shown=row.period_text)
        for row in rows
        if row.indicator in told
        and (used := told[row.indicator].get("used_period") or classed.period) != row.period
        and told[row.indicator].get("value") is not None
    ]  # fmt: skip
    if not apart:
        return classed
    note = label("sentence.class.other_years", lang, list=listed(apart, lang))
    return replace(classed, known_text=f"{classed.known_text} {note}")


def _reasons(facts: Facts, row: Mapping[str, Any], lang: Lang) -> tuple[ReasonItem, ...]:
    """Return the challenges that count, with the figure that was judged and for how long."""
    told = facts.reasons_of(row["level"], row["area"], row["period"])
    items = []
    for name in (row["reasons"] or "").split(";"):
        entry = facts.release.indicators.get(name)
        if entry is None:
            continue
        why = told.get(name, {})
        when = why.get("used_period") or row["period"]
        shown = facts.shown(row["level"], row["area"], name, when, lang)
        years = int(why.get("years") or 0)
        text = _reason_text(entry, shown, row["period"], years, lang)
        items.append(ReasonItem(name, entry.label.in_(lang), text, years, shown))
    return tuple(items)


def _reason_text(entry: Indicator, shown: Shown, period: str, years: int, lang: Lang) -> str:
    """Say what counts, and in which year where that is another than the year of the class."""
    value = shown.text
    if shown.period != period:
        when = shown.period_text
        value = label("sentence.reason.of_period", lang, value=value, period=when)
    words: dict[str, Any] = {"label": entry.label.in_(lang), "value": value}
    if years < 2:
        return label("sentence.reason.once", lang, **words)
    return label("sentence.reason.years", lang, years=number_word(years, lang), **words)


def _class_sentence(
    facts: Facts, row: Mapping[str, Any], code: str, reasons: Sequence[ReasonItem], lang: Lang
) -> Sentence:
    own = Ref(row["level"], row["area"], ACCUMULATION, row["period"])
    words: dict[str, Any] = {
        "name": facts.name(row["level"], row["area"], lang),
        "place": at_place(facts, row["level"], row["area"], lang),
        "period": format_period(row["period"], lang),
        "share": top_share(facts, lang),
    }
    if code == "unknown":
        return say("class.unknown", lang, [own], **words)
    known = int(row["known"] or 0)
    if not reasons:
        spelled = number_word(known, lang)
        return say("class.none", lang, [own], n=known, known=spelled, **words)
    names = listed([_challenge(facts, item, lang) for item in reasons], lang)
    refs = [own, *(ref_of(item.shown) for item in reasons)]
    years = int(row["years"] or 0)
    form = "flagged_years" if years > 1 else "flagged"
    spelled = number_word(years, lang)
    return say(f"class.{form}", lang, refs, reasons=names, years=spelled, **words)


def _challenge(facts: Facts, item: ReasonItem, lang: Lang) -> str:
    """Return a challenge as it stands in a sentence; a low figure is said to be low."""
    words = inside(item.label)
    if facts.release.indicators[item.indicator].worse is not Worse.LOW:
        return words
    return label("sentence.class.low", lang, label=words)


def top_share(facts: Facts, lang: Lang) -> str:
    """Return where the line goes, as «25 %»."""
    share = float((facts.release.about.get("accumulation") or {}).get("top_share") or 0.25)
    return label("publish.unit.share", lang, number=format_number(share * 100, lang))
