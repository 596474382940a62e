"""A measure over time with its band, and a curve of shares beside the straight line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nabolag.publish.figures.base import Spec, Words, figure, upright
from nabolag.publish.figures.palette import AREA, BAND, MUTED, PAPER

_WIDTH = 420
#: A period without a value breaks the line, and keeps its place on the axis.
_HOLES = "break-paths-show-domains"


@dataclass(frozen=True, slots=True)
class Moment:
    """One point in time: the period in words, the measure, its bounds, and how it is written."""

    period: str
    value: float | None
    lower: float | None
    upper: float | None
    text: str


def history(moments: Sequence[Moment], words: Words) -> Spec:
    """Return a measure over time. Periods without a value leave a hole in the line."""
    values = [
        {"at": at, "period": m.period, "value": m.value, "lower": m.lower, "upper": m.upper,
         "text": m.text}
        for at, m in enumerate(moments)
    ]  # fmt: skip
    data: Spec = {"values": values}
    order = [m.period for m in moments]
    plain = {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False}
    x: Spec = {"field": "period", "type": "ordinal", "sort": order, "axis": plain}

    def y(field: str) -> Spec:
        axis = upright(words.axis, 18, 5)
        return {"field": field, "type": "quantitative", "scale": {"zero": True}, "axis": axis}

    band: Spec = {
        "data": data,
        "transform": [{"filter": "datum.lower !== null && datum.upper !== null"}],
        "mark": {"type": "area", "color": BAND, "opacity": 0.9},
        "encoding": {"x": x, "y": y("lower"), "y2": {"field": "upper"}},
    }
    line: Spec = {
        "data": data,
        "mark": {"type": "line", "color": AREA, "strokeWidth": 2.5, "invalid": _HOLES},
        "encoding": {"x": x, "y": y("value")},
    }
    dots: Spec = {
        "data": data,
        "transform": [{"filter": "datum.value !== null"}],
        "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1, "color": AREA,
                 "stroke": PAPER, "strokeWidth": 1},
        "encoding": {"x": x, "y": y("value"),
                     "tooltip": [{"field": "period"}, {"field": "text"}]},
    }  # fmt: skip
    return figure(
        [band, line, dots], title=words.title, subtitle=words.subtitle,
        description=words.description, width=_WIDTH, height=220,
    )  # fmt: skip


def curve(points: Sequence[tuple[float, float]], words: Words, across: str) -> Spec:
    """Return a curve from (0, 0) to (1, 1) in per cent; `across` names the horizontal axis."""
    drawn = [{"x": round(x, 6), "y": round(y, 6)} for x, y in points]
    even = [{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}]
    lines = [
        _line(even, words, across, color=MUTED, strokeDash=[5, 3], strokeWidth=1.2),
        _line(drawn, words, across, color=AREA, strokeWidth=2.5),
    ]
    return figure(
        lines, title=words.title, subtitle=words.subtitle, description=words.description,
        width=_WIDTH, height=_WIDTH,
    )  # fmt: skip


def _line(values: Sequence[dict[str, float]], words: Words, across: str, **mark: object) -> Spec:
    axis: Spec = {"tickCount": 5, "format": ".0%"}
    upright = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0,
               "titleY": -12, "titleBaseline": "bottom"}  # fmt: skip
    scale = {"domain": [0, 1]}
    return {
        "data": {"values": list(values)},
        "mark": {"type": "line", **mark},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": scale,
                  "axis": {**axis, "title": across}},
            "y": {"field": "y", "type": "quantitative", "scale": scale,
                  "axis": {**axis, **upright, "title": words.axis}},
        },
    }  # fmt: skip
