"""Coefficients of a model with their intervals, beside a line at nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nabolag.publish.figures.base import Spec, Words, figure, names_expression
from nabolag.publish.figures.palette import AREA, INK, INTERVAL, MUTED, PAPER

_WIDTH = 420
_STEP = 30


@dataclass(frozen=True, slots=True)
class CoefficientDot:
    """One coefficient: what it is of, its size, its interval where it has one, and words."""

    name: str
    value: float
    lower: float | None
    upper: float | None
    text: str


def coefficients(dots: Sequence[CoefficientDot], words: Words) -> Spec:
    """Return coefficients from the top, each with its interval where that has ends."""
    rows = [
        {"key": str(at), "name": d.name, "value": d.value, "lower": d.lower, "upper": d.upper,
         "text": d.text}
        for at, d in enumerate(dots)
    ]  # fmt: skip
    data: Spec = {"values": rows}
    names = {str(at): one.name for at, one in enumerate(dots)}
    y: Spec = {
        "field": "key",
        "type": "nominal",
        "sort": list(names),
        "axis": {"title": None, "labelColor": INK, "labelLimit": 230, "grid": False,
                 "labelExpr": names_expression(names)},
    }  # fmt: skip
    axis = {"title": words.axis, "format": ",.3~g", "tickCount": 5}
    scale = {"zero": True, "padding": 12}

    def x(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    nothing: Spec = {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": MUTED, "strokeDash": [4, 3]},
        "encoding": {"x": {"field": "zero", "type": "quantitative"}},
    }
    bars: Spec = {
        "data": data,
        "transform": [{"filter": "datum.lower !== null && datum.upper !== null"}],
        "mark": {"type": "rule", "strokeWidth": 2.5, "color": INTERVAL, "strokeCap": "round"},
        "encoding": {"y": y, "x": x("lower"), "x2": {"field": "upper"}},
    }
    points: Spec = {
        "data": data,
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "color": AREA,
                 "stroke": PAPER, "strokeWidth": 1},
        "encoding": {"y": y, "x": x("value"), "tooltip": [{"field": "name"}, {"field": "text"}]},
    }  # fmt: skip
    return figure(
        [nothing, bars, points],
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        width=_WIDTH,
        height={"step": _STEP},
    )
