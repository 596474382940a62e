"""An area that a reader puts together: its page, what the map draws, its figures and files."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from nabolag.core import Lang, error
from nabolag.publish.exports import FORMATS
from nabolag.publish.exports.own_area import own_area_bytes
from nabolag.publish.figures import trend
from nabolag.publish.views.own_area import (
    OwnAreaView,
    own_area_of,
    own_area_page,
    own_area_row,
)
from nabolag.store import Release
from nabolag.web.places import links, own_area, tables
from nabolag.web.places.charts import source_of
from nabolag.web.places.views.downloads import (
    COMPACT,
    GEOJSON,
    drawing_answer,
    file_answer,
    safe_name,
)
from nabolag.web.serving import from_release

_DRAWN = "json"


@from_release
def page(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show what can be chosen and, where something is, the figures of it all."""
    asked = own_area.read_own(request)
    view = own_area_page(release, asked, lang)
    context = {
        "own": view,
        "section": "own_area",
        "here": links.address("own_area", lang),
        "find": asked.find,
        "groups": own_area.picks(view),
        "map_href": _map_href(view, asked.find),
        "feedback_href": links.feedback_href(lang),
        **_figures(view),
    }
    return render(request, "places/own_area.html", context)


@from_release
def layer(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Answer the areas of a level that can be chosen, as GeoJSON."""
    view = own_area_page(release, own_area.read_own(request), lang)
    document = json.dumps(own_area.to_choose(release, view), **COMPACT)
    return HttpResponse(document, content_type=GEOJSON)


@from_release
def figure(request: HttpRequest, release: Release, lang: Lang, form: str) -> HttpResponse:
    """Answer an indicator's history in the chosen areas as SVG or PNG; as `json` what is drawn."""
    if form not in (*links.PICTURES, _DRAWN):
        raise error("web_form_unknown", given=form, known=", ".join(links.PICTURES))
    asked = own_area.read_own(request)
    indicator = request.GET.get("indicator", "")
    if not indicator or not asked.codes:
        raise error("web_choice_absent", name="area" if indicator else "indicator")
    row = own_area_row(release, asked, indicator, lang)
    if row is None:
        raise error("web_figure_without_rows", indicator=indicator, area="+".join(asked.codes))
    spec = trend(row, lang)
    if form == _DRAWN:
        return JsonResponse(source_of(spec, lang), json_dumps_params=COMPACT)
    name = f"{safe_name(asked.name or 'eget-omrade')}-{safe_name(indicator)}-{lang}"
    return drawing_answer(spec, name, form, lang)


@from_release
def table(request: HttpRequest, release: Release, lang: Lang, form: str) -> HttpResponse:
    """Answer every figure of the chosen areas together as a file."""
    asked = own_area.read_own(request)
    if not asked.codes:
        raise error("web_choice_absent", name="area")
    content = own_area_bytes(release, own_area_of(release, asked, lang), form, lang)
    known = FORMATS[form]
    name = f"{safe_name(asked.name or 'eget-omrade')}-{lang}{known.suffix}"
    return file_answer(content, known.media_type, name)


def _map_href(view: OwnAreaView, find: str) -> str:
    """Return what the map draws: the whole level, or what the list is narrowed to."""
    if not view.listed_note:
        return links.address("own_area_map", view.lang, level=view.level)
    return own_area.own_href("own_area_map", view.lang, view, **({"find": find} if find else {}))


def _figures(view: OwnAreaView) -> dict[str, Any]:
    """Return what stands on the page where something is chosen."""
    told = view.page
    if told is None:
        return {}
    country = bool(told.country_name) and told.country_name != told.name
    difference = tables.difference_heading([*told.assets, *told.challenges], view.lang)
    return {
        "figures": own_area.shown_part(told, view),
        "background": own_area.background_part(told, view) if told.background else None,
        "cards": own_area.cards(told, view),
        "members": own_area.members(view),
        "same_href": links.area_href(view.lang, view.same.level, view.same.code)
        if view.same
        else "",
        "difference_heading": difference,
        "columns": 2 + bool(told.municipality_name) + country + bool(difference),
        "downloads": own_area.downloads(view),
    }
