"""How sure it is that several challenges meet in an area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.palette import ACCUMULATION
from nabolag.publish.numbers import format_count, format_number, format_period, spanned
from nabolag.publish.text import Ref, Sentence, listed, say, together
from nabolag.publish.views.analyses.common import (
    area_cell,
    columns_of,
    indicator_cell,
    own_row,
    page_of,
    share_cell,
)
from nabolag.publish.views.analyses.maps import class_map, classes_of
from nabolag.publish.views.analyses.model import AnalysisView, Asked, Cell, TableView
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import MapLayer
from nabolag.store import Analysed

#: Certainties from sure to hardly, with their colours.
CERTAINTIES: Final = {
    "sure": ACCUMULATION["4+"],
    "likely": ACCUMULATION["2-3"],
    "unlikely": ACCUMULATION["1"],
    "hardly": ACCUMULATION["0"],
}


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page: how many are sure, the map, the table, what was drawn again."""
    areas = analysed.table("areas")
    return page_of(
        facts,
        analysed,
        _opening(analysed, areas, lang),
        lang,
        analysed.spec["indicators"],
        map=_map(facts, analysed, areas, lang),
        tables=(_areas(facts, areas, lang), _flags(facts, analysed, lang)),
        sure=_sure(facts, analysed, lang),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say in how many draws several challenges meet in an area."""
    row = own_row(analysed, "areas", level, code)
    if row is None:
        return None
    refs = [Ref(level, code, iid, row["period"]) for iid in analysed.spec["indicators"]]
    if row["certainty"] == "unknown":
        return say("stability.unknown", lang, refs)
    return say(
        f"stability.{row['certainty']}",
        lang,
        refs,
        share=_percent(row["several"], lang),
        several=analysed.spec["several"],
        draws=format_count(analysed.spec["draws"], lang),
    )


def _percent(share: float, lang: Lang) -> str:
    return format_number(share * 100, lang)


def _opening(analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> Sentence:
    level = Level(analysed.spec["level"]).plural.in_(lang)
    if areas.is_empty():
        return say("stability.none", lang, level=level)
    sure = areas.filter(pl.col("certainty") == "sure").height
    perhaps = areas.filter(pl.col("certainty").is_in(["likely", "unlikely"])).height
    first = say(
        "stability.opening",
        lang,
        n=sure,
        sure=format_count(sure, lang),
        all=format_count(areas.height, lang),
        level=level,
        period=format_period(analysed.facts["period"], lang),
    )
    return together(first, say("stability.perhaps", lang, n=perhaps,
                               perhaps=format_count(perhaps, lang)))  # fmt: skip


def _sure(facts: Facts, analysed: Analysed, lang: Lang) -> tuple[str, ...]:
    bare = [indicator_cell(facts, iid, lang).text for iid in analysed.facts["without_error"]]
    told = [label("stability.sure.drawn", lang), label("stability.sure.together", lang)]
    if bare:
        told.append(label("stability.sure.without_error", lang, indicators=listed(bare, lang)))
    return tuple(told)


def _map(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> MapLayer:
    classes = classes_of("stability.certainty", CERTAINTIES, lang)
    found = {r["area"]: (r["certainty"], _words(r, lang)) for r in areas.iter_rows(named=True)}
    key = (analysed.spec["level"], analysed.id, analysed.facts["period"])
    return class_map(facts, key, label("stability.map", lang), classes, found, lang)


def _words(row: Mapping[str, Any], lang: Lang) -> str:
    words = label(f"stability.certainty.{row['certainty']}", lang)
    if row["certainty"] == "unknown":
        return words
    return label("stability.of_draws", lang, certainty=words, share=_percent(row["several"], lang))


def _areas(facts: Facts, areas: pl.DataFrame, lang: Lang) -> TableView:
    keys = ("area", "certainty", "several", "challenges", "range", "known")
    numeric = ("several", "challenges", "known")
    columns = columns_of("stability", keys, numeric, lang)
    rows = areas.sort("several", "area", descending=[True, False]).iter_rows(named=True)
    return TableView(
        "areas", label("stability.table", lang), columns,
        tuple(_row(facts, row, lang) for row in rows), label("stability.table_note", lang),
    )  # fmt: skip


def _row(facts: Facts, row: Mapping[str, Any], lang: Lang) -> tuple[Cell, ...]:
    place = list(CERTAINTIES).index(row["certainty"]) if row["certainty"] in CERTAINTIES else 9
    ends = spanned(*(format_number(row[end], lang, 1) for end in ("low", "high")))
    return (
        area_cell(facts, row["level"], row["area"], lang),
        Cell(label(f"stability.certainty.{row['certainty']}", lang), float(place)),
        share_cell(row["several"], lang),
        Cell(format_count(row["challenges"], lang), row["challenges"]),
        Cell(ends, row["mean"]),
        Cell(format_count(row["known"], lang), row["known"]),
    )


def _flags(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    """Return why: how often each indicator counts, for areas where several may meet."""
    columns = columns_of("stability", ("area", "indicator", "flagged"), ("flagged",), lang)
    rows: tuple[tuple[Cell, ...], ...] = ()
    if "flags" in analysed.tables:
        may = analysed.table("areas").filter(pl.col("certainty").is_in(["sure", "likely"]))
        flags = analysed.table("flags").join(may, on=["level", "area"], how="semi")
        rows = tuple(
            (
                area_cell(facts, row["level"], row["area"], lang),
                indicator_cell(facts, row["indicator"], lang),
                share_cell(row["flagged"], lang),
            )
            for row in flags.iter_rows(named=True)
        )
    return TableView("flags", label("stability.flags", lang), columns, rows)
