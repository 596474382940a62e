"""The spine chart: an area beside its municipality, its country and all other areas."""

from __future__ import annotations

from typing import Any

from nabolag.core import Lang, label
from nabolag.publish.figures.base import (
    Spec,
    figure,
    names_expression,
    no_figures,
    source_layer,
)
from nabolag.publish.figures.palette import AREA, COUNTRY, INK, MUNICIPALITY, PAPER
from nabolag.publish.text import inside
from nabolag.publish.views.model import AreaRow, AreaView, Shown

_WIDTH = 320
_STEP = 34
_COLUMN = 108


def spine(view: AreaView, theme: str = "") -> Spec:
    """Return one line an indicator: the spread of areas, and where area and others stand.

    Counts are left out: a part is no measure beside the whole. Each line has its own scale, from
    the lowest to the highest figure on it. The figures stand beside in words, so nothing must be
    read off the picture. A hollow dot is a difference from the municipality (for a municipality:
    from the country) that may be due to chance or is not known to be certain. `theme` is named in
    the title where the view holds one theme only.
    """
    title = label("publish.chart.spine_title", view.lang, name=view.name)
    title = f"{title}: {inside(theme)}" if theme else title
    drawn = [row for row in view.rows if row.spread is not None and row.unit != "count"]
    if not drawn:
        return no_figures(title, "", view.lang)
    lines = [_line(row, view.lang) for row in drawn]
    order = [line["key"] for line in lines]
    when = {row.period_text for row in drawn}
    dated = len(when) > 1
    names = {r.indicator: f"{r.label} ({r.period_text})" if dated else r.label for r in drawn}
    data = {"values": lines}
    layers = [
        _bar(data, order, ("low", "high"), "#e6ebf1", 12, names),
        _bar(data, order, ("q1", "q3"), "#b9c8d9", 12, names),
        _mark(data, order, "town", {"type": "tick", "thickness": 3, "size": 22,
                                    "color": MUNICIPALITY}),
        _mark(data, order, "nation", {"type": "point", "shape": "diamond", "size": 70,
                                      "filled": True, "color": COUNTRY, "opacity": 1}),
        _dot(data, order),
        *_columns(data, order, view),
        *_sources(view),
    ]  # fmt: skip
    key = label("publish.chart.spine_subtitle", view.lang)
    return figure(layers, title=title, subtitle=key if dated else f"{drawn[0].period_text}. {key}",
                  description=_alt(view, drawn, title), width=_WIDTH,
                  height={"step": _STEP})  # fmt: skip


def _line(row: AreaRow, lang: Lang) -> dict[str, Any]:
    spread = row.spread
    assert spread is not None  # noqa: S101 - `spine` keeps only rows with a spread
    others = [
        s.value for s in (row.shown, row.municipality, row.country) if s and s.value is not None
    ]
    low, high = min([spread.lowest, *others]), max([spread.highest, *others])

    def at(value: float | None) -> float | None:
        if value is None:
            return None
        return round((value - low) / (high - low), 4) if high > low else 0.5

    return {
        "key": row.indicator,
        "low": at(spread.lowest),
        "high": at(spread.highest),
        "q1": at(spread.lower_quartile),
        "q3": at(spread.upper_quartile),
        "own": at(row.shown.value),
        "town": at(row.municipality.value) if row.municipality else None,
        "nation": at(row.country.value) if row.country else None,
        "sure": row.difference.certainty == "certain",
        "own_text": _told(row.shown, lang),
        "town_text": _told(row.municipality, lang),
        "nation_text": _told(row.country, lang),
        "words": row.difference.words,
    }


def _told(shown: Shown | None, lang: Lang) -> str:
    """Return the figure, or in one word why there is none: the page beside tells the rest."""
    if shown is None:
        return ""
    return shown.text if shown.has_value else label(f"publish.kind.{shown.kind}", lang)


def _y(order: list[str], names: dict[str, str] | None = None) -> Spec:
    axis: Spec = {"title": None, "labelColor": INK, "labelLimit": 340, "grid": False}
    if names is not None:
        axis["labelExpr"] = names_expression(names)
    return {"field": "key", "type": "nominal", "sort": order, "axis": axis}


def _x(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "scale": {"domain": [0, 1], "nice": False},
            "axis": None}  # fmt: skip


def _bar(
    data: Spec, order: list[str], ends: tuple[str, str], color: str, size: int,
    names: dict[str, str],
) -> Spec:  # fmt: skip
    mark = {"type": "bar", "color": color, "height": size, "cornerRadius": 2, "aria": False}
    encoding = {"y": _y(order, names), "x": _x(ends[0]), "x2": {"field": ends[1]}}
    return {"data": data, "mark": mark, "encoding": encoding}


def _mark(data: Spec, order: list[str], field: str, mark: Spec) -> Spec:
    return {
        "data": data,
        "transform": [{"filter": f"datum.{field} !== null"}],
        "mark": mark,
        "encoding": {"y": _y(order), "x": _x(field)},
    }


def _dot(data: Spec, order: list[str]) -> Spec:
    fill = {"condition": {"test": "datum.sure", "value": AREA}, "value": PAPER}
    return {
        "data": data,
        "transform": [{"filter": "datum.own !== null"}],
        "mark": {"type": "point", "size": 110, "stroke": AREA, "strokeWidth": 2.5, "opacity": 1},
        "encoding": {"y": _y(order), "x": _x("own"), "fill": fill,
                     "tooltip": [{"field": "own_text"}, {"field": "words"}]},
    }  # fmt: skip


def _columns(data: Spec, order: list[str], view: AreaView) -> list[Spec]:
    """Return the figures in words to the right, one column a voice, with its heading."""
    voices = [("own_text", view.name, AREA)]
    if any(row.municipality and row.municipality.has_value for row in view.rows):
        voices.append(("town_text", view.municipality_name, MUNICIPALITY))
    if any(row.country and row.country.has_value for row in view.rows):
        voices.append(("nation_text", view.country_name, COUNTRY))
    layers = []
    for place, (field, heading, color) in enumerate(voices):
        right = _WIDTH + 24 + _COLUMN * (place + 1)
        layers += [_column(data, order, field, right), _heading(heading, right, color)]
    return layers


def _column(data: Spec, order: list[str], field: str, right: int) -> Spec:
    return {
        "data": data,
        "mark": {"type": "text", "align": "right", "fontSize": 12, "color": INK,
                 "limit": _COLUMN - 10},
        "encoding": {"y": _y(order), "x": {"value": right}, "text": {"field": field}},
    }  # fmt: skip


def _heading(words: str, right: int, color: str) -> Spec:
    return {
        "data": {"values": [{"words": words}]},
        "mark": {"type": "text", "align": "right", "fontSize": 12, "fontWeight": 600,
                 "color": color, "limit": _COLUMN - 10, "baseline": "bottom"},
        "encoding": {"x": {"value": right}, "y": {"value": -4}, "text": {"field": "words"}},
    }  # fmt: skip


def _sources(view: AreaView) -> list[Spec]:
    text = "\n".join(source.text for source in view.sources)
    return [source_layer(text, _WIDTH + 2 * _COLUMN, 20)] if text else []


def _alt(view: AreaView, rows: list[AreaRow], title: str) -> str:
    told = [f"{row.label}: {row.shown.text}, {row.difference.words}." for row in rows]
    points = " ".join(told) or title
    return label("publish.chart.spine_alt", view.lang, name=view.name, points=points)
