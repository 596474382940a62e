"""Effects with intervals, one line each, beside a line at zero: what several models say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.core import Lang
from nabolag.publish.figures.base import (
    Spec,
    Words,
    figure,
    names_expression,
    no_figures,
    source_layer,
)
from nabolag.publish.figures.palette import AREA, INK, INTERVAL, MUNICIPALITY, PAPER

_WIDTH = 420
_STEP = 26


@dataclass(frozen=True, slots=True)
class Effect:
    """A line: its key and name, the number and its interval, how they are written."""

    key: str
    name: str
    value: float
    lower: float
    upper: float
    text: str
    strong: bool = False


def effects(rows: Sequence[Effect], words: Words, source: str, lang: Lang) -> Spec:
    """Return a dot and an interval for each effect; the strong one in another colour."""
    if not rows:
        return no_figures(words.title, words.subtitle, lang)
    data = {"values": [_values(row) for row in rows]}
    names = {row.key: row.name for row in rows}
    y = {"field": "key", "type": "nominal", "sort": list(names),
         "axis": {"title": None, "labelColor": INK, "labelLimit": 260, "grid": False,
                  "labelExpr": names_expression(names)}}  # fmt: skip
    layers = [_zero(), _rules(data, y, words.axis), _dots(data, y, words.axis)]
    layers += [source_layer(source, _WIDTH, 48)] if source else []
    return figure(
        layers,
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        width=_WIDTH,
        height={"step": _STEP},
    )


def _values(row: Effect) -> Mapping[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "value": row.value,
        "lower": row.lower,
        "upper": row.upper,
        "text": row.text,
        "strong": row.strong,
    }


def _x(field: str, title: str) -> Spec:
    axis = {"title": title, "format": ",.3~f", "tickCount": 5}
    return {"field": field, "type": "quantitative", "axis": axis}


def _zero() -> Spec:
    return {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1, "aria": False},
        "encoding": {"x": {"field": "zero", "type": "quantitative"}},
    }


def _rules(data: Spec, y: Spec, title: str) -> Spec:
    return {
        "data": data,
        "mark": {"type": "rule", "strokeWidth": 2.5, "color": INTERVAL, "strokeCap": "round"},
        "encoding": {"y": y, "x": _x("lower", title), "x2": {"field": "upper"}},
    }


def _dots(data: Spec, y: Spec, title: str) -> Spec:
    strong = {"condition": {"test": "datum.strong", "value": MUNICIPALITY}, "value": AREA}
    return {
        "data": data,
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "stroke": PAPER,
                 "strokeWidth": 1},
        "encoding": {
            "y": y,
            "x": _x("value", title),
            "color": strong,
            "tooltip": [{"field": "name"}, {"field": "text"}],
        },
    }  # fmt: skip
