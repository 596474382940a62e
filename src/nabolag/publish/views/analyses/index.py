"""A composite index: the places, what they are made of, and how far other choices move them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.breaks import Method, breaks
from nabolag.publish.figures.palette import sequential
from nabolag.publish.numbers import format_count, format_number, format_period, spanned
from nabolag.publish.text import Ref, Sentence, inside, listed, say, together
from nabolag.publish.views.analyses import index_tables as tables
from nabolag.publish.views.analyses.common import own_row, page_of
from nabolag.publish.views.analyses.index_pictures import pictures
from nabolag.publish.views.analyses.maps import MapClass, class_map
from nabolag.publish.views.analyses.model import AnalysisView, Asked
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import MapLayer
from nabolag.store import Analysed


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page: who comes first, the map, the pictures, the tables, what moves places."""
    areas = analysed.table("areas")
    return page_of(
        facts,
        analysed,
        _opening(facts, analysed, areas, lang),
        lang,
        analysed.spec["indicators"],
        lead=_lead(facts, analysed, areas, lang),
        map=_map(facts, analysed, areas, lang),
        pictures=pictures(facts, analysed, lang),
        tables=tables.every(facts, analysed, lang),
        sure=_sure(facts, analysed, lang),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say an area's place, the places it has with other choices, and what lifts it most."""
    row = own_row(analysed, "areas", level, code)
    if row is None:
        return None
    refs = [Ref(level, code, iid, row["period"]) for iid in analysed.spec["indicators"]]
    if row["rank"] is None:
        return say("index.unplaced", lang, refs)
    numbers = {key: format_count(row[key], lang) for key in ("rank", "rank_low", "rank_high")}
    placed = format_count(analysed.facts["placed"], lang)
    said = [say("index.of_area", lang, refs, placed=placed, **numbers)]
    most = analysed.table("parts").filter(
        pl.col("level") == level, pl.col("area") == code, pl.col("contribution") > 0
    )
    names = [
        inside(facts.release.indicators[iid].heading.in_(lang))
        for iid in most.sort("contribution", descending=True).head(2)["indicator"]
    ]
    if names:
        said.append(say("index.lifted_by", lang, indicators=listed(names, lang)))
    return together(*said)


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


def _lead(
    facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang
) -> tuple[Sentence, ...]:
    """Say how many are first whatever is chosen, and who has moved since the base."""
    top = analysed.spec["redraw"]["top"]
    said = []
    if analysed.facts["placed"] > top:
        sure = areas.filter(pl.col("in_top") >= 0.9).height
        may = areas.filter(pl.col("in_top") > 0.1).height
        words: dict[str, Any] = {"n": sure, "sure": format_count(sure, lang),
                                 "top": format_count(top, lang),
                                 "may": format_count(may, lang)}  # fmt: skip
        said.append(say("index.surely" if sure else "index.none_surely", lang, **words))
    if "changes" in analysed.tables:
        said.append(_moved(analysed, lang))
    return tuple(said)


def _moved(analysed: Analysed, lang: Lang) -> Sentence:
    moved = analysed.table("changes")["moved"].to_list()
    counts = {key: moved.count(key) for key in ("up", "down")}
    counts["known"] = len(moved) - moved.count("unknown")
    words: dict[str, Any] = {key: format_count(n, lang) for key, n in counts.items()}
    base = format_period(analysed.facts["base"], lang)
    key = "moved" if counts["up"] or counts["down"] else "nobody_moved"
    return say(f"index.{key}", lang, base=base, **words)


def _sure(facts: Facts, analysed: Analysed, lang: Lang) -> tuple[str, ...]:
    facts_of = analysed.facts
    time = "same_scale" if facts_of["base"] else "editions"
    said = [label(f"index.sure.{key}", lang) for key in ("choices", time, "causes")]
    for key in ("unplaced", "filled"):
        if facts_of[key]:
            said.append(label(f"index.sure.{key}", lang, n=facts_of[key]))
    if bare := facts_of["without_error"]:
        names = [inside(facts.release.indicators[iid].heading.in_(lang)) for iid in bare]
        said.append(label("index.sure.without_error", lang, indicators=listed(names, lang)))
    return tuple(said)


def _map(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> MapLayer:
    scores = areas["score"].drop_nulls().to_list()
    classes: list[MapClass] = []
    found: dict[str, tuple[str, str]] = {}
    if scores:
        limits = breaks(scores, method=Method.QUANTILES)
        lows = (limits.lowest, *limits.upper[:-1])
        classes = [
            MapClass(
                str(n), spanned(format_number(low, lang, 2), format_number(high, lang, 2)), color
            )
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
