"""Amounts as bars, the largest first, named to the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nabolag.core import Lang
from nabolag.publish.figures.base import (
    Spec,
    Words,
    figure,
    names_expression,
    no_figures,
    source_layer,
)
from nabolag.publish.figures.palette import AREA, INK, MUNICIPALITY

_WIDTH = 420
_STEP = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: key, name, amount, and how the amount is written."""

    key: str
    name: str
    value: float
    text: str
    strong: bool = False


def bars(rows: Sequence[Bar], words: Words, source: str, lang: Lang) -> Spec:
    """Return horizontal bars in the given order, each with its amount written."""
    if not rows:
        return no_figures(words.title, words.subtitle, lang)
    data = {"values": [_values(row) for row in rows]}
    names = {row.key: row.name for row in rows}
    axis = {"title": None, "labelColor": INK, "labelLimit": 220, "grid": False,
            "labelExpr": names_expression(names)}  # fmt: skip
    y = {"field": "key", "type": "nominal", "sort": list(names), "axis": axis}
    x = {"field": "value", "type": "quantitative", "axis": {"title": words.axis, "tickCount": 5}}
    color = {"condition": {"test": "datum.strong", "value": MUNICIPALITY}, "value": AREA}
    layers: list[Spec] = [
        {"data": data, "mark": {"type": "bar", "height": 14},
         "encoding": {"y": y, "x": x, "color": color,
                      "tooltip": [{"field": "name"}, {"field": "text"}]}},
        {"data": data, "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12},
         "encoding": {"y": y, "x": x, "text": {"field": "text"}}},
    ]  # fmt: skip
    layers += [source_layer(source, _WIDTH, 48)] if source else []
    return figure(
        layers,
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        width=_WIDTH,
        height={"step": _STEP},
    )


def _values(row: Bar) -> Spec:
    return {
        "key": row.key,
        "name": row.name,
        "value": row.value,
        "text": row.text,
        "strong": row.strong,
    }
