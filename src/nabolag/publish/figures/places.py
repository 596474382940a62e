"""Places in an order: a dot for each area, and lines for the places it may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.publish.figures.base import Spec, Words, figure, quoted
from nabolag.publish.figures.palette import AREA, INK, INTERVAL, PAPER

_WIDTH = 420
_STEP, _CLOSE, _MANY = 22, 4, 200
_WHOLE = "datum.value % 1 === 0 ? datum.label : ''"


@dataclass(frozen=True, slots=True)
class Place:
    """One area: its name, its place, the places it may have alone and with all at once."""

    name: str
    rank: int
    lower: int
    upper: int
    all_lower: int
    all_upper: int
    text: str


def places(rows: Sequence[Place], words: Words) -> Spec:
    """Return the figure; `rows` from the first place down. With very many, names are left out."""
    values = [
        {"key": at, "name": row.name, "rank": row.rank, "lower": row.lower, "upper": row.upper,
         "first": row.all_lower, "last": row.all_upper, "text": row.text}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    many = len(rows) > _MANY
    data: Spec = {"values": values}
    layers = [
        _line(data, ("first", "last"), 1.2, words, many),
        _line(data, ("lower", "upper"), 2 if many else 5, words, many),
        _dots(data, words, many),
    ]
    return figure(
        layers, title=words.title, subtitle=words.subtitle, description=words.description,
        width=_WIDTH, height={"step": _CLOSE if many else _STEP},
    )  # fmt: skip


def _line(
    data: Spec, ends: tuple[str, str], thick: float, words: Words, many: bool
) -> dict[str, Any]:
    return {
        "data": data,
        "mark": {"type": "rule", "strokeWidth": thick, "color": INTERVAL, "strokeCap": "butt"},
        "encoding": {"y": _y(data, many), "x": _x(ends[0], words), "x2": {"field": ends[1]}},
    }


def _dots(data: Spec, words: Words, many: bool) -> dict[str, Any]:
    return {
        "data": data,
        "mark": {"type": "point", "filled": True, "size": 16 if many else 60, "opacity": 1,
                 "color": AREA, "stroke": PAPER, "strokeWidth": 1},
        "encoding": {"y": _y(data, many), "x": _x("rank", words),
                     "tooltip": [{"field": "name"}, {"field": "text"}]},
    }  # fmt: skip


def _x(field: str, words: Words) -> Spec:
    axis = {
        "title": words.axis,
        "labelExpr": _WHOLE,
        "format": ",.0f",
        "orient": "top",
        "tickCount": 8,
        "tickMinStep": 1,
    }
    scale = {"zero": False, "nice": False, "padding": 10}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _y(data: Spec, many: bool) -> Spec:
    names = [row["name"] for row in data["values"]]
    axis: Spec | None = None
    if not many:
        axis = {"title": None, "labelColor": INK, "labelLimit": 220, "grid": False,
                "labelExpr": f"{_list(names)}[datum.value]"}  # fmt: skip
    return {"field": "key", "type": "ordinal", "axis": axis}


def _list(names: Sequence[str]) -> str:
    """Return an expression that holds the names; two areas may share one."""
    return "[" + ", ".join(quoted(name) for name in names) + "]"
