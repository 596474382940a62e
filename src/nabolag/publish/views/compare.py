"""How a figure stands to another, and to all others: differences, spreads, runs of years.

A difference is *certain* when the other figure lies outside the area's own interval. That is a
simple, open rule: it takes the other figure as known, and each comparison by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nabolag.core import Indicator, Kind, Lang, Unit, Worse, label
from nabolag.publish.numbers import format_difference, format_value, shown_value
from nabolag.publish.views.model import Difference, Shown, Spread


def difference(own: Shown, other: Shown | None, against: str, indicator: Indicator,
               lang: Lang) -> Difference:  # fmt: skip
    """Compare an area's figure with another's. `against` is `municipality` or `country`."""
    if other is not None and (own.level, own.area) == (other.level, other.area):
        return _cannot("itself", against, lang)
    if indicator.unit is Unit.COUNT:
        return _cannot("count", against, lang)
    if own.value is None:
        return _cannot("no_own", against, lang)
    if other is None or other.value is None:
        return _cannot("no_other", against, lang)
    side = _side(own.value, other.value, indicator)
    certainty = _certainty(own, other.value)
    return Difference(
        side=side,
        certainty=certainty,
        words=_words(side, certainty, against, lang),
        basis=_basis(own, other.value, against, indicator, lang),
        meaning=_meaning(side, certainty, indicator),
        value=own.value - other.value,
        text=format_difference(own.value - other.value, indicator, lang),
        against=against,
    )


def is_all_of(against: str, lang: Lang) -> Difference:
    """Return what is said of an area that is the whole of what it would be compared with."""
    return _cannot("whole", against, lang)


def _cannot(form: str, against: str, lang: Lang) -> Difference:
    name = label(f"sentence.difference.{against}", lang)
    words = label(f"sentence.difference.{form}", lang, other=name)
    basis = (
        ""
        if form in ("itself", "count", "whole")
        else label("sentence.difference.basis_absent", lang)
    )
    return Difference("unknown", "unknown", words, basis, against=against)


def _side(own: float, other: float, indicator: Indicator) -> str:
    """Compare as shown: what reads the same is level."""
    here, there = shown_value(own, indicator), shown_value(other, indicator)
    if here == there:
        return "level"
    return "above" if here > there else "below"


def _certainty(own: Shown, other: float) -> str:
    if own.lower is None or own.upper is None:
        return "unknown"
    return "uncertain" if own.lower <= other <= own.upper else "certain"


def _words(side: str, certainty: str, against: str, lang: Lang) -> str:
    name = label(f"sentence.difference.{against}", lang)
    rest = label(f"sentence.difference.{against}_rest", lang)
    if certainty == "uncertain":
        form = "uncertain"
    elif side == "level":
        form = "equal"
    else:
        form = side if certainty == "certain" else f"{side}_unknown"
    return label(f"sentence.difference.{form}", lang, other=name, rest=rest)


def _basis(own: Shown, other: float, against: str, indicator: Indicator, lang: Lang) -> str:
    if not own.interval_text:
        return label("sentence.difference.basis_none", lang)
    name = label(f"sentence.difference.{against}", lang)
    value = format_value(other, indicator, lang)
    words: dict[str, Any] = {"interval": own.interval_text, "other": name, "value": value}
    return label("sentence.difference.basis_interval", lang, **words)


def _meaning(side: str, certainty: str, indicator: Indicator) -> str:
    if certainty != "certain" or side == "level" or indicator.kind is Kind.BACKGROUND:
        return ""
    if indicator.worse is Worse.NEITHER:
        return ""
    harder = (side == "above") == (indicator.worse is Worse.HIGH)
    return "harder" if harder else "easier"


def spread(values: Sequence[float], indicator: Indicator, lang: Lang) -> Spread | None:
    """Return lowest, quartiles, median and highest (linear interpolation); `None` for none."""
    if not values:
        return None
    ordered = sorted(values)
    five = [quantile(ordered, share) for share in (0, 0.25, 0.5, 0.75, 1)]
    low, middle, high = (format_value(five[at], indicator, lang) for at in (0, 2, 4))
    facts: dict[str, Any] = {"count": len(ordered), "low": low, "median": middle, "high": high}
    return Spread(
        count=len(ordered),
        lowest=five[0],
        lower_quartile=five[1],
        median=five[2],
        upper_quartile=five[3],
        highest=five[4],
        text=label("publish.spread.text", lang, n=len(ordered), **facts),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of sorted values by linear interpolation (Hyndman–Fan type 7)."""
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)
