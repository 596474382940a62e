"""Tables of a composite index: the areas, the weights, what moves places, parts, changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_count, format_number, format_period, per_cent, spanned
from nabolag.publish.views.analyses.common import (
    area_cell,
    columns_of,
    indicator_cell,
    number_cell,
    share_cell,
)
from nabolag.publish.views.analyses.model import Cell, TableView
from nabolag.publish.views.facts import Facts
from nabolag.store import Analysed


def every(facts: Facts, analysed: Analysed, lang: Lang) -> tuple[TableView, ...]:
    """Return the tables that there is something in, the areas first."""
    found = [_areas(facts, analysed, lang), _weights(facts, analysed, lang)]
    if analysed.facts["importance"]:
        found.append(_importance(analysed, lang))
    if "parts" in analysed.tables:
        found.append(_parts(facts, analysed, lang))
    if "changes" in analysed.tables:
        found.append(_changes(facts, analysed, lang))
    if analysed.facts["outliers"]:
        found.append(_outliers(facts, analysed, lang))
    return tuple(found)


def _areas(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    top = format_count(analysed.spec["redraw"]["top"], lang)
    numeric = ("rank", "score", "in_top", "known")
    columns = (
        *columns_of("index", ("area", "rank", "score", "places"), numeric, lang),
        *columns_of("index", ("in_top",), numeric, lang, top=top),
        *columns_of("index", ("known",), numeric, lang),
    )
    rows = analysed.table("areas").sort("rank", "area", nulls_last=True).iter_rows(named=True)
    return TableView(
        "areas", label("index.table", lang), columns,
        tuple(_row(facts, row, lang) for row in rows), label("index.table_note", lang),
    )  # fmt: skip


def _row(facts: Facts, row: Mapping[str, Any], lang: Lang) -> tuple[Cell, ...]:
    area = area_cell(facts, row["level"], row["area"], lang)
    known = Cell(format_count(row["known"], lang), row["known"])
    if row["rank"] is None:
        why = Cell(label(f"index.reason.{row['reason']}", lang))
        unknown = Cell(label("analysis.unknown_cell", lang))
        return (area, why, unknown, unknown, unknown, known)
    low, high = (format_count(row[end], lang) for end in ("rank_low", "rank_high"))
    return (
        area,
        Cell(format_count(row["rank"], lang), row["rank"]),
        number_cell(row["score"], lang, 2),
        Cell(low if low == high else spanned(low, high), row["rank_low"]),
        share_cell(row["in_top"], lang),
        known,
    )


def _weights(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    rows = tuple(
        (indicator_cell(facts, iid, lang), Cell(per_cent(share, lang, 1), share))
        for iid, share in analysed.facts["weights"].items()
    )
    columns = columns_of("index", ("indicator", "weight"), ("weight",), lang)
    return TableView("weights", label("index.weights_table", lang), columns, rows)


def _importance(analysed: Analysed, lang: Lang) -> TableView:
    """Return what moves the places most, by share of the variance."""
    rows = tuple(
        (
            Cell(label(f"index.choice.{factor}", lang), factor),
            _share(share["first"], share["first_error"], lang),
            _share(share["total"], share["total_error"], lang),
        )
        for factor, share in analysed.facts["importance"].items()
    )
    columns = columns_of("index", ("choice", "first", "total"), ("first", "total"), lang)
    note = label("index.importance_note", lang)
    return TableView("importance", label("index.importance", lang), columns, rows, note)


def _share(share: float, error: float, lang: Lang) -> Cell:
    """Return an estimate of a share with its standard error; below 0 is none."""
    told = label("index.share", lang, share=per_cent(max(share, 0.0), lang),
                 error=per_cent(error, lang))  # fmt: skip
    return Cell(told, share)


def _parts(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    """Return each indicator's figure, where it stands and what it adds, for the first areas."""
    first = analysed.table("areas").filter(pl.col("rank") <= analysed.spec["redraw"]["top"])
    parts = analysed.table("parts").join(
        first.select("level", "area", "rank"), on=["level", "area"], how="inner"
    )
    rows = tuple(
        (
            area_cell(facts, row["level"], row["area"], lang),
            indicator_cell(facts, row["indicator"], lang),
            _figure(facts, row, lang),
            number_cell(row["scaled"], lang, 2),
            number_cell(row["contribution"], lang, 2),
        )
        for row in parts.sort("rank", "area", "indicator").iter_rows(named=True)
    )
    columns = columns_of("index", ("area", "indicator", "figure", "scaled", "contribution"),
                       ("figure", "scaled", "contribution"), lang)  # fmt: skip
    note = label("index.parts_note", lang)
    return TableView("parts", label("index.parts", lang), columns, rows, note)


def _figure(facts: Facts, row: Mapping[str, Any], lang: Lang) -> Cell:
    """Return the figure as it is published, and what was done to it before it was used."""
    shown = facts.shown(row["level"], row["area"], row["indicator"], row["period"], lang)
    done = [key for key in ("filled", "drawn_in") if row[key]]
    said = "; ".join([shown.text, *(label(f"index.{key}", lang) for key in done)])
    return Cell(said, shown.value)


def _changes(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    rows = tuple(
        (
            area_cell(facts, row["level"], row["area"], lang),
            number_cell(row["before"], lang, 2),
            number_cell(row["after"], lang, 2),
            number_cell(row["change"], lang, 2),
            Cell(label(f"index.moved.{row['moved']}", lang), row["moved"]),
        )
        for row in analysed.table("changes").sort("change", nulls_last=True).iter_rows(named=True)
    )
    columns = columns_of("index", ("area", "before", "after", "change", "moved"),
                       ("before", "after", "change"), lang)  # fmt: skip
    base, period = (format_period(analysed.facts[key], lang) for key in ("base", "period"))
    title = label("index.changes", lang, base=base, period=period)
    rate = format_number(100 * analysed.spec["false_discovery"], lang)
    note = label("index.changes_note", lang, base=base, rate=rate)
    return TableView("changes", title, columns, rows, note)


def _outliers(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    """Return what was done about figures far out."""
    rows = tuple(
        (
            indicator_cell(facts, one["indicator"], lang),
            Cell(format_count(one["low"], lang), one["low"]),
            Cell(format_count(one["high"], lang), one["high"]),
            Cell(label(f"index.log_{str(one['log']).lower()}", lang), float(one["log"])),
        )
        for one in analysed.facts["outliers"]
    )
    columns = columns_of("index", ("indicator", "low", "high", "log"), ("low", "high"), lang)
    return TableView("outliers", label("index.outliers_table", lang), columns, rows)
