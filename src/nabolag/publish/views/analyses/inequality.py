"""Inequality between areas: how much, whether it changes, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.curves import Moment, curve, history
from nabolag.publish.groups import grouping_words
from nabolag.publish.numbers import (
    format_count,
    format_difference,
    format_number,
    format_period,
    spanned,
)
from nabolag.publish.text import Ref, Sentence, inside, say, together
from nabolag.publish.views.analyses.common import area_cell, page_of, share_cell
from nabolag.publish.views.analyses.model import (
    AnalysisView,
    Asked,
    Cell,
    Choosing,
    Picture,
    TableView,
)
from nabolag.publish.views.analyses.shown import (
    Shown,
    led_by,
    parts_sentence,
    parts_table,
    what_is_shown,
)
from nabolag.publish.views.facts import Facts, in_time_order
from nabolag.store import Analysed

_DECIMALS = {"p90_p10": 2, "s80_s20": 2, "relative": 2}


def _along(shown: Shown) -> str:
    """Return what areas are ordered by, in words."""
    given: str = shown.analysed.spec["along"]
    entry = shown.facts.release.indicators.get(given)
    return inside(entry.label.in_(shown.lang)) if entry else given


def _measures(shown: Shown) -> dict[str, dict[str, Any]]:
    """Return the measures of the period, by name."""
    return {row["measure"]: row for row in shown.rows("measures").iter_rows(named=True)}


def _written(shown: Shown, measure: str, value: float) -> str:
    """Return a measure as it is read."""
    if measure == "slope":
        return format_difference(value, shown.entry, shown.lang)
    return format_number(value, shown.lang, _DECIMALS.get(measure, 3))


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page for one place, indicator and period."""
    shown, choosing = what_is_shown(facts, analysed, "measures", asked, lang)
    if shown is None:
        return page_of(facts, analysed, say("inequality.nothing", lang), lang)
    return _page(shown, choosing)


def _page(shown: Shown, choosing: tuple[Choosing, ...]) -> AnalysisView:
    measures = _measures(shown)
    along = shown.analysed.spec["along"]
    used = [shown.indicator, along] if along else [shown.indicator]
    lead = [
        _slope(shown, measures),
        _change(shown),
        parts_sentence(shown),
        _pairs_sentence(shown),
    ]
    return page_of(
        shown.facts,
        shown.analysed,
        _opening(shown, measures),
        shown.lang,
        used,
        lead=led_by(lead),
        choosing=choosing,
        pictures=_pictures(shown),
        tables=_tables(shown, measures),
        sure=_sure(shown, measures),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say what an area's latest distance to the larger area is made of, where it was split."""
    if "gaps" not in analysed.tables or level != analysed.spec["level"]:
        return None
    own = analysed.table("gaps").filter(pl.col("area") == code, pl.col("gap").is_not_null())
    said = []
    for iid in analysed.spec["indicators"]:
        part = own.filter(pl.col("indicator") == iid)
        if part.height:
            latest = in_time_order(part["period"])[-1]
            row = part.filter(pl.col("period") == latest).row(0, named=True)
            said.append(_gap_sentence(facts, analysed, row, lang))
    return together(*said) if said else None


def _gap_sentence(facts: Facts, analysed: Analysed, row: Mapping[str, Any], lang: Lang) -> Sentence:
    entry = facts.release.indicators[row["indicator"]]
    words: dict[str, Any] = {
        name: format_difference(row[name], entry, lang) for name in ("gap", "rates", "composition")
    }
    words |= {
        "indicator": entry.label.in_(lang),
        "period": format_period(row["period"], lang),
        "place": facts.name(row["base_level"], row["base_area"], lang),
        "compose": inside(grouping_words((analysed.spec["compose"],), lang)),
    }
    ref = Ref(row["level"], row["area"], row["indicator"], row["period"])
    return say("inequality.of_area", lang, [ref], **words)


def _opening(shown: Shown, measures: Mapping[str, Mapping[str, Any]]) -> Sentence:
    told = {name: row for name, row in measures.items() if row["value"] is not None}
    lang, named = shown.lang, shown.named
    if "s80_s20" in told:
        ratio = _written(shown, "s80_s20", told["s80_s20"]["value"])
        return say("inequality.shares", lang, (), ratio=ratio, **named)
    if "gini" in told:
        value = _written(shown, "gini", told["gini"]["value"])
        return say("inequality.gini", lang, (), value=value, **named)
    if told:
        name, row = next(iter(told.items()))
        words = {"measure": _name(shown, name), "value": _written(shown, name, row["value"])}
        return say("inequality.measure", lang, (), **words, **named)
    reason = next(iter(measures.values()))["reason"]
    words = {"reason": label(f"inequality.reason.{reason}", lang)}
    return say("inequality.not_known", lang, (), **words, **named)


def _slope(shown: Shown, measures: Mapping[str, Mapping[str, Any]]) -> Sentence:
    row = measures.get("slope")
    if row is None or row["value"] is None:
        return Sentence("")
    value = _written(shown, "slope", row["value"])
    return say("inequality.slope", shown.lang, along=_along(shown), value=value)


def _ginis(shown: Shown) -> list[dict[str, Any]]:
    """Return the Gini coefficients that are known up to the period shown, in time order."""
    held = shown.rows("measures", every_period=True).filter(
        pl.col("measure") == "gini", pl.col("value").is_not_null()
    )
    by_period = {row["period"]: row for row in held.iter_rows(named=True)}
    return [by_period[p] for p in in_time_order([*by_period, shown.period]) if p in by_period]


def _change(shown: Shown) -> Sentence:
    ginis = _ginis(shown)
    if len(ginis) < 2 or ginis[-1]["period"] != shown.period:
        return Sentence("")
    first, last, lang = ginis[0], ginis[-1], shown.lang
    if shown.entry.breaks_between(first["period"], last["period"]):
        return say("inequality.change_broken", lang)
    told = say(
        "inequality.change",
        lang,
        (),
        first=_written(shown, "gini", first["value"]),
        last=_written(shown, "gini", last["value"]),
        **{"from": format_period(first["period"], lang), "to": format_period(last["period"], lang)},
    )
    if None in (first["lower"], last["lower"]):
        return together(told, say("inequality.change_unsure", lang))
    meet = first["lower"] <= last["upper"] and last["lower"] <= first["upper"]
    return together(told, say("inequality.change_chance", lang)) if meet else told


def _pairs_sentence(shown: Shown) -> Sentence:
    """Say whether neighbours are more alike than chance gives; nothing where it is not known."""
    row = _pairs(shown)
    if row is None or row["p"] is None or row["far_apart"] is None:
        return Sentence("")
    if row["p"] > 1 - shown.analysed.spec["confidence"]:
        return say("inequality.pairs_chance", shown.lang)
    way = "alike" if row["near_apart"] < row["expected"] else "unlike"
    near, far = (_distance(shown, row[f"{name}_apart"]) for name in ("near", "far"))
    return say(f"inequality.pairs_{way}", shown.lang, near=near, far=far)


def _pairs(shown: Shown) -> dict[str, Any] | None:
    """Return the Gini coefficient by who are neighbours, where it was asked for and is known."""
    held = shown.rows("pairs").filter(pl.col("reason") == "") if shown.has("pairs") else None
    return None if held is None or held.is_empty() else held.row(0, named=True)


def _distance(shown: Shown, apart: float | None) -> str:
    """Return how far apart two areas are, which has no sign."""
    if apart is None:
        return label("analysis.unknown_cell", shown.lang)
    return format_difference(apart, shown.entry, shown.lang).removeprefix("+")


def _name(shown: Shown, measure: str) -> str:
    words = label(f"inequality.measure.{measure}", shown.lang)
    return words.format(along=_along(shown)) if measure == "slope" else words


def _tables(shown: Shown, measures: Mapping[str, Mapping[str, Any]]) -> tuple[TableView, ...]:
    made = [_measures_table(shown, list(measures.values()))]
    if shown.has("parts"):
        made.append(parts_table(shown, gini=partial(_gini_cell, shown)))
    if shown.has("gaps"):
        made.append(_gaps_table(shown))
    if shown.has("pairs"):
        made.append(_pairs_table(shown))
    return tuple(table for table in made if table.rows)


def _measures_table(shown: Shown, rows: Sequence[Mapping[str, Any]]) -> TableView:
    keys = ("measure", "value", "interval", "areas", "unknown")
    cells = []
    for row in rows:
        name = _name(shown, row["measure"])
        counts = [Cell(format_count(row[k], shown.lang), row[k]) for k in ("areas", "unknown")]
        cells.append((Cell(name, name), *_value(shown, row), *counts))
    return shown.table("measures", shown.columns(keys, ("value", "areas", "unknown")), cells)


def _value(shown: Shown, row: Mapping[str, Any]) -> tuple[Cell, Cell]:
    unknown = label("analysis.unknown_cell", shown.lang)
    if row["value"] is None:
        words = label(f"inequality.reason.{row['reason']}", shown.lang)
        return Cell(words), Cell(unknown)
    ends = [row["lower"], row["upper"]]
    told = unknown
    if None not in ends:
        told = spanned(*(_written(shown, row["measure"], end) for end in ends))
    return Cell(_written(shown, row["measure"], row["value"]), row["value"]), Cell(
        told, row["lower"]
    )


def _gini_cell(shown: Shown, row: Mapping[str, Any]) -> Cell:
    if not row["part_area"]:
        return Cell(label("status.not_applicable", shown.lang))
    if row["gini"] is None:
        return Cell(label("analysis.unknown_cell", shown.lang))
    return Cell(_written(shown, "gini", row["gini"]), row["gini"])


def _pairs_table(shown: Shown) -> TableView:
    row = _pairs(shown)
    cells = [] if row is None else [_pair_cells(shown, row, name) for name in ("near", "far")]
    keys = ("pairs", "of_gini", "share", "apart", "expected", "p")
    return shown.table("pairs", shown.columns(("pair", *keys), keys), cells)


def _pair_cells(shown: Shown, row: Mapping[str, Any], name: str) -> tuple[Cell, ...]:
    """Return the row of the pairs that are near, or of the others, whom chance is not asked of."""
    lang = shown.lang
    count, part, apart = row[f"{name}_pairs"], row[name], row[f"{name}_apart"]
    unasked = Cell(label("status.not_applicable", lang))
    chance = [unasked, unasked]
    if name == "near" and row["p"] is not None:
        chance = [
            Cell(_distance(shown, row["expected"]), row["expected"]),
            Cell(format_number(row["p"], lang, 3), row["p"]),
        ]
    return (
        Cell(label(f"inequality.pair.{name}", lang)),
        Cell(format_count(count, lang), count),
        Cell(_written(shown, "gini", part), part),
        share_cell(_share(part, row["gini"]), lang),
        Cell(_distance(shown, apart), apart),
        *chance,
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _gaps_table(shown: Shown) -> TableView:
    held = shown.analysed.table("gaps").filter(
        pl.col("indicator") == shown.indicator,
        pl.col("period") == shown.period,
        pl.col("base_area") == shown.place[1],
    )
    keys = ("gap", "rates", "composition")
    cells = []
    for row in held.sort("gap", descending=True, nulls_last=True).iter_rows(named=True):
        first = area_cell(shown.facts, row["level"], row["area"], shown.lang)
        if row["gap"] is None:
            unknown = label(f"status.{row['status']}", shown.lang)
            cells.append((first, *[Cell(unknown)] * 3))
            continue
        told = [format_difference(row[key], shown.entry, shown.lang) for key in keys]
        cells.append((first, *(Cell(t, row[k]) for t, k in zip(told, keys, strict=True))))
    return shown.table("gaps", shown.columns(("area", *keys), keys), cells)


def _pictures(shown: Shown) -> tuple[Picture, ...]:
    made = [_history(shown), _curve(shown)]
    return tuple(picture for picture in made if picture is not None)


def _history(shown: Shown) -> Picture | None:
    measure = "gini" if "gini" in shown.analysed.spec["measures"] else "slope"
    held = shown.rows("measures", every_period=True).filter(pl.col("measure") == measure)
    rows = {row["period"]: row for row in held.iter_rows(named=True)}
    periods = in_time_order(rows)
    if sum(row["value"] is not None for row in rows.values()) < 2:
        return None
    lang = shown.lang
    moments = []
    for period in periods:
        row = rows[period]
        told = "" if row["value"] is None else _written(shown, measure, row["value"])
        when = format_period(period, lang, short=True)
        moments.append(Moment(when, row["value"], row["lower"], row["upper"], told))
    name = _name(shown, measure)
    ends = {"from": format_period(periods[0], lang), "to": format_period(periods[-1], lang)}
    named = {key: shown.named[key] for key in ("indicator", "place")}
    words = Words(
        title=f"{named['indicator']}, {named['place']}",
        subtitle=label("inequality.picture.history_note", lang),
        description=label(
            "inequality.picture.alt_history", lang, n=None, measure=name, **named, **ends
        ),
        axis=name,
    )
    key = "history" if measure == "gini" else "history_slope"
    return Picture("history", label(f"inequality.picture.{key}", lang), history(moments, words))


def _curve(shown: Shown) -> Picture | None:
    held = shown.rows("curve")
    if held.is_empty():
        return None
    lang, along = shown.lang, bool(shown.analysed.spec["along"])
    key = "along" if along else "lorenz"
    note = label(f"inequality.picture.{key}_note", lang)
    title = label(f"inequality.picture.{key}", lang)
    words = Words(
        title=f"{shown.named['indicator']}, {shown.named['period']}",
        subtitle=note.format(along=_along(shown)) if along else note,
        description=label("inequality.picture.alt_curve", lang, n=None, **shown.named),
        axis=label("inequality.picture.share", lang),
    )
    across = label("inequality.picture.people", lang)
    points = list(held.select("people", "share").iter_rows())
    return Picture("curve", title, curve(points, words, across))


def _sure(shown: Shown, measures: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    lang, spec = shown.lang, shown.analysed.spec
    share = format_number(spec["confidence"] * 100, lang)
    said = [label("inequality.sure.between", lang)]
    said.append(label(f"inequality.sure.{spec['bounds']}", lang, share=share))
    first = next(iter(measures.values()))
    if first["unknown"]:
        counts = {"unknown": first["unknown"], "everybody": first["areas"] + first["unknown"]}
        words = {name: format_count(count, lang) for name, count in counts.items()}
        said.append(label("inequality.sure.unknown", lang, n=None, **words))
    return tuple(said)
