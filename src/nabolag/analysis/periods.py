"""Which period's figure is used for which classified period. Years are never mixed unsaid."""

from __future__ import annotations

from collections.abc import Iterable

from nabolag.core import Period, PeriodKind

_PREFERENCE = {
    PeriodKind.MONTH: 0,
    PeriodKind.QUARTER: 1,
    PeriodKind.SCHOOL_YEAR: 2,
    PeriodKind.SPAN: 3,
    PeriodKind.YEAR: 4,
}

_KINDS = sorted(kind.value for kind in PeriodKind)


def ordinal(period: Period) -> int:
    """Return a number that grows by one from a period to the next of its kind."""
    if period.kind is PeriodKind.QUARTER:
        return period.end * 4 + period.part
    if period.kind is PeriodKind.MONTH:
        return period.end * 12 + period.part
    return period.end


def step(period: Period) -> int:
    """Return a number that sorts by kind and then time, one more where a period follows another.

    Kinds are a million apart, further than any two periods of a kind.
    """
    return _KINDS.index(period.kind.value) * 1_000_000 + ordinal(period)


def _order(text: str) -> tuple[int, int, int, int]:
    period = Period.parse(text)
    return period.end, _PREFERENCE[period.kind], period.part, period.start


def targets(periods: Iterable[str]) -> list[str]:
    """Return the periods that can be classified: one for each year in which figures end.

    Where several kinds of period end in the same year, the year itself names it, else a pooled
    span (of several the shortest), a school year, the last quarter, the last month.
    """
    by_year: dict[int, str] = {}
    for text in sorted(set(periods), key=_order):
        by_year[Period.parse(text).end] = text
    return [by_year[year] for year in sorted(by_year)]


def used_period(target: str, available: Iterable[str], max_age: int) -> str | None:
    """Return the period whose figure stands for `target`: the latest, at most `max_age` older.

    Age is counted from end year to end year. A later period is never used. `None` where there is
    none.
    """
    end = Period.parse(target).end
    fitting = [text for text in available if 0 <= end - Period.parse(text).end <= max_age]
    return max(fitting, key=_order, default=None)
