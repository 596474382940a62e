"""Schemes as bars along time, coloured by how firm they are, with the day that is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from nabolag.publish.figures.base import Spec, Words, figure, names_expression
from nabolag.publish.figures.palette import INK, MUNICIPALITY, PAPER

_WIDTH, _ROW = 560, 28


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of a scheme: its row, its ends, how firm it is, and what to say of it."""

    row: str
    since: date
    until: date
    status: str
    text: str


#: The colour of each status; what is not in force is lighter, and told by words beside it.
COLORS: Final = {
    "in_force": "#2a6fa8",
    "proposed": "#d0803a",
    "announced": "#ecbd79",
    "recommended": "#8d6cab",
    "example": "#8b8f94",
}


def timeline(
    bars: Sequence[Bar],
    names: Mapping[str, str],
    statuses: Mapping[str, str],
    at: date,
    words: Words,
) -> Spec:
    """Return the figure. `names` gives each row's words, in order; `statuses` those of statuses."""
    values: list[dict[str, Any]] = [
        {"row": bar.row, "since": bar.since.isoformat(), "until": bar.until.isoformat(),
         "status": statuses[bar.status], "name": names[bar.row], "text": bar.text}
        for bar in bars
    ]  # fmt: skip
    shown = [code for code in statuses if any(bar.status == code for bar in bars)]
    scale = {
        "domain": [statuses[code] for code in shown],
        "range": [COLORS[code] for code in shown],
    }
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "bar", "height": 13, "stroke": PAPER, "strokeWidth": 1},
            "encoding": {
                "y": _rows(names),
                "x": {"field": "since", "type": "temporal",
                      "axis": {"title": None, "format": "%Y", "orient": "top", "tickCount": 10}},
                "x2": {"field": "until"},
                "color": {"field": "status", "type": "nominal", "scale": scale,
                          "legend": {"title": None, "orient": "bottom", "columns": 3}},
                "tooltip": [{"field": "name"}, {"field": "status"}, {"field": "text"}],
            },
        },
        {
            "data": {"values": [{"at": at.isoformat(), "text": words.axis}]},
            "mark": {"type": "rule", "color": MUNICIPALITY, "strokeWidth": 2},
            "encoding": {"x": {"field": "at", "type": "temporal"},
                         "tooltip": [{"field": "text"}]},
        },
    ]  # fmt: skip
    return figure(
        layers, title=words.title, subtitle=words.subtitle, description=words.description,
        width=_WIDTH, height=max(_ROW * len(names), 60),
    )  # fmt: skip


def _rows(names: Mapping[str, str]) -> Spec:
    axis = {"title": None, "labelColor": INK, "labelLimit": 300, "grid": False,
            "labelExpr": names_expression(names)}  # fmt: skip
    return {"field": "row", "type": "nominal", "sort": list(names), "axis": axis}
