"""Histories: lines with bands, and gaps where nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nabolag.core import Lang, Period, PeriodKind, label
from nabolag.publish.figures.base import (
    Spec,
    axis_title,
    drawn,
    figure,
    no_figures,
    source_layer,
    upright,
)
from nabolag.publish.figures.palette import BAND, INK, MUNICIPALITY, PAPER, ROLES, STATUS
from nabolag.publish.numbers import format_period
from nabolag.publish.views.model import AreaRow, IndicatorView, Series, Shown, SpreadPoint

_WIDTH, _HEIGHT = 460, 220
#: A year that nobody in the chart has a row for: a gap in the line, but nothing is owed.
_NOT_ASKED = "not_asked"
_OWED = f"datum.role === 'area' && datum.value === null && datum.kind !== '{_NOT_ASKED}'"
#: Least distance between two names beside their lines, in pixels.
_NAME = 15
_BREAK = "break-paths-filter-domains"
#: Room left and right of the periods, in steps of the axis.
_PADDING = 0.3
_SHAPES = {"area": "circle", "parent": "square", "municipality": "square", "country": "diamond"}
_DASHES = {"area": [1, 0], "parent": [2, 2], "municipality": [6, 3], "country": [2, 3]}


def trend(row: AreaRow, lang: Lang) -> Spec:
    """Return an area's history beside its municipality and country.

    A period without figure is a gap in the line with a mark on the ground line; it is never
    filled in. Years that nobody delivered are gaps too.
    """
    periods = every_period([point.period for point in row.history[0].points])
    starts = [series_break.period for series_break in row.breaks]
    points = [
        point | {"segment": _segment(period, periods, starts)}
        for series in row.history
        for period, point in zip(periods, _points(series, periods, row.unit, lang), strict=True)
    ]
    if all(point["value"] is None for point in points):
        return no_figures(row.label, "", lang)
    gaps = any(
        p["value"] is None and p["kind"] != _NOT_ASKED for p in points if p["role"] == "area"
    )
    banded = any(point["lower"] is not None for point in points)
    told = [label("publish.chart.band", lang, name=row.history[0].name)] if banded else []
    told += [label("publish.chart.gaps", lang)] if gaps else []
    if row.breaks:
        told = [f"{words}." for words in told] + [known.text for known in row.breaks]
    subtitle = "\n".join(told)
    data = {"values": points}
    layers = [
        _band(data, row.unit, periods, lang),
        _intervals(data),
        _lines(data, row, periods, lang),
        _dots(data, row),
        _absent(data),
        *_breaks(starts, periods, lang),
        *_names(row, points),
        source_layer(row.source_text, _WIDTH, 44),
    ]
    return figure(layers, title=row.label, subtitle=subtitle, width=_WIDTH, height=_HEIGHT,
                  description=_alt(row, lang))  # fmt: skip


def every_period(periods: Sequence[str]) -> list[str]:
    """Return the periods of the axis: plain years with no year left out, others as they are."""
    parsed = [Period.parse(period) for period in periods if _is_year(period)]
    if len(parsed) != len(periods) or not parsed:
        return list(periods)
    return [str(year) for year in range(parsed[0].start, parsed[-1].start + 1)]


def _is_year(period: str) -> bool:
    try:
        return Period.parse(period).kind is PeriodKind.YEAR
    except ValueError:
        return False


def _points(series: Series, periods: Sequence[str], unit: str, lang: Lang) -> list[dict[str, Any]]:
    known = {point.period: point for point in series.points}
    return [_point(series, known.get(period), period, unit, lang) for period in periods]


def _point(
    series: Series, shown: Shown | None, period: str, unit: str, lang: Lang
) -> dict[str, Any]:
    return {
        "role": series.role,
        "name": series.name,
        "period": format_period(period, lang, short=True),
        "value": drawn(shown.value, unit) if shown else None,
        "lower": drawn(shown.lower, unit) if shown and series.role == "area" else None,
        "upper": drawn(shown.upper, unit) if shown and series.role == "area" else None,
        "kind": shown.kind if shown else _NOT_ASKED,
        "text": shown.text if shown else label("publish.kind.missing", lang),
    }


def _x(periods: Sequence[str], lang: Lang) -> Spec:
    names = [format_period(period, lang, short=True) for period in periods]
    axis = {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False}
    scale = {"domain": names, "padding": _PADDING}
    return {"field": "period", "type": "ordinal", "scale": scale, "axis": axis}


def _y(unit: str, lang: Lang, field: str = "value") -> Spec:
    axis = {**upright(axis_title(unit, lang), 12, 5), "format": ",.1~f"}
    return {"field": field, "type": "quantitative", "scale": {"zero": unit == "share"},
            "axis": axis}  # fmt: skip


def _band(data: Spec, unit: str, periods: Sequence[str], lang: Lang) -> Spec:
    return {
        "data": data,
        "transform": [{"filter": "datum.role === 'area'"}],
        "mark": {"type": "area", "color": BAND, "opacity": 0.9, "invalid": _BREAK, "aria": False},
        "encoding": {
            "x": _x(periods, lang),
            "y": _y(unit, lang, "lower"),
            "y2": {"field": "upper"},
            "detail": {"field": "segment", "type": "nominal"},
        },
    }


def _intervals(data: Spec) -> Spec:
    """Return the area's interval at each figure, so that a lone one shows its own too."""
    return {
        "data": data,
        "transform": [{"filter": "datum.lower !== null"}],
        "mark": {"type": "rule", "color": "#b9c8d9", "strokeWidth": 3, "aria": False},
        "encoding": {
            "x": {"field": "period", "type": "ordinal"},
            "y": {"field": "lower", "type": "quantitative"},
            "y2": {"field": "upper"},
        },
    }


def _lines(data: Spec, row: AreaRow, periods: Sequence[str], lang: Lang) -> Spec:
    roles = [series.role for series in row.history]
    names = [series.name for series in row.history]
    color = {"domain": names, "range": [ROLES[role] for role in roles]}
    dash = {"domain": names, "range": [_DASHES[role] for role in roles]}
    return {
        "data": data,
        "mark": {"type": "line", "strokeWidth": 2.5, "invalid": _BREAK},
        "encoding": {
            "x": _x(periods, lang),
            "y": _y(row.unit, lang),
            "color": {"field": "name", "type": "nominal", "scale": color, "legend": None},
            "strokeDash": {"field": "name", "type": "nominal", "scale": dash, "legend": None},
            "detail": {"field": "segment", "type": "nominal"},
        },
    }


def _dots(data: Spec, row: AreaRow) -> Spec:
    """Return the points. A lone figure between two gaps is seen by its point alone."""
    names = [series.name for series in row.history]
    shapes = {"domain": names, "range": [_SHAPES[series.role] for series in row.history]}
    return {
        "data": data,
        "transform": [{"filter": "datum.value !== null"}],
        "mark": {"type": "point", "filled": True, "size": 46, "opacity": 1, "stroke": PAPER,
                 "strokeWidth": 1},
        "encoding": {
            "x": {"field": "period", "type": "ordinal"},
            "y": {"field": "value", "type": "quantitative"},
            "color": {"field": "name", "type": "nominal", "legend": None},
            "shape": {"field": "name", "type": "nominal", "scale": shapes, "legend": None},
            "tooltip": [{"field": "name"}, {"field": "period"}, {"field": "text"}],
        },
    }  # fmt: skip


def _names(row: AreaRow, points: Sequence[dict[str, Any]]) -> list[Spec]:
    """Return each line's name at its last figure, pushed apart where two would meet."""
    ends = {p["role"]: p for p in points if p["value"] is not None}
    height = _pixels(row, points)
    low, layers = float("-inf"), []
    for role, end in sorted(ends.items(), key=lambda item: height(item[1]["value"])):
        at = height(end["value"])
        low = max(at, low + _NAME)
        layers.append(_name(role, end, at - low))
    return layers


def _pixels(row: AreaRow, points: Sequence[dict[str, Any]]) -> Callable[[float], float]:
    """Return what tells, roughly, how many pixels above the lowest a figure is drawn."""
    known = [p[end] for p in points for end in ("value", "lower", "upper") if p[end] is not None]
    low = 0.0 if row.unit == "share" else min(known)
    reach = max(known) - low or 1.0
    return lambda value: _HEIGHT * (value - low) / reach


def _name(role: str, end: dict[str, Any], down: float) -> Spec:
    mark = {"type": "text", "align": "left", "dx": 12, "dy": round(down, 1), "fontSize": 12,
            "fontWeight": 600, "color": ROLES[role], "limit": 150, "text": end["name"],
            "aria": False}  # fmt: skip
    place = {"period": end["period"], "value": end["value"]}
    x = {"field": "period", "type": "ordinal"}
    y = {"field": "value", "type": "quantitative"}
    return {"data": {"values": [place]}, "mark": mark, "encoding": {"x": x, "y": y}}


def _absent(data: Spec) -> Spec:
    """Return a mark on the ground line where the area's figure is hidden or missing."""
    return {
        "data": data,
        "transform": [{"filter": _OWED}],
        "mark": {"type": "point", "shape": "cross", "angle": 45, "filled": True, "size": 80,
                 "stroke": INK, "strokeWidth": 0.8, "opacity": 1},
        "encoding": {
            "x": {"field": "period", "type": "ordinal"},
            "y": {"value": {"expr": "height - 6"}},
            "fill": {"condition": {"test": "datum.kind === 'hidden'", "value": STATUS["hidden"]},
                     "value": PAPER},
            "tooltip": [{"field": "period"}, {"field": "text"}],
        },
    }  # fmt: skip


def _segment(period: str, periods: Sequence[str], starts: Sequence[str]) -> int:
    """Return how many breaks lie at or before a period; no line is drawn across one."""
    order = {name: place for place, name in enumerate(periods)}
    return sum(order[period] >= order[start] for start in starts if start in order)


def _breaks(starts: Sequence[str], periods: Sequence[str], lang: Lang) -> list[Spec]:
    """Return a dashed upright line with a word, half a step before each new definition begins."""
    drawn_at = [format_period(p, lang, short=True) for p in starts if p in periods]
    if not drawn_at:
        return []
    data = {"values": [{"period": when} for when in drawn_at]}
    # The axis has a band for each period, with `_PADDING` of a step between and around: see `_x`.
    half = {"expr": f"-0.5 * width / {len(periods) + _PADDING}"}
    x = {"field": "period", "type": "ordinal"}
    rule = {"type": "rule", "color": INK, "strokeDash": [4, 4], "strokeWidth": 1.2,
            "xOffset": half, "x2Offset": half, "aria": False}  # fmt: skip
    words = {"type": "text", "align": "right", "baseline": "top", "dx": -4, "dy": 2,
             "fontSize": 11, "color": INK, "xOffset": half, "aria": False,
             "text": label("publish.break.line", lang)}  # fmt: skip
    ends = {"y": {"value": 0}, "y2": {"value": {"expr": "height"}}}
    return [
        {"data": data, "mark": rule, "encoding": {"x": x, **ends}},
        {"data": data, "mark": words, "encoding": {"x": x, "y": {"value": 0}}},
    ]


def _alt(row: AreaRow, lang: Lang) -> str:
    told = [series_break.text for series_break in row.breaks]
    for series in row.history:
        values = ", ".join(f"{p.period_text} {p.text}" for p in series.points)
        told.append(label("publish.chart.trend_series", lang, name=series.name, values=values))
    return label("publish.chart.trend_alt", lang, title=row.label, points=" ".join(told))


def spread_history(view: IndicatorView) -> Spec:
    """Return the history of the municipality within the spread of its areas."""
    lang = view.lang
    by_period = {point.period: point for point in view.history}
    periods = every_period(list(by_period))
    starts = [series_break.period for series_break in view.breaks]
    rows = [
        _spread_point(by_period.get(p), p, view, lang) | {"segment": _segment(p, periods, starts)}
        for p in periods
    ]
    if all(row["low"] is None and row["value"] is None for row in rows):
        return no_figures(view.label, view.level_plural, lang)
    data = {"values": rows}
    layers = [
        _span(data, ("low", "high"), "#e6ebf1", periods, view),
        _span(data, ("q1", "q3"), "#c3d0df", periods, view),
        {
            "data": data,
            "mark": {"type": "line", "color": MUNICIPALITY, "strokeWidth": 2.5, "invalid": _BREAK,
                     "point": {"filled": True, "fill": MUNICIPALITY, "size": 46}},
            "encoding": {"x": _x(periods, lang), "y": _y(view.unit, lang),
                         "detail": {"field": "segment", "type": "nominal"}},
        },
        *_breaks(starts, periods, lang),
        *source_layers(view, _WIDTH, 44),
    ]  # fmt: skip
    subtitle = " · ".join(
        [view.municipality.name if _any_town(view) and view.municipality else "",
         label("publish.chart.middle_half", lang), label("publish.chart.areas_spread", lang)]
    ).strip(" ·")  # fmt: skip
    if view.breaks:
        subtitle = "\n".join([f"{subtitle}.", *(known.text for known in view.breaks)])
    told = " ".join(
        [series_break.text for series_break in view.breaks]
        + [f"{p.period_text}: {p.spread.text}." for p in view.history if p.spread]
    )
    alt = label("publish.chart.trend_alt", lang, title=view.label, points=told)
    return figure(layers, title=view.label, subtitle=subtitle, description=alt, width=_WIDTH,
                  height=_HEIGHT)  # fmt: skip


def _any_town(view: IndicatorView) -> bool:
    return any(p.municipality is not None and p.municipality.has_value for p in view.history)


def source_layers(view: IndicatorView, width: int, below: int) -> list[Spec]:
    """Return the source line of an indicator's page, where there is a source."""
    text = "\n".join(source.text for source in view.sources)
    return [source_layer(text, width, below)] if text else []


def _spread_point(
    point: SpreadPoint | None, period: str, view: IndicatorView, lang: Lang
) -> dict[str, Any]:
    spread = point.spread if point else None
    town = point.municipality if point else None
    five = (
        (spread.lowest, spread.lower_quartile, spread.upper_quartile, spread.highest)
        if spread
        else (None, None, None, None)
    )
    low, q1, q3, high = (drawn(value, view.unit) for value in five)
    value = drawn(town.value, view.unit) if town else None
    when = format_period(period, lang, short=True)
    return {"period": when, "value": value, "low": low, "q1": q1, "q3": q3, "high": high}


def _span(
    data: Spec, ends: tuple[str, str], color: str, periods: Sequence[str], view: IndicatorView
) -> Spec:
    """Return one bar a period from one end to the other; a period without spread has none."""
    lang = view.lang
    low, high = ends
    return {
        "data": data,
        "transform": [{"filter": f"datum.{low} !== null"}],
        "mark": {"type": "bar", "color": color, "width": {"band": 0.5}, "cornerRadius": 2},
        "encoding": {
            "x": _x(periods, lang),
            "y": _y(view.unit, lang, low),
            "y2": {"field": high},
            "tooltip": [{"field": low}, {"field": high}, {"field": "period"}],
        },
    }


__all__ = ["every_period", "source_layers", "spread_history", "trend"]
