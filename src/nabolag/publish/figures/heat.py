"""What lifts and lowers each of some areas: areas down, parts across, a colour for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nabolag.publish.figures.base import Spec, Words, figure, names_expression
from nabolag.publish.figures.palette import INK, PAPER

_STEP, _ROW = 62, 24
#: From what lowers most, by nothing, to what lifts most; both ends dark, so lightness tells too.
_COLORS: Final = ("#123f6b", "#659fce", "#f1efea", "#d0803a", "#7d3510")


@dataclass(frozen=True, slots=True)
class Box:
    """One area and part: how much it lifts (below 0: lowers), and what to say of it."""

    area: str
    part: str
    value: float | None
    text: str


def heat(
    boxes: Sequence[Box], areas: Mapping[str, str], parts: Mapping[str, str], words: Words
) -> Spec:
    """Return the figure. `areas` and `parts` give names by the keys that boxes have, in order."""
    values: list[dict[str, Any]] = [
        {"area": box.area, "part": box.part, "name": areas[box.area], "what": parts[box.part],
         "value": None if box.value is None else round(box.value, 6), "text": box.text}
        for box in boxes
    ]  # fmt: skip
    most = max((abs(v["value"]) for v in values if v["value"] is not None), default=0.0) or 1.0
    data: Spec = {"values": values}
    return figure(
        [_rects(data, areas, parts, most, words), _texts(data, areas, parts, most)],
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        width=_STEP * len(parts),
        height={"step": _ROW},
    )


def _rects(
    data: Spec, areas: Mapping[str, str], parts: Mapping[str, str], most: float, words: Words
) -> Spec:
    scale = {
        "domain": [-most, -most / 2, 0, most / 2, most],
        "range": list(_COLORS),
        "interpolate": "rgb",
    }
    return {
        "data": data,
        "transform": [{"filter": "datum.value !== null"}],
        "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 2},
        "encoding": {
            **_axes(areas, parts),
            "color": {"field": "value", "type": "quantitative", "scale": scale,
                      "legend": {"title": words.axis, "orient": "bottom", "format": ".2~f",
                                 "gradientLength": 200, "tickCount": 5}},
            "tooltip": [{"field": "name"}, {"field": "what"}, {"field": "text"}],
        },
    }  # fmt: skip


def _texts(data: Spec, areas: Mapping[str, str], parts: Mapping[str, str], most: float) -> Spec:
    dark = f"datum.value !== null && abs(datum.value) > {most * 0.7}"
    return {
        "data": data,
        "mark": {"type": "text", "fontSize": 11, "aria": False},
        "encoding": {
            **_axes(areas, parts),
            "text": {"field": "text"},
            "color": {"condition": {"test": dark, "value": PAPER}, "value": INK},
        },
    }


def _axes(areas: Mapping[str, str], parts: Mapping[str, str]) -> Spec:
    across: Spec = {"title": None, "orient": "top", "labelAngle": -35, "labelAlign": "left",
                    "labelLimit": 190, "labelColor": INK, "grid": False,
                    "labelExpr": names_expression(parts)}  # fmt: skip
    down: Spec = {"title": None, "labelColor": INK, "labelLimit": 220, "grid": False,
                  "labelExpr": names_expression(areas)}  # fmt: skip
    return {
        "x": {"field": "part", "type": "nominal", "sort": list(parts), "axis": across},
        "y": {"field": "area", "type": "nominal", "sort": list(areas), "axis": down},
    }
