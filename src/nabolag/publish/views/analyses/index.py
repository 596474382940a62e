"""A composite index: the places, what they are made of, and how far other choices move them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.breaks import Method, breaks
from nabolag.publish.figures.palette import sequential
from nabolag.publish.numbers import format_count, format_number, format_period
from nabolag.publish.text import Ref, Sentence, listed, say
from nabolag.publish.views.analyses.common import area_cell, indicator_cell, page_of
from nabolag.publish.views.analyses.maps import MapClass, class_map
from nabolag.publish.views.analyses.model import AnalysisView, Asked, Cell, Column, TableView
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import MapLayer
from nabolag.store import Analysed


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page: who comes first, the map, the table with intervals, what moves places."""
    areas = analysed.table("areas")
    return page_of(
        facts,
        analysed,
        _opening(facts, analysed, areas, lang),
        lang,
        analysed.spec["indicators"],
        map=_map(facts, analysed, areas, lang),
        tables=(
            _areas(facts, areas, lang),
            _weights(facts, analysed, lang),
            _importance(analysed, lang),
            _parts(facts, analysed, lang),
        ),
        sure=tuple(label(f"index.sure.{key}", lang) for key in ("choices", "editions", "causes")),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say an area's place, and the places it has when choices are made otherwise."""
    own = analysed.table("areas").filter(pl.col("level") == level, pl.col("area") == code)
    if own.is_empty():
        return None
    row = own.row(0, named=True)
    refs = [Ref(level, code, iid, row["period"]) for iid in analysed.spec["indicators"]]
    if row["rank"] is None:
        return say("index.unplaced", lang, refs)
    numbers = {key: format_count(row[key], lang) for key in ("rank", "rank_low", "rank_high")}
    placed = format_count(analysed.facts["placed"], lang)
    return say("index.of_area", lang, refs, placed=placed, **numbers)


def _opening(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> Sentence:
    level = Level(analysed.spec["level"]).plural.in_(lang)
    first = areas.drop_nulls("rank").sort("rank", "area").head(3)
    if first.is_empty():
        return say("index.none", lang, level=level)
    names = [facts.name(own, area, lang) for own, area in first.select("level", "area").iter_rows()]
    return say(
        "index.opening",
        lang,
        areas=listed(names, lang),
        placed=format_count(analysed.facts["placed"], lang),
        level=level,
        period=format_period(analysed.facts["period"], lang),
    )


def _map(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> MapLayer:
    scores = areas["score"].drop_nulls().to_list()
    classes: list[MapClass] = []
    found: dict[str, tuple[str, str]] = {}
    if scores:
        limits = breaks(scores, method=Method.QUANTILES)
        lows = (limits.lowest, *limits.upper[:-1])
        classes = [
            MapClass(str(n), f"{format_number(low, lang, 2)}–{format_number(high, lang, 2)}", color)
            for n, (low, high, color) in enumerate(
                zip(lows, limits.upper, sequential(limits.classes), strict=True)
            )
        ]
        found = {
            row["area"]: (str(limits.class_of(row["score"])), _words(row, lang))
            for row in areas.drop_nulls("score").iter_rows(named=True)
        }
    key = (analysed.spec["level"], analysed.id, analysed.facts["period"])
    return class_map(facts, key, label("index.map", lang), classes, found, lang)


def _words(row: Mapping[str, Any], lang: Lang) -> str:
    score, rank = format_number(row["score"], lang, 2), format_count(row["rank"], lang)
    return label("index.of_map", lang, score=score, rank=rank)


def _areas(facts: Facts, areas: pl.DataFrame, lang: Lang) -> TableView:
    keys = ("rank", "score", "places", "in_top", "known")
    columns = [Column("area", label("index.column.area", lang))]
    columns += [Column(key, label(f"index.column.{key}", lang), key != "places") for key in keys]
    rows = areas.sort("rank", "area", nulls_last=True).iter_rows(named=True)
    return TableView(
        "areas", label("index.table", lang), tuple(columns),
        tuple(_row(facts, row, lang) for row in rows), label("index.table_note", lang),
    )  # fmt: skip


def _row(facts: Facts, row: Mapping[str, Any], lang: Lang) -> tuple[Cell, ...]:
    area = area_cell(facts, row["level"], row["area"], lang)
    known = Cell(format_count(row["known"], lang), row["known"])
    if row["rank"] is None:
        unknown = Cell(label("analysis.unknown_cell", lang))
        return (area, unknown, unknown, unknown, unknown, known)
    low, high = (format_count(row[end], lang) for end in ("rank_low", "rank_high"))
    return (
        area,
        Cell(format_count(row["rank"], lang), row["rank"]),
        Cell(format_number(row["score"], lang, 2), row["score"]),
        Cell(f"{low}–{high}", row["rank_low"]),
        Cell(f"{format_number(row['in_top'] * 100, lang)}\u00a0%", row["in_top"]),
        known,
    )


def _weights(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    weights = analysed.facts["weights"]
    whole = sum(weights.values()) or 1.0
    rows = tuple(
        (
            indicator_cell(facts, iid, lang),
            Cell(f"{format_number(w / whole * 100, lang, 1)}\u00a0%", w / whole),
        )
        for iid, w in weights.items()
    )
    columns = (
        Column("indicator", label("index.column.indicator", lang)),
        Column("weight", label("index.column.weight", lang), numeric=True),
    )
    return TableView("weights", label("index.weights_table", lang), columns, rows)


def _importance(analysed: Analysed, lang: Lang) -> TableView:
    """Return what moves the places most, by share of the variance."""
    columns = (
        Column("choice", label("index.column.choice", lang)),
        Column("first", label("index.column.first", lang), numeric=True),
        Column("total", label("index.column.total", lang), numeric=True),
    )
    rows = tuple(
        (
            Cell(label(f"index.choice.{factor}", lang), factor),
            *(Cell(f"{format_number(share * 100, lang)}\u00a0%", share) for share in shares),
        )
        for factor, shares in analysed.facts["importance"].items()
    )
    note = label("index.importance_note", lang)
    return TableView("importance", label("index.importance", lang), columns, rows, note)


def _parts(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    """Return each indicator on the common scale, for the areas that come first."""
    columns = tuple(
        Column(key, label(f"index.column.{key}", lang), key == "scaled")
        for key in ("area", "indicator", "scaled")
    )
    rows: tuple[tuple[Cell, ...], ...] = ()
    if "parts" in analysed.tables:
        top = pl.col("rank") <= analysed.spec["top"]
        first = analysed.table("areas").filter(top)
        parts = analysed.table("parts").join(first, on=["level", "area"], how="semi")
        rows = tuple(
            (
                area_cell(facts, row["level"], row["area"], lang),
                indicator_cell(facts, row["indicator"], lang),
                Cell(format_number(row["scaled"], lang, 2), row["scaled"]),
            )
            for row in parts.iter_rows(named=True)
        )
    return TableView("parts", label("index.parts", lang), columns, rows)
