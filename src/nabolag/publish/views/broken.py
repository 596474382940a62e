"""Where a series breaks: what a chart draws and a table says between two periods."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nabolag.core import Indicator, Lang, label
from nabolag.geography.dated import ESTIMATED
from nabolag.publish.numbers import format_period
from nabolag.publish.shown import Shown
from nabolag.publish.views.pieces import SeriesBreak


def series_breaks(entry: Indicator, periods: Sequence[str], lang: Lang) -> tuple[SeriesBreak, ...]:
    """Return the breaks that lie between the first and the last of some periods in time order.

    A break stands before the first of the periods that follows the new definition, which may be
    later than the one the change names where nobody has figures for that one.
    """
    if not periods:
        return ()
    inside = entry.breaks_between(periods[0], periods[-1])
    found = []
    for change in inside:
        after = next(p for p in periods if change in entry.breaks_between(periods[0], p))
        when = format_period(change.from_period, lang)
        words = label("publish.break.text", lang, period=when, what=change.what.in_(lang))
        found.append(SeriesBreak(after, format_period(after, lang, short=True), words))
    return tuple(found)


def border_breaks(points: Sequence[Shown], lang: Lang) -> tuple[SeriesBreak, ...]:
    """Return the breaks of an area's series where figures stop, or begin, to be estimated.

    A figure that was moved from other borders is estimated where an area was divided; beside one
    that was counted, a step between the two may be the conversion alone.
    """
    numbers = [point for point in points if point.has_value]
    found = []
    for before, after in pairwise(numbers):
        if (before.recoded in ESTIMATED) != (after.recoded in ESTIMATED):
            guess = before if before.recoded in ESTIMATED else after
            words = label("recoded.break", lang, period=after.period_text, how=guess.recoded_text)
            short = format_period(after.period, lang, short=True)
            found.append(SeriesBreak(after.period, short, words))
    return tuple(found)
