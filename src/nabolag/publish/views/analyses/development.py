"""Status and development: which areas differ from the municipality, and which way they move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.palette import ACCUMULATION, SEQUENTIAL
from nabolag.publish.figures.scatter import Axes, Dot, scatter
from nabolag.publish.numbers import format_count, format_number, format_period, spanned
from nabolag.publish.text import Ref, Sentence, listed, say, together
from nabolag.publish.views.analyses.common import (
    area_cell,
    columns_of,
    indicator_cell,
    number_cell,
    own_row,
    page_of,
)
from nabolag.publish.views.analyses.maps import class_map, classes_of
from nabolag.publish.views.analyses.model import (
    AnalysisView,
    Asked,
    Cell,
    Picture,
    TableView,
)
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import MapLayer
from nabolag.store import Analysed

#: The statuses in the order of the legend, with their colours.
STATUSES: Final = {
    "good": SEQUENTIAL[2],
    "average": ACCUMULATION["0"],
    "like": "#d8dce1",
    "exposed": ACCUMULATION["2-3"],
}
_ORDER: Final = ("exposed", "at_risk", "average", "like", "good", "unknown")


def page(facts: Facts, analysed: Analysed, asked: Asked, lang: Lang) -> AnalysisView:
    """Return the page: one sentence, the map, the picture, the table, how sure."""
    areas = analysed.table("areas")
    return page_of(
        facts,
        analysed,
        _opening(analysed, areas, lang),
        lang,
        analysed.spec["indicators"],
        lead=_lead(facts, areas, analysed, lang),
        map=_map(facts, analysed, areas, lang),
        pictures=(_picture(facts, analysed, areas, lang),) if areas.height else (),
        tables=(_table(facts, areas, lang), _parts(facts, analysed, lang)),
        sure=_sure(analysed, areas, lang),
    )


def of_area(facts: Facts, analysed: Analysed, level: str, code: str, lang: Lang) -> Sentence | None:
    """Say how an area is placed and which way it moves, and in what most."""
    row = own_row(analysed, "areas", level, code)
    if row is None:
        return None
    parts = analysed.table("parts").filter(pl.col("level") == level, pl.col("area") == code)
    refs = [Ref(level, code, iid, row["period"]) for iid in parts["indicator"]]
    said = [say(f"development.status.{row['status']}", lang, refs, period=_when(row, lang))]
    if row["status"] != "unknown":
        said.append(say(f"development.moved.{row['development']}", lang, refs, years=row["years"]))
    if row["at_risk"]:
        said.append(say("development.at_risk", lang, refs))
    return together(*said, *_most(facts, parts, row["status"], lang))


def _most(facts: Facts, parts: pl.DataFrame, status: str, lang: Lang) -> list[Sentence]:
    """Name the indicators in which an area that stands out does so most."""
    if status not in ("exposed", "good"):
        return []
    falling = status == "exposed"
    most = parts.sort("difference", descending=falling).head(2)
    agreeing = most.filter(pl.col("difference") > 0 if falling else pl.col("difference") < 0)
    names = [indicator_cell(facts, iid, lang).text for iid in agreeing["indicator"]]
    return (
        [say(f"development.most.{status}", lang, indicators=listed(names, lang))] if names else []
    )


def _when(row: Mapping[str, Any], lang: Lang) -> str:
    return format_period(row["period"], lang)


def _opening(analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> Sentence:
    level = Level(analysed.spec["level"]).plural.in_(lang)
    if areas.is_empty():
        return say("development.none", lang, level=level)
    exposed = areas.filter(pl.col("status") == "exposed")
    worse = exposed.filter(pl.col("development") == "worsening").height
    risk = int(areas["at_risk"].sum())
    words: dict[str, Any] = {"level": level, "all": format_count(areas.height, lang),
             "period": format_period(analysed.facts["period"], lang)}  # fmt: skip
    told = format_count(exposed.height, lang)
    first = (
        say("development.opening", lang, n=exposed.height, exposed=told, **words)
        if exposed.height
        else say("development.nobody", lang, **words)
    )
    grows = say("development.worsening", lang, n=worse, worsening=format_count(worse, lang))
    risky = say("development.risky", lang, n=risk, risk=format_count(risk, lang))
    return together(
        first, *([grows] if worse else []), risky if risk else say("development.no_risk", lang)
    )


def _lead(
    facts: Facts, areas: pl.DataFrame, analysed: Analysed, lang: Lang
) -> tuple[Sentence, ...]:
    """Name the areas that improve, and those that are at risk; the first few of each."""
    found = []
    better = areas.filter(pl.col("development") == "improving").sort("slope")
    for key, rows in (("better", better), ("risk", areas.filter("at_risk").sort("slope"))):
        if rows.is_empty():
            continue
        named = [
            facts.name(r["level"], r["area"], lang) for r in rows.head(5).iter_rows(named=True)
        ]
        more = rows.height - len(named)
        told = [*named, label("development.more", lang, n=more)] if more else named
        found.append(say(f"development.{key}", lang, areas=listed(told, lang)))
    return tuple(found)


def _sure(analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> tuple[str, ...]:
    like = areas.filter(pl.col("status") == "like").height
    unknown = areas.filter(pl.col("status") == "unknown").height
    rate = format_number(analysed.spec["false_discovery"] * 100, lang)
    return (
        label("development.sure.chance", lang, rate=rate),
        label("development.sure.like", lang, like=like, unknown=unknown),
        label("development.sure.errors", lang),
    )


def _words(row: Mapping[str, Any], lang: Lang) -> str:
    status = label(f"development.status.{row['status']}", lang)
    if row["status"] == "unknown":
        return status
    moved = label(f"development.development.{row['development']}", lang)
    risk = f" · {label('development.at_risk', lang)}" if row["at_risk"] else ""
    return f"{status} · {moved}{risk}"


def _map(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> MapLayer:
    classes = classes_of("development.status", STATUSES, lang)
    found = {r["area"]: (r["status"], _words(r, lang)) for r in areas.iter_rows(named=True)}
    key = (analysed.spec["level"], analysed.id, analysed.facts["period"])
    return class_map(facts, key, label("development.map", lang), classes, found, lang)


def _picture(facts: Facts, analysed: Analysed, areas: pl.DataFrame, lang: Lang) -> Picture:
    drawn = areas.filter(pl.col("score").is_not_null() & pl.col("slope").is_not_null())
    dots = [
        Dot(facts.name(r["level"], r["area"], lang), r["score"], r["slope"], r["status"],
            _words(r, lang))
        for r in drawn.iter_rows(named=True)
    ]  # fmt: skip
    groups = {
        code: (label(f"development.status.{code}", lang), "#8b96a3" if code == "like" else color)
        for code, color in STATUSES.items()
    }
    line = analysed.spec["line"]
    axes = Axes(label("development.axis.score", lang), label("development.axis.slope", lang),
                (0.0, line, -line))  # fmt: skip
    title = label("development.picture", lang)
    subtitle = format_period(analysed.facts["period"], lang)
    told = label("development.picture_alt", lang, n=len(dots))
    return Picture("status", title, scatter(dots, axes, groups, Words(title, subtitle, told)))


def _table(facts: Facts, areas: pl.DataFrame, lang: Lang) -> TableView:
    keys = ("area", "status", "development", "score", "interval", "slope", "known")
    columns = columns_of("development", keys, ("score", "slope", "known"), lang)
    place = {code: n for n, code in enumerate(_ORDER)}
    rows = sorted(
        areas.iter_rows(named=True), key=lambda r: (place[r["status"]], -(r["score"] or 0.0))
    )
    return TableView(
        "areas",
        label("development.table", lang),
        columns,
        tuple(_row(facts, row, place, lang) for row in rows),
        label("development.table_note", lang),
    )


def _row(
    facts: Facts, row: Mapping[str, Any], place: Mapping[str, int], lang: Lang
) -> tuple[Cell, ...]:
    status = label(f"development.status.{row['status']}", lang)
    moved = label(f"development.development.{row['development']}", lang)
    risk = f"; {label('development.at_risk', lang)}" if row["at_risk"] else ""
    told = label("analysis.unknown_cell", lang)
    if None not in (row["lower"], row["upper"]):
        told = spanned(*(format_number(row[end], lang, 1) for end in ("lower", "upper")))
    return (
        area_cell(facts, row["level"], row["area"], lang),
        Cell(status, float(place[row["status"]])),
        Cell(moved + risk, row["slope"]),
        number_cell(row["score"], lang, 1),
        Cell(told, row["lower"]),
        number_cell(row["slope"], lang, 2),
        Cell(format_count(row["known"], lang), row["known"]),
    )


def _parts(facts: Facts, analysed: Analysed, lang: Lang) -> TableView:
    """Return what each indicator adds, for the areas that stand out."""
    areas = analysed.table("areas").filter(pl.col("status").is_in(["exposed", "good"]))
    parts = analysed.table("parts") if "parts" in analysed.tables else None
    columns = columns_of("development", ("area", "indicator", "difference"), ("difference",), lang)
    rows = [] if parts is None else parts.join(areas, on=["level", "area"], how="semi").to_dicts()
    return TableView(
        "parts",
        label("development.parts", lang),
        columns,
        tuple(
            (
                area_cell(facts, row["level"], row["area"], lang),
                indicator_cell(facts, row["indicator"], lang),
                number_cell(row["difference"], lang, 1),
            )
            for row in rows
        ),
        label("development.parts_note", lang),
    )
