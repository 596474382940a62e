"""One area's figure through time beside those it is compared with; a line stops at a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nabolag.publish.figures.base import Spec, Words, figure, upright
from nabolag.publish.figures.palette import AREA, COUNTRY, MUNICIPALITY, MUTED, PAPER, ROLES

_WIDTH: Final = 420
#: The area itself first; the others in the order they are compared in, told apart by dash as well.
_COLORS: Final = (AREA, MUNICIPALITY, ROLES["parent"], COUNTRY, "#2f7d4f", "#8a6d00")
_DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure: whose it is, when, how large, how it is written, and in which definition."""

    who: str
    period: str
    value: float
    text: str
    segment: int


def versus(
    marks: Sequence[Mark], order: Sequence[str], breaks: Sequence[str], words: Words
) -> Spec:
    """Return lines through time. `order` is every period, `breaks` those a new definition begins.

    The first of `marks` is the area's own. At most six are told apart.
    """
    names = list(dict.fromkeys(mark.who for mark in marks))[: len(_COLORS)]
    values = [
        {"who": m.who, "period": m.period, "value": m.value, "text": m.text,
         "line": f"{m.who} {m.segment}"}
        for m in marks if m.who in names
    ]  # fmt: skip
    x: Spec = {"field": "period", "type": "ordinal", "scale": {"domain": list(order)},
               "axis": {"title": None, "labelAngle": 0, "labelOverlap": True,
                        "grid": False}}  # fmt: skip
    y: Spec = {"field": "value", "type": "quantitative", "scale": {"zero": False},
               "axis": upright(words.axis, 18, 5)}  # fmt: skip
    color: Spec = {"field": "who", "type": "nominal",
                   "scale": {"domain": names, "range": list(_COLORS[: len(names)])},
                   "legend": {"title": None, "orient": "bottom", "columns": 2}}  # fmt: skip
    dash = {"field": "who", "type": "nominal", "legend": None,
            "scale": {"domain": names, "range": list(_DASHES[: len(names)])}}  # fmt: skip
    data: Spec = {"values": values}
    lines: Spec = {
        "data": data,
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {"x": x, "y": y, "color": color, "strokeDash": dash,
                     "detail": {"field": "line"}},
    }  # fmt: skip
    dots: Spec = {
        "data": data,
        "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1, "stroke": PAPER,
                 "strokeWidth": 1},
        "encoding": {"x": x, "y": y, "color": color,
                     "tooltip": [{"field": "who", "title": " "}, {"field": "period", "title": "  "},
                                 {"field": "text", "title": "   "}]},
    }  # fmt: skip
    layers = [*([_breaks(breaks, order)] if breaks else []), lines, dots]
    return figure(layers, title=words.title, subtitle=words.subtitle,
                  description=words.description, width=_WIDTH, height=240)  # fmt: skip


def _breaks(breaks: Sequence[str], order: Sequence[str]) -> Spec:
    """Return a dashed line at each period that begins a new definition."""
    return {
        "data": {"values": [{"period": period} for period in breaks]},
        "mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 3]},
        "encoding": {"x": {"field": "period", "type": "ordinal",
                           "scale": {"domain": list(order)}}},
    }  # fmt: skip
