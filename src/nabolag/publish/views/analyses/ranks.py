"""Ranks: which place each area has, and which it may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.places import Place, places
from nabolag.publish.numbers import format_count, format_number, spanned
from nabolag.publish.text import Ref, Sentence, say, together
from nabolag.publish.views.analyses.common import (
    area_cell,
    choices_of,
    columns_of,
    in_words,
    page_of,
)
from nabolag.publish.views.analyses.model import (
    AnalysisView,
    Asked,
    Cell,
    Picture,
    TableView,
)
from nabolag.publish.views.facts import Facts
from nabolag.store import Analysed


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return every area's place for one indicator and period, and how sure it is."""
    sets = analysed.facts["sets"]
    indicator, period, choosing = choices_of(facts, sets, asked, lang)
    one = _set(sets, indicator, period)
    rows = _rows(analysed, indicator, period)
    return page_of(
        facts,
        analysed,
        _opening(facts, analysed, one, lang),
        lang,
        [indicator] if indicator else [],
        choosing=choosing,
        pictures=_pictures(facts, rows, one, lang),
        tables=(_table(facts, analysed, rows, lang),),
        sure=_sure(analysed, one, rows, lang),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say an area's place for each indicator that is ranked, in its latest period."""
    if level != analysed.spec["level"]:
        return None
    table = analysed.table("ranks").filter(pl.col("area") == code, pl.col("rank").is_not_null())
    latest = {one["indicator"]: one for one in analysed.facts["sets"]}
    said = [
        _of_area(facts, analysed, row, int(latest[row["indicator"]]["ranked"]), lang)
        for row in table.iter_rows(named=True)
        if row["period"] == latest[row["indicator"]]["period"]
    ]
    return together(*said) if said else None


def _set(
    sets: list[dict[str, Any]], indicator: str | None, period: str | None
) -> Mapping[str, Any] | None:
    for one in sets:
        if (one["indicator"], one["period"]) == (indicator, period):
            return one
    return None


def _rows(analysed: Analysed, indicator: str | None, period: str | None) -> list[dict[str, Any]]:
    table = analysed.table("ranks").filter(
        pl.col("indicator") == indicator, pl.col("period") == period
    )
    return table.sort("rank", "area", nulls_last=True).to_dicts()


def _opening(
    facts: Facts, analysed: Analysed, one: Mapping[str, Any] | None, lang: Lang
) -> Sentence:
    if one is None or not one["ranked"]:
        return say("ranks.nothing", lang)
    may, sure, ranked = one["may_be_top"], one["is_top"], one["ranked"]
    words = {
        **in_words(facts, one, lang),
        "ranked": format_count(ranked, lang),
        "may": format_count(may, lang),
        "top": format_count(analysed.spec["top"], lang),
        "first": _first(analysed, lang),
    }
    if may == ranked and sure == 0:
        return say("ranks.all_may", lang, (), **words)
    tail = say("ranks.surely" if sure else "ranks.none_surely", lang, n=format_count(sure, lang))
    return together(say("ranks.opening", lang, (), n=may, **words), tail)


def _first(analysed: Analysed, lang: Lang) -> str:
    return label(f"ranks.first_{analysed.spec['first']}", lang)


def _of_area(
    facts: Facts, analysed: Analysed, row: Mapping[str, Any], ranked: int, lang: Lang
) -> Sentence:
    lower, upper = row["lower"], row["upper"]
    key = "of_area_sure" if lower == upper else "of_area"
    if (lower, upper) == (1, ranked) and ranked > 1:
        key = "of_area_any"
    counts = {name: format_count(row[name], lang) for name in ("rank", "lower", "upper")}
    ref = Ref(row["level"], row["area"], row["indicator"], row["period"])
    words = {**in_words(facts, row, lang), **counts, "first": _first(analysed, lang)}
    return say(f"ranks.{key}", lang, [ref], ranked=format_count(ranked, lang), **words)


def _span(lower: int, upper: int, lang: Lang) -> str:
    ends = [format_count(lower, lang), format_count(upper, lang)]
    return ends[0] if lower == upper else spanned(*ends)


def _place(facts: Facts, row: Mapping[str, Any], lang: Lang) -> Place:
    told = _span(row["lower"], row["upper"], lang)
    return Place(
        name=facts.name(row["level"], row["area"], lang),
        rank=row["rank"],
        lower=row["lower"],
        upper=row["upper"],
        all_lower=row["all_lower"],
        all_upper=row["all_upper"],
        text=label("ranks.place_text", lang, rank=format_count(row["rank"], lang), set=told),
    )


def _pictures(
    facts: Facts, rows: list[dict[str, Any]], one: Mapping[str, Any] | None, lang: Lang
) -> tuple[Picture, ...]:
    ranked = [row for row in rows if row["rank"] is not None]
    if one is None or not ranked:
        return ()
    named = in_words(facts, one, lang)
    drawn = [_place(facts, row, lang) for row in ranked]
    words = Words(
        title=f"{named['indicator']}, {named['period']}",
        subtitle=label("ranks.picture_note", lang),
        description=label("ranks.alt", lang, n=None, areas=len(drawn), **named),
        axis=label("ranks.axis", lang),
    )
    return (Picture("places", label("ranks.picture", lang), places(drawn, words)),)


def _table(facts: Facts, analysed: Analysed, rows: list[dict[str, Any]], lang: Lang) -> TableView:
    top = format_count(analysed.spec["top"], lang)
    keys = ("area", "value", "rank", "alone", "at_once", "top")
    columns = columns_of("ranks", keys, ("value", "rank"), lang, top=top)
    cells = tuple(_cells(facts, row, lang) for row in rows)
    note = label("ranks.note", lang, first=_first(analysed, lang))
    return TableView("ranks", label("ranks.table", lang), columns, cells, note)


def _cells(facts: Facts, row: Mapping[str, Any], lang: Lang) -> tuple[Cell, ...]:
    place = (row["level"], row["area"])
    shown = facts.shown(*place, row["indicator"], row["period"], lang)
    first = (area_cell(facts, *place, lang), Cell(shown.text, shown.value))
    if row["rank"] is None:
        none = label("ranks.no_place", lang)
        return (*first, Cell(none), Cell(none), Cell(none), Cell(none))
    held = "is" if row["is_top"] else "may" if row["may_be_top"] else "no"
    top = label(f"ranks.top_{held}", lang)
    return (
        *first,
        Cell(format_count(row["rank"], lang), row["rank"]),
        Cell(_span(row["lower"], row["upper"], lang), row["lower"]),
        Cell(_span(row["all_lower"], row["all_upper"], lang), row["all_lower"]),
        Cell(top, top),
    )


def _sure(
    analysed: Analysed, one: Mapping[str, Any] | None, rows: list[dict[str, Any]], lang: Lang
) -> tuple[str, ...]:
    confidence = analysed.spec["confidence"] * 100
    share = format_number(confidence, lang, 0 if confidence == round(confidence) else 1)
    said = [label("ranks.sure.sets", lang, share=share), label("ranks.sure.meaning", lang)]
    if one is not None and one["ranked"] < len(rows):
        unranked = len(rows) - one["ranked"]
        counts = {"unranked": unranked, "everybody": len(rows), "ranked": one["ranked"]}
        words = {name: format_count(count, lang) for name, count in counts.items()}
        said.append(label("ranks.sure.unknown", lang, n=None, **words))
    return tuple(said)
