"""The area's page: what life is like here, what stands out, since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nabolag.core import Indicator, Kind, Lang, Level, label, source_ids
from nabolag.publish.groups import grouping_of, grouping_words
from nabolag.publish.groups import in_order as groups_in_order
from nabolag.publish.numbers import format_period
from nabolag.publish.text import inside, listed, trend_sentence
from nabolag.publish.views.asked import area_of, indicator_of, level_of, period_of
from nabolag.publish.views.breakdown import breakdown
from nabolag.publish.views.broken import border_breaks, series_breaks
from nabolag.publish.views.classed import class_of, with_other_years
from nabolag.publish.views.compare import spread
from nabolag.publish.views.facts import Facts, facts_of, in_time_order
from nabolag.publish.views.layer import to_municipality
from nabolag.publish.views.lead import lead_sentences
from nabolag.publish.views.model import AreaLink, AreaRow, AreaView, HiddenItem, Series, Shown
from nabolag.publish.views.shared import (
    cited,
    direction_words,
    notices,
    period_choices,
    source_lines,
)
from nabolag.publish.views.standout import standing_out
from nabolag.publish.views.themes import themes_of
from nabolag.store import Release

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Among:
    """The areas that an area is seen among: those of a level, in a release."""

    facts: Facts
    level: str

    def latest(self, indicator: str) -> str | None:
        """Return the latest period in which any of the areas has a number."""
        return self.facts.latest(indicator, self.level)

    def values(self, indicator: str, period: str) -> list[float]:
        """Return the areas' numbers in a period."""
        return [
            row["value"]
            for row in self.facts.cells(indicator).values()
            if row["level"] == self.level and row["period"] == period and row["value"] is not None
        ]


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
    return page_of(facts, (at, area), when, lang)


def page_of(
    facts: Facts, place: Place, when: str, lang: Lang, among: Among | None = None
) -> AreaView:
    """Return the page of an area that the facts hold; `when` is the period asked for, or empty.

    `among` are the areas it is seen among, where those are not the others of its level.
    """
    at, area = place
    periods = _periods(facts, at)
    rows = _with_country_or_without(_rows(facts, place, when, among or Among(facts, at), lang))
    by_kind = {kind: tuple(row for row in rows if row.kind == kind.value) for kind in Kind}
    classed = class_of(facts, at, area, when, lang)
    if classed:
        classed = with_other_years(facts, (at, area), classed, rows, lang)
    hidden = tuple(_hidden(row) for row in rows if row.shown.value is None)
    told = standing_out(facts, rows, lang)
    town = facts.municipality_of(at, area)
    country = facts.country if any(row.country for row in rows) else None
    return AreaView(
        lang=lang,
        release_id=facts.release.id,
        level=at,
        level_text=Level(at).label.in_(lang),
        code=area,
        name=facts.name(at, area, lang),
        parents=tuple(facts.link(*above, lang) for above in facts.ancestors(at, area)[::-1]),
        municipality_name=facts.name(*town) if town else "",
        country_name=facts.name(*country, lang) if country else "",
        lead=lead_sentences(facts, (at, area), rows, classed, lang),
        standing_out=told,
        standing_out_note=_standing_out_note(rows, bool(told), lang),
        accumulation=classed,
        accumulation_note="" if classed else label("publish.note.no_accumulation", lang),
        assets=by_kind[Kind.ASSET],
        challenges=by_kind[Kind.CHALLENGE],
        themes=themes_of(rows, lang),
        background=by_kind[Kind.BACKGROUND],
        background_note=label("publish.note.background", lang),
        groups_note=_groups_note(facts, at, lang),
        groups_at=_groups_at(facts, at, area, lang),
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
    stated = [part for part in source_ids(row.shown.source) if part in facts.release.sources]
    return stated or facts.source_ids(row.indicator)


def _rows(facts: Facts, place: Place, period: str, among: Among, lang: Lang) -> list[AreaRow]:
    """Return a row for each indicator that the level has, in catalogue order."""
    entries = facts.release.indicators.values()
    rows = (area_row_of(facts, place, entry, period, lang, among) for entry in entries)
    return [row for row in rows if row is not None]


def area_row(
    release: Release, place: tuple[str, str], indicator: str, lang: Lang, period: str | None = None
) -> AreaRow | None:
    """Return one row of an area's page by itself; `None` where its level has no such figures.

    Raises `UserError` as the page does.
    """
    facts = facts_of(release)
    level = level_of(facts, place[0])
    area = area_of(facts, level, place[1], lang)
    entry = release.indicators[indicator_of(facts, indicator)]
    asked = period_of(period, _periods(facts, level), None) if period else ""
    return area_row_of(facts, (level, area), entry, asked, lang, Among(facts, level))


def area_row_of(
    facts: Facts, place: Place, entry: Indicator, asked: str, lang: Lang, among: Among
) -> AreaRow | None:
    """Return a row of an area that the facts hold; `asked` is the period asked for, or empty."""
    when = asked or among.latest(entry.id)
    if not when or not facts.has_figures(entry.id, place[0]):
        return None
    return _row(facts, place, entry, (when, asked), lang, among)


def _standing_out_note(rows: Sequence[AreaRow], any_told: bool, lang: Lang) -> str:
    """Say that nothing stands out, where nothing does; nothing where there is nobody beside."""
    against = next((r.difference.against for r in rows if r.difference.side != "unknown"), "")
    if any_told or not against:
        return ""
    other = label(f"sentence.difference.{against}", lang)
    return label("publish.standing_out.none", lang, other=other)


def _groups_by_level(facts: Facts) -> dict[str, set[str]]:
    """Return the groups that any indicator has, by level; levels without are left out."""
    held = {
        level: {g for name in facts.release.indicators for g in facts.groups(name, level)}
        for level in facts.levels
    }
    return {level: groups for level, groups in held.items() if groups}


def _groups_at(facts: Facts, level: str, area: str, lang: Lang) -> AreaLink | None:
    """Return the nearest area around this one that has figures by group, where it has none."""
    held = _groups_by_level(facts)
    above = [] if level in held else [p for p in facts.ancestors(level, area) if p[0] in held]
    return facts.link(*above[0], lang) if above else None


def _groups_note(facts: Facts, level: str, lang: Lang) -> str:
    """Say at which levels there are figures by group, where this level has none."""
    held = _groups_by_level(facts)
    if level in held or not held:
        return ""
    groups = set().union(*held.values())
    names = dict.fromkeys(grouping_of(group) for group in groups_in_order(groups))
    return label(
        "publish.note.groups_elsewhere",
        lang,
        groupings=listed([inside(grouping_words(name, lang)) for name in names], lang),
        levels=listed([Level(other).plural.in_(lang) for other in reversed(held)], lang),
    )


def _with_country_or_without(rows: list[AreaRow]) -> list[AreaRow]:
    """Leave the country out where no indicator has a figure for it."""
    if any(row.country is not None and row.country.has_value for row in rows):
        return rows
    return [replace(row, country=None) for row in rows]


def _row(
    facts: Facts,
    place: Place,
    entry: Indicator,
    periods: tuple[str, str],
    lang: Lang,
    among: Among,
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
        trend=trend_sentence(_until(history, period), entry, lang),
        flagged=_flagged(facts, place, entry.id, period, asked),
        history=history,
        spread=spread(among.values(entry.id, period), entry, lang),
        source=source[0] if source else "",
        source_text=cited(facts, source, lang),
        decimals=entry.decimals,
        unit=entry.unit.value,
        breaks=(
            *series_breaks(entry, [point.period for point in history[0].points], lang),
            *border_breaks(history[0].points, lang),
        ),
        breakdown=breakdown(facts, place, entry, period, lang),
    )


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
