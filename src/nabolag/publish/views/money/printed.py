"""The report's printed tables: which there are, and each beside what the check proposes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.publish.views.analyses.common import columns_of
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.asked import fold
from nabolag.publish.views.model import Choice
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.parts import as_corrected, as_printed, report_source
from nabolag.spending.printed import (
    Checked,
    Corrected,
    Followed,
    PrintedTable,
    checked_report,
    errata,
)
from nabolag.spending.printed.frames import coefficient_frame, erratum_frame, mark_frame
from nabolag.store import Release

#: So many coefficients a search shows.
_FOUND = 200


def printed_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the list of tables, or one of them. Raises `UserError` for a table there is none of.

    `asked` may have `table` (its name) and `find` (words in titles, rows and outcomes).
    """
    checked = checked_report()
    if asked.get("table"):
        return _table_page(checked, checked.printed.table(asked["table"]), lang)
    return _list_page(checked, asked.get("find", ""), lang)


def _list_page(checked: Checked, find: str, lang: Lang) -> MoneyView:
    found = [table for table in checked.printed.tables if _matches(table, find, lang)]
    changed = checked.changed()
    opening = label(
        "printed.page.opening",
        lang,
        coefficients=format_number(len(checked.printed.by_key), lang),
        tables=len(checked.printed.tables),
        changed=len(changed),
        where=len({one.cell.key.table for one in changed}),
    )
    tables = [_tables_table(checked, found, lang), _errata_table(checked, lang)]
    if find:
        tables.insert(1, _found_table(checked, find, lang))
    return MoneyView(
        lang,
        label("printed.page.title", lang),
        label("printed.page.question", lang),
        opening,
        lead=(label("printed.page.lead", lang),),
        fields=_fields("", find, lang),
        tables=tuple(tables),
        sure=_limits(lang),
        rule=label("printed.page.rule", lang),
        sources=(report_source(lang),),
        files=_files(checked, "", lang),
    )


def _table_page(checked: Checked, table: PrintedTable, lang: Lang) -> MoneyView:
    told = [checked.corrected(cell) for cell in table.cells]
    changed = [one for one in told if one.changed]
    marks = [mark for mark in checked.marks if mark.table == table.id]
    form = "changed" if changed else "marked" if marks else "sound"
    name = label("printed.page.table_name", lang, table=table.id)
    opening = label(
        f"printed.page.opening_{form}",
        lang,
        in_table=label("printed.page.in_table", lang, table=table.id),
        changed=len(changed),
        of=len(told),
    )
    tables = [_wide(checked, table, lang)]
    if changed:
        tables.append(_changed_table(changed, lang))
    return MoneyView(
        lang,
        f"{name}: {table.title.in_(lang)}",
        label("printed.page.question", lang),
        opening,
        lead=(_sample_words(table, lang), *(mark.words(lang) for mark in marks)),
        fields=_fields(table.id, "", lang),
        tables=tuple(tables),
        sure=(*_follows(checked, table, lang), *_limits(lang)),
        rule=label("printed.page.rule", lang),
        sources=(report_source(lang),),
        files=_files(checked, table.id, lang),
    )


def _sample_words(table: PrintedTable, lang: Lang) -> str:
    """Say among whom the table's models are made; what holds for Oslo only says so."""
    samples = dict.fromkeys(column.sample for column in table.columns)
    words = "; ".join(label(f"printed.sample.{sample}", lang) for sample in samples)
    only = " " + label("extra_cost.answer.oslo", lang) if list(samples) == ["oslo"] else ""
    return label("printed.page.sample", lang, samples=words) + only


def _fields(table: str, find: str, lang: Lang) -> tuple[Field, ...]:
    return (
        Field("table", label("printed.page.choose", lang), choices=_choices(table, lang)),
        Field("find", label("printed.page.find", lang), "text", find,
              help=label("printed.page.find_help", lang)),
    )  # fmt: skip


def _choices(chosen: str, lang: Lang) -> tuple[Choice, ...]:
    every = Choice("", label("printed.page.every", lang), not chosen)
    return (every, *(
        Choice(table.id, f"{table.id}: {table.title.in_(lang)}", table.id == chosen)
        for table in checked_report().printed.tables
    ))  # fmt: skip


def _matches(table: PrintedTable, find: str, lang: Lang) -> bool:
    if not find:
        return True
    words = [table.id, table.title.in_(lang)]
    words += [label(f"printed.outcome.{column.outcome}", lang) for column in table.columns]
    words += [
        f"{cell.words} {label(f'printed.term.{cell.key.term}', lang)}" for cell in table.cells
    ]
    return fold(find) in fold(" ".join(words))


def _tables_table(checked: Checked, tables: list[PrintedTable], lang: Lang) -> TableView:
    keys = ("table", "title", "coefficients", "changed", "marks", "law", "lines")
    columns = columns_of("printed.page", keys, ("coefficients", "changed"), lang)
    return TableView(
        "tabeller",
        label("printed.page.tables", lang),
        columns,
        tuple(_table_row(checked, table, place, lang) for place, table in enumerate(tables)),
        label("printed.page.tables_note", lang, count=len(tables)),
    )


def _table_row(checked: Checked, table: PrintedTable, place: int, lang: Lang) -> tuple[Cell, ...]:
    changed = sum(checked.corrected(cell).changed for cell in table.cells)
    reasons = dict.fromkeys(mark.reason for mark in checked.marks if mark.table == table.id)
    words = "; ".join(label(f"printed.reason.{reason.value}", lang) for reason in reasons)
    title = table.title.in_(lang)
    law = "; ".join(_short_law(told, lang) for told in checked.followed if told.table == table.id)
    return (
        Cell(label("printed.page.table_name", lang, table=table.id), float(place)),
        Cell(title, title),
        _count(len(table.cells), lang),
        _count(changed, lang),
        Cell(words or label("printed.page.nothing", lang), words),
        Cell(law, law),
        Cell(_lines(table), float(place)),
    )


def _found_table(checked: Checked, find: str, lang: Lang) -> TableView:
    hits = [one for one in _corrected(checked) if _hit(checked, one, find, lang)]
    columns = columns_of(
        "printed.page", ("term", "table", "outcome", "printed", "corrected"), (), lang
    )
    note = label("printed.page.found_note", lang, count=len(hits), shown=min(len(hits), _FOUND))
    rows = tuple(_found_row(checked, one, lang) for one in hits[:_FOUND])
    return TableView("treff", label("printed.page.found", lang), columns, rows, note)


def _corrected(checked: Checked) -> Iterator[Corrected]:
    return (checked.corrected(cell) for cell in checked.printed.cells())


def _hit(checked: Checked, one: Corrected, find: str, lang: Lang) -> bool:
    return fold(find) in fold(f"{one.cell.words} {_term(one, lang)} {_outcome(checked, one, lang)}")


def _found_row(checked: Checked, one: Corrected, lang: Lang) -> tuple[Cell, ...]:
    key = one.cell.key
    where = label("printed.page.at", lang, table=key.table, model=key.model)
    outcome = _outcome(checked, one, lang)
    return (
        Cell(_term(one, lang), _term(one, lang)),
        Cell(where, where),
        Cell(outcome, outcome),
        Cell(as_printed(one, lang), float(one.cell.coefficient.value)),
        Cell(as_corrected(one, lang) if one.changed else label("printed.page.same", lang),
             float(one.coefficient)),
    )  # fmt: skip


def _errata_table(checked: Checked, lang: Lang) -> TableView:
    columns = columns_of("printed.page", ("erratum", "words", "lines", "how"), (), lang)
    rows = []
    for place, one in enumerate(errata()):
        found = ", ".join(one.found(checked))
        form = "by_check" if found else "by_reading"
        how = label(f"printed.page.{form}", lang, tables=found)
        rows.append((Cell(one.id.upper(), float(place)), Cell(one.words(lang), one.words(lang)),
                     Cell(one.lines, one.lines), Cell(how, how)))  # fmt: skip
    note = label("printed.page.errata_note", lang)
    return TableView("feil", label("printed.page.errata", lang), columns, tuple(rows), note)


def _wide(checked: Checked, table: PrintedTable, lang: Lang) -> TableView:
    """Return the table as it is printed, what is corrected after an arrow."""
    models = [column.model for column in table.columns]
    heads = tuple(
        Column(f"m{column.model}", _heading(table, column.model, lang), numeric=True)
        for column in table.columns
    )
    first = Column("term", label("printed.page.column.term", lang))
    rows = []
    for cells in table.rows().values():
        by_model = {cell.key.model: checked.corrected(cell) for cell in cells}
        told = (_wide_cell(by_model.get(model), lang) for model in models)
        name = _term(next(iter(by_model.values())), lang)
        rows.append((Cell(name, name), *told))
    rows += list(_fit_rows(table, lang))
    note = label("printed.page.wide_note", lang, lines=_lines(table))
    return TableView("trykt", label("printed.page.wide", lang), (first, *heads), tuple(rows), note)


def _heading(table: PrintedTable, model: int, lang: Lang) -> str:
    column = table.column(model)
    alone = len({one.outcome for one in table.columns}) == 1
    outcome = "" if alone else f" {label(f'printed.outcome.{column.outcome}', lang)}"
    several = len({one.sample for one in table.columns}) > 1
    sample = f" – {label(f'printed.sample.{column.sample}', lang)}" if several else ""
    period = f" {column.period.replace('-', '–')}" if column.period else ""
    return f"({model}){outcome}{sample}{period}"


def _wide_cell(one: Corrected | None, lang: Lang) -> Cell:
    if one is None:
        return Cell("")
    text = as_printed(one, lang)
    if one.changed:
        text = label("printed.page.arrow", lang, printed=text, corrected=as_corrected(one, lang))
    return Cell(text, float(one.coefficient))


def _fit_rows(table: PrintedTable, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    seen = (_count(column.observations, lang) for column in table.columns)
    yield (Cell(label("printed.page.column.observations", lang)), *seen)
    r2 = (
        Cell(format_number(one.r2, lang, 3), one.r2) if one.r2 is not None else Cell("")
        for one in table.columns
    )
    yield (Cell("R²"), *r2)
    if any(column.groups for column in table.columns):
        groups = (_count(one.groups, lang) if one.groups else Cell("") for one in table.columns)
        yield (Cell(label("printed.page.column.groups", lang)), *groups)


def _changed_table(changed: list[Corrected], lang: Lang) -> TableView:
    keys = ("term", "model", "printed", "t_printed", "corrected", "t", "reason")
    columns = columns_of("printed.page", keys, ("model", "t_printed", "t"), lang)
    rows = tuple(
        (
            Cell(_term(one, lang), _term(one, lang)),
            _count(one.cell.key.model, lang),
            Cell(as_printed(one, lang), float(one.cell.coefficient.value)),
            _t(one.t_printed, lang),
            Cell(as_corrected(one, lang), float(one.coefficient)),
            _t(one.t, lang),
            Cell("; ".join(label(f"printed.reason.{m.reason.value}", lang) for m in one.marks)),
        )
        for one in changed
    )
    note = label("printed.page.changed_note", lang)
    return TableView("rettet", label("printed.page.changed", lang), columns, rows, note)


def _follows(checked: Checked, table: PrintedTable, lang: Lang) -> Iterator[str]:
    for told in checked.followed:
        if told.table == table.id:
            yield label(
                "printed.page.follows",
                lang,
                estimator=label(f"printed.estimator.{told.estimator}", lang),
                law=_law(told, lang),
                conflicts=dict(told.conflicts)[told.convention],
                of=told.cells,
                others=_others(told, lang),
            )


def _short_law(told: Followed, lang: Lang) -> str:
    """Return «t(n−k)», or «faste effekter t(3)»."""
    way = told.convention
    law = label(f"printed.reads_short.{way.reference}", lang, df=way.df or 0)
    return label(f"printed.reads_short.of_{told.estimator}", lang, law=law)


def _law(told: Followed, lang: Lang) -> str:
    way = told.convention
    df = way.df or 0
    return label(f"printed.reads.{way.reference}", lang, df=df, groups=df + 1)


def _others(told: Followed, lang: Lang) -> str:
    """Say how the other candidates did, or that they cannot be told apart."""
    parts = []
    for way, conflicts in told.conflicts:
        if way != told.convention:
            law = label(f"printed.reads.{way.reference}", lang, df=way.df or 0,
                        groups=(way.df or 0) + 1)  # fmt: skip
            parts.append(label("printed.page.other_law", lang, law=law, conflicts=conflicts))
    return "; ".join(parts)


def _limits(lang: Lang) -> tuple[str, ...]:
    return tuple(label(f"printed.page.limit_{name}", lang) for name in ("same", "power", "found"))


def _files(checked: Checked, table: str, lang: Lang) -> tuple[TableFile, ...]:
    return (
        TableFile("koeffisienter", label("printed.page.file", lang), _frame(table)),
        TableFile("merker", label("printed.page.marks", lang), mark_frame(checked, lang, table)),
        TableFile("feil", label("printed.page.errata", lang), erratum_frame(checked, lang)),
    )


@cache
def _frame(table: str) -> pl.DataFrame:
    return coefficient_frame(checked_report(), table)


def _term(one: Corrected, lang: Lang) -> str:
    """Return a row's name: the printed words in Norwegian, the house's in English."""
    if lang == "en":
        return label(f"printed.term.{one.cell.key.term}", lang)
    return one.cell.words


def _outcome(checked: Checked, one: Corrected, lang: Lang) -> str:
    column = checked.printed.by_id[one.cell.key.table].column(one.cell.key.model)
    return label(f"printed.outcome.{column.outcome}", lang)


def _lines(table: PrintedTable) -> str:
    return "L{}–L{}".format(*table.lines) if table.lines else ""


def _count(number: int, lang: Lang) -> Cell:
    return Cell(format_number(number, lang), float(number))


def _t(value: float, lang: Lang) -> Cell:
    return Cell(format_number(value, lang, 2), value)
