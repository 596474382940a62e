"""How an indicator is spread over areas: a sorted dot plot with intervals, and a histogram."""

from __future__ import annotations

from typing import Any

from nabolag.core import label
from nabolag.publish.figures.base import Spec, axis_title, drawn, figure, no_figures
from nabolag.publish.figures.dots import Lines, dots, intervals, marked_line, words
from nabolag.publish.figures.palette import PAPER, RULE
from nabolag.publish.figures.trend import source_layers
from nabolag.publish.text import capital
from nabolag.publish.views.model import IndicatorView, RankRow

_WIDTH = 420
_STEP = 22
#: With more areas than this, names cannot be read: lines lie close, and only the table names them.
_MANY, _CLOSE = 200, 4
#: Areas are counted in whole numbers; a tick between them gets no label.
_WHOLE = "datum.value % 1 === 0 ? datum.label : ''"


def ranking(view: IndicatorView, highlight: str = "") -> Spec:
    """Return every area as a dot with its interval, sorted, beside the municipality's line.

    Areas without a figure stand last, with the reason in words where the dot would be.
    `highlight` is the code of an area to draw more strongly.
    """
    if all(row.sort_value is None for row in view.rows):
        return no_figures(view.label, view.period_text, view.lang)
    many = len(view.rows) > _MANY
    kept = [row for row in view.rows if row.sort_value is not None] if many else view.rows
    rows = [_dot(row, view, highlight) for row in kept]
    names = {} if many else {row.code: row.name for row in view.rows}
    lines = Lines(rows, names, view.unit, view.lang)
    layers = [
        _town_line(view),
        intervals(lines),
        dots(lines),
        {} if many else words(lines, _WIDTH),
        *source_layers(view, _WIDTH, 48),
    ]
    bounded = any(row["lower"] is not None for row in rows)
    interval = label("publish.chart.interval", view.lang) if bounded else ""
    plural = capital(view.level_plural)
    told = [plural, view.period_text, interval, view.counts_sentence.rstrip(".") if many else ""]
    return figure(
        [layer for layer in layers if layer],
        title=view.label,
        subtitle=". ".join(part for part in told if part),
        description=_alt("ranking_alt", view),
        width=_WIDTH,
        height={"step": _CLOSE if many else _STEP},
    )


def _dot(row: RankRow, view: IndicatorView, highlight: str) -> dict[str, Any]:
    return {
        "key": row.code,
        "name": row.name,
        "value": drawn(row.shown.value, view.unit),
        "lower": drawn(row.shown.lower, view.unit),
        "upper": drawn(row.shown.upper, view.unit),
        "text": row.shown.text,
        "interval": row.shown.interval_text,
        "strong": bool(highlight) and row.code == highlight,
    }


def _town_line(view: IndicatorView) -> Spec:
    town = view.municipality
    if town is None or town.value is None:
        return {}
    return marked_line(town.value, f"{town.name} {town.text}", view.unit)


def distribution(view: IndicatorView) -> Spec:
    """Return how many areas have which figures, beside the municipality's line."""
    values = [drawn(row.sort_value, view.unit) for row in view.rows if row.sort_value is not None]
    if not values:
        return no_figures(view.label, view.period_text, view.lang)
    count = label("publish.chart.number_of_areas", view.lang)
    bars = {
        "data": {"values": [{"value": value} for value in values]},
        "mark": {"type": "bar", "color": "#659fce", "stroke": PAPER, "strokeWidth": 1},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", "bin": {"maxbins": 12},
                  "axis": {"title": axis_title(view.unit, view.lang), "format": ",.1~f",
                           "grid": False}},
            "y": {"aggregate": "count", "type": "quantitative",
                  "axis": {"title": count, "titleAngle": 0, "titleAlign": "left",
                           "titleAnchor": "end", "titleX": 0, "titleY": -20,
                           "titleBaseline": "bottom", "labelExpr": _WHOLE, "format": ",.0f",
                           "gridColor": RULE}},
        },
    }  # fmt: skip
    layers = [bars, _town_line(view), *source_layers(view, _WIDTH, 48)]
    return figure(
        [layer for layer in layers if layer],
        title=view.label,
        subtitle=f"{capital(view.level_plural)}. {view.period_text}",
        description=_alt("distribution_alt", view),
        width=_WIDTH,
        height=180,
    )


def _alt(key: str, view: IndicatorView) -> str:
    told = view.spread.text if view.spread else view.counts_sentence
    facts: dict[str, Any] = {"title": view.label, "period": view.period_text, "spread": told}
    return label(f"publish.chart.{key}", view.lang, **facts)
