"""A sharing: before and after by unit, and how far other weights would move the kroner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nabolag.publish.figures.base import Spec, Words, figure, names_expression
from nabolag.publish.figures.palette import AREA, BAND, MUNICIPALITY, PAPER

_WIDTH: Final = 420
_ROW: Final = 22


@dataclass(frozen=True, slots=True)
class Change:
    """A unit's kroner before and after, how they are written, and the interval of other weights."""

    unit: str
    name: str
    before: int | None
    after: int
    text: str
    low: float | None = None
    high: float | None = None


def before_and_after(changes: Sequence[Change], words: Words, names: tuple[str, str]) -> Spec:
    """Return bars from zero to what each unit gets, and a mark at what it had.

    `names` are what the mark and the bar stand for. Units stand in the order given; where the
    interval of other weights is known it is drawn as a pale line through the bar's end.
    """
    before, after = names
    values = [
        {"unit": c.unit, "name": c.name, "before": c.before, "after": c.after, "text": c.text,
         "low": c.low, "high": c.high}
        for c in changes
    ]  # fmt: skip
    data: Spec = {"values": values}
    named = {c.unit: c.name for c in changes}
    axis: Spec = {"title": None, "labelLimit": 170, "labelExpr": names_expression(named)}
    y: Spec = {"field": "unit", "type": "nominal", "sort": [c.unit for c in changes], "axis": axis}
    told = [{"field": "name", "title": " "}, {"field": "text", "title": "  "}]

    def x(field: str) -> Spec:
        top = {"title": words.axis, "orient": "top", "tickCount": 5, "format": ",.0f"}
        return {"field": field, "type": "quantitative", "scale": {"zero": True}, "axis": top}

    legend: Spec = {"scale": {"domain": [after, before], "range": [AREA, MUNICIPALITY]},
                    "legend": {"title": None, "orient": "bottom"}}  # fmt: skip
    bars: Spec = {
        "data": data,
        "mark": {"type": "bar", "height": 12, "opacity": 0.85},
        "encoding": {"y": y, "x": x("after"), "color": {"datum": after, **legend},
                     "tooltip": told},
    }  # fmt: skip
    spread: Spec = {
        "data": data,
        "transform": [{"filter": "datum.low !== null"}],
        "mark": {"type": "rule", "color": BAND, "strokeWidth": 4, "opacity": 0.9},
        "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}},
    }
    marks: Spec = {
        "data": data,
        "transform": [{"filter": "datum.before !== null"}],
        "mark": {"type": "tick", "thickness": 3, "size": 17, "stroke": PAPER, "strokeWidth": 0.5},
        "encoding": {"y": y, "x": x("before"), "color": {"datum": before, **legend},
                     "tooltip": told},
    }  # fmt: skip
    return figure(
        [bars, spread, marks], title=words.title, subtitle=words.subtitle,
        description=words.description, width=_WIDTH, height=max(3, len(changes)) * _ROW,
    )  # fmt: skip
