"""Dots with intervals, one line each: what rankings and figures by group are drawn with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.core import Lang
from nabolag.publish.figures.base import Spec, axis_title, drawn, names_expression
from nabolag.publish.figures.palette import AREA, INK, INTERVAL, MUNICIPALITY, MUTED, PAPER


@dataclass(frozen=True, slots=True)
class Lines:
    """What is drawn, from the top.

    Each row has `key`, `name`, `value`, `lower`, `upper`, `text`, `interval` and `strong`; numbers
    are as drawn. Without `names` no line is named on the axis.
    """

    rows: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    unit: str
    lang: Lang

    @property
    def data(self) -> Spec:
        """The rows, as a specification holds them."""
        return {"values": list(self.rows)}

    def y(self, *, labelled: bool = False) -> Spec:
        """Return the vertical axis; one layer has the labels."""
        order = [row["key"] for row in self.rows]
        axis: Spec | None = {"title": None, "labelColor": INK, "labelLimit": 220, "grid": False}
        if not self.names:
            axis = None
        elif labelled and axis is not None:
            axis["labelExpr"] = names_expression(self.names)
        return {"field": "key", "type": "nominal", "sort": order, "axis": axis}

    def x(self, field: str) -> Spec:
        """Return the horizontal axis; a share begins at zero."""
        axis = {"title": axis_title(self.unit, self.lang), "format": ",.1~f", "tickCount": 6}
        scale = {"zero": self.unit == "share", "padding": 10}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def intervals(lines: Lines) -> Spec:
    """Return the intervals."""
    return {
        "data": lines.data,
        "mark": {"type": "rule", "strokeWidth": 2.5, "color": INTERVAL, "strokeCap": "round"},
        "encoding": {
            "y": lines.y(labelled=True),
            "x": lines.x("lower"),
            "x2": {"field": "upper"},
        },
    }


def dots(lines: Lines) -> Spec:
    """Return the dots; strong ones in another colour."""
    strong = {"condition": {"test": "datum.strong", "value": MUNICIPALITY}, "value": AREA}
    return {
        "data": lines.data,
        "transform": [{"filter": "datum.value !== null"}],
        "mark": {"type": "point", "filled": True, "size": 70 if lines.names else 24,
                 "opacity": 1, "stroke": PAPER, "strokeWidth": 1},
        "encoding": {
            "y": lines.y(),
            "x": lines.x("value"),
            "color": strong,
            "tooltip": [{"field": "name"}, {"field": "text"}, {"field": "interval"}],
        },
    }  # fmt: skip


def words(lines: Lines, width: int) -> Spec:
    """Return, where the dot would be, in words why there is none."""
    return {
        "data": lines.data,
        "transform": [{"filter": "datum.value === null"}],
        "mark": {"type": "text", "align": "left", "fontSize": 11, "fontStyle": "italic",
                 "color": MUTED, "limit": width},
        "encoding": {"y": lines.y(), "x": {"value": 2}, "text": {"field": "text"}},
    }  # fmt: skip


def marked_line(value: float, text: str, unit: str) -> Spec:
    """Return a dashed line at a figure to compare with, named above the plot."""
    point = {"value": drawn(value, unit), "text": text}
    rule = {"type": "rule", "color": MUNICIPALITY, "strokeWidth": 1.5, "strokeDash": [5, 3]}
    above = {"type": "text", "color": MUNICIPALITY, "align": "center", "baseline": "bottom",
             "fontSize": 12, "dy": -5}  # fmt: skip
    x = {"field": "value", "type": "quantitative"}
    return {
        "data": {"values": [point]},
        "layer": [
            {"mark": rule, "encoding": {"x": x}},
            {"mark": above, "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "text"}}},
        ],
    }
