"""The tables of the page about spending models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.publish.spending.layout import layout_of, method_name
from nabolag.publish.spending.numbers import format_coefficient, format_p
from nabolag.publish.spending.sentences import interval_words
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.money.spending_shown import Shown
from nabolag.spending import name_of, named_models

_LEADS = "▸ "
_METHODS = ("robust", "cluster", "jackknife", "wild", "randomisation")


def catalogue_table(lang: Lang) -> TableView:
    """Return the report's tables that can be estimated: facts, whatever a release holds."""
    columns = columns_of("spending.page", ("table", "title", "row", "lines", "id"), (), lang)
    rows = tuple(
        (
            Cell(spec.table, at),
            Cell(spec.title.in_(lang)),
            Cell(label(f"spending.page.rows.{spec.unit}", lang)),
            Cell(spec.lines),
            Cell(spec.id),
        )
        for at, spec in enumerate(named_models().values())
    )
    title = label("spending.page.catalogue", lang)
    return TableView("katalog", title, columns, rows, label("spending.page.catalogue_note", lang))


def coefficient_table(shown: Shown) -> TableView:
    """Return the outcome's columns as the report prints them, errors beside the coefficients."""
    lang = shown.lang
    layout = layout_of(shown.model, lang, shown.outcome)
    first = Column("term", label("spending.page.term", lang))
    rest = (Column(f"c{at}", number, numeric=True) for at, number in enumerate(layout.numbers))
    rows: list[tuple[Cell, ...]] = []
    for at, row in enumerate(layout.rows):
        if row.kind == "error":
            continue
        after = layout.rows[at + 1] if at + 1 < len(layout.rows) else None
        below = after if after is not None and after.kind == "error" else None
        cells = row.cells
        if below is not None:
            cells = tuple(f"{a} {b}".strip() for a, b in zip(row.cells, below.cells, strict=True))
        rows.append((Cell(row.heading, row.heading), *(Cell(one) for one in cells)))
    title = label("spending.page.table", lang, outcome=name_of(shown.outcome, lang))
    return TableView("tabell", title, (first, *rest), tuple(rows), " ".join(layout.notes))


def methods_table(shown: Shown) -> TableView:
    """Return what every method says of the term the page opens with, column by column."""
    lang = shown.lang
    keys = ("column", "method", "se", "p", "interval", "groups", "how")
    numeric = {"se", "p", "groups"}
    columns = columns_of("spending.page", keys, numeric, lang)
    rows = [
        _method_row(shown, number, one)
        for number in shown.numbers
        for method in _METHODS
        for one in _said(shown, number, method)
    ]
    name = name_of(shown.term, lang) if shown.term else ""
    title = label("spending.page.methods", lang, term=name)
    return TableView("metoder", title, columns, tuple(rows),
                     label("spending.page.methods_note", lang))  # fmt: skip


def _said(shown: Shown, number: int, method: str) -> list[dict[str, Any]]:
    return shown.model.inference.filter(
        pl.col("term") == shown.term, pl.col("column") == number, pl.col("method") == method
    ).to_dicts()


def _method_row(shown: Shown, number: int, one: Mapping[str, Any]) -> tuple[Cell, ...]:
    lang, column = shown.lang, shown.model.column(number)
    leads = _LEADS if one["method"] == column["lead"] else ""
    grouped = one["method"] in ("cluster", "jackknife", "wild") and column["clusters"]
    se = format_coefficient(one["se"], lang) if one["se"] is not None else ""
    p = format_p(one["p"], lang) if one["p"] is not None else ""
    interval = interval_words(one, lang) if one["lower"] is not None else ""
    known = one["status"] == "known"
    status = "" if known else label(f"spending.page.status.{one['status']}", lang)
    drawn = _draws(one, shown)
    return (
        Cell(f"({number})", number),
        Cell(leads + method_name(one["method"], lang)),
        Cell(se, one["se"]),
        Cell(p, one["p"]),
        Cell(interval),
        Cell(format_number(column["clusters"], lang) if grouped else "", column["clusters"]),
        Cell(", ".join(part for part in (drawn, status) if part)),
    )


def _draws(one: Mapping[str, Any], shown: Shown) -> str:
    if not one["draws"]:
        return ""
    lang, draws = shown.lang, format_number(one["draws"], shown.lang)
    if one["method"] == "randomisation":
        return label("spending.page.draws.dealt", lang, draws=draws)
    kind, *every = one["weights"].split(", ")
    weights = label(f"spending.page.draws.{kind}", lang)
    key = "every" if every else "drawn"
    return label(f"spending.page.draws.{key}", lang, draws=draws, weights=weights)


def choices_table(shown: Shown) -> TableView:
    """Return what the model rests on: what the report states, and what was chosen here."""
    lang = shown.lang
    columns = columns_of("spending.page", ("choice", "stated", "lines"), (), lang)
    rows = tuple(
        (
            Cell(one["text"][lang]),
            Cell(label(f"spending.page.stated.{'yes' if one['stated'] else 'no'}", lang)),
            Cell(one["lines"]),
        )
        for one in shown.model.choices
    )
    title = label("spending.page.choices", lang)
    return TableView("valg", title, columns, rows, label("spending.page.choices_note", lang))
