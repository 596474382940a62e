"""Rows of tables as templates show them: links, sort keys, the order the address asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.core import Lang, error, has_label, label
from nabolag.publish.views.model import (
    AreaRow,
    Breakdown,
    IndicatorView,
    RankRow,
    Series,
    SeriesBreak,
    SpreadPoint,
)
from nabolag.web.places.links import area_href, feedback_href, indicator_href

SORT_KEYS = ("name", "value", "difference", "class")
_ALPHABET_END = "æøå"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One area in the ranked table. Sort keys are text, empty where there is no number."""

    code: str
    name: str
    href: str
    shown: Any
    sort: str
    difference: Any
    difference_sort: str
    class_code: str
    class_text: str
    class_sort: str
    reasons: tuple[str, ...] = ()
    years_text: str = ""


def ranking(rows: Sequence[RankRow], lang: Lang, level: str, period: str) -> list[TableRow]:
    """Return the rows of a view with links and sort keys, in the view's own order."""
    return [_table_row(row, lang, level, period) for row in rows]


def difference_heading(rows: Iterable[AreaRow | RankRow], lang: Lang) -> str:
    """Return the heading over differences, by whom they are from; empty where nobody is known."""
    against = next((row.difference.against for row in rows if row.difference.against), "")
    return label(f"web.table.difference_{against}", lang) if against else ""


def in_order(rows: Sequence[TableRow], sort: str) -> list[TableRow]:
    """Return the rows in the order that `sort` names; the given order for an empty one.

    Written `value` (rising) or `-value` (falling). Rows without a number stand last both ways.
    Raises `UserError` for a column that is not there.
    """
    if not sort:
        return list(rows)
    key, falling = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORT_KEYS:
        raise error("web_sort_unknown", given=sort, known=", ".join(SORT_KEYS))
    if key == "name":
        return sorted(rows, key=lambda row: alphabetical(row.name), reverse=falling)
    known = [row for row in rows if _sort_key(row, key) != ""]
    unknown = [row for row in rows if _sort_key(row, key) == ""]
    return sorted(known, key=lambda row: float(_sort_key(row, key)), reverse=falling) + unknown


def sort_marks(sort: str) -> dict[str, str]:
    """Return `aria-sort` by column for the order that is shown."""
    if not sort:
        return {}
    return {sort.removeprefix("-"): "descending" if sort.startswith("-") else "ascending"}


def sort_choices(sort: str, value_heading: str, lang: Lang, area_heading: str) -> list[Any]:
    """Return the orders a reader without scripts may choose."""
    written = (
        ("-value", "high_first", value_heading),
        ("value", "low_first", value_heading),
        ("name", "a_first", area_heading),
    )
    return [
        {
            "value": value,
            "text": label(f"web.table.{words}", lang, column=column),
            "selected": value == sort,
        }
        for value, words, column in written
    ]


def alphabetical(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts as the Norwegian alphabet does: å last, after æ and ø."""
    folded = name.casefold().replace("aa", "å")
    return tuple((1 + _ALPHABET_END.find(sign), sign) for sign in folded)


def indicator_rows(rows: Sequence[AreaRow], lang: Lang, level: str, code: str) -> list[Any]:
    """Return an area's rows with links to the indicator and to the form that reports a figure."""
    return [
        {
            "row": row,
            "href": indicator_href(lang, row.indicator, level=level, period=row.period),
            "feedback_href": feedback_href(
                lang, level=level, area=code, indicator=row.indicator, period=row.period
            ),
        }
        for row in rows
    ]


def group_columns(table: Breakdown) -> int:
    """Return how many columns a table of groups has."""
    return 2 + bool(table.municipality_name) + bool(table.country_name)


def history_table(row: AreaRow) -> Mapping[str, Any]:
    """Return an indicator's history as a table: one line a period, one column a series."""
    longest: Series = max(row.history, key=lambda series: len(series.points))
    broken = _broken(row.breaks)
    lines = [
        {
            "broken": broken.get(point.period, ""),
            "period_text": point.period_text,
            "cells": [series.points[place] for series in row.history],
        }
        for place, point in enumerate(longest.points)
    ]
    return {
        "id": f"tabell-{row.indicator}",
        "title": row.label,
        "series": row.history,
        "columns": len(row.history) + 1,
        "lines": lines,
    }


def _broken(breaks: Sequence[SeriesBreak]) -> dict[str, str]:
    """Return by period what parts it from the one before; two breaks at once are both told."""
    told: dict[str, str] = {}
    for one in breaks:
        told[one.period] = f"{told[one.period]} {one.text}" if one.period in told else one.text
    return told


def history_lines(view: IndicatorView) -> list[tuple[SpreadPoint, str]]:
    """Return each period of an indicator's history with the words of a break right before it."""
    broken = _broken(view.breaks)
    return [(point, broken.get(point.period, "")) for point in view.history]


def _table_row(row: RankRow, lang: Lang, level: str, period: str) -> TableRow:
    difference = row.difference.value
    heavy = {"0": "0", "1": "1", "2-3": "2", "4+": "4"}.get(row.accumulation, "")
    return TableRow(
        code=row.code,
        name=row.name,
        href=area_href(lang, level, row.code, period=period),
        shown=row.shown,
        sort="" if row.sort_value is None else repr(row.sort_value),
        difference=row.difference,
        difference_sort="" if difference is None else repr(difference),
        class_code=row.accumulation,
        class_text=row.accumulation_text or _class_words(row.accumulation, lang),
        class_sort=heavy,
        reasons=row.reasons,
        years_text=label("web.table.years", lang, n=row.years) if row.years else "",
    )


def _class_words(code: str, lang: Lang) -> str:
    key = f"accumulation.class.{code}"
    return label(key, lang) if code and has_label(key) else ""


def _sort_key(row: TableRow, key: str) -> str:
    return {"value": row.sort, "difference": row.difference_sort, "class": row.class_sort}[key]
