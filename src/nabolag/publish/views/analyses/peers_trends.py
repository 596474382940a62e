"""An area through time beside its comparison groups, with breaks shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.base import Words, axis_title, drawn
from nabolag.publish.figures.versus import Mark, versus
from nabolag.publish.numbers import format_count, format_period, format_value, shown_value
from nabolag.publish.text import Ref, Sentence, inside, say
from nabolag.publish.views.analyses.common import area_choice, choices_of, columns_of, number_cell
from nabolag.publish.views.analyses.model import (
    Asked,
    Cell,
    Choosing,
    Picture,
    TableView,
)
from nabolag.publish.views.facts import Facts, in_time_order
from nabolag.store import Analysed


@dataclass(frozen=True, slots=True)
class Trends:
    """What the page shows of one area and indicator: choices, a picture, a table, a sentence."""

    choosing: tuple[Choosing, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[TableView, ...] = ()
    lead: tuple[Sentence, ...] = ()


def trends_of(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> Trends:
    """Return the trends of the area and the indicator that are asked for, else the first."""
    if "trends" not in analysed.tables:
        return Trends()
    table = analysed.table("trends")
    area, places = area_choice(facts, table, asked, lang)
    if area is None:
        return Trends()
    own = table.filter(pl.col("level") == area[0], pl.col("area") == area[1])
    held = own.select("indicator", "period").unique(maintain_order=True).to_dicts()
    # The period is no choice here: all are shown.
    plain = Asked(indicator=asked.indicator)
    indicator, _, offered = choices_of(facts, held, plain, lang)
    if indicator is None:
        return Trends(places)
    rows = own.filter(pl.col("indicator") == indicator).to_dicts()
    kept = tuple(one for one in offered if one.name == "indicator")
    latest = latest_sentence(facts, rows, lang)
    return Trends(
        (*places, *kept),
        (_picture(facts, rows, lang),),
        (_table(facts, rows, lang),),
        (latest,) if latest else (),
    )


def latest_sentence(facts: Facts, rows: list[dict[str, Any]], lang: Lang) -> Sentence | None:
    """Say where an area lies beside its first group in the latest period both are known."""
    whole = [row for row in rows if row["value"] is not None and row["reference"] is not None]
    if not whole:
        return None
    last = in_time_order(row["period"] for row in whole)[-1]
    row = next(row for row in whole if row["period"] == last)
    entry = facts.release.indicators[row["indicator"]]
    key = _where(row, facts)
    return say(
        f"peers.beside.{key}",
        lang,
        [Ref(row["level"], row["area"], row["indicator"], row["period"])],
        indicator=inside(entry.label.in_(lang)),
        group=group_name(facts, row, lang),
        own=format_value(row["value"], entry, lang),
        reference=format_value(row["reference"], entry, lang),
        area=facts.name(row["level"], row["area"], lang),
        period=format_period(row["period"], lang),
    )


def _where(row: Mapping[str, Any], facts: Facts) -> str:
    """Return above, below, or like: within the interval, or the same as it is written."""
    entry = facts.release.indicators[row["indicator"]]
    if shown_value(row["value"], entry) == shown_value(row["reference"], entry):
        return "same"
    lower, upper = row["lower"], row["upper"]
    if lower is not None and upper is not None and lower <= row["reference"] <= upper:
        return "like"
    return "above" if row["value"] > row["reference"] else "below"


def group_name(facts: Facts, row: Mapping[str, Any], lang: Lang) -> str:
    """Return what a comparison group is called."""
    if row["against"] == "nearest":
        return label("peers.group.nearest", lang)
    name = facts.name(row["group_level"], row["group"], lang)
    if row["against"] in ("municipality", "country"):
        return name
    return label("peers.group.inside", lang, name=name) if row["basis"] != "figure" else name


def _picture(facts: Facts, rows: list[dict[str, Any]], lang: Lang) -> Picture:
    first = rows[0]
    entry = facts.release.indicators[first["indicator"]]
    name = facts.name(first["level"], first["area"], lang)
    order = in_time_order(row["period"] for row in rows)
    whole: dict[str, Mark] = {}
    others: list[Mark] = []
    for row in rows:
        when = format_period(row["period"], lang, short=True)
        if row["value"] is not None:
            told = format_value(row["value"], entry, lang)
            value = drawn(row["value"], entry.unit) or 0.0
            whole[row["period"]] = Mark(name, when, value, told, row["segment"])
        if row["reference"] is not None:
            told = format_value(row["reference"], entry, lang)
            value = drawn(row["reference"], entry.unit) or 0.0
            who = group_name(facts, row, lang)
            others.append(Mark(who, when, value, told, row["segment"]))
    segment = {row["period"]: row["segment"] for row in rows}
    breaks = [format_period(b, lang, short=True) for a, b in pairwise(order)
              if segment[a] != segment[b]]  # fmt: skip
    note = label("peers.breaks" if breaks else "peers.no_breaks", lang)
    title = entry.label.in_(lang)
    words = Words(
        title=title,
        subtitle=note,
        description=label("peers.alt", lang, indicator=title, area=name),
        axis=axis_title(entry.unit, lang),
    )
    shown = [format_period(one, lang, short=True) for one in order]
    spec = versus([*whole.values(), *others], shown, breaks, words)
    return Picture("trends", label("peers.trends", lang), spec)


def _table(facts: Facts, rows: list[dict[str, Any]], lang: Lang) -> TableView:
    keys = ("period", "own", "group", "reference", "basis", "members")
    columns = columns_of("peers", keys, ("own", "reference"), lang)
    order = {period: place for place, period in
             enumerate(in_time_order(row["period"] for row in rows))}  # fmt: skip
    ordered = sorted(rows, key=lambda r: -order[r["period"]])
    note = label("peers.trends_note", lang)
    cells = tuple(_row(facts, row, order, lang) for row in ordered)
    return TableView("trends", label("peers.trends", lang), columns, cells, note)


def _row(
    facts: Facts, row: Mapping[str, Any], order: Mapping[str, int], lang: Lang
) -> tuple[Cell, ...]:
    entry = facts.release.indicators[row["indicator"]]
    own = facts.shown(row["level"], row["area"], row["indicator"], row["period"], lang)
    group = group_name(facts, row, lang)
    reference = number_cell(None, lang)
    if row["reference"] is not None:
        reference = Cell(format_value(row["reference"], entry, lang), row["reference"])
    basis = label(f"peers.basis.{row['basis'] or 'none'}", lang)
    level = Level(row["level"]).plural.in_(lang)
    of = label("peers.members", lang, known=format_count(row["known"], lang),
               members=format_count(row["members"], lang), level=level)  # fmt: skip
    told = "–" if row["basis"] == "figure" else of
    return (
        Cell(format_period(row["period"], lang), float(order[row["period"]])),
        Cell(own.text, own.value),
        Cell(group, group),
        reference,
        Cell(basis, basis),
        Cell(told, row["known"]),
    )
