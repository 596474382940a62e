"""The page of an area of one's own: what its address says, and what its template is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from nabolag.core import Lang, error, label
from nabolag.publish.exports.own_area import OWN_FORMS
from nabolag.publish.views.facts import facts_of
from nabolag.publish.views.model import AreaRow, AreaView, Choice
from nabolag.publish.views.own_area import OwnAreaView, OwnAsked
from nabolag.store import Release
from nabolag.web.places import charts, tables
from nabolag.web.places.charts import Chart
from nabolag.web.places.links import PICTURES, Link, area_href, indicator_href
from nabolag.web.places.shapes import drawn_shapes

#: An address of so many characters works in every browser and behind every server.
LONGEST, MOST = 4000, 200
_LONGEST_NAME, _LONGEST_WORD = 80, 128
#: What can be chosen, and what is.
_COLORS = ("#dfe6ec", "#0b5f8a")


@dataclass(frozen=True, slots=True)
class Picks:
    """Areas to choose from that lie in the same area."""

    text: str
    areas: tuple[Choice, ...]


def read_own(request: HttpRequest) -> OwnAsked:
    """Read the choices. Raises `UserError` for an address that cannot be trusted to arrive."""
    query = request.META.get("QUERY_STRING", "")
    areas = query.count("area=")
    if len(query) > LONGEST or areas > MOST:
        facts = {"given": len(query), "areas": areas, "limit": LONGEST, "most": MOST}
        raise error("own_area_too_long", **facts)

    def given(name: str, longest: int = _LONGEST_WORD) -> str:
        signs = (sign for sign in request.GET.get(name, "") if sign.isprintable())
        return "".join(signs).strip()[:longest]

    codes = (code.strip()[:_LONGEST_WORD] for code in request.GET.getlist("area"))
    return OwnAsked(
        level=given("level") or None,
        codes=tuple(code for code in codes if code),
        name=given("name", _LONGEST_NAME),
        find=given("find"),
    )


def own_href(name: str, lang: Lang, view: OwnAreaView, /, **more: str) -> str:
    """Return an address that says the same areas; `more` are parts of its path and its query."""
    parts = {part: more.pop(part) for part in ("form",) if part in more}
    chosen = [("area", area.code) for area in view.members]
    named = [("name", view.name)] if view.title == view.name else []
    query = [("level", view.level), *chosen, *named, *more.items()]
    return f"{reverse(name, kwargs={'lang': lang, **parts})}?{urlencode(query)}"


def picks(view: OwnAreaView) -> tuple[Picks, ...]:
    """Return what can be chosen by the area it lies in, in the order of the alphabet."""
    groups = sorted({area.group for area in view.areas}, key=tables.alphabetical)
    return tuple(
        Picks(
            group or ("" if groups == [""] else label("own.no_group", view.lang)),
            tuple(
                sorted(
                    (area for area in view.areas if area.group == group),
                    key=lambda area: (tables.alphabetical(area.text), area.value),
                )
            ),
        )
        for group in groups
    )


def shown_part(page: AreaView, view: OwnAreaView) -> dict[str, Any]:
    """Return assets and challenges as one table, assets first."""
    words = label("own.part", view.lang)
    return {
        "id": "tall",
        "text": words,
        "assets": _rows(page.assets, view),
        "challenges": _rows(page.challenges, view),
    }


def background_part(page: AreaView, view: OwnAreaView) -> dict[str, Any]:
    """Return who lives there, apart from everything that is judged."""
    words = label("web.area.background", view.lang)
    return {"id": "bakgrunn", "text": words, "background": _rows(page.background, view)}


def cards(page: AreaView, view: OwnAreaView) -> list[dict[str, Any]]:
    """Return how each figure has moved, drawn as it comes near; background is not judged."""
    return [
        {"row": row, "chart": _trend(row, view), "table": tables.history_table(row)}
        for row in (*page.assets, *page.challenges)
        if charts.has_history(row)
    ]


def downloads(view: OwnAreaView) -> list[Link]:
    """Return the files of exactly these figures."""
    return [
        Link(
            own_href("own_area_file", view.lang, view, form=form),
            label(f"web.file.{form}", view.lang),
        )
        for form in OWN_FORMS
    ]


def to_choose(release: Release, view: OwnAreaView) -> dict[str, Any]:
    """Return the areas of the level as the map that chooses draws them."""
    shapes = drawn_shapes(release, view.level)
    words = ("can_choose", "chosen")
    legend = [
        {"bin": place, "label": label(f"own.{word}", view.lang), "color": color}
        for place, (word, color) in enumerate(zip(words, _COLORS, strict=True))
    ]
    bounds = facts_of(release).bounds(view.level)
    return {
        "type": "FeatureCollection",
        "legendTitle": label("own.legend", view.lang),
        "legend": legend,
        "features": [
            {"type": "Feature", "geometry": shapes[code], "properties": _drawn(area, view)}
            for area in view.areas
            if (code := area.value) in shapes
        ],
        **({"bbox": list(bounds)} if bounds else {}),
    }


def _drawn(area: Choice, view: OwnAreaView) -> dict[str, Any]:
    return {
        "code": area.value,
        "name": area.text,
        "level": view.level,
        "text": area.group or f"{view.level_text} {area.value}",
        "status": "value",
        "bin": 0,
    }


def _rows(rows: Sequence[AreaRow], view: OwnAreaView) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "href": indicator_href(view.lang, row.indicator, level=view.level, period=row.period),
        }
        for row in rows
    ]


def _trend(row: AreaRow, view: OwnAreaView) -> Chart:
    """Return an indicator's history, whose specification waits at an address of its own."""

    def at(form: str) -> str:
        named = {"form": form, "indicator": row.indicator}
        return own_href("own_area_figure", view.lang, view, **named)

    files = tuple(Link(at(form), label(f"web.file.{form}", view.lang)) for form in PICTURES)
    name = f"figur-trend-{row.indicator}"
    return Chart(name, row.label, row.label, at("svg"), files, address=at("json"))


def members(view: OwnAreaView) -> list[Link]:
    """Return the areas that are in it, each with the way to its own page."""
    links = [Link(area_href(view.lang, a.level, a.code), a.name, a.code) for a in view.members]
    return sorted(links, key=lambda link: tables.alphabetical(link.label))
