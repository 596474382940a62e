"""The tables of a projection, as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl

from nabolag.core import label
from nabolag.projection.axes import Ages
from nabolag.projection.result import FLOWS
from nabolag.publish.numbers import format_count, format_number, per_cent
from nabolag.publish.views.analyses.common import area_cell
from nabolag.publish.views.analyses.model import Cell, Column, TableView
from nabolag.publish.views.money.projection.shown import Shown, count_cell
from nabolag.publish.views.money.projection.words import service_name, standing_words
from nabolag.publish.views.money.words import short_kroner

#: Columns of words, and of years, which name their rows.
_WORDS: Final = frozenset({"area", "year", "in_year", "ages", "service", "who", "type", "size"})


def tables(shown: Shown) -> tuple[TableView, ...]:
    """Return every table there is something in."""
    made = (_people(shown), _ages(shown), _homes(shown), _dependency(shown), _demand(shown),
            _cost(shown), _flows(shown), _errors(shown))  # fmt: skip
    return tuple(table for table in made if table is not None and table.rows)


def _column(shown: Shown, key: str, **words: Any) -> Column:
    numeric = key not in _WORDS
    return Column(key, label(f"projection.column.{key}", shown.lang, **words), numeric)


def _view(
    shown: Shown, name: str, columns: Iterable[Column], rows: Iterable[Sequence[Cell]], note: str
) -> TableView:
    title = label(f"projection.table.{name}", shown.lang)
    return TableView(name, title, tuple(columns), tuple(map(tuple, rows)), note)


def _year_cell(year: int) -> Cell:
    return Cell(str(year), float(year))


def _scenario_columns(shown: Shown) -> list[Column]:
    return [Column(one, name, numeric=True) for one, name in shown.scenarios.items()]


def _people(shown: Shown) -> TableView:
    """Return the alternatives side by side."""
    bounds, draws = "", shown.spec["bounds"]["draws"]
    if draws:
        share = per_cent(shown.spec["bounds"]["share"], shown.lang)
        bounds = label("projection.note.bounds", shown.lang, share=share, draws=draws)
    note = label("projection.note.people", shown.lang, base=shown.spec["release"]["base"],
                 bounds=bounds).strip()  # fmt: skip
    rows = [
        [_year_cell(year)]
        + [count_cell(shown.at(shown.totals, one, year), shown.lang) for one in shown.scenarios]
        for year in shown.milestones
    ]
    columns = [_column(shown, "year"), *_scenario_columns(shown)]
    return _view(shown, "people", columns, rows, note)


def _ages(shown: Shown) -> TableView:
    lang = shown.lang
    rows = []
    for group in shown.band_choices():
        held = shown.of_ages(group)
        now, later = (shown.at(held, shown.scenario, year) for year in (shown.base, shown.year))
        rows.append([
            Cell(shown.ages_words(group), float(group.start)), count_cell(now, lang),
            count_cell(later, lang), _change(shown, now, later),
        ])  # fmt: skip
    columns = [
        _column(shown, "ages"), _column(shown, "now", year=shown.base),
        _column(shown, "later", year=shown.year), _column(shown, "change"),
    ]  # fmt: skip
    note = label("projection.note.ages", lang, scenario=shown.scenarios[shown.scenario])
    return _view(shown, "ages", columns, rows, note)


def _change(shown: Shown, now: dict[str, Any] | None, later: dict[str, Any] | None) -> Cell:
    before, after = (row["persons"] if row else None for row in (now, later))
    if before is None or after is None:
        return Cell(label("analysis.unknown_cell", shown.lang))
    more = after - before
    sign = "+" if more > 0 else ""
    return Cell(sign + format_number(more, shown.lang), more)


def _homes(shown: Shown) -> TableView | None:
    if "homes" not in shown.analysed.tables:
        return None
    table, links = shown.analysed.table("homes"), shown.facts.release.links
    if shown.level != shown.spec["level"]:
        inside = links.filter(
            pl.col("parent_level") == shown.level, pl.col("parent_code") == shown.area
        )
        table = table.join(inside.select("level", area="code").unique(), on=["level", "area"],
                           how="semi")  # fmt: skip
    else:
        table = table.filter(pl.col("area") == shown.area)
    rows = [
        [
            area_cell(shown.facts, row["level"], row["area"], shown.lang),
            Cell(str(row["year"]), float(row["year"])),
            Cell(row["type"], row["type"]),
            Cell(format_count(row["homes"], shown.lang), row["homes"]),
        ]
        for row in table.sort("year", "area", "type").iter_rows(named=True)
    ]
    columns = [_column(shown, key) for key in ("area", "in_year", "type", "homes")]
    return _view(shown, "homes", columns, rows, label("projection.note.homes", shown.lang))


def _dependency(shown: Shown) -> TableView:
    lang, section = shown.lang, shown.spec["dependency"]
    held = {(r["scenario"], r["year"]): r for r in shown.table("dependency").iter_rows(named=True)}
    rows = [
        [_year_cell(year)] + [_ratio(shown.at(held, one, year), shown) for one in shown.scenarios]
        for year in shown.milestones
    ]
    columns = [_column(shown, "year"), *_scenario_columns(shown)]
    high, very = (format_number(section[key], lang, 2) for key in ("high", "very_high"))
    ages = shown.ages_words(Ages(*section["ages"]))
    note = label("projection.note.dependency", lang, ages=ages, high=high, very=very)
    return _view(shown, "dependency", columns, rows, note)


def _ratio(row: dict[str, Any] | None, shown: Shown) -> Cell:
    if row is None or row["ratio"] is None:
        return count_cell(None if row is None else {**row, "persons": None}, shown.lang)
    band = "" if row["band"] == "low" else label(f"projection.band.{row['band']}", shown.lang)
    number = format_number(row["ratio"], shown.lang, 2)
    return Cell(f"{number} ({band})" if band else number, row["ratio"])


def _demand(shown: Shown) -> TableView | None:
    table, lang = shown.table("demand"), shown.lang
    if table.is_empty():
        return None
    held = {
        (row["service"], row["scenario"], row["year"]): row for row in table.iter_rows(named=True)
    }
    rows = []
    for service in shown.spec["service"]:
        own = {(s, y): row for (name, s, y), row in held.items() if name == service["id"]}
        who = label(
            "projection.shown.coverage", lang, share=per_cent(service["coverage"], lang),
            ages=shown.ages_words(Ages(*service["ages"])), source=service["source"][lang],
            standing=standing_words(service["status"], lang),
        )  # fmt: skip
        numbers = [
            count_cell(shown.at(own, shown.scenario, year), lang, "places")
            for year in shown.milestones
        ]
        name = service_name(service, lang)
        rows.append([Cell(name, name), *numbers, Cell(who, who)])
    years = [Column(str(year), str(year), numeric=True) for year in shown.milestones]
    columns = [_column(shown, "service"), *years, _column(shown, "who")]
    note = label("projection.note.demand", lang, scenario=shown.scenarios[shown.scenario])
    return _view(shown, "demand", columns, rows, note)


def cost_sums(shown: Shown) -> dict[tuple[str, int], float | None]:
    """Return what change since the base year costs a year, by (alternative, year).

    A year in which an age group is hidden has no sum, nor have the years after it.
    """
    table = shown.table("cost")
    if table.is_empty():
        return {}
    yearly = table.group_by("scenario", "year").agg(
        pl.when(pl.col("kroner").null_count() == 0).then(pl.col("kroner").sum()).alias("kroner")
    )
    found: dict[tuple[str, int], float | None] = {}
    for scenario in shown.scenarios:
        so_far: float | None = 0.0
        for row in yearly.filter(pl.col("scenario") == scenario).sort("year").iter_rows(named=True):
            known = so_far is not None and row["kroner"] is not None
            so_far = so_far + row["kroner"] if known else None
            found[scenario, row["year"]] = so_far
    return found


def _cost(shown: Shown) -> TableView | None:
    sums, section, lang = cost_sums(shown), shown.spec.get("cost"), shown.lang
    if not sums or section is None:
        return None
    rows = [
        [_year_cell(year)] + [_kroner_cell(sums.get((one, year)), shown) for one in shown.scenarios]
        for year in shown.milestones
        if year > shown.base
    ]
    columns = [_column(shown, "year"), *_scenario_columns(shown)]
    note = label(
        "projection.note.cost", lang, source=section["source"][lang],
        standing=standing_words(section["status"], lang), base=shown.base, prices=section["prices"],
    )  # fmt: skip
    return _view(shown, "cost", columns, rows, note)


def _kroner_cell(amount: float | None, shown: Shown) -> Cell:
    if amount is None:
        return Cell(label("projection.shown.hidden", shown.lang))
    return Cell(short_kroner(amount, shown.lang), amount)


def _flows(shown: Shown) -> TableView | None:
    table = shown.table("flows")
    if table.is_empty():
        return None
    own = table.filter(pl.col("scenario") == shown.scenario)
    chosen = [year for year in shown.milestones if year < shown.last]
    rows = [
        [_year_cell(row["year"])]
        + [Cell(format_count(row[name], shown.lang), row[name]) for name in FLOWS]
        for row in own.filter(pl.col("year").is_in(chosen)).sort("year").iter_rows(named=True)
    ]
    flow = [Column(one, label(f"projection.flow.{one}", shown.lang), numeric=True) for one in FLOWS]
    note = label("projection.note.flows", shown.lang, scenario=shown.scenarios[shown.scenario])
    return _view(shown, "flows", [_column(shown, "in_year"), *flow], rows, note)


def _errors(shown: Shown) -> TableView | None:
    back = shown.analysed.facts["backtest"]
    if back is None:
        return None
    rows = [_error_row(row, shown) for row in shown.analysed.table("errors").iter_rows(named=True)]
    columns = [_column(shown, key) for key in ("size", "areas", "mape", "bias", "unchanged")]
    note = label("projection.note.errors", shown.lang, since=back["since"], until=back["until"])
    return _view(shown, "errors", columns, rows, note)


def _error_row(row: dict[str, Any], shown: Shown) -> list[Cell]:
    lang = shown.lang
    ends: dict[str, Any] = {
        "low": format_count(row["from"], lang),
        "high": format_count(row["to"] or 0, lang),
    }
    key = "size_from" if row["to"] is None else "size_between"
    size = Cell(label(f"projection.shown.{key}", lang, **ends), float(row["from"]))
    numbers = [
        Cell(label("projection.shown.few_areas", lang))
        if row[name] is None
        else Cell(_signed_percent(row[name], name, shown), row[name])
        for name in ("mape", "bias", "unchanged")
    ]
    return [size, Cell(format_count(row["areas"], lang), row["areas"]), *numbers]


def _signed_percent(value: float, name: str, shown: Shown) -> str:
    written = per_cent(value / 100, shown.lang, 1)
    return f"+{written}" if name == "bias" and value > 0 else written
