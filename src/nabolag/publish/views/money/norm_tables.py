"""The tables of the page about the teacher norm, and the same as files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from nabolag.allocation.norm import STAGES, links, strengths
from nabolag.core import Lang, label
from nabolag.publish.numbers import (
    format_count,
    format_number,
    format_period,
    per_cent,
    spanned,
)
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.money.model import TableFile
from nabolag.publish.views.money.norm_printed import printed_rows
from nabolag.store import Bundle

if TYPE_CHECKING:
    from nabolag.publish.views.money.norm import NormFacts

_NAME = "teacher_norm"
_ORDER = {stage: place for place, stage in enumerate(STAGES)}


def stage_words(stage: str, lang: Lang) -> str:
    """Return a main stage in words: «1.–4. trinn»."""
    return label(f"norm.stage.{stage.replace('-', '_')}", lang)


def norm_tables(
    given: NormFacts, bundle: Bundle
) -> tuple[tuple[TableView, ...], tuple[TableFile, ...]]:
    """Return the tables of the page and their files: schools, link, years, before and after."""
    lang = given.lang
    thirds = bundle.frame(f"{_NAME}-thirds")
    lines = bundle.frame(f"{_NAME}-before_after")
    pieces: list[tuple[str, TableView, pl.DataFrame]] = [
        ("trinn", _years(given), given.years),
    ]
    if given.found is not None:
        differentiated = given.found.table
        pieces.append(("norm", _schools(given, differentiated), _plain(differentiated)))
        linked = links(differentiated)
        pieces.append(("sammenheng", _links(linked, lang), linked))
        compared = strengths(given.schools, given.how, given.year)
        pieces.append(("styrker", _strengths(compared, lang), compared))
    pieces.append(("for_etter", _before_after(lines, lang), lines))
    pieces.append(("tredeler", _thirds(thirds, lang), thirds))
    views = tuple(view for _, view, _ in pieces)
    return views, tuple(TableFile(name, view.title, frame) for name, view, frame in pieces)


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    return table.drop("owner", "standing", "met", "missing_fte", "maximum", "group_size")


def _columns(keys: Mapping[str, bool], lang: Lang) -> tuple[Column, ...]:
    return columns_of("norm", keys, [key for key, numeric in keys.items() if numeric], lang)


def _words(text: str) -> Cell:
    return Cell(text, text)


def _number(value: float | None, lang: Lang, decimals: int = 1) -> Cell:
    if value is None:
        return Cell(label("norm.unknown", lang))
    return Cell(format_number(value, lang, decimals), value)


def _years(given: NormFacts) -> TableView:
    """Return the years, the latest first: how many meet the norm, what is missing, its cost."""
    lang = given.lang
    keys = {"year": False, "stage": False, "maximum": True, "group_size": True, "met": True,
            "missing_fte": True, "cost": True}  # fmt: skip
    rows = [
        _year_cells(row, lang)
        for row in given.years.sort("year", "stage", descending=[True, False]).iter_rows(named=True)
    ]
    return TableView("trinn", label("norm.table.years", lang), _columns(keys, lang), tuple(rows),
                     label("norm.table.years_note", lang))  # fmt: skip


def _year_cells(row: Mapping[str, Any], lang: Lang) -> tuple[Cell, ...]:
    span = f"{row['year']}/{row['year'] + 1}"
    year = Cell(format_period(span, lang, short=True), row["year"])
    stage = Cell(stage_words(row["stage"], lang), _ORDER[row["stage"]])
    if row["maximum"] is None:
        none = label("norm.no_norm", lang)
        size = _number(row["group_size"], lang)
        return year, stage, Cell(none), size, Cell(none), Cell(none), Cell(none)
    met = label("norm.met_of", lang, met=format_count(row["met"], lang),
                judged=format_count(row["judged"], lang))  # fmt: skip
    return (
        year,
        stage,
        _number(row["maximum"], lang, 0),
        _number(row["group_size"], lang),
        Cell(met, row["met"] / row["judged"] if row["judged"] else None),
        _number(row["missing_fte"], lang),
        _number(row["cost"], lang, 0),
    )


def _schools(given: NormFacts, table: pl.DataFrame) -> TableView:
    """Return the schools of the chosen stage with today's size, both ceilings and posts."""
    lang = given.lang
    keys = {"school": False, "standard": True, "group_now": True, "equal": True, "met": False,
            "fte_equal": True, "ceiling": True, "group_new": True, "fte_new": True}  # fmt: skip
    part = table.filter(pl.col("stage") == given.stage).sort("standard", "name", nulls_last=True,
                                                            descending=[True, False])  # fmt: skip
    rows = tuple(_school_cells(row, lang) for row in part.iter_rows(named=True))
    title = label("norm.table.schools", lang, stage=stage_words(given.stage, lang))
    note = label("norm.table.schools_note", lang)
    return TableView("norm", title, _columns(keys, lang), rows, note)


def _school_cells(row: Mapping[str, Any], lang: Lang) -> tuple[Cell, ...]:
    met = label("norm.yes" if row["met"] else "norm.no", lang)
    return (
        _words(row["name"]),
        _number(row["standard"], lang),
        _number(row["group_now"], lang),
        _number(row["equal"], lang, 0),
        _words(met),
        _number(row["fte_equal"], lang, 2),
        _number(row["ceiling"], lang),
        _number(row["group_new"], lang),
        _number(row["fte_new"], lang, 2),
    )


def _links(table: pl.DataFrame, lang: Lang) -> TableView:
    keys = {"stage": False, "when": False, "slope": True, "correlation": True, "schools": True}
    rows = tuple(
        (
            Cell(stage_words(row["stage"], lang), _ORDER[row["stage"]]),
            _words(label(f"norm.when.{row['when']}", lang)),
            _number(row["slope"], lang, 2),
            _number(row["correlation"], lang, 2),
            Cell(format_count(row["schools"], lang), row["schools"]),
        )
        for row in table.iter_rows(named=True)
    )
    return TableView("sammenheng", label("norm.table.links", lang), _columns(keys, lang), rows,
                     label("norm.table.links_note", lang))  # fmt: skip


def _strengths(table: pl.DataFrame, lang: Lang) -> TableView:
    """Return what the norm comes to at several strengths, the budget as chosen."""
    columns = tuple(
        Column(key, label(f"norm.strength.{key}", lang), numeric=True) for key in table.columns
    )
    rows = tuple(
        (
            Cell(per_cent(row["strength"], lang), row["strength"]),
            *(_share(row[key], lang) for key in ("lowest", "highest")),
            *(_number(row[key], lang) for key in ("most_need", "middle", "least_need", "unknown")),
        )
        for row in table.iter_rows(named=True)
    )
    return TableView("styrker", label("norm.table.strengths", lang), columns, rows,
                     label("norm.table.strengths_note", lang))  # fmt: skip


def _share(share: float | None, lang: Lang) -> Cell:
    return _number(None, lang) if share is None else Cell(per_cent(share, lang), share)


def _before_after(table: pl.DataFrame, lang: Lang) -> TableView:
    """Return what groups have to do with points before and after, as tables B2–B7 lay it out.

    The report's own coefficients stand under those of the same stage.
    """
    keys = {"stage": False, "sample": False, "term": False, "before": False, "after": False,
            "both": False}  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for stage in STAGES:
        name = Cell(stage_words(stage, lang), _ORDER[stage])
        part = table.filter(pl.col("stage") == stage)
        rows += [(name, *cells) for cells in _own_rows(part, lang)]
        rows += [(name, *cells) for cells in printed_rows(stage, lang)]
    return TableView("for_etter", label("norm.table.before_after", lang), _columns(keys, lang),
                     tuple(rows), label("norm.table.before_after_note", lang))  # fmt: skip


def _own_rows(part: pl.DataFrame, lang: Lang) -> list[tuple[Cell, ...]]:
    """Return the rows of each sample and term that has anything to say."""
    rows = []
    for (sample,), lines in part.partition_by("sample", as_dict=True, maintain_order=True).items():
        for term in ("points", "after", "points_after"):
            cells = [_estimate(lines, one, term, lang) for one in ("before", "after", "both")]
            if any(cell.text for cell in cells):
                named = _words(label(f"norm.sample.{sample}", lang))
                rows.append((named, _words(label(f"norm.term.{term}", lang)), *cells))
    return rows


def _estimate(part: pl.DataFrame, column: str, term: str, lang: Lang) -> Cell:
    found = part.filter(pl.col("column") == column, pl.col("term") == term)
    if found.is_empty():
        return Cell("")
    row = found.row(0, named=True)
    if row["estimate"] is None:
        few = label("norm.too_few", lang, n=row["schools"])
        return Cell(few)
    low, high = (format_number(row[end], lang, 2) for end in ("lower", "upper"))
    number = format_number(row["estimate"], lang, 2)
    return Cell(f"{number} ({spanned(low, high)})", row["estimate"])


def _thirds(table: pl.DataFrame, lang: Lang) -> TableView:
    keys = {"sample": False, "stage": False, "third": False, "schools": True, "before": True,
            "after": True, "change": True}  # fmt: skip
    rows = tuple(
        (
            _words(label(f"norm.sample.{row['sample']}", lang)),
            Cell(stage_words(row["stage"], lang), _ORDER[row["stage"]]),
            _words(label(f"norm.third.{row['third']}", lang)),
            Cell(format_count(row["schools"], lang), row["schools"]),
            _number(row["before"], lang, 2),
            _number(row["after"], lang, 2),
            _number(row["change"], lang, 2),
        )
        for row in table.iter_rows(named=True)
    )
    return TableView("tredeler", label("norm.table.thirds", lang), _columns(keys, lang), rows,
                     label("norm.table.thirds_note", lang))  # fmt: skip
