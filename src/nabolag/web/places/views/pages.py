"""The pages: municipality, area, indicators, method. Thin: a view model in, a template out."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from nabolag.core import Lang, Level, label
from nabolag.publish import views as publish
from nabolag.publish.text import ACCUMULATION, inside, listed
from nabolag.publish.views.analyses import area_findings
from nabolag.publish.views.facts import facts_of
from nabolag.publish.views.model import AreaView, IndicatorView, OverviewView
from nabolag.publish.views.money import AreaMoney
from nabolag.publish.views.money.of_area import money_of_area
from nabolag.publish.views.own_area import fit_levels
from nabolag.publish.views.themes import in_order, theme_text
from nabolag.store import Release
from nabolag.web.places import charts, links, tables, themes
from nabolag.web.places.query import Query, asked_of, overview_of, read_query
from nabolag.web.serving import from_release

#: A table of more rows than this scrolls inside its frame.
_TALL = 12


@from_release
def overview(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show how people are doing in the municipality, and where to look."""
    chosen = read_query(request)
    view = overview_of(release, chosen, lang)
    context = {
        **_map_and_table(view, chosen, lang),
        "section": "overview",
        "here": links.address("overview", lang),
        "choose_indicator": True,
        "municipality": _municipality(release, lang),
        "own_href": _own_href(release, lang, view.level),
        "indicator_href": links.indicator_href(lang, view.indicator, level=view.level),
    }
    return render(request, "places/overview.html", context)


@from_release
def area(request: HttpRequest, release: Release, lang: Lang, level: str, code: str) -> HttpResponse:
    """Show what life is like in one area: assets first, then challenges, background apart."""
    chosen = read_query(request)
    view = publish.area_page(release, level, code, lang, period=chosen.period)
    known = themes.parts(view, chosen, lang)
    background = themes.background_part(view, chosen, lang)
    apart = [background] if background else []
    schools = publish.schools_of(release, level, code, lang)
    context = {
        "view": view,
        "here_href": links.area_href(lang, level, code),
        "crumbs": [links.with_href(parent, lang) for parent in view.parents],
        "facts": themes.facts(view, lang),
        "contents": themes.contents(view, [*known, *apart], lang, schools=schools is not None),
        "themes": known,
        "background": background,
        "difference_heading": _difference_heading(view, lang),
        "columns": _columns(view, lang),
        "groups_at": links.with_href(view.groups_at, lang) if view.groups_at else None,
        "class_is_told": view.accumulation and view.accumulation.sentence in view.lead,
        "children": [links.with_href(other, lang) for other in view.children],
        "siblings": [links.with_href(other, lang) for other in view.siblings],
        "downloads": [
            links.profile_link(lang, level, code),
            *links.data_links(lang, level=level, area=code),
        ],
        "feedback_href": links.feedback_href(lang, level=level, area=code),
        "analyses": area_findings(release, level, code, lang),
        "money": _money(release, level, code, lang),
        **_schools(release, schools, lang),
        "own_href": _own_href(release, lang, level, area=code),
    }
    return render(request, "places/area.html", context)


def _money(release: Release, level: str, code: str, lang: Lang) -> list[tuple[AreaMoney, str]]:
    return [
        (one, links.address("money_page", lang, {"page": one.page}, **one.asked))
        for one in money_of_area(release, level, code, lang)
    ]


def _schools(release: Release, view: publish.SchoolsView | None, lang: Lang) -> dict[str, Any]:
    """Return what the part about schools and kindergartens needs; nothing where there is none."""
    if view is None:
        return {}
    rows = [
        (place, links.with_href(place.area, lang) if place.area else None) for place in view.listed
    ]
    return {
        "schools": view,
        "school_rows": rows,
        "schools_spread": any(area for _, area in rows),
        "schools_tall": len(rows) > _TALL,
        "served_tall": len(view.served) > _TALL,
        "school_chart": charts.schools(release, view, lang),
        "school_files": links.place_links(lang, view.level, view.code) if view.places else [],
    }


@from_release
def indicators(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show every indicator of the release under its theme."""
    lines = publish.method_page(release, lang).indicators
    rings = in_order(entry.ring for entry in release.indicators.values())
    texts = list(dict.fromkeys(theme_text(ring, lang) for ring in rings))
    groups = [
        {"text": text, "lines": [_with_href(x, lang) for x in lines if x.ring_text == text]}
        for text in texts
    ]
    context = {"groups": groups, "count": len(lines), "section": "indicators"}
    return render(request, "places/indicators.html", context)


@from_release
def indicator(request: HttpRequest, release: Release, lang: Lang, indicator: str) -> HttpResponse:
    """Show what an indicator measures, and how it is spread."""
    chosen = read_query(request)
    view = publish.indicator_page(release, indicator, lang, asked_of(chosen))
    context = {
        **_map_and_table(view, chosen, lang),
        "section": "indicators",
        "crumbs": [
            links.Link(links.address("indicators", lang), label("web.indicators.title", lang))
        ],
        "here": links.indicator_href(lang, indicator),
        "ranking": charts.ranking(view, lang),
        "history": charts.history(view, lang),
        "history_lines": tables.history_lines(view),
        "groups_chart": _groups_chart(view, lang),
        "groups_columns": tables.group_columns(view.breakdown) if view.breakdown else 0,
        "group_links": _group_links(view, lang),
        "groupings": _groupings(view, lang),
        "definitions": _definitions(view, lang),
        "standard_href": links.standard_href(lang, indicator),
    }
    return render(request, "places/indicator.html", context)


@from_release
def method(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show whether the figures can be trusted: rules, sources, findings, release."""
    view = publish.method_page(release, lang)
    context = {
        "view": view,
        "section": "method",
        "catalogue_open": "catalogue" in read_query(request).open,
        "indicators": [_with_href(line, lang) for line in view.indicators],
        "downloads": links.data_links(lang),
        "feedback_href": links.feedback_href(lang),
    }
    return render(request, "places/method.html", context)


def _municipality(release: Release, lang: Lang) -> links.Link | None:
    """Return the municipality's own page, where the release names one that it holds."""
    place = release.about.get("municipality") or {}
    level, code = str(place.get("level", "")), str(place.get("code", ""))
    known = release.areas.filter((pl.col("level") == level) & (pl.col("code") == code))
    if known.is_empty():
        return None
    return links.Link(links.area_href(lang, level, code), str(known["name"][0] or code))


def _own_href(release: Release, lang: Lang, level: str, **area: str) -> str:
    """Return where areas of a level are put together; empty where they cannot be."""
    fit = level in fit_levels(facts_of(release))
    return links.address("own_area", lang, level=level, **area) if fit else ""


def _map_and_table(view: OverviewView | IndicatorView, chosen: Query, lang: Lang) -> dict[str, Any]:
    """Return what the map, the table and the files beside them need."""
    is_accumulation = view.indicator == ACCUMULATION
    state = {"level": view.level, "indicator": view.indicator, "period": view.period}
    group = view.group if isinstance(view, IndicatorView) else ""
    rows = tables.ranking(view.rows, lang, view.level, chosen.period or "")
    unit = label("web.table.class", lang) if is_accumulation else view.map.legend.unit
    heading = capfirst(unit) or label("web.table.value", lang)
    drawn = {**state, "breaks": chosen.breaks or "", "group": group}
    data = {**state, "indicator": ""} if is_accumulation else {**state, "group": group}
    return {
        "view": view,
        "is_accumulation": is_accumulation,
        "rows": tables.in_order(rows, chosen.sort),
        "has_classes": any(row.class_code for row in rows),
        "has_differences": any(row.difference_sort for row in rows),
        "difference_heading": tables.difference_heading(view.rows, lang),
        "sort": tables.sort_marks(chosen.sort),
        "sort_choices": tables.sort_choices(chosen.sort, heading, lang, view.level_text),
        "value_heading": heading,
        "kept": list(chosen.kept().items()),
        "map_href": links.address("map", lang, **drawn),
        "map_picture": links.address("figure", lang, {"figure": "map", "form": "svg"}, **drawn),
        "downloads": [
            *links.data_links(lang, **data),
            *links.picture_links(lang, "map", "map_", **drawn),
        ],
        "feedback_href": links.feedback_href(lang, **data),
    }


def _difference_heading(view: AreaView, lang: Lang) -> str:
    """Return whom the area is compared with; the country is not compared with itself."""
    rows = [*view.assets, *view.challenges]
    return tables.difference_heading(rows, lang) if view.level != Level.LAND else ""


def _groups_chart(view: IndicatorView, lang: Lang) -> charts.Chart | None:
    told = view.breakdown
    return charts.groups(told, lang, period=view.period, group=view.group) if told else None


def _groupings(view: IndicatorView, lang: Lang) -> str:
    """Return the groupings that the municipality's table has, without those of background."""
    held = view.breakdown.groupings if view.breakdown else ()
    return listed([inside(grouping.text) for grouping in held], lang)


def _columns(view: AreaView, lang: Lang) -> int:
    """Return how many columns a theme's table has."""
    country = bool(view.country_name) and view.country_name != view.name
    beside = bool(view.municipality_name) + country
    return 3 + beside + bool(_difference_heading(view, lang))


def _group_links(view: IndicatorView, lang: Lang) -> list[links.Link]:
    """Return the levels that have figures by group, where the level shown has none."""
    return [
        links.Link(links.indicator_href(lang, view.indicator, level=level.value), level.text)
        for level in view.group_levels
    ]


def _definitions(view: IndicatorView, lang: Lang) -> list[tuple[str, str]]:
    facts = (
        ("definition", view.definition),
        ("numerator", view.numerator),
        ("denominator", view.denominator),
        ("population", view.population),
        ("direction", view.direction_text),
        ("unit", view.unit_text),
        ("minimum_level", view.minimum_level_text),
        ("version", view.version),
        ("reference", view.reference),
    )
    return [(label(f"web.indicator.{name}", lang), words) for name, words in facts if words]


def _with_href(line: Any, lang: Lang) -> dict[str, str]:
    return {
        "href": links.indicator_href(lang, line.indicator),
        "label": line.label,
        "definition": line.definition,
        "kind_text": line.kind_text,
        "ring_text": line.ring_text,
        "direction_text": line.direction_text,
        "unit_text": line.unit_text,
        "version": line.version,
    }
