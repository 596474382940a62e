"""The analyses: the list of them, the page of each, and its tables and figures as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nabolag.core import Lang, error, label
from nabolag.publish.exports.frames import analysis_bytes, forms_of
from nabolag.publish.views.analyses import (
    AnalysisView,
    Asked,
    Picture,
    analysis_lines,
    analysis_page,
)
from nabolag.store import Release
from nabolag.web.places import links
from nabolag.web.places.cells import table_rows
from nabolag.web.places.charts import Chart, chart_of
from nabolag.web.places.views.downloads import drawing_answer, file_answer, layer_answer, safe_name
from nabolag.web.serving import from_release

_LONGEST = 128
_CHOICES = tuple(Asked.__dataclass_fields__)


@from_release
def index(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show every analysis with what it asks and what it answers."""
    lines = [(line, _href(line.id, lang)) for line in analysis_lines(release, lang)]
    return render(request, "places/analyses.html", {"lines": lines, "section": "analyses"})


@from_release
def page(request: HttpRequest, release: Release, lang: Lang, analysis: str) -> HttpResponse:
    """Show one analysis: the answer, the picture, the table, how sure, the rule."""
    asked, given = _asked(request)
    view = analysis_page(release, analysis, lang, asked)
    context = {
        "view": view,
        "section": "analyses",
        "crumbs": [links.Link(links.address("analyses", lang), label("analysis.title", lang))],
        "here": _href(analysis, lang),
        "map_href": links.address("analysis_map", lang, {"analysis": analysis}, **given),
        "charts": [_chart(view, picture, given) for picture in view.pictures],
        "tables": [{"view": table, "rows": table_rows(table, lang)} for table in view.tables],
        "downloads": _files(view),
        "feedback_href": links.feedback_href(lang),
    }
    return render(request, "places/analysis.html", context)


@from_release
def layer(request: HttpRequest, release: Release, lang: Lang, analysis: str) -> HttpResponse:
    """Answer the map of an analysis as GeoJSON."""
    view = analysis_page(release, analysis, lang, _asked(request)[0])
    if view.map is None:
        raise error("analysis_picture_unknown", given="kart", known=_known_pictures(view))
    return layer_answer(release, view.map, lang)


@from_release
def table(
    request: HttpRequest, release: Release, lang: Lang, analysis: str, table: str, form: str
) -> HttpResponse:
    """Answer a table of an analysis as a file."""
    content = analysis_bytes(release, analysis, table, form, lang)
    chosen = forms_of(release.analyses[analysis].kind, table)[form]
    name = "-".join(safe_name(part) for part in (analysis, table, lang)) + chosen.suffix
    return file_answer(content, chosen.media_type, name)


@from_release
def picture(
    request: HttpRequest, release: Release, lang: Lang, analysis: str, picture: str, form: str
) -> HttpResponse:
    """Answer a figure of an analysis as SVG or PNG."""
    if form not in links.PICTURES:
        raise error("web_form_unknown", given=form, known=", ".join(links.PICTURES))
    view = analysis_page(release, analysis, lang, _asked(request)[0])
    drawn = next((one for one in view.pictures if one.name == picture), None)
    if drawn is None:
        raise error("analysis_picture_unknown", given=picture, known=_known_pictures(view))
    name = "-".join(safe_name(part) for part in (analysis, picture, lang))
    return drawing_answer(drawn.spec, name, form, lang)


def _asked(request: HttpRequest) -> tuple[Asked, dict[str, str]]:
    given = {name: request.GET.get(name, "").strip()[:_LONGEST] for name in _CHOICES}
    chosen = {name: value for name, value in given.items() if value}
    return Asked(**chosen), chosen


def _href(analysis: str, lang: Lang) -> str:
    return links.address("analysis", lang, {"analysis": analysis})


def _known_pictures(view: AnalysisView) -> str:
    return ", ".join(picture.name for picture in view.pictures) or "–"


def _chart(view: AnalysisView, picture: Picture, given: dict[str, str]) -> Chart:
    def at(form: str) -> str:
        parts = {"analysis": view.id, "picture": picture.name, "form": form}
        return links.address("analysis_picture", view.lang, parts, **given)

    files = [links.Link(at(f), label(f"web.file.{f}", view.lang)) for f in links.PICTURES]
    html_id = f"figur-{picture.name}"
    return chart_of(html_id, picture.title, picture.spec, view.lang, at("svg"), files)


def _files(view: AnalysisView) -> list[links.Link]:
    at = {"analysis": view.id}
    return [
        links.Link(
            links.address("analysis_table", view.lang, {**at, "table": table.name, "form": form}),
            label(f"analysis.file.{form}", view.lang, table=table.title),
        )
        for table in view.downloads
        for form in forms_of(view.kind, table.name)
    ]
