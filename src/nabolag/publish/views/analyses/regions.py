"""Proposed analysis areas: which they are, what they are like, and beside the drawn ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.palette import ACCUMULATION, SEQUENTIAL
from nabolag.publish.numbers import format_count, format_number, format_value
from nabolag.publish.text import Sentence, say, together
from nabolag.publish.views.analyses.common import (
    area_cell,
    columns_of,
    indicator_cell,
    number_cell,
    page_of,
    share_cell,
)
from nabolag.publish.views.analyses.maps import class_map, classes_of
from nabolag.publish.views.analyses.model import AnalysisView, Asked, Cell, TableView
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import MapLayer
from nabolag.store import Analysed

_COLORS: Final = {
    "chosen": ACCUMULATION["2-3"],
    "other": "#e4e6ea",
    "any": SEQUENTIAL[1],
    "too_small": "#c3c8d0",
}


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the proposals: one sentence, the map, the tables, how sure."""
    regions = analysed.table("regions")
    names = region_names(facts, analysed, lang)
    return page_of(
        facts,
        analysed,
        _opening(analysed, regions, lang),
        lang,
        [*analysed.spec["traits"], analysed.spec["population"]],
        map=_map(facts, analysed, names, lang),
        tables=(
            _regions(analysed, regions, names, lang),
            _values(facts, analysed, names, lang),
            _layout(facts, analysed, lang),
            *_overlap(facts, analysed, names, lang),
            _members(facts, analysed, names, lang),
        ),
        sure=_sure(analysed, lang),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say which proposal an area is part of, where that meets the criteria there are."""
    own = analysed.table("members").filter(pl.col("level") == level, pl.col("area") == code)
    if own.is_empty():
        return None
    region = own["region"][0]
    row = analysed.table("regions").filter(pl.col("region") == region).row(0, named=True)
    if analysed.spec["criteria"] and not row["chosen"]:
        return None
    name = region_names(facts, analysed, lang)[region]
    residents = format_count(row["residents"], lang)
    return say("regions.of_area", lang, (), region=name, residents=residents)


def region_names(facts: Facts, analysed: Analysed, lang: Lang) -> dict[str, str]:
    """Return what proposals are called: their number, and their largest area."""
    members = analysed.table("members").sort("residents", "area", descending=[True, False])
    found = {}
    for (region,), own in members.group_by("region", maintain_order=True):
        first = own.row(0, named=True)
        name = facts.name(first["level"], first["area"], lang)
        if own.height > 1:
            name = label("regions.region_named", lang, name=name)
        number = label("regions.region", lang, number=str(region)[1:])
        found[str(region)] = f"{number}: {name}"
    return found


def _opening(analysed: Analysed, regions: pl.DataFrame, lang: Lang) -> Sentence:
    if regions.is_empty():
        return say("regions.nothing", lang)
    first = say(
        "regions.opening",
        lang,
        (),
        areas=format_count(int(regions["areas"].sum()), lang),
        level=Level(analysed.spec["level"]).plural.in_(lang),
        regions=format_count(regions.height, lang),
        minimum=format_number(analysed.spec["minimum"], lang),
    )
    if not analysed.spec["criteria"]:
        return first
    n = int(regions["chosen"].sum())
    return together(first, say("regions.chosen", lang, n=n, chosen=format_count(n, lang)))


def _state(analysed: Analysed, row: Mapping[str, Any]) -> str:
    if row["too_small"]:
        return "too_small"
    if not analysed.spec["criteria"]:
        return "any"
    return "chosen" if row["chosen"] else "other"


def _map(facts: Facts, analysed: Analysed, names: Mapping[str, str], lang: Lang) -> MapLayer | None:
    state = {r["region"]: _state(analysed, r) for r in analysed.table("regions").to_dicts()}
    periods = sorted(analysed.facts["periods"].values())
    if not periods:
        return None
    held = {code: color for code, color in _COLORS.items() if code in state.values()}
    classes = classes_of("regions.class", held, lang)
    found = {row["area"]: (state[row["region"]], names[row["region"]])
             for row in analysed.table("members").iter_rows(named=True)}  # fmt: skip
    key = (analysed.spec["level"], analysed.id, periods[-1])
    return class_map(facts, key, label("regions.map", lang), classes, found, lang)


def _place(region: str) -> float:
    return float(region[1:])


def _regions(
    analysed: Analysed, regions: pl.DataFrame, names: Mapping[str, str], lang: Lang
) -> TableView:
    numbers = ("areas", "residents", "met")
    columns = columns_of("regions", ("region", "state", *numbers), numbers, lang)
    cells = tuple(
        (
            Cell(names[row["region"]], _place(row["region"])),
            Cell(label(f"regions.class.{_state(analysed, row)}", lang), _state(analysed, row)),
            Cell(format_count(row["areas"], lang), row["areas"]),
            number_cell(row["residents"], lang),
            Cell(format_count(row["met"], lang), row["met"]),
        )
        for row in regions.iter_rows(named=True)
    )
    note = label("regions.note", lang)
    return TableView("regions", label("regions.table", lang), columns, cells, note)


def _figure(facts: Facts, indicator: str, value: float | None, lang: Lang) -> Cell:
    if value is None:
        return number_cell(None, lang)
    return Cell(format_value(value, facts.release.indicators[indicator], lang), value)


def _values(facts: Facts, analysed: Analysed, names: Mapping[str, str], lang: Lang) -> TableView:
    columns = columns_of("regions", ("region", "indicator", "value"), ("value",), lang)
    cells = tuple(
        (
            Cell(names[row["region"]], _place(row["region"])),
            indicator_cell(facts, row["indicator"], lang),
            _figure(facts, row["indicator"], row["value"], lang),
        )
        for row in analysed.table("values").iter_rows(named=True)
    )
    return TableView("values", label("regions.values", lang), columns, cells)


def _layout(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    numbers = ("inside", "rest", "municipality", "country")
    columns = columns_of("regions", ("set", "indicator", *numbers), numbers, lang)
    cells = tuple(
        (
            Cell(label(f"regions.set.{row['set']}", lang), row["set"]),
            indicator_cell(facts, row["indicator"], lang),
            *(_figure(facts, row["indicator"], row[name], lang) for name in numbers),
        )
        for row in analysed.table("layout").iter_rows(named=True)
    )
    note = label("regions.layout_note", lang)
    return TableView("layout", label("regions.layout", lang), columns, cells, note)


def _overlap(
    facts: Facts, analysed: Analysed, names: Mapping[str, str], lang: Lang
) -> tuple[TableView, ...]:
    table = analysed.table("overlap")
    if table.is_empty():
        return ()
    numbers = ("shared", "of_region", "of_drawn")
    cells = tuple(
        (
            Cell(names[row["region"]], _place(row["region"])),
            area_cell(facts, Level.CUSTOM.value, row["drawn"], lang),
            number_cell(row["shared"], lang),
            *(share_cell(row[name], lang) for name in numbers[1:]),
        )
        for row in table.iter_rows(named=True)
    )
    columns = columns_of("regions", ("region", "drawn", *numbers), numbers, lang)
    return (TableView("overlap", label("regions.overlap", lang), columns, cells),)


def _members(facts: Facts, analysed: Analysed, names: Mapping[str, str], lang: Lang) -> TableView:
    columns = columns_of("regions", ("area", "region", "residents"), ("residents",), lang)
    cells = tuple(
        (
            area_cell(facts, row["level"], row["area"], lang),
            Cell(names[row["region"]], _place(row["region"])),
            number_cell(row["residents"], lang),
        )
        for row in analysed.table("members").iter_rows(named=True)
    )
    return TableView("members", label("regions.members", lang), columns, cells)


def _sure(analysed: Analysed, lang: Lang) -> tuple[str, ...]:
    said = [label("regions.sure.proposal", lang), label("regions.sure.place", lang)]
    for key, count in (("left_out", len(analysed.facts["left_out"])),
                       ("too_small", analysed.facts["too_small"])):  # fmt: skip
        if count:
            said.append(label(f"regions.sure.{key}", lang, n=count))
    return tuple(said)
