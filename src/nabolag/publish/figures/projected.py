"""Projections: lines that go on from what was registered, and ages now behind ages later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nabolag.publish.figures.base import Spec, Words, figure, upright
from nabolag.publish.figures.palette import AREA, BAND, COUNTRY, INK, MUNICIPALITY, PARENT

_WIDTH: Final = 520
_COLORS: Final = (AREA, MUNICIPALITY, PARENT, "#1d7a5f", COUNTRY, "#8a6d00")
#: Lines are told apart by their dashes as well.
_DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])


@dataclass(frozen=True, slots=True)
class Point:
    """One year of one line, with bounds where there are any, and how it is written."""

    line: str
    year: int
    value: float
    text: str
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class AgeBar:
    """One age group: how many later (a bar) and now (a mark), of one side where sexes are apart."""

    group: str
    side: str
    now: float | None
    later: float | None
    text: str


def ahead(points: Sequence[Point], words: Words, *, zero: bool = False) -> Spec:
    """Return a line for each name in the order given, with a field where there are bounds."""
    names = list(dict.fromkeys(point.line for point in points))
    values = [
        {"line": p.line, "year": p.year, "value": p.value, "lower": p.lower, "upper": p.upper,
         "text": p.text}
        for p in points
    ]  # fmt: skip
    data: Spec = {"values": values}
    x: Spec = {"field": "year", "type": "quantitative", "scale": {"nice": False, "zero": False},
               "axis": {"title": None, "format": "d", "tickCount": 8, "grid": False}}  # fmt: skip
    legend = {"title": None, "orient": "bottom", "columns": 2, "symbolType": "stroke",
              "symbolSize": 500, "symbolStrokeWidth": 2.5}  # fmt: skip
    used = len(names)
    color = {"field": "line", "type": "nominal", "legend": legend,
             "scale": {"domain": names, "range": list(_COLORS[:used])}}  # fmt: skip
    dash = {"field": "line", "type": "nominal", "legend": legend,
            "scale": {"domain": names, "range": list(_DASHES[:used])}}  # fmt: skip

    def y(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": {"zero": zero},
                "axis": upright(words.axis)}  # fmt: skip

    band: Spec = {
        "data": data,
        "transform": [{"filter": "datum.lower !== null && datum.upper !== null"}],
        "mark": {"type": "area", "color": BAND, "opacity": 0.9},
        "encoding": {"x": x, "y": y("lower"), "y2": {"field": "upper"}},
    }
    line: Spec = {
        "data": data,
        "mark": {"type": "line", "strokeWidth": 2.2, "point": {"size": 18, "filled": True}},
        "encoding": {"x": x, "y": y("value"), "color": color, "strokeDash": dash,
                     "tooltip": [{"field": "line"}, {"field": "year"}, {"field": "text"}]},
    }  # fmt: skip
    return figure(
        [band, line], title=words.title, subtitle=words.subtitle, description=words.description,
        width=_WIDTH, height=260,
    )  # fmt: skip


def ages(bars: Sequence[AgeBar], words: Words, *, mirrored: bool = False) -> Spec:
    """Return age groups, the youngest at the bottom; mirrored, the first side is on the left."""
    groups = list(dict.fromkeys(bar.group for bar in bars))
    sides = list(dict.fromkeys(bar.side for bar in bars))
    left = sides[0] if mirrored else None
    values = [
        {"group": b.group, "side": b.side, "text": b.text,
         "now": _signed(b.now, b.side == left), "later": _signed(b.later, b.side == left)}
        for b in bars
    ]  # fmt: skip
    y: Spec = {"field": "group", "type": "ordinal", "sort": groups[::-1],
               "axis": {"title": None, "labelLimit": 160}}  # fmt: skip
    axis = {"title": words.axis, "tickCount": 5, "labelExpr": "format(abs(datum.value), ',d')"}
    color: Spec = {"field": "side", "type": "nominal",
                   "legend": {"title": None, "orient": "bottom"} if mirrored else None,
                   "scale": {"domain": sides, "range": list(_COLORS[: len(sides)])}}  # fmt: skip

    def layer(field: str, mark: Spec, **more: object) -> Spec:
        x = {"field": field, "type": "quantitative", "axis": axis, "stack": None}
        return {
            "data": {"values": values},
            "transform": [{"filter": f"datum.{field} !== null"}],
            "mark": mark,
            "encoding": {"x": x, "y": y, **more,
                         "tooltip": [{"field": "group"}, {"field": "side"}, {"field": "text"}]},
        }  # fmt: skip

    bar = layer("later", {"type": "bar", "opacity": 0.75}, color=color)
    mark = layer("now", {"type": "tick", "color": INK, "thickness": 2.5, "size": 14})
    return figure(
        [bar, mark], title=words.title, subtitle=words.subtitle, description=words.description,
        width=_WIDTH, height=18 * len(groups) + 20,
    )  # fmt: skip


def _signed(value: float | None, left: bool) -> float | None:
    if value is None:
        return None
    return -value if left else value
