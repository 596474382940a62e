"""What a household is paid along income, before and after a reform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nabolag.publish.figures.base import Spec, Words, figure, upright
from nabolag.publish.figures.palette import AREA, INK, MUNICIPALITY

_WIDTH, _HEIGHT = 520, 260


@dataclass(frozen=True, slots=True)
class Paid:
    """One line: what it is called, and kroner a month at each income."""

    name: str
    incomes: Sequence[float]
    amounts: Sequence[float]


def paid_along_income(
    lines: Sequence[Paid], own: tuple[float, float], words: Words, across: str
) -> Spec:
    """Return the lines and a dot at one household (`own`: income and amount)."""
    values = [
        {"line": line.name, "income": income, "paid": round(amount, 2)}
        for line in lines
        for income, amount in zip(line.incomes, line.amounts, strict=True)
    ]
    names = [line.name for line in lines]
    scale = {"domain": names, "range": [AREA, MUNICIPALITY][: len(names)]}
    x: Spec = {"field": "income", "type": "quantitative",
               "axis": {"title": across, "format": ",.0f", "tickCount": 6}}  # fmt: skip
    y: Spec = {
        "field": "paid",
        "type": "quantitative",
        "axis": {**upright(words.axis, ticks=5), "format": ",.0f"},
    }
    line: Spec = {
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 2.4, "opacity": 0.9},
        "encoding": {
            "x": x, "y": y,
            "color": {"field": "line", "type": "nominal", "scale": scale,
                      "legend": {"title": None, "orient": "bottom"}},
            "strokeDash": {"field": "line", "type": "nominal", "legend": None,
                           "scale": {"domain": names, "range": [[1, 0], [6, 3]][: len(names)]}},
        },
    }  # fmt: skip
    dot: Spec = {
        "data": {"values": [{"income": own[0], "paid": round(own[1], 2)}]},
        "mark": {"type": "point", "filled": True, "size": 90, "color": INK, "opacity": 1},
        "encoding": {"x": x, "y": y,
                     "tooltip": [{"field": "income", "format": ",.0f"},
                                 {"field": "paid", "format": ",.0f"}]},
    }  # fmt: skip
    return figure(
        [line, dot], title=words.title, subtitle=words.subtitle, description=words.description,
        width=_WIDTH, height=_HEIGHT,
    )  # fmt: skip
