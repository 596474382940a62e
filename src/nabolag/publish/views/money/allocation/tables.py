"""The workshop's tables: who gets what, scenarios side by side, years, and the files."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from nabolag.allocation import Allocation
from nabolag.allocation.b11 import COLUMNS, b11_recomputed, table_b11
from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number
from nabolag.publish.text import capital
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.money.allocation.computed import Computed, b11_agreement
from nabolag.publish.views.money.allocation.fields import against_name, need_name
from nabolag.publish.views.money.allocation.opened import B11, Opened
from nabolag.publish.views.money.model import TableFile


def every(found: Opened, computed: Computed, lang: Lang) -> tuple[TableView, ...]:
    """Return the tables of a page."""
    if computed.shared.bounds is not None:
        return (_bounds(found, computed, lang),)
    if computed.shared.allocation is None:
        return ()
    tables = [_units(found, computed, lang)]
    if computed.saved:
        tables.append(_side_by_side(found, computed, lang))
    if computed.years is not None:
        tables.append(_years(found, computed, lang))
    if computed.uncertain is not None:
        tables.append(_uncertain(found, computed, lang))
    if found.id == B11:
        tables.append(_b11(found, lang))
    return tuple(tables)


def _uncertain(found: Opened, computed: Computed, lang: Lang) -> TableView:
    """Return what uncertain coefficients give each unit: middle, and the interval."""
    told = computed.uncertain
    assert told is not None  # noqa: S101 - the caller has seen that it is there
    columns = (
        Column("unit", capital(found.units_word.in_(lang))),
        Column("chosen", _heading("kroner", lang), numeric=True),
        Column("low", _heading("low", lang), numeric=True),
        Column("high", _heading("high", lang), numeric=True),
    )
    rows = tuple(
        (
            _name(found, unit),
            *(kroner_cell(round(float(x[at])), lang) for x in (told.chosen, told.low, told.high)),
        )
        for at, unit in enumerate(told.ids)
    )
    note = label("allocation.uncertain.note", lang)
    return TableView(
        "koeffisienter", label("allocation.uncertain.title", lang), columns, rows, note
    )


def _b11(found: Opened, lang: Lang) -> TableView:
    """Return the report's table, its four columns computed anew."""
    made = b11_recomputed()
    same, count = b11_agreement()
    columns = [
        Column("unit", capital(found.units_word.in_(lang))),
        Column("size", capital(found.size_word.in_(lang)), numeric=True),
        Column("gap", label("allocation.b11.gap", lang), numeric=True),
        *(Column(name, label("allocation.b11.column", lang, pupils=n, need=100 - n), numeric=True)
          for name, n in COLUMNS.items()),
    ]  # fmt: skip
    printed = table_b11()
    rows = tuple(
        (
            _name(found, unit),
            kroner_cell(printed["pupils"][at], lang),
            Cell(format_number(printed["points_below_max"][at], lang, 1),
                 printed["points_below_max"][at]),
            *(kroner_cell(made[name].kroner[at], lang) for name in COLUMNS),
        )
        for at, unit in enumerate(found.units.ids)
    )  # fmt: skip
    note = label("allocation.b11.table_note", lang, same=same, count=count)
    return TableView("tabell-b11", label("allocation.b11.table", lang), tuple(columns), rows, note)


def _heading(key: str, lang: Lang) -> str:
    return label(f"allocation.column.{key}", lang)


def _name(found: Opened, unit: str) -> Cell:
    at = found.units.at(unit)
    name = found.units.names[at]
    return Cell(name, name)


def kroner_cell(value: float | None, lang: Lang, *, signed: bool = False) -> Cell:
    """Return kroner as a cell, with its sign where it is a change."""
    if value is None:
        return Cell(label("analysis.unknown_cell", lang))
    sign = "+" if signed and value > 0 else ""
    return Cell(sign + format_number(value, lang), value)


def _units(found: Opened, computed: Computed, lang: Lang) -> TableView:
    made, spread = computed.shared.allocation, computed.spread
    assert made is not None  # noqa: S101 - the caller has seen that it is there
    needs = [name for name in made.model.needs if name in found.needs]
    against = against_name(found, computed.against, lang)
    columns = [
        Column("unit", capital(found.units_word.in_(lang))),
        Column("size", capital(found.size_word.in_(lang)), numeric=True),
        *(Column(name, need_name(found, name, lang), numeric=True) for name in needs),
        Column("before", capital(against), numeric=True),
        Column("kroner", _heading("kroner", lang), numeric=True),
        Column("change", _heading("change", lang), numeric=True),
        Column("each", _heading("each", lang), numeric=True),
        *([Column("spread", _heading("spread", lang), numeric=True)] if spread else []),
    ]
    rows = []
    for at, unit in enumerate(made.units.ids):
        kroner, before = made.kroner[at], computed.before[at] if computed.before else None
        size = made.units.sizes[made.model.size][at]
        interval = []
        if spread:
            ends = (format_number(float(x), lang) for x in (spread.low[at], spread.high[at]))
            interval = [Cell("–".join(ends), float(spread.high[at] - spread.low[at]))]
        rows.append(
            (
                _name(found, unit),
                kroner_cell(float(size), lang),
                *(_need(found, made.units.needs[name].values[at], name, lang) for name in needs),
                kroner_cell(before, lang),
                kroner_cell(kroner, lang),
                kroner_cell(None if before is None else kroner - before, lang, signed=True),
                kroner_cell(float(kroner / size) if size else None, lang),
                *interval,
            )
        )
    note = label("allocation.table_note", lang, sum=format_number(made.sum, lang),
                 budget=format_number(made.budget, lang))  # fmt: skip
    return TableView("enheter", label("allocation.table", lang), tuple(columns), tuple(rows), note)


def _need(found: Opened, value: object, name: str, lang: Lang) -> Cell:
    if value is None:
        return Cell(label("analysis.unknown_cell", lang))
    number = float(value)  # type: ignore[arg-type]
    need = found.needs[name]
    if need.measure == "rate" and abs(number) <= 1:
        text = label("publish.unit.share", lang, number=format_number(100 * number, lang, 1))
        return Cell(text, number)
    return Cell(format_number(number, lang, 0 if need.measure == "count" else 1), number)


def _bounds(found: Opened, computed: Computed, lang: Lang) -> TableView:
    bounds = computed.shared.bounds
    assert bounds is not None  # noqa: S101 - the caller has seen that it is there
    columns = (
        Column("unit", capital(found.units_word.in_(lang))),
        Column("low", _heading("low", lang), numeric=True),
        Column("high", _heading("high", lang), numeric=True),
    )
    rows = tuple(
        (_name(found, unit), kroner_cell(low, lang), kroner_cell(high, lang))
        for unit, low, high in zip(bounds.units.ids, bounds.low, bounds.high, strict=True)
    )
    note = label("allocation.bounds_note", lang)
    return TableView("grenser", label("allocation.bounds_table", lang), columns, rows, note)


def _side_by_side(found: Opened, computed: Computed, lang: Lang) -> TableView:
    """Put every named scenario beside this one; what could not be computed says so."""
    made = computed.shared.allocation
    assert made is not None  # noqa: S101 - the caller has seen that it is there
    columns = [
        Column("unit", capital(found.units_word.in_(lang))),
        Column("this", _heading("this", lang), numeric=True),
        *(Column(f"s{n}", name, numeric=True) for n, name in enumerate(computed.saved)),
    ]
    others = [_by_unit(one.allocation) for one in computed.saved.values()]
    rows = [
        (_name(found, unit), kroner_cell(kroner, lang),
         *(kroner_cell(other.get(unit), lang) for other in others))
        for unit, kroner in zip(made.units.ids, made.kroner, strict=True)
    ]  # fmt: skip
    sums = (kroner_cell(sum(other.values()) if other else None, lang) for other in others)
    rows.append((Cell(_heading("sum", lang), "\uffff"), kroner_cell(made.sum, lang), *sums))
    title = label("allocation.side_by_side", lang)
    return TableView("alternativer", title, tuple(columns), tuple(rows))


def _by_unit(made: Allocation | None) -> dict[str, int]:
    return dict(zip(made.units.ids, made.kroner, strict=True)) if made else {}


def _years(found: Opened, computed: Computed, lang: Lang) -> TableView:
    made, years = computed.shared.allocation, computed.years
    assert made is not None  # noqa: S101 - the caller has seen that it is there
    assert years is not None  # noqa: S101 - the caller has seen that it is there
    columns = [
        Column("unit", capital(found.units_word.in_(lang))),
        Column("before", capital(against_name(found, computed.against, lang)), numeric=True),
        *(Column(f"y{n}", label("allocation.year", lang, n=n), numeric=True)
          for n in range(1, len(years.years) + 1)),
    ]  # fmt: skip
    rows = [
        (_name(found, unit), kroner_cell(computed.before[at], lang),
         *(kroner_cell(year[at], lang) for year in years.years))
        for at, unit in enumerate(made.units.ids)
    ]  # fmt: skip
    total = sum(b or 0 for b in computed.before)
    sums = (kroner_cell(budget, lang) for budget in years.budgets)
    rows.append((Cell(_heading("sum", lang), "\uffff"), kroner_cell(total, lang), *sums))
    return TableView("overgang", label("allocation.years", lang), tuple(columns), tuple(rows))


def files(found: Opened, computed: Computed, lang: Lang) -> tuple[TableFile, ...]:
    """Return the tables to take away: codes and numbers."""
    if computed.shared.bounds is not None:
        title = label("allocation.bounds_table", lang)
        return (TableFile("grenser", title, computed.shared.bounds.table),)
    made = computed.shared.allocation
    if made is None:
        return ()
    held = made.table.with_columns(_column("before", computed.before, len(made.units)))
    if computed.spread is not None:
        held = held.hstack(computed.spread.table.drop("unit", "chosen"))
    found_files = [TableFile("enheter", label("allocation.table", lang), held)]
    if computed.saved:
        beside = pl.DataFrame({"unit": list(made.units.ids), "name": list(made.units.names),
                               "this": list(made.kroner)})  # fmt: skip
        for name, one in computed.saved.items():
            own = _by_unit(one.allocation)
            column = [own.get(unit) for unit in made.units.ids]
            beside = beside.with_columns(_column(name, column, len(made.units)))
        found_files.append(
            TableFile("alternativer", label("allocation.side_by_side", lang), beside)
        )
    if computed.years is not None:
        title = label("allocation.years", lang)
        found_files.append(TableFile("overgang", title, computed.years.table))
    if computed.uncertain is not None:
        title = label("allocation.uncertain.title", lang)
        found_files.append(TableFile("koeffisienter", title, computed.uncertain.table))
    if found.id == B11:
        computed_too = {f"computed_{n}": list(one.kroner) for n, one in b11_recomputed().items()}
        title = label("allocation.b11.table", lang)
        both = table_b11().hstack(pl.DataFrame(computed_too))
        found_files.append(TableFile("tabell-b11", title, both))
    return tuple(found_files)


def _column(name: str, values: Sequence[int | None], count: int) -> pl.Series:
    return pl.Series(name, list(values) or [None] * count, dtype=pl.Int64)
