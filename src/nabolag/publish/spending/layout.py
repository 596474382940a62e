"""A model's table as the report prints it: coefficients with stars, errors under them, N and R²."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nabolag.core import Lang, has_label, label
from nabolag.publish.numbers import format_number
from nabolag.publish.spending.model import Model
from nabolag.publish.spending.numbers import format_coefficient, with_stars
from nabolag.spending import name_of
from nabolag.spending.result import CONSTANT

RowKind = Literal["estimate", "error", "fit"]


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """A line of a table: what it is of, and a text for each column; empty where there is none."""

    kind: RowKind
    heading: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table laid out. `outcomes` are spans of columns: what is explained, and over how many."""

    title: str
    numbers: tuple[str, ...]
    outcomes: tuple[tuple[str, int], ...]
    rows: tuple[LayoutRow, ...]
    notes: tuple[str, ...]


def layout_of(model: Model, lang: Lang, outcome: str = "") -> Layout:
    """Return a model's table in the report's layout, of one outcome or of all."""
    asked = [outcome] if outcome else list(model.outcomes)
    numbers = [n for n in model.columns["column"] if model.column(n)["outcome"] in asked]
    rows: list[LayoutRow] = []
    for term in model.terms:
        cells = [model.cell(term, number) for number in numbers]
        if any(cells):
            rows += _term_rows(term, cells, lang)
    rows += _fit_rows(model, numbers, lang)
    return Layout(
        title=_title(model, lang),
        numbers=tuple(f"({number})" for number in numbers),
        outcomes=_spans(model, numbers, lang),
        rows=tuple(rows),
        notes=notes_of(model, lang),
    )


def term_name(term: str, lang: Lang) -> str:
    """Return what a term or the constant is called."""
    return label("spending.layout.constant", lang) if term == CONSTANT else name_of(term, lang)


def notes_of(model: Model, lang: Lang) -> tuple[str, ...]:
    """Return what stands under the table: stars, errors, and that nothing here is a cause."""
    said = [label("spending.note.stars", lang), label("spending.note.errors", lang)]
    if (model.columns["lead"] == "").any():
        said.append(label("spending.note.no_verdict", lang))
    if model.table:
        said.append(label("spending.note.report", lang, table=model.table, lines=model.lines))
    return (*said, label("spending.note.association", lang))


def _title(model: Model, lang: Lang) -> str:
    heading = model.heading(lang)
    if not model.table:
        return heading
    return label("spending.layout.title", lang, table=model.table, title=heading)


def _spans(model: Model, numbers: Sequence[int], lang: Lang) -> tuple[tuple[str, int], ...]:
    spans: list[tuple[str, int]] = []
    for number in numbers:
        name = name_of(model.column(number)["outcome"], lang)
        if spans and spans[-1][0] == name:
            spans[-1] = (name, spans[-1][1] + 1)
        else:
            spans.append((name, 1))
    return tuple(spans)


def _term_rows(term: str, cells: Sequence[Mapping[str, Any] | None], lang: Lang) -> list[LayoutRow]:
    """Return a term's coefficients, and their errors under them where any column has one."""
    estimates = tuple(_estimate(cell, lang) for cell in cells)
    errors = tuple(_error(cell, lang) for cell in cells)
    name = term_name(term, lang)
    rows = [LayoutRow("estimate", name, estimates)]
    return [*rows, LayoutRow("error", "", errors)] if any(errors) else rows


def _estimate(cell: Mapping[str, Any] | None, lang: Lang) -> str:
    if cell is None:
        return ""
    if cell["estimate"] is None:
        return label("spending.layout.superfluous", lang)
    return with_stars(cell["estimate"], cell["stars"], lang)


def _error(cell: Mapping[str, Any] | None, lang: Lang) -> str:
    if cell is None or cell["se"] is None:
        return ""
    return f"({format_coefficient(cell['se'], lang)})"


def _fit_rows(model: Model, numbers: Sequence[int], lang: Lang) -> list[LayoutRow]:
    """Return what the report prints at the foot, and the number of groups, always."""
    columns = [model.column(number) for number in numbers]

    def row(key: str, texts: Sequence[str]) -> list[LayoutRow]:
        kept = tuple(texts)
        return [LayoutRow("fit", label(f"spending.layout.{key}", lang), kept)] if any(kept) else []

    yes = label("spending.layout.yes", lang)
    return [
        *row("n", [format_number(one["n"], lang) for one in columns]),
        *row("r2", [_r2(one, lang) for one in columns]),
        *row("effect_groups", [_count(one["effect_groups"], lang) for one in columns]),
        *row("effects", [_grouped_by(one["effects"], lang) for one in columns]),
        *row("year_dummies", [yes if one["year_dummies"] else "" for one in columns]),
        *row("clusters", [_count(one["clusters"], lang) for one in columns]),
        *row("cluster", [_grouped_by(one["cluster"], lang) for one in columns]),
        *row("lead", [method_name(one["lead"], lang) for one in columns]),
    ]


def method_name(method: str, lang: Lang) -> str:
    """Return what a method is called; where none leads, that."""
    return label(f"spending.method.{method or 'none'}", lang)


def _count(count: int | None, lang: Lang) -> str:
    return "" if count is None else format_number(count, lang)


def _r2(column: Mapping[str, Any], lang: Lang) -> str:
    number = format_number(column["r2"], lang, 3)
    return (
        number
        if column["r2_kind"] == "whole"
        else label("spending.layout.within", lang, number=number)
    )


def _grouped_by(named: str, lang: Lang) -> str:
    return ", ".join(group_name(one, lang) for one in named.split("+") if one)


def group_name(column: str, lang: Lang) -> str:
    """Return what a column of groups is called; one of somebody's own is called what it is."""
    key = f"spending.group.{column}"
    return label(key, lang) if has_label(key) else column
