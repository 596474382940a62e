"""What every figure shares: the version of Vega-Lite, type, colours, titles, source line.

Specifications are plain dicts of Vega-Lite 6.4, the version that the renderer in Python and the
npm package of the web pages both have. They hold only inline data and never a script or an
address, so a page may show them under a strict content policy.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from nabolag.core import Lang, label
from nabolag.publish.figures.palette import FONT, INK, MUTED, PAPER, RULE

VEGA_LITE: str = "6.4"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

Spec: TypeAlias = dict[str, Any]

_NBSP = "\u00a0"
_NUMBERS: dict[Lang, Spec] = {
    "nb": {"decimal": ",", "thousands": _NBSP, "grouping": [3], "currency": ["", f"{_NBSP}kr"],
           "minus": "\N{MINUS SIGN}", "percent": f"{_NBSP}%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": [f"NOK{_NBSP}", ""],
           "minus": "\N{MINUS SIGN}", "percent": "%"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What is written around a figure. `axis` says what its axis, or its colours, measure."""

    title: str
    subtitle: str
    description: str
    axis: str = ""


def number_locale(lang: Lang) -> Spec:
    """Return the number locale of d3 for a language, for renderer and web page alike."""
    return dict(_NUMBERS["en" if lang == "en" else "nb"])


def time_locale(lang: Lang) -> Spec:
    """Return the time locale of d3 for a language."""
    from babel import Locale  # noqa: PLC0415

    locale = Locale.parse(lang)
    months, days = locale.months["stand-alone"], locale.days["stand-alone"]
    sunday_first = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%A %e. %B %Y %X",
        "date": "%d.%m.%Y" if lang != "en" else "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [days["wide"][day] for day in sunday_first],
        "shortDays": [days["abbreviated"][day] for day in sunday_first],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
    }


def figure(
    layers: Sequence[Spec], *, title: str, subtitle: str, description: str, width: int, **more: Any
) -> Spec:
    """Return a layered figure with title, subtitle and alternative text.

    `width` is in pixels; titles are wrapped to it.
    """
    return {
        "$schema": SCHEMA,
        "description": description,
        "title": {
            "text": wrapped(title, width, 8.2),
            "subtitle": wrapped(subtitle, width, 6.2) if subtitle else [],
        },
        "width": width,
        "layer": list(layers),
        "config": config(),
        **more,
    }


def config() -> Spec:
    """Return the calm look of every figure."""
    text = {"labelFont": FONT, "titleFont": FONT}
    return {
        "background": PAPER,
        "font": FONT,
        "padding": 16,
        "view": {"stroke": None},
        "title": {
            "anchor": "start", "frame": "group", "fontSize": 16, "fontWeight": 600, "color": INK,
            "subtitleFontSize": 12, "subtitleColor": MUTED, "subtitlePadding": 6, "offset": 18,
            "font": FONT, "subtitleFont": FONT, "lineHeight": 20, "subtitleLineHeight": 16,
        },
        "axis": {
            **text, "labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 12,
            "titleFontSize": 12, "titleFontWeight": 400, "gridColor": RULE, "gridOpacity": 0.7,
            "domain": False, "ticks": False, "labelPadding": 8, "titlePadding": 10,
        },
        "legend": {
            **text, "labelColor": INK, "titleColor": MUTED, "labelFontSize": 12,
            "titleFontSize": 12, "titleFontWeight": 400, "rowPadding": 6, "columnPadding": 18,
            "labelLimit": 320, "titleLimit": 320,
        },
    }  # fmt: skip


def upright(title: str, above: int = 14, ticks: int = 6) -> Spec:
    """Return a vertical axis whose title lies above it, to be read without turning the head."""
    return {"title": title, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end",
            "titleX": 0, "titleY": -above, "titleBaseline": "bottom",
            "tickCount": ticks}  # fmt: skip


def quoted(text: str) -> str:
    """Return a text as Vega's expressions write one."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def names_expression(names: Mapping[str, str]) -> str:
    """Return an expression that writes the name of a key; two areas may share a name."""
    pairs = ", ".join(f"{quoted(key)}: {quoted(name)}" for key, name in names.items())
    return f"({{{pairs}}})[datum.value]"


def source_layer(text: str, width: int, below: int) -> Spec:
    """Return the source line as a layer, so many pixels below the plotting area."""
    return {
        "data": {"values": [{"source": " "}]},
        "mark": {
            "type": "text", "align": "left", "baseline": "top", "fontSize": 11, "color": MUTED,
            "lineHeight": 15, "text": wrapped(text, width, 5.3), "aria": False,
        },
        "encoding": {"x": {"value": 0}, "y": {"value": {"expr": f"height + {below}"}}},
    }  # fmt: skip


def wrapped(text: str, width: int, letter: float) -> list[str]:
    """Return the text in lines that fit a width, letters being so many pixels on average."""
    letters = max(20, int(width / letter))
    lines = [textwrap.wrap(part, letters, break_long_words=False) for part in text.split("\n")]
    return [line for part in lines for line in part] or [""]


def no_figures(title: str, subtitle: str, lang: Lang, width: int = 420) -> Spec:
    """Return a figure that says there is nothing to show, in words."""
    words = label("publish.chart.no_figures", lang)
    layer = {
        "data": {"values": [{"words": words}]},
        "mark": {"type": "text", "align": "left", "fontSize": 13, "color": MUTED},
        "encoding": {"text": {"field": "words"}, "x": {"value": 0}, "y": {"value": 20}},
    }
    return figure([layer], title=title, subtitle=subtitle, description=f"{title}. {words}.",
                  width=width, height=40)  # fmt: skip


def scale_of(unit: str) -> float:
    """Return what an inner value is multiplied by on an axis: a share is drawn per cent."""
    return 100.0 if unit == "share" else 1.0


def drawn(value: float | None, unit: str) -> float | None:
    """Return a value as it is drawn, without binary noise."""
    return None if value is None else round(value * scale_of(unit), 6)


def axis_title(unit: str, lang: Lang) -> str:
    """Return what an axis counts, with a large first letter."""
    words = label(f"unit.{unit}", lang)
    return words[:1].upper() + words[1:]
