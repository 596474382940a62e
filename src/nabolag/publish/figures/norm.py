"""The teacher norm: group sizes against need with the ceilings, and over years with the norm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nabolag.publish.figures.base import Spec, Words, figure, upright
from nabolag.publish.figures.palette import AREA, MUNICIPALITY, MUTED, PAPER, PARENT

_WIDTH, _HEIGHT = 520, 300
_COLORS: Final = (AREA, MUNICIPALITY, PARENT)


@dataclass(frozen=True, slots=True)
class SchoolDot:
    """One school: its need, its group size, the two ceilings, and what to say of it."""

    name: str
    need: float
    size: float | None
    equal: float
    ceiling: float
    text: str


@dataclass(frozen=True, slots=True)
class YearDot:
    """A stage in a year: group size and the norm's ceiling."""

    year: str
    stage: str
    size: float | None
    maximum: float | None


def ceilings(
    dots: Sequence[SchoolDot], marks: Mapping[str, str], words: Words, across: str
) -> Spec:
    """Return schools by need, with the equal ceiling and one that follows need.

    `marks` has the words for `size`, `equal` and `ceiling`; `across` names the horizontal axis.
    """
    values = [
        {"name": d.name, "need": round(d.need, 4), "size": d.size, "equal": d.equal,
         "ceiling": round(d.ceiling, 3), "text": d.text}
        for d in sorted(dots, key=lambda d: d.need)
    ]  # fmt: skip
    data: Spec = {"values": values}
    order = [marks[key] for key in ("size", "equal", "ceiling")]
    scale = {"domain": order, "range": [AREA, MUTED, MUNICIPALITY]}
    color: Spec = {"datum": None, "type": "nominal", "scale": scale,
                   "legend": {"title": None, "orient": "bottom", "columns": 1}}  # fmt: skip

    def layer(field: str, mark: dict[str, Any], **more: Any) -> Spec:
        return {
            "data": data,
            "transform": [{"filter": f"datum.{field} !== null"}],
            "mark": mark,
            "encoding": {
                "x": {"field": "need", "type": "quantitative",
                      "axis": {"title": across, "format": ".1~f", "tickCount": 6}},
                "y": {"field": field, "type": "quantitative", "scale": {"zero": False},
                      "axis": upright(words.axis)},
                "color": {**color, "datum": marks[field]},
                **more,
            },
        }  # fmt: skip

    told = [{"field": "name"}, {"field": "text"}]
    dot = {"type": "point", "filled": True, "size": 60, "opacity": 0.9, "stroke": PAPER,
           "strokeWidth": 0.6}  # fmt: skip
    return figure(
        [
            layer("equal", {"type": "line", "strokeWidth": 1.5, "strokeDash": [5, 3]}),
            layer("ceiling", {"type": "line", "strokeWidth": 2.2}),
            layer("size", dot, tooltip=told),
        ],
        title=words.title, subtitle=words.subtitle, description=words.description,
        width=_WIDTH, height=_HEIGHT,
    )  # fmt: skip


def years(dots: Sequence[YearDot], words: Words, maximum: str) -> Spec:
    """Return group sizes by stage over years as lines, and the norm's ceilings as dashes.

    `maximum` is what the dashes are called.
    """
    stages = list(dict.fromkeys(dot.stage for dot in dots))
    values = [
        {"year": d.year, "stage": d.stage, "size": d.size, "maximum": d.maximum} for d in dots
    ]
    order = list(dict.fromkeys(d.year for d in dots))
    scale = {"domain": stages, "range": list(_COLORS[: len(stages)])}
    base: Spec = {
        "x": {"field": "year", "type": "ordinal", "sort": order,
              "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}},
        "color": {"field": "stage", "type": "nominal", "scale": scale,
                  "legend": {"title": None, "orient": "bottom"}},
    }  # fmt: skip

    def layer(field: str, mark: dict[str, Any]) -> Spec:
        y = {"field": field, "type": "quantitative", "scale": {"zero": False},
             "axis": upright(words.axis)}  # fmt: skip
        return {
            "data": {"values": values},
            "transform": [{"filter": f"datum.{field} !== null"}],
            "mark": mark,
            "encoding": {**base, "y": y,
                         "tooltip": [{"field": "year"}, {"field": "stage"},
                                     {"field": field, "format": ".1f"}]},
        }  # fmt: skip

    line = {"type": "line", "strokeWidth": 2.5, "point": {"size": 35, "filled": True}}
    dashes = {"type": "line", "strokeWidth": 1.4, "strokeDash": [4, 3], "interpolate": "step-after"}
    subtitle = f"{words.subtitle} {maximum}".strip()
    return figure(
        [layer("maximum", dashes), layer("size", line)],
        title=words.title, subtitle=subtitle, description=words.description,
        width=_WIDTH, height=240,
    )  # fmt: skip
