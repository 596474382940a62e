"""Files to take away: data, figures, the area's profile."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header

from nabolag.core import Lang, error, label
from nabolag.publish.exports import FORMATS, Selection, export_bytes
from nabolag.publish.exports.points import PLACE_FORMS, places_bytes
from nabolag.publish.figures import to_png, to_svg
from nabolag.publish.views import schools_of
from nabolag.publish.views.model import MapLayer
from nabolag.store import Release
from nabolag.web.places.charts import source_of
from nabolag.web.places.links import PICTURES
from nabolag.web.places.maps import feature_collection
from nabolag.web.places.pictures import specification
from nabolag.web.places.query import Query, read_query
from nabolag.web.serving import from_release

GEOJSON: Final = "application/geo+json; charset=utf-8"
#: The form that `<nb-chart>` fetches.
_DRAWN = "json"
#: How JSON is written: short, in plain UTF-8, never a number that is none.
COMPACT: Final[dict[str, Any]] = {
    "ensure_ascii": False,
    "separators": (",", ":"),
    "allow_nan": False,
}


@from_release
def table(request: HttpRequest, release: Release, lang: Lang, form: str) -> HttpResponse:
    """Answer the chosen observations in one of the formats of `publish.exports`."""
    if form not in FORMATS:
        raise error("web_form_unknown", given=form, known=", ".join(FORMATS))
    chosen = read_query(request)
    content = export_bytes(release, form, lang, _selection(chosen))
    name = _name(chosen, release, lang) + FORMATS[form].suffix
    return file_answer(content, FORMATS[form].media_type, name)


@from_release
def profile(
    request: HttpRequest, release: Release, lang: Lang, level: str, code: str
) -> HttpResponse:
    """Answer an area's profile as PDF."""
    from nabolag.publish.pdf import area_profile_pdf  # noqa: PLC0415 - typst is heavy

    content = area_profile_pdf(release, level, code, lang)
    return file_answer(content, "application/pdf", f"profil-{safe_name(code)}-{lang}.pdf")


@from_release
def places(
    request: HttpRequest, release: Release, lang: Lang, level: str, code: str, form: str
) -> HttpResponse:
    """Answer the schools and kindergartens of an area as a file."""
    view = schools_of(release, level, code, lang)
    if view is None:
        raise error("web_figure_without_places", area=code)
    content = places_bytes(release, view, form, lang)
    known = PLACE_FORMS[form]
    name = f"{label('web.file.places_name', lang)}-{safe_name(code)}-{lang}{known.suffix}"
    return file_answer(content, known.media_type, name)


@from_release
def figure(
    request: HttpRequest, release: Release, lang: Lang, figure: str, form: str
) -> HttpResponse:
    """Answer a figure as SVG or PNG, with its title and source line inside.

    A browser shows it; a link with `download` saves it. As `json` it is what a page draws.
    """
    if form not in (*PICTURES, _DRAWN):
        raise error("web_form_unknown", given=form, known=", ".join(PICTURES))
    chosen = read_query(request)
    spec = specification(figure, release, lang, chosen)
    if form == _DRAWN:
        return JsonResponse(source_of(spec, lang), json_dumps_params=COMPACT)
    name = "-".join([safe_name(part) for part in (figure, *chosen.kept().values(), lang)])
    return drawing_answer(spec, name, form, lang)


def _selection(chosen: Query) -> Selection:
    return Selection(
        level=chosen.level,
        indicators=(chosen.indicator,) if chosen.indicator else None,
        periods=(chosen.period,) if chosen.period else None,
        areas=(chosen.area,) if chosen.area else None,
        groups=(chosen.group,) if chosen.group else None,
    )


def _name(chosen: Query, release: Release, lang: Lang) -> str:
    parts = [release.name.in_(lang), *chosen.kept().values(), lang]
    return "-".join(safe_name(part) for part in parts)


def safe_name(part: str) -> str:
    """Return words as a part of a file's name."""
    return re.sub(r"[^\w]+", "-", part.casefold()).strip("-") or "x"


def file_answer(
    content: bytes, content_type: str, name: str, *, attached: bool = True
) -> HttpResponse:
    """Answer with a file, to be kept (`attached`) or shown."""
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(attached, name) or "inline"
    return answer


def drawing_answer(spec: dict[str, Any], name: str, form: str, lang: Lang) -> HttpResponse:
    """Answer a figure as `svg` or `png`, to be shown. `name` is the file's, without its ending."""
    if form == "svg":
        content, kind = to_svg(spec, lang).encode(), "image/svg+xml"
    else:
        content, kind = to_png(spec, lang), "image/png"
    return file_answer(content, kind, f"{name}.{form}", attached=False)


def layer_answer(release: Release, layer: MapLayer, lang: Lang) -> HttpResponse:
    """Answer a layer of a map as GeoJSON."""
    document = feature_collection(release, layer, lang)
    return HttpResponse(json.dumps(document, **COMPACT), content_type=GEOJSON)
