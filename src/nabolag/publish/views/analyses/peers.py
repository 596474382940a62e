"""Comparison groups: who is most like whom, and in what."""

from __future__ import annotations

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_count, format_number
from nabolag.publish.text import Ref, Sentence, listed, say, together
from nabolag.publish.views.analyses.common import area_cell, columns_of, indicator_cell, page_of
from nabolag.publish.views.analyses.model import AnalysisView, Asked, Cell, TableView
from nabolag.publish.views.analyses.peers_trends import latest_sentence, trends_of
from nabolag.publish.views.facts import Facts
from nabolag.store import Analysed


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return who is most like whom."""
    near = analysed.table("neighbours")
    traits = analysed.table("traits")
    compared, everybody = int(analysed.facts["compared"]), traits.height
    opening = say(
        "peers.opening",
        lang,
        n=compared,
        compared=format_count(compared, lang),
        everybody=format_count(everybody, lang),
    )
    if asked.area is not None:
        near = near.filter(pl.col("area") == asked.area)
    trends = trends_of(facts, analysed, asked, lang)
    return page_of(
        facts,
        analysed,
        opening,
        lang,
        [*analysed.spec["traits"], *analysed.spec.get("indicators", ())],
        lead=trends.lead,
        choosing=trends.choosing,
        pictures=trends.pictures,
        sure=(label("peers.sure", lang),),
        tables=(
            *trends.tables,
            _neighbours(facts, near, lang),
            _left_out(facts, traits, analysed, lang),
        ),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say who an area is most like, where it was compared."""
    if level != analysed.spec["level"]:
        return None
    own = analysed.table("neighbours").filter(pl.col("area") == code).sort("rank").head(3)
    if own.is_empty():
        return None
    names = [facts.name(level, peer, lang) for peer in own["peer"]]
    period = analysed.facts["period"]
    refs = [Ref(level, code, trait, period) for trait in analysed.spec["traits"]]
    likest = say("peers.of_area", lang, refs, peers=listed(names, lang))
    return together(likest, *_beside(facts, analysed, code, lang))


def _beside(facts: Facts, analysed: Analysed, code: str, lang: Lang) -> list[Sentence]:
    """Say where the area lies beside its first group, for each indicator that is followed."""
    if "trends" not in analysed.tables:
        return []
    own = analysed.table("trends").filter(pl.col("area") == code)
    said = (
        latest_sentence(facts, own.filter(pl.col("indicator") == iid).to_dicts(), lang)
        for iid in analysed.spec["indicators"]
    )
    return [sentence for sentence in said if sentence is not None]


def _neighbours(facts: Facts, near: pl.DataFrame, lang: Lang) -> TableView:
    keys = ("area", "rank", "peer", "distance", "most_alike", "least_alike")
    columns = columns_of("peers", keys, ("rank", "distance"), lang)
    rows = tuple(
        (
            area_cell(facts, row["level"], row["area"], lang),
            Cell(format_count(row["rank"], lang), row["rank"]),
            area_cell(facts, row["level"], row["peer"], lang),
            Cell(format_number(row["distance"], lang, 2), row["distance"]),
            indicator_cell(facts, row["most_alike"], lang),
            indicator_cell(facts, row["least_alike"], lang),
        )
        for row in near.iter_rows(named=True)
    )
    note = label("peers.note", lang)
    return TableView("neighbours", label("peers.table", lang), columns, rows, note)


def _left_out(facts: Facts, traits: pl.DataFrame, analysed: Analysed, lang: Lang) -> TableView:
    """Return the areas that were not compared, and the traits they lack."""
    names = analysed.spec["traits"]
    lacking = traits.filter(pl.any_horizontal(pl.col(name).is_null() for name in names))
    columns = columns_of("peers", ("area", "lacking"), (), lang)
    rows = []
    for row in lacking.iter_rows(named=True):
        words = [indicator_cell(facts, name, lang).text for name in names if row[name] is None]
        told = listed(words, lang)
        rows.append((area_cell(facts, row["level"], row["area"], lang), Cell(told, told)))
    return TableView("left_out", label("peers.left_out", lang), columns, tuple(rows))
