"""Which time each figure is about, from the ways in which producers write it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nabolag.core import Period, PeriodKind

_DATED = re.compile(r"(\d{4})(?:-\d{2}-\d{2}(?:[T ].*)?|\.0)?")
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4}|\d{2})")
_SPAN = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})")
_QUARTER = re.compile(r"(\d{4})\s*-?\s*[KkQq]v?\.?\s*([1-4])")
_MONTH = re.compile(r"(\d{4})\s*(?:[Mm-])?\s*(0[1-9]|1[0-2])(?:-\d{2})?")


def read_period(text: str, kind: PeriodKind) -> Period | None:
    """Return the period a text names, or `None` where it names none of that kind.

    A year may be written as a date or as a number («2018», «2018-01-01», «2018.0»), a school
    year as «2018-19», a span as «2016–2018», a quarter as «2018K4» or «2018Q4», a month as
    «2018M05», «2018-05» or «201805».
    """
    try:
        return _READERS[kind](text.strip())
    except ValueError:
        return None


def read_periods(texts: Iterable[str], kind: PeriodKind) -> dict[str, str]:
    """Return the written form of every text that names a period; the others are absent."""
    known = {text: read_period(text, kind) for text in texts}
    return {text: str(period) for text, period in known.items() if period is not None}


def _year(text: str) -> Period | None:
    found = _DATED.fullmatch(text)
    return Period.parse(found.group(1)) if found else None


def _school_year(text: str) -> Period | None:
    found = _SCHOOL_YEAR.fullmatch(text)
    if not found:
        return None
    start, end = found.groups()
    whole = end if len(end) == 4 else start[:2] + end if end != "00" else str(int(start) + 1)
    return Period.parse(f"{start}/{whole}")


def _span(text: str) -> Period | None:
    found = _SPAN.fullmatch(text)
    return Period.parse(f"{found.group(1)}-{found.group(2)}") if found else None


def _quarter(text: str) -> Period | None:
    found = _QUARTER.fullmatch(text)
    return Period.parse(f"{found.group(1)}K{found.group(2)}") if found else None


def _month(text: str) -> Period | None:
    found = _MONTH.fullmatch(text)
    return Period.parse(f"{found.group(1)}M{found.group(2)}") if found else None


_READERS = {
    PeriodKind.YEAR: _year,
    PeriodKind.SCHOOL_YEAR: _school_year,
    PeriodKind.SPAN: _span,
    PeriodKind.QUARTER: _quarter,
    PeriodKind.MONTH: _month,
}
