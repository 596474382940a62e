"""Two small drawings for each row of a profile: where the figure lies, and how it has moved.

They draw the figures of the row and compute nothing but places on paper. Area, municipality
and country are told apart by shape as well as by colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from nabolag.core import Lang, Unit, label
from nabolag.publish.figures.palette import AREA, BAND, COUNTRY, MUNICIPALITY, RULE
from nabolag.publish.views import AreaRow, Series, Shown

_SPINE: Final = (120.0, 16.0)
_TREND: Final = (72.0, 18.0)
_MARGIN: Final = 5.0
_COLORS: Final = {"area": AREA, "municipality": MUNICIPALITY, "country": COUNTRY}


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawing as SVG without text, what it shows in words, and a caption under it."""

    svg: str
    alt: str
    caption: str = ""


def spine_svg(row: AreaRow, lang: Lang) -> Mark | None:
    """Return the row's figures on the line from the lowest to the highest area of the level.

    `None` where no other area of the level has a figure to lie among.
    """
    if row.spread is None or row.spread.count < 2:
        return None
    others = {} if row.unit == Unit.COUNT else _others(row)
    shown: dict[str, Shown | None] = {**others, "area": row.shown}
    known = {role: s for role, s in shown.items() if s is not None and s.value is not None}
    own = (row.shown.lower, row.shown.upper) if row.shown.has_value else ()
    seen = (row.spread.lowest, row.spread.highest, *own, *(s.value for s in known.values()))
    ends = [number for number in seen if number is not None]
    at = _Scale(min(ends), max(ends), _MARGIN, _SPINE[0] - _MARGIN)
    middle = _SPINE[1] / 2
    spread = row.spread
    parts = [
        _bar(at(spread.lowest), at(spread.highest), middle, 5.0, BAND),
        _bar(at(spread.lower_quartile), at(spread.upper_quartile), middle, 5.0, "#b9c3ce"),
        *_interval(row.shown, at, middle),
        *(_shape(role, at(_number(s)), middle) for role, s in known.items()),
    ]
    words = label("report.spine_alt", lang, title=row.label, figures=_told(known.values()))
    return Mark(_svg(_SPINE, parts), f"{words} {spread.text}.")


def trend_svg(row: AreaRow, lang: Lang) -> Mark | None:
    """Return the row's history as lines with gaps; `None` with fewer than two periods."""
    own = row.history[0].points if row.history else ()
    drawn = row.history[:1] if row.unit == Unit.COUNT else row.history
    values = [p.value for series in drawn for p in series.points if p.value is not None]
    if len(own) < 2 or not values or all(point.value is None for point in own):
        return None
    across = _Scale(0, len(own) - 1, 3.0, _TREND[0] - 3.0)
    up = _Scale(min(values), max(values), _TREND[1] - 3.0, 3.0)
    parts = [_line([(3.0, _TREND[1] - 0.5), (_TREND[0] - 3.0, _TREND[1] - 0.5)], RULE, 0.6)]
    for series in reversed(drawn):
        parts += _history(series, across, up)
    caption = f"{own[0].period_text}–{own[-1].period_text}"
    alt = label("report.trend_alt", lang, title=row.label, trend=row.trend.text or caption)
    return Mark(_svg(_TREND, parts), alt, caption)


def _others(row: AreaRow) -> dict[str, Shown | None]:
    """Return whom the area is drawn beside. Never for counts: a town has more of all people."""
    return {"country": row.country, "municipality": row.municipality}


@dataclass(frozen=True, slots=True)
class _Scale:
    """Places numbers between two positions; a single number stands in the middle."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, number: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        part = (number - self.low) / (self.high - self.low)
        return self.start + min(max(part, 0.0), 1.0) * (self.end - self.start)


def _history(series: Series, across: _Scale, up: _Scale) -> list[str]:
    color = _COLORS.get(series.role, COUNTRY)
    width = 1.6 if series.role == "area" else 0.8
    places = [
        (across(at), None if point.value is None else up(point.value))
        for at, point in enumerate(series.points)
    ]
    drawn = []
    for known, run in groupby(places, key=lambda place: place[1] is not None):
        stretch = [(x, y) for x, y in run if y is not None]
        if known and len(stretch) > 1:
            drawn.append(_line(stretch, color, width))
        elif known:
            drawn.append(_dot(*stretch[0], 1.1, color))
    last = places[-1]
    if series.role == "area" and last[1] is not None:
        drawn.append(_dot(last[0], last[1], 2.0, color))
    return drawn


def _interval(shown: Shown, at: _Scale, middle: float) -> list[str]:
    if shown.value is None or shown.lower is None or shown.upper is None:
        return []
    return [_line([(at(shown.lower), middle), (at(shown.upper), middle)], AREA, 1.2)]


def _shape(role: str, x: float, y: float) -> str:
    """Return a dot for the area, a bar for the municipality, a diamond for the country.

    The same marks as in the comparison on the page.
    """
    if role == "area":
        return _dot(x, y, 3.4, AREA)
    if role == "municipality":
        place = f'x="{x - 1.2:.2f}" y="{y - 5.5:.2f}" width="2.4" height="11"'
        return f'<rect {place} fill="{MUNICIPALITY}"/>'
    corners = [(x, y - 4.0), (x + 4.0, y), (x, y + 4.0), (x - 4.0, y)]
    return _polygon(corners, COUNTRY)


def _told(figures: Iterable[Shown]) -> str:
    return ", ".join(f"{shown.name} {shown.text}" for shown in reversed(list(figures)))


def _number(shown: Shown) -> float:
    if shown.value is None:
        raise ValueError("only a known figure has a place")
    return shown.value


def _svg(size: tuple[float, float], parts: Sequence[str]) -> str:
    box = f'width="{size[0]:g}" height="{size[1]:g}" viewBox="0 0 {size[0]:g} {size[1]:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(parts)}</svg>'


def _bar(left: float, right: float, middle: float, height: float, color: str) -> str:
    width = max(right - left, 0.5)
    top = middle - height / 2
    place = f'x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}"'
    return f'<rect {place} rx="1.5" fill="{color}"/>'


def _line(points: Sequence[tuple[float, float]], color: str, width: float) -> str:
    told = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    stroke = f'stroke="{color}" stroke-width="{width:g}" stroke-linejoin="round"'
    return f'<polyline points="{told}" fill="none" {stroke} stroke-linecap="round"/>'


def _dot(x: float, y: float, radius: float, color: str) -> str:
    ring = 'stroke="#ffffff" stroke-width="0.8"'
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{color}" {ring}/>'


def _polygon(corners: Sequence[tuple[float, float]], color: str) -> str:
    told = " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)
    return f'<polygon points="{told}" fill="{color}" stroke="#ffffff" stroke-width="0.8"/>'
