"""The pictures of a projection: the lines, the ages, and the need for places."""

from __future__ import annotations

from typing import Any

import polars as pl

from nabolag.core import label
from nabolag.projection.axes import Ages, bands
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.projected import AgeBar, Point, ages, ahead
from nabolag.publish.numbers import format_count, format_number
from nabolag.publish.views.analyses.model import Picture
from nabolag.publish.views.money.projection.shown import Shown
from nabolag.publish.views.money.projection.words import service_name

_FIVES = bands(range(0, 91, 5))


def pictures(shown: Shown) -> tuple[Picture, ...]:
    """Return every picture there is something to draw in."""
    made = (_lines(shown), _ages(shown), _demand(shown))
    return tuple(picture for picture in made if picture is not None)


def _lines(shown: Shown) -> Picture | None:
    lang, names = shown.lang, shown.scenarios
    base = shown.totals.get(("", shown.base))
    begun = [(scenario, base) for scenario in names] if base else []
    rows = [(scenario, row) for (scenario, _), row in shown.totals.items()]
    points = [
        point
        for scenario, row in (*rows, *begun)
        if (point := _point(shown, scenario, row)) is not None
    ]
    if not points:
        return None
    order = [label("projection.scenario.registered", lang), *names.values()]
    points.sort(key=lambda p: (order.index(p.line), p.year))
    title = label("projection.picture.lines", lang, last=shown.last)
    note = [label("projection.picture.lines_note", lang, base=shown.base)]
    if shown.spec["bounds"]["draws"]:
        note.append(label("projection.picture.lines_band", lang))
    ends = [f"{p.line}: {p.text}." for p in points if p.year == shown.last]
    words = Words(
        title=f"{shown.place}: {title[:1].lower()}{title[1:]}",
        subtitle=" ".join(note),
        description=label("projection.picture.lines_alt", lang, place=shown.place,
                          first=points[0].year, last=shown.last, told=" ".join(ends)),
        axis=label("projection.picture.axis", lang),
    )  # fmt: skip
    return Picture("innbyggere", title, ahead(points, words))


def _point(shown: Shown, scenario: str, row: dict[str, Any]) -> Point | None:
    if row["persons"] is None:
        return None
    name = shown.scenarios.get(scenario) or label("projection.scenario.registered", shown.lang)
    text = format_count(row["persons"], shown.lang)
    return Point(name, row["year"], row["persons"], text, row["lower"], row["upper"])


def _ages(shown: Shown) -> Picture | None:
    sexes_apart = shown.people.filter(pl.col("sex") != "").height > 0
    return _pyramid(shown) if sexes_apart else _bars(shown)


def _bar(shown: Shown, group: Ages, sex: str, side: str) -> AgeBar:
    rows = shown.of_ages(group, sex)
    now, later = (shown.at(rows, shown.scenario, year) for year in (shown.base, shown.year))
    told = [
        f"{year}: {format_count(row['persons'], shown.lang)}"
        for year, row in ((shown.base, now), (shown.year, later))
        if row and row["persons"] is not None
    ]
    held = [row["persons"] if row else None for row in (now, later)]
    return AgeBar(shown.ages_words(group), side, held[0], held[1], ", ".join(told))


def _pyramid(shown: Shown) -> Picture:
    lang = shown.lang
    sides = {sex: label(f"projection.picture.{sex}", lang) for sex in ("women", "men")}
    bars = [
        _bar(shown, group, sex, sides[word])
        for group in _FIVES
        for sex, word in (("female", "women"), ("male", "men"))
    ]
    return _picture(shown, "pyramid", "aldre", bars, mirrored=True)


def _bars(shown: Shown) -> Picture | None:
    side = label("projection.picture.persons", shown.lang)
    bars = [_bar(shown, group, "", side) for group in shown.band_choices()]
    if all(bar.later is None for bar in bars):
        return None
    return _picture(shown, "bars", "aldre", bars, mirrored=False)


def _picture(shown: Shown, key: str, name: str, bars: list[AgeBar], *, mirrored: bool) -> Picture:
    lang = shown.lang
    years: dict[str, Any] = {"base": shown.base, "year": shown.year}
    title = label(f"projection.picture.{key}", lang, **years)
    words = Words(
        title=f"{shown.place}: {title[:1].lower()}{title[1:]}",
        subtitle=label(f"projection.picture.{key}_note", lang,
                       scenario=shown.scenarios[shown.scenario], **years),
        description=label("projection.picture.pyramid_alt", lang, place=shown.place, **years)
        if mirrored
        else f"{shown.place}. " + "; ".join(f"{bar.group}: {bar.text}" for bar in bars if bar.text),
        axis=label("projection.picture.persons", lang),
    )  # fmt: skip
    return Picture(name, title, ages(bars, words, mirrored=mirrored))


def _demand(shown: Shown) -> Picture | None:
    """Return the need for places with the base year as 100; services on very unlike scales."""
    table, lang = shown.table("demand"), shown.lang
    if table.is_empty():
        return None
    points: list[Point] = []
    for service in shown.spec["service"]:
        rows = table.filter(
            pl.col("service") == service["id"], pl.col("scenario").is_in(["", shown.scenario])
        ).sort("year")
        ahead_of = rows.filter(pl.col("year") >= shown.base, pl.col("places").is_not_null())
        start = ahead_of.filter(pl.col("year") == shown.base)["places"]
        if not start.len() or not start[0]:
            continue
        name = service_name(service, lang)
        points += [
            Point(name, row["year"], round(100 * row["places"] / start[0], 2),
                  format_number(100 * row["places"] / start[0], lang))
            for row in ahead_of.iter_rows(named=True)
        ]  # fmt: skip
    if not points:
        return None
    years: dict[str, Any] = {"base": shown.base, "first": shown.base, "last": shown.last}
    title = label("projection.picture.demand", lang, base=shown.base)
    words = Words(
        title=f"{shown.place}: {title[:1].lower()}{title[1:]}",
        subtitle=shown.scenarios[shown.scenario],
        description=label("projection.picture.demand_alt", lang, place=shown.place, **years),
        axis=label("projection.picture.index_axis", lang, base=shown.base),
    )
    return Picture("plasser", title, ahead(points, words))
