"""An indicator in one area, group by group: dots with intervals, in the order declared."""

from __future__ import annotations

from typing import Any

from nabolag.core import Lang, label
from nabolag.publish.figures.base import Spec, drawn, figure, no_figures, source_layer
from nabolag.publish.figures.dots import Lines, dots, intervals, marked_line, words
from nabolag.publish.views.model import Breakdown, GroupRow

_WIDTH = 420
_STEP = 24


def groups(view: Breakdown, lang: Lang, highlight: str = "") -> Spec:
    """Return a dot and its interval for each group, beside everybody's line.

    Groups stand as they are declared, not by their figures. Groupings that describe background
    are not drawn: they stand in a table of their own. `highlight` is the group to draw strongly.
    """
    title = label("publish.chart.groups_title", lang, indicator=view.label, by=view.by)
    subtitle = f"{view.name}. {view.period_text}"
    rows = _rows(view, highlight)
    if all(row["value"] is None for row in rows):
        return no_figures(title, subtitle, lang)
    # A gap has a name of its own, which no reader sees.
    names = {row["key"]: row["name"] for row in rows}
    lines = Lines(rows, names, view.unit, lang)
    bounded = any(row["lower"] is not None for row in rows)
    told = [subtitle, label("publish.chart.interval", lang)] if bounded else [subtitle]
    layers = [_everybody(view), intervals(lines), dots(lines), words(lines, _WIDTH)]
    layers += [source_layer(view.source_text, _WIDTH, 48)] if view.source_text else []
    return figure(
        [layer for layer in layers if layer],
        title=title,
        subtitle=". ".join(told),
        description=_alt(view, title, lang),
        width=_WIDTH,
        height={"step": _STEP},
    )


def _rows(view: Breakdown, highlight: str) -> list[dict[str, Any]]:
    """Return the lines from the top, an empty one between two groupings."""
    found: list[dict[str, Any]] = []
    for place, grouping in enumerate(view.groupings):
        found += [_gap(place)] if place else []
        found += [_row(row, view.unit, highlight) for row in grouping.rows]
    return found


def _row(row: GroupRow, unit: str, highlight: str) -> dict[str, Any]:
    shown = row.shown
    return {
        "key": row.group,
        "name": row.text,
        "value": drawn(shown.value, unit),
        "lower": drawn(shown.lower, unit),
        "upper": drawn(shown.upper, unit),
        "text": shown.text,
        "interval": shown.interval_text,
        "strong": row.group == highlight,
    }


def _gap(place: int) -> dict[str, Any]:
    empty = dict.fromkeys(("value", "lower", "upper"))
    return {"key": f" {place}", "name": "", **empty, "text": "", "interval": "", "strong": False}


def _everybody(view: Breakdown) -> Spec:
    """Return everybody's line. A count of all is no measure beside the counts of its parts."""
    shown = view.everybody.shown
    if shown.value is None or view.unit == "count":
        return {}
    return marked_line(shown.value, f"{view.everybody.text} {shown.text}", view.unit)


def _alt(view: Breakdown, title: str, lang: Lang) -> str:
    rows = [view.everybody, *(row for grouping in view.groupings for row in grouping.rows)]
    points = " ".join(f"{row.text}: {row.shown.text}." for row in rows)
    return label("publish.chart.groups_alt", lang, title=title, name=view.name,
                 period=view.period_text, points=points)  # fmt: skip
