"""The map layer, its legend, and the table that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nabolag.core import Indicator, Lang, Level, Status, has_label, label
from nabolag.publish.figures.breaks import Breaks, Method, breaks
from nabolag.publish.figures.palette import ACCUMULATION as CLASS_COLORS
from nabolag.publish.figures.palette import STATUS as STATUS_COLORS
from nabolag.publish.figures.palette import sequential
from nabolag.publish.numbers import format_interval, format_period, format_value, number_word
from nabolag.publish.text import ACCUMULATION
from nabolag.publish.views.compare import difference, is_all_of
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import (
    Difference,
    Legend,
    LegendItem,
    MapArea,
    MapLayer,
    RankRow,
    Shown,
    StatusCount,
)
from nabolag.publish.views.naming import how_many_known, in_town

#: The classes of accumulation in order; their place is their class index.
CLASSES = tuple(CLASS_COLORS)
_ABSENT_KINDS = ("hidden", "missing", "not_applicable", "unknown")


def indicator_layer(
    facts: Facts, figures: Sequence[Shown], entry: Indicator, method: Method, lang: Lang
) -> MapLayer:
    """Return the map of an indicator's figures at one level and period."""
    values = [shown.value for shown in figures if shown.value is not None]
    limits = breaks(values, method=method) if values else None
    colors = sequential(limits.classes) if limits else ()
    areas = tuple(_map_area(shown, limits, colors) for shown in figures)
    items = _class_items(figures, limits, colors, entry, lang) + absent_items(areas, lang)
    unit = label(f"unit.{entry.unit.value}", lang)
    method_text = label(f"publish.method.{method.value}", lang)
    legend = Legend(entry.heading.in_(lang), unit, method.value, method_text, items)
    level, period = (figures[0].level, figures[0].period) if figures else ("", "")
    return map_layer(facts, (level, entry.id, period), entry.label.in_(lang), areas, legend, lang)


def class_layer(facts: Facts, level: str, period: str, lang: Lang) -> MapLayer:
    """Return the map of accumulation classes at one level and period."""
    areas = tuple(
        class_area(facts, level, code, period, lang) for code in facts.areas_at(level, period)
    )
    counts = Counter(area.class_index for area in areas)
    items = tuple(
        LegendItem("value", class_text(code, lang), CLASS_COLORS[code], counts[index], index)
        for index, code in enumerate(CLASSES)
    )
    title = label("publish.map.accumulation", lang)
    method_text = label("publish.method.classes", lang)
    legend = Legend(title, "", "classes", method_text, items + absent_items(areas, lang))
    return map_layer(facts, (level, ACCUMULATION, period), title, areas, legend, lang)


def class_area(facts: Facts, level: str, code: str, period: str, lang: Lang) -> MapArea:
    """Return one area's class for the map. Nothing known is «cannot be classified»."""
    row = facts.classes.get((level, code, period))
    name = facts.name(level, code, lang)
    stated = row["class"] if row is not None else None
    if row is None or stated not in CLASSES or not row["known"]:
        words = label("publish.status.unclassified", lang)
        color = STATUS_COLORS["unknown"]
        return MapArea(code, name, words, "unknown", color, None, None, "missing", words)
    index = CLASSES.index(stated)
    return MapArea(code, name, class_words(facts, row, lang), "value", CLASS_COLORS[stated],
                   float(row["count"]), index)  # fmt: skip


def class_text(code: str, lang: Lang) -> str:
    """Return a class of accumulation in words."""
    return label(f"accumulation.class.{code}", lang)


def class_words(facts: Facts, row: Mapping[str, Any], lang: Lang) -> str:
    """Return an area's class in words, saying «at least» where some challenges are not known."""
    code, known, of = str(row["class"]), int(row["known"] or 0), len(facts.counted)
    if known >= of or not has_label(f"accumulation.partial.{code}"):
        return class_text(code, lang)
    words = {"known": known, "of": of, "count": int(row["count"] or 0)}
    spelled: dict[str, Any] = {name: number_word(n, lang) for name, n in words.items()}
    return label(f"accumulation.partial.{code}", lang, n=known, **spelled)


def rank_rows(
    facts: Facts, figures: Sequence[Shown], layer: MapLayer, entry: Indicator, lang: Lang
) -> tuple[RankRow, ...]:
    """Return the table of an indicator, the highest figure first, absent ones last by name."""
    drawn = {area.code: area for area in layer.areas}
    rows = [_rank_row(facts, shown, drawn[shown.area], entry, lang) for shown in figures]
    return tuple(sorted(rows, key=lambda row: (-_or_lowest(row.sort_value), row.name, row.code)))


def _rank_row(facts: Facts, shown: Shown, area: MapArea, entry: Indicator, lang: Lang) -> RankRow:
    code, words = _class_beside(facts, shown, lang)
    return RankRow(
        code=shown.area,
        name=shown.name,
        shown=shown,
        sort_value=shown.value,
        difference=to_municipality(facts, shown, entry, lang),
        class_index=area.class_index,
        color=area.color,
        accumulation=code,
        accumulation_text=words,
    )


def _class_beside(facts: Facts, shown: Shown, lang: Lang) -> tuple[str, str]:
    row = facts.classes.get((shown.level, shown.area, shown.period))
    if row is None or row["class"] not in CLASSES or not row["known"]:
        return "", ""
    return row["class"], class_words(facts, row, lang)


def to_municipality(facts: Facts, shown: Shown, entry: Indicator, lang: Lang) -> Difference:
    """Compare a figure with its municipality, or with the country for a municipality."""
    town = facts.municipality_of(shown.level, shown.area)
    against, other = ("municipality", town) if town else ("country", facts.country)
    compared = facts.shown(*other, entry.id, shown.period, lang) if other else None
    found = difference(shown, compared, against, entry, lang)
    if town and found.side == "level" and facts.children(*town) == [(shown.level, shown.area)]:
        return is_all_of(against, lang)
    return found


def class_rows(facts: Facts, layer: MapLayer, lang: Lang) -> tuple[RankRow, ...]:
    """Return the table of classes, most challenges first, unknown last.

    Of the first period that is classified nothing is said of years in a row.
    """
    is_first = layer.period in facts.class_periods(layer.level)[:1]
    none = Difference("unknown", "unknown", "", "")
    rows = []
    for area in layer.areas:
        shown = _class_shown(area, layer)
        code = CLASSES[area.class_index] if area.class_index is not None else ""
        rows.append(
            RankRow(
                code=area.code,
                name=area.name,
                shown=shown,
                sort_value=area.value,
                difference=none,
                class_index=area.class_index,
                color=area.color,
                accumulation=code,
                accumulation_text=area.text,
                reasons=_reasons(facts, layer, area, lang),
                years=_years(facts, layer, area) if area.value and not is_first else None,
            )
        )
    return tuple(sorted(rows, key=lambda row: (-_or_lowest(row.sort_value), row.name, row.code)))


def _reasons(facts: Facts, layer: MapLayer, area: MapArea, lang: Lang) -> tuple[str, ...]:
    """Return the short labels of the challenges that are met in an area."""
    row = facts.classes.get((layer.level, area.code, layer.period))
    named = (row["reasons"] or "").split(";") if row is not None else ()
    entries = facts.release.indicators
    return tuple(entries[iid].heading.in_(lang) for iid in named if iid in entries)


def _years(facts: Facts, layer: MapLayer, area: MapArea) -> int | None:
    row = facts.classes.get((layer.level, area.code, layer.period))
    return int(row["years"]) if row is not None and row["years"] is not None else None


def _class_shown(area: MapArea, layer: MapLayer) -> Shown:
    return Shown(
        level=layer.level,
        area=area.code,
        name=area.name,
        indicator=ACCUMULATION,
        period=layer.period,
        period_text=layer.period_text,
        text=area.text,
        kind=area.kind,
        status=area.status,
        status_words=area.status_words,
        value=area.value,
    )


def status_counts(kinds: Sequence[tuple[str, str]], lang: Lang) -> tuple[StatusCount, ...]:
    """Count (status, kind) pairs; the words for each status, commonest first."""
    counted = Counter(kinds)
    return tuple(
        StatusCount(status, kind, _count_text(status, kind, lang), count)
        for (status, kind), count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )


def _count_text(status: str, kind: str, lang: Lang) -> str:
    """Return what is counted; an area that cannot be classified is not one that is missing."""
    if kind == "unknown":
        return label("publish.kind.unknown", lang)
    return Status(status).label.in_(lang)


def map_layer(
    facts: Facts,
    key: tuple[str, str, str],
    title: str,
    areas: tuple[MapArea, ...],
    legend: Legend,
    lang: Lang,
) -> MapLayer:
    """Return a layer of areas at a level and period; `key` is level, what is shown, period."""
    level, indicator, period = key
    drawn = facts.drawn(level)
    plural = Level(level).plural.in_(lang) if level else ""
    known = sum(area.value is not None for area in areas)
    words: dict[str, Any] = {
        "areas": plural,
        "where": in_town(facts, lang),
        "what": ", ".join(part for part in (title, format_period(period, lang)) if part),
        "counts": how_many_known(known, len(areas), lang),
    }
    return MapLayer(
        level=level,
        level_text=Level(level).label.in_(lang) if level else "",
        indicator=indicator,
        title=title,
        period=period,
        period_text=format_period(period, lang),
        description=label("publish.map.description", lang, **words),
        areas=areas,
        legend=legend,
        without_shape=tuple(
            facts.link(level, area.code, lang) for area in areas if area.code not in drawn
        ),
        bounds=facts.bounds(level),
    )


def _map_area(shown: Shown, limits: Breaks | None, colors: Sequence[str]) -> MapArea:
    if shown.value is None or limits is None:
        return MapArea(shown.area, shown.name, shown.text, shown.kind, STATUS_COLORS[shown.kind],
                       None, None, shown.status, shown.status_words)  # fmt: skip
    index = limits.class_of(shown.value)
    return MapArea(shown.area, shown.name, shown.text, shown.kind, colors[index],
                   shown.value, index, shown.status, shown.status_words)  # fmt: skip


def _class_items(
    figures: Sequence[Shown],
    limits: Breaks | None,
    colors: Sequence[str],
    entry: Indicator,
    lang: Lang,
) -> tuple[LegendItem, ...]:
    if limits is None:
        return ()
    inside: Mapping[int, int] = Counter(
        limits.class_of(shown.value) for shown in figures if shown.value is not None
    )
    lows = (limits.lowest, *limits.upper[:-1])
    return tuple(
        LegendItem("value", _range(low, high, entry, lang), color, inside.get(i, 0), i, low, high)
        for i, (low, high, color) in enumerate(zip(lows, limits.upper, colors, strict=True))
    )


def _range(low: float, high: float, entry: Indicator, lang: Lang) -> str:
    one, other = (format_value(end, entry, lang) for end in (low, high))
    return one if one == other else format_interval(low, high, entry, lang)


def absent_items(areas: Sequence[MapArea], lang: Lang) -> tuple[LegendItem, ...]:
    """Return the legend of areas that have nothing to show, by why."""
    counts = Counter(area.kind for area in areas)
    return tuple(
        LegendItem(kind, label(f"publish.kind.{kind}", lang), STATUS_COLORS[kind], counts[kind])
        for kind in _ABSENT_KINDS
        if counts[kind]
    )


def _or_lowest(value: float | None) -> float:
    return float("-inf") if value is None else value
