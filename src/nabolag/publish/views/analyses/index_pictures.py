"""Pictures of a composite index: places with other choices, and what lifts the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.figures import heat
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.places import Place, places
from nabolag.publish.numbers import format_count, format_number, format_period
from nabolag.publish.views.analyses.model import Picture
from nabolag.publish.views.facts import Facts
from nabolag.store import Analysed

#: So many areas are drawn with what lifts them, at most.
_MOST: Final = 25


def pictures(facts: Facts, analysed: Analysed, lang: Lang) -> tuple[Picture, ...]:
    """Return the pictures that there is something for."""
    areas = analysed.table("areas").drop_nulls("rank").sort("rank", "area")
    if areas.is_empty():
        return ()
    lifts = _lifts(facts, analysed, areas, lang)
    return (_places(facts, analysed, areas, lang), *([lifts] if lifts else []))


def _places(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> Picture:
    drawn = [_place(facts, row, lang) for row in areas.iter_rows(named=True)]
    title = label("index.picture.places", lang)
    words = Words(
        title=title,
        subtitle=label("index.picture.places_note", lang),
        description=label("index.picture.places_alt", lang, n=len(drawn)),
        axis=label("index.picture.axis", lang),
    )
    return Picture("places", title, places(drawn, words))


def _place(facts: Facts, row: Mapping[str, Any], lang: Lang) -> Place:
    low, high = row["rank_low"], row["rank_high"]
    told: dict[str, Any] = {
        key: format_count(row[key], lang) for key in ("rank", "rank_low", "rank_high")
    }
    return Place(
        name=facts.name(row["level"], row["area"], lang),
        rank=row["rank"],
        lower=low,
        upper=high,
        all_lower=low,
        all_upper=high,
        text=label("index.picture.place", lang, **told),
    )


def _lifts(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> Picture | None:
    first = areas.head(min(analysed.spec["redraw"]["top"], _MOST))
    parts = analysed.table("parts").join(
        first.select("level", "area", "rank"), on=["level", "area"], how="inner"
    )
    if parts["contribution"].null_count() == parts.height:
        return None
    names = {
        code: facts.name(level, code, lang)
        for level, code in first.select("level", "area").iter_rows()
    }
    indicators = {
        iid: facts.release.indicators[iid].heading.in_(lang) for iid in analysed.spec["indicators"]
    }
    boxes = [
        heat.Box(row["area"], row["indicator"], row["contribution"], _written(row, lang))
        for row in parts.sort("rank").iter_rows(named=True)
    ]
    title = label("index.picture.lifts", lang)
    words = Words(
        title=title,
        subtitle=_subtitle(analysed, lang),
        description=label("index.picture.lifts_alt", lang, n=len(names), parts=len(indicators)),
        axis=label("index.picture.lifts_legend", lang),
    )
    return Picture("lifts", title, heat.heat(boxes, names, indicators, words))


def _subtitle(analysed: Analysed, lang: Lang) -> str:
    said = format_period(analysed.facts["period"], lang)
    if analysed.facts["filled"]:
        said += f". {label('index.picture.guessed_note', lang)}"
    return said


def _written(row: Mapping[str, Any], lang: Lang) -> str:
    value = row["contribution"]
    if value is None:
        return label("index.picture.unknown", lang)
    written = format_number(value, lang, 2)
    return label("index.picture.guessed", lang, value=written) if row["filled"] else written
