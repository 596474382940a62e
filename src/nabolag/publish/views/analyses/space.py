"""Space: whether figures of neighbouring areas are alike, and where like ones lie together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.palette import ACCUMULATION, SEQUENTIAL
from nabolag.publish.figures.scatter import Axes, Dot, scatter
from nabolag.publish.numbers import format_count, format_number, format_period, format_value
from nabolag.publish.text import Ref, Sentence, say, together
from nabolag.publish.views.analyses.common import (
    area_cell,
    choices_of,
    columns_of,
    in_words,
    indicator_cell,
    number_cell,
    page_of,
)
from nabolag.publish.views.analyses.maps import class_map, classes_of
from nabolag.publish.views.analyses.model import (
    AnalysisView,
    Asked,
    Cell,
    Picture,
    TableView,
)
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import MapLayer
from nabolag.store import Analysed

#: How areas lie, in the order of the legend, with their colours on maps.
CLUSTERS: Final = {
    "high_high": ACCUMULATION["2-3"],
    "low_low": SEQUENTIAL[3],
    "high_low": ACCUMULATION["1"],
    "low_high": SEQUENTIAL[1],
    "chance": "#e4e6ea",
    "alone": "#c3c8d0",
}
_SURE: Final = ("high_high", "low_low", "high_low", "low_high")
#: A dot of the quiet class must be seen on white.
_DOT: Final = {"chance": "#8b96a3"}


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page: one sentence, the map, the areas against their neighbours, how sure."""
    moran = analysed.table("moran").to_dicts()
    indicator, period, choosing = choices_of(facts, moran, asked, lang)
    one = next((m for m in moran if (m["indicator"], m["period"]) == (indicator, period)), None)
    areas = analysed.table("areas").filter(
        pl.col("indicator") == indicator, pl.col("period") == period
    )
    return page_of(
        facts,
        analysed,
        _opening(facts, one, areas, lang),
        lang,
        [indicator] if indicator else [],
        choosing=choosing,
        map=_map(facts, analysed, one, areas, lang),
        pictures=_pictures(facts, one, areas, lang),
        tables=(_areas(facts, areas, lang), _whole(facts, moran, lang)),
        sure=_sure(analysed, one, lang),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say where an area is high or low and its neighbours too, or not; nothing that is chance."""
    own = analysed.table("areas").filter(
        pl.col("level") == level, pl.col("area") == code, pl.col("cluster").is_in(_SURE)
    )
    said = [
        say(
            f"space.of_area.{row['cluster']}",
            lang,
            [Ref(level, code, row["indicator"], row["period"])],
            **in_words(facts, row, lang),
        )
        for row in own.iter_rows(named=True)
    ]
    return together(*said) if said else None


def _opening(
    facts: Facts, one: Mapping[str, Any] | None, areas: pl.DataFrame, lang: Lang
) -> Sentence:
    if one is None or one["moran"] is None:
        return say("space.nothing", lang)
    pattern = "together" if one["moran"] > one["expected"] else "apart"
    key = pattern if one["p"] <= 0.05 else "chance"
    count = {name: areas.filter(pl.col("cluster") == name).height for name in _SURE}
    odd = count["high_low"] + count["low_high"]
    where = say(
        "space.where",
        lang,
        high=format_count(count["high_high"], lang),
        low=format_count(count["low_low"], lang),
        odd=format_count(odd, lang),
        all=format_count(one["areas"], lang),
    )
    found = where if sum(count.values()) else say("space.nowhere", lang)
    return together(say(f"space.{key}", lang, (), **in_words(facts, one, lang)), found)


def _map(
    facts: Facts,
    analysed: Analysed,
    one: Mapping[str, Any] | None,
    areas: pl.DataFrame,
    lang: Lang,
) -> MapLayer | None:
    if one is None:
        return None
    classes = classes_of("space.cluster", CLUSTERS, lang)
    found = {
        row["area"]: (row["cluster"], _words(facts, row, lang)) for row in areas.to_dicts()
    }  # fmt: skip
    key = (analysed.spec["level"], analysed.id, one["period"])
    title = f"{label('space.map', lang)}: {in_words(facts, one, lang)['indicator']}"
    return class_map(facts, key, title, classes, found, lang)


def _cluster(code: str, lang: Lang) -> str:
    return label(f"space.cluster.{code}", lang)


def _words(facts: Facts, row: Mapping[str, Any], lang: Lang) -> str:
    place = (row["level"], row["area"], row["indicator"], row["period"])
    shown = facts.shown(*place, lang).text
    return f"{_cluster(row['cluster'], lang)} · {shown}"


def _pictures(
    facts: Facts, one: Mapping[str, Any] | None, areas: pl.DataFrame, lang: Lang
) -> tuple[Picture, ...]:
    drawn = areas.drop_nulls("deviation")
    if one is None or drawn.is_empty():
        return ()
    dots = [
        Dot(facts.name(row["level"], row["area"], lang), row["deviation"],
            row["deviation_around"], row["cluster"], _words(facts, row, lang))
        for row in drawn.iter_rows(named=True)
    ]  # fmt: skip
    groups = {
        code: (_cluster(code, lang), _DOT.get(code, color))
        for code, color in CLUSTERS.items()
        if code != "alone"
    }
    axes = Axes(label("space.axis.own", lang), label("space.axis.around", lang))
    named = in_words(facts, one, lang)
    told = label("space.alt", lang, n=None, areas=len(dots), **named)
    words = Words(named["indicator"], named["period"], told)
    return (
        Picture("neighbours", label("space.picture", lang), scatter(dots, axes, groups, words)),
    )


def _areas(facts: Facts, areas: pl.DataFrame, lang: Lang) -> TableView:
    keys = ("area", "cluster", "value", "around", "neighbours", "q")
    columns = columns_of("space", keys, keys[2:], lang)
    order = {code: place for place, code in enumerate([*CLUSTERS, "unknown"])}
    rows = sorted(areas.iter_rows(named=True), key=lambda r: (order[r["cluster"]], r["area"]))
    return TableView(
        "areas",
        label("space.table", lang),
        columns,
        tuple(_row(facts, row, order, lang) for row in rows),
        label("space.note", lang),
    )


def _row(
    facts: Facts, row: Mapping[str, Any], order: Mapping[str, int], lang: Lang
) -> tuple[Cell, ...]:
    shown = facts.shown(row["level"], row["area"], row["indicator"], row["period"], lang)
    indicator, mean = facts.release.indicators[row["indicator"]], row["around"]
    around = label("analysis.unknown_cell", lang)
    if mean is not None:
        around = format_value(mean, indicator, lang)
    return (
        area_cell(facts, row["level"], row["area"], lang),
        Cell(_cluster(row["cluster"], lang), float(order[row["cluster"]])),
        Cell(shown.text, shown.value),
        Cell(around, mean),
        number_cell(row["neighbours"], lang),
        number_cell(row["q"], lang, 4),
    )


def _whole(facts: Facts, moran: list[dict[str, Any]], lang: Lang) -> TableView:
    keys = ("indicator", "period", "areas", "moran", "p")
    columns = columns_of("space", keys, keys[2:], lang)
    rows = tuple(
        (
            indicator_cell(facts, one["indicator"], lang),
            Cell(format_period(one["period"], lang), one["period"]),
            number_cell(one["areas"], lang),
            number_cell(one["moran"], lang, 2),
            number_cell(one["p"], lang, 4),
        )
        for one in moran
    )
    note = label("space.whole_note", lang)
    return TableView("moran", label("space.whole", lang), columns, rows, note)


def _sure(analysed: Analysed, one: Mapping[str, Any] | None, lang: Lang) -> tuple[str, ...]:
    rate = analysed.spec["false_discovery"] * 100
    told = format_number(rate, lang, 0 if rate == round(rate) else 1)
    said = [label("space.sure.chance", lang, rate=told)]
    if one is not None and one["unknown"] + one["alone"]:
        counts = {name: format_count(one[name], lang) for name in ("unknown", "alone")}
        said.append(label("space.sure.left", lang, n=None, **counts))
    return (*said, label("space.sure.small", lang), label("space.sure.why", lang))
