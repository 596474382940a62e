"""Areas as dots between two axes, with the lines that part them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.publish.figures.base import Spec, Words, figure
from nabolag.publish.figures.palette import MUTED, RULE

_WIDTH, _HEIGHT = 420, 360


@dataclass(frozen=True, slots=True)
class Dot:
    """One area: where it stands, what it is called, its class, and what to say of it."""

    name: str
    x: float
    y: float
    group: str
    text: str


@dataclass(frozen=True, slots=True)
class Axes:
    """What the axes say, and where lines cross them."""

    x: str
    y: str
    x_lines: tuple[float, ...] = (0.0,)
    y_lines: tuple[float, ...] = (0.0,)


def scatter(
    dots: Sequence[Dot],
    axes: Axes,
    groups: Mapping[str, tuple[str, str]],
    words: Words,
) -> Spec:
    """Return the figure. `groups` gives the words and the colour of each class of dots."""
    values: list[dict[str, Any]] = [
        {"name": d.name, "x": round(d.x, 6), "y": round(d.y, 6), "group": groups[d.group][0],
         "text": d.text}
        for d in dots
    ]  # fmt: skip
    rules = [*(_rule("x", at) for at in axes.x_lines), *(_rule("y", at) for at in axes.y_lines)]
    layers = [*rules, _dots(values, axes, groups)]
    return figure(layers, title=words.title, subtitle=words.subtitle,
                  description=words.description, width=_WIDTH, height=_HEIGHT)  # fmt: skip


def _axis(title: str) -> Spec:
    return {"title": title, "format": ".2~f", "tickCount": 6}


def _rule(axis: str, at: float) -> Spec:
    return {
        "data": {"values": [{"at": at}]},
        "mark": {"type": "rule", "color": RULE if at else MUTED, "strokeWidth": 1},
        "encoding": {axis: {"field": "at", "type": "quantitative"}},
    }


def _dots(
    values: Sequence[Mapping[str, Any]], axes: Axes, groups: Mapping[str, tuple[str, str]]
) -> Spec:
    words, colors = [text for text, _ in groups.values()], [color for _, color in groups.values()]
    return {
        "data": {"values": list(values)},
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.9, "stroke": MUTED,
                 "strokeWidth": 0.8},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "axis": _axis(axes.x)},
            "y": {"field": "y", "type": "quantitative", "axis": _axis(axes.y)},
            "color": {"field": "group", "type": "nominal", "scale": {"domain": words,
                      "range": colors}, "legend": {"title": None, "orient": "bottom",
                      "columns": 2}},
            "shape": {"field": "group", "type": "nominal", "scale": {"domain": words},
                      "legend": None},
            "tooltip": [{"field": "name", "title": " "}, {"field": "text", "title": "  "}],
        },
    }  # fmt: skip
