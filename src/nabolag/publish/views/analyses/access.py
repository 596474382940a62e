"""Access: how many residents have places of each kind near, and where it is far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.palette import ACCUMULATION, SEQUENTIAL
from nabolag.publish.numbers import format_count, format_number, format_period, per_cent, spanned
from nabolag.publish.text import Ref, Sentence, listed, say, together
from nabolag.publish.views.analyses.common import (
    area_cell,
    chosen,
    columns_of,
    number_cell,
    page_of,
    share_cell,
)
from nabolag.publish.views.analyses.maps import class_map, classes_of
from nabolag.publish.views.analyses.model import (
    AnalysisView,
    Asked,
    Cell,
    Choosing,
    TableView,
)
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import Choice, MapLayer
from nabolag.store import Analysed

_CLASSES: Final = {"within": SEQUENTIAL[2], "beyond": ACCUMULATION["1"]}


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page: the shares in one sentence, a map of one kind of place, the tables."""
    goals = analysed.spec["goals"]
    goal = chosen(asked.group, goals, goals[0], "analysis_choice_unknown")
    areas = analysed.table("areas").filter(pl.col("goal") == goal)
    shares = analysed.table("shares")
    choices = tuple(Choice(one, _goal(one, lang), one == goal) for one in goals)
    choosing = (Choosing("group", label("access.goals", lang), choices),)
    return page_of(
        facts,
        analysed,
        _opening(facts, analysed, shares, lang),
        lang,
        [analysed.spec["population"]],
        choosing=choosing if len(choices) > 1 else (),
        map=_map(facts, analysed, goal, areas, lang),
        tables=(_shares(facts, analysed, shares, lang), _areas(facts, areas, lang)),
        sure=_sure(analysed, lang),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say what an area has near and what is further away; of a larger area, the shares."""
    minutes = _minutes(analysed.spec["minutes"], lang)
    here = (pl.col("level") == level) & (pl.col("area") == code)
    ref = Ref(level, code, analysed.spec["population"], analysed.facts["period"])
    shares = analysed.table("shares").filter(here, pl.col("share").is_not_null())
    if shares.height:
        told = listed(_told(shares, analysed, lang), lang)
        return say("access.parent", lang, [ref], shares=told, minutes=minutes)
    said = []
    for key, state in (("near", True), ("far", False)):
        own = set(analysed.table("areas").filter(here, pl.col("within") == state)["goal"])
        goals = [_goal(goal, lang) for goal in analysed.spec["goals"] if goal in own]
        if goals:
            words = {"goals": listed(goals, lang), "minutes": minutes}
            said.append(say(f"access.{key}", lang, (), **words))
    return together(*said) if said else None


def _goal(goal: str, lang: Lang) -> str:
    return label(f"access.goal.{goal}", lang)


def _minutes(minutes: float, lang: Lang) -> str:
    return format_number(minutes, lang, 0 if minutes == round(minutes) else 1)


def _told(shares: pl.DataFrame, analysed: Analysed, lang: Lang) -> list[str]:
    """Return «63 % med skole» for each kind of place whose share is known."""
    by_goal = {row["goal"]: row["share"] for row in shares.iter_rows(named=True)}
    return [
        label("sentence.access.share", lang, share=per_cent(by_goal[goal], lang),
              goal=_goal(goal, lang))
        for goal in analysed.spec["goals"] if by_goal.get(goal) is not None
    ]  # fmt: skip


def _opening(facts: Facts, analysed: Analysed, shares: pl.DataFrame, lang: Lang) -> Sentence:
    known = shares.drop_nulls("share")
    if known.is_empty():
        return say("access.nothing", lang)
    own = facts.municipality
    held = [(row["level"], row["area"]) for row in known.iter_rows(named=True)]
    level, code = own if own in held else held[0]
    here = known.filter(pl.col("level") == level, pl.col("area") == code)
    period = analysed.facts["period"]
    return say(
        "access.opening",
        lang,
        [Ref(level, code, analysed.spec["population"], period)],
        place=facts.name(level, code, lang),
        shares=listed(_told(here, analysed, lang), lang),
        minutes=_minutes(analysed.spec["minutes"], lang),
        period=format_period(period, lang),
    )


def _state(row: Mapping[str, Any]) -> str:
    return {True: "within", False: "beyond", None: "unknown"}[row["within"]]


def _time(row: Mapping[str, Any], lang: Lang) -> Cell:
    if row["minutes"] is not None:
        told = label("access.minutes", lang, minutes=format_number(row["minutes"], lang))
        return Cell(told, row["minutes"])
    if row["beyond"] is not None:
        told = label("access.beyond", lang, minutes=format_number(row["beyond"], lang))
        return Cell(told, row["beyond"])
    return Cell(label("analysis.unknown_cell", lang))


def _map(
    facts: Facts, analysed: Analysed, goal: str, areas: pl.DataFrame, lang: Lang
) -> MapLayer | None:
    period = analysed.facts["period"]
    if not period:
        return None
    classes = classes_of("access.class", _CLASSES, lang)
    found = {
        row["area"]: (_state(row), f"{label(f'access.class.{_state(row)}', lang)} · "
                                   f"{_time(row, lang).text}")
        for row in areas.iter_rows(named=True)
    }  # fmt: skip
    title = label("access.map", lang, goal=_goal(goal, lang))
    return class_map(facts, (analysed.spec["level"], analysed.id, period), title, classes, found,
                     lang)  # fmt: skip


def _shares(facts: Facts, analysed: Analysed, shares: pl.DataFrame, lang: Lang) -> TableView:
    keys = ("area", "goal", "share", "bounds", "reached", "areas_unknown")
    order = {goal: place for place, goal in enumerate(analysed.spec["goals"])}
    place = {Level(level).value: n for n, level in enumerate(analysed.spec["within"])}
    rows = sorted(
        shares.iter_rows(named=True),
        key=lambda r: (place[r["level"]], r["area"], order[r["goal"]]),
    )
    cells = tuple(
        (
            area_cell(facts, row["level"], row["area"], lang),
            Cell(_goal(row["goal"], lang), row["goal"]),
            share_cell(row["share"], lang),
            Cell(_bounds(row, lang), row["lower"]),
            number_cell(row["reached"] if row["counted"] else None, lang),
            Cell(format_count(row["areas_unknown"], lang), row["areas_unknown"]),
        )
        for row in rows
    )
    note = label("access.shares_note", lang)
    return TableView("shares", label("access.shares", lang),
                     columns_of("access", keys, keys[2:], lang), cells, note)  # fmt: skip


def _bounds(row: Mapping[str, Any], lang: Lang) -> str:
    if row["lower"] is None:
        return label("analysis.unknown_cell", lang)
    low, high = (format_number(100 * row[end], lang) for end in ("lower", "upper"))
    both = low if low == high else spanned(low, high)
    return label("publish.unit.share", lang, number=both)


def _areas(facts: Facts, areas: pl.DataFrame, lang: Lang) -> TableView:
    keys = ("area", "near", "minutes", "residents", "basis")
    cells = tuple(
        (
            area_cell(facts, row["level"], row["area"], lang),
            Cell(label(f"access.class.{_state(row)}", lang), _state(row)),
            _time(row, lang),
            number_cell(row["residents"], lang),
            Cell(label(f"access.basis.{row['basis']}", lang) if row["basis"] else
                 label("analysis.unknown_cell", lang), row["basis"]),
        )
        for row in areas.sort("minutes", "area", descending=[True, False],
                              nulls_last=True).iter_rows(named=True)
    )  # fmt: skip
    columns = columns_of("access", keys, ("minutes", "residents"), lang)
    return TableView("areas", label("access.areas", lang), columns, cells)


def _sure(analysed: Analysed, lang: Lang) -> tuple[str, ...]:
    said = [label("access.sure.spot", lang)]
    for key, basis in (("line", "line"), ("unknown", "")):
        held = analysed.facts["basis"]
        goals = [_goal(goal, lang) for goal in analysed.spec["goals"] if held[goal] == basis]
        if goals:
            said.append(label(f"access.sure.{key}", lang, goals=listed(goals, lang)))
    return (*said, label("access.sure.quality", lang))
