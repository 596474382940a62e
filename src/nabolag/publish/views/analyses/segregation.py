"""Segregation: how unevenly groups live, what chance gives, and what is hidden. Never a score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from nabolag.core import Kind, Lang, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.curves import Moment, history
from nabolag.publish.groups import group_words, grouping_words
from nabolag.publish.numbers import format_count, format_number, format_period, per_cent, spanned
from nabolag.publish.text import Ref, Sentence, say
from nabolag.publish.views.analyses.common import own_row, page_of
from nabolag.publish.views.analyses.model import (
    AnalysisView,
    Asked,
    Cell,
    Choosing,
    Column,
    Picture,
    TableView,
)
from nabolag.publish.views.analyses.shown import (
    Shown,
    led_by,
    parts_sentence,
    parts_table,
    what_is_shown,
)
from nabolag.publish.views.facts import Facts, in_time_order
from nabolag.store import Analysed

_NUMERIC = ("value", "expected", "corrected", "p_value", "units", "hidden")
#: Indices that are shares, and are read as per cent.
_SHARES = ("isolation", "exposure", "spatial_isolation")
#: What is shown first where there are two groups, and where there are more.
_FIRST_OF_TWO, _FIRST_OF_MORE = "dissimilarity", "information"
_LIKELY_CHANCE = 0.05


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page for one place, indicator and period."""
    shown, choosing = what_is_shown(facts, analysed, "indices", asked, lang)
    if shown is None:
        return page_of(facts, analysed, say("segregation.nothing", lang), lang)
    return _page(shown, choosing)


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say how unevenly groups live inside an area, where it is one that is measured."""
    if own_row(analysed, "indices", level, code) is None:
        return None
    shown, _ = what_is_shown(facts, analysed, "indices", Asked(area=code), lang)
    return _opening(shown) if shown is not None else None


def _page(shown: Shown, choosing: tuple[Choosing, ...]) -> AnalysisView:
    lead = [_chance(shown), _contacts(shown), parts_sentence(shown), _change(shown)]
    return page_of(
        shown.facts,
        shown.analysed,
        _opening(shown),
        shown.lang,
        [shown.indicator],
        lead=led_by(lead),
        choosing=choosing,
        pictures=_pictures(shown),
        tables=_tables(shown),
        sure=_sure(shown),
    )


def _by(shown: Shown) -> str:
    return str(shown.analysed.spec["by"])


def _first(shown: Shown) -> str:
    return _FIRST_OF_MORE if _by(shown) else _FIRST_OF_TWO


def _indices(shown: Shown) -> dict[str, dict[str, Any]]:
    return {row["index"]: row for row in shown.rows("indices").iter_rows(named=True)}


def _name(shown: Shown, index: str) -> str:
    return label(f"segregation.index.{index}", shown.lang)


def _written(shown: Shown, index: str, value: float) -> str:
    if index in _SHARES:
        return per_cent(value, shown.lang, 1)
    return format_number(value, shown.lang, 3)


def _opening(shown: Shown) -> Sentence:
    row, lang = _indices(shown)[_first(shown)], shown.lang
    named = shown.named
    refs = [Ref(*shown.place, shown.indicator, shown.period)]
    if row["value"] is None and row["at_least"] is None:
        reason = label(f"segregation.reason.{row['reason']}", lang)
        return say("segregation.not_known", lang, refs, reason=reason, **named)
    if row["value"] is None:
        ends = {"low": row["at_least"], "high": row["at_most"]}
        words = {key: _written(shown, row["index"], end) for key, end in ends.items()}
        words["index"] = _name(shown, row["index"])
        return say("segregation.bounds", lang, refs, **words, **named)
    if _by(shown):
        words = {"grouping": grouping_words((_by(shown),), lang)}
        words["value"] = _written(shown, row["index"], row["value"])
        return say("segregation.several", lang, refs, **words, **named)
    return say("segregation.two", lang, refs, share=per_cent(row["value"], lang), **named)


def _chance(shown: Shown) -> Sentence:
    row = _indices(shown)[_first(shown)]
    if row["expected"] is None:
        return Sentence("")
    key = "more" if row["p_value"] <= _LIKELY_CHANCE else "chance"
    expected = row["expected"]
    told = _written(shown, row["index"], expected) if _by(shown) else per_cent(expected, shown.lang)
    return say(f"segregation.{key}", shown.lang, expected=told)


def _contacts(shown: Shown) -> Sentence:
    if _by(shown):
        return Sentence("")
    rows = shown.rows("contacts").filter(pl.col("to") == "counted")
    found = dict(rows.select("of", "value").iter_rows())
    if len(found) < 2:
        return Sentence("")
    own, other = (per_cent(found[of], shown.lang, 1) for of in ("counted", "rest"))
    return say("segregation.contacts", shown.lang, own=own, other=other)


def _changed(shown: Shown) -> dict[str, Any]:
    """Return the parts of the change that ends in the period shown; empty where there is none."""
    if not shown.has("changes"):
        return {}
    held = shown.analysed.table("changes").filter(
        pl.col("level") == shown.place[0],
        pl.col("area") == shown.place[1],
        pl.col("indicator") == shown.indicator,
        pl.col("to") == shown.period,
    )
    if held.is_empty():
        return {}
    parts: dict[str, Any] = dict(held.select("part", "value").iter_rows())
    return parts | {"from": held["from"][0], "to": held["to"][0]}


def _ends(shown: Shown, change: Mapping[str, Any]) -> dict[str, str]:
    return {end: format_period(change[end], shown.lang) for end in ("from", "to")}


def _signed(shown: Shown, value: float) -> str:
    written = format_number(value, shown.lang, 4)
    return f"+{written}" if value > 0 and any(c in "123456789" for c in written) else written


def _change(shown: Shown) -> Sentence:
    change = _changed(shown)
    if not change:
        return Sentence("")
    ends = _ends(shown, change)
    if shown.entry.breaks_between(change["from"], change["to"]):
        return say("segregation.change_broken", shown.lang, (), **ends)
    parts = ("total", "composition", "structure")
    words = {part: _signed(shown, change[part]) for part in parts}
    return say("segregation.change", shown.lang, (), **words, **ends)


def _tables(shown: Shown) -> tuple[TableView, ...]:
    made = [_index_table(shown), _contact_table(shown)]
    if shown.has("parts"):
        made.append(parts_table(shown))
    made.append(_change_table(shown))
    return tuple(table for table in made if table is not None and table.rows)


def _index_table(shown: Shown) -> TableView:
    keys = ("index", "value", "expected", "corrected", "p_value", "units", "hidden")
    rows = [_index_row(shown, row) for row in _indices(shown).values()]
    return shown.table("indices", shown.columns(keys, _NUMERIC), rows)


def _index_row(shown: Shown, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    index, lang = row["index"], shown.lang
    name = _name(shown, index)
    counts = [Cell(format_count(row[key], lang), row[key]) for key in ("units", "hidden")]
    against = [Cell(label("segregation.not_reckoned", lang))] * 3
    if row["expected"] is not None:
        told = [_written(shown, index, row[key]) for key in ("expected", "corrected")]
        told.append(format_number(row["p_value"], lang, 3))
        keys = ("expected", "corrected", "p_value")
        against = [Cell(t, row[key]) for t, key in zip(told, keys, strict=True)]
    return (Cell(name, name), _value(shown, row), *against, *counts)


def _value(shown: Shown, row: Mapping[str, Any]) -> Cell:
    if row["value"] is not None:
        return Cell(_written(shown, row["index"], row["value"]), row["value"])
    if row["at_least"] is None:
        return Cell(label(f"segregation.reason.{row['reason']}", shown.lang))
    ends = [_written(shown, row["index"], row[end]) for end in ("at_least", "at_most")]
    return Cell(spanned(*ends), row["at_least"])


def _group(shown: Shown, group: str) -> str:
    if _by(shown):
        return group_words(group, shown.lang)
    return label(f"segregation.group.{group}", shown.lang)


def _contact_table(shown: Shown) -> TableView | None:
    held = shown.rows("contacts")
    if held.is_empty():
        return None
    groups = held["to"].unique(maintain_order=True).to_list()
    first = shown.columns(("of",), ())
    columns = first + tuple(Column(f"to-{i}", _group(shown, g), True) for i, g in enumerate(groups))
    found = {(of, to): value for of, to, value in held.select("of", "to", "value").iter_rows()}
    rows = []
    for of in held["of"].unique(maintain_order=True):
        cells = [Cell(per_cent(found[of, to], shown.lang, 1), found[of, to]) for to in groups]
        rows.append((Cell(_group(shown, of), of), *cells))
    return shown.table("contacts", columns, rows)


def _change_table(shown: Shown) -> TableView | None:
    change = _changed(shown)
    if not change:
        return None
    rows = []
    for part in ("composition", "structure", "come", "gone", "total"):
        name = label(f"segregation.part.{part}", shown.lang)
        rows.append((Cell(name, name), Cell(_signed(shown, change[part]), change[part])))
    columns = shown.columns(("part", "value"), _NUMERIC)
    return shown.table("changes", columns, rows, **_ends(shown, change))


def _pictures(shown: Shown) -> tuple[Picture, ...]:
    index, lang = _first(shown), shown.lang
    held = shown.rows("indices", every_period=True).filter(pl.col("index") == index)
    rows = {row["period"]: row for row in held.iter_rows(named=True)}
    told = [row for row in rows.values() if row["value"] is not None or row["at_least"] is not None]
    if len(told) < 2:
        return ()
    periods = in_time_order(rows)
    moments = [_moment(shown, rows[period]) for period in periods]
    named = {key: shown.named[key] for key in ("indicator", "place")}
    ends = {"from": periods[0], "to": periods[-1]}
    when = {end: format_period(period, lang) for end, period in ends.items()}
    name = _name(shown, index)
    hidden = any(row["hidden"] for row in rows.values())
    words = Words(
        title=f"{named['indicator']}, {named['place']}",
        subtitle=label("segregation.picture.history_note", lang) if hidden else "",
        description=label("segregation.picture.alt", lang, n=None, index=name, **named, **when),
        axis=name,
    )
    title = label("segregation.picture.history", lang)
    return (Picture("history", title, history(moments, words)),)


def _moment(shown: Shown, row: Mapping[str, Any]) -> Moment:
    text = _value(shown, row).text
    when = format_period(row["period"], shown.lang, short=True)
    return Moment(when, row["value"], row["at_least"], row["at_most"], text)


def _sure(shown: Shown) -> tuple[str, ...]:
    lang, draws = shown.lang, shown.analysed.spec["draws"]
    counted = any(row["expected"] is not None for row in _indices(shown).values())
    chance = label("segregation.sure.no_chance", lang)
    if counted:
        chance = label("segregation.sure.chance", lang, draws=format_count(draws, lang))
    said = [chance, label("segregation.sure.compare", lang)]
    if shown.entry.kind is Kind.BACKGROUND or _by(shown) in shown.facts.background:
        said.insert(0, label("segregation.sure.background", lang))
    return tuple(said)
