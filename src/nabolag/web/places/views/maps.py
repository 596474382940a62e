"""The areas that the map in the browser draws."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from nabolag.core import Lang
from nabolag.store import Release
from nabolag.web.places.query import mapped, read_query
from nabolag.web.places.views.downloads import layer_answer
from nabolag.web.serving import from_release


@from_release
def layer(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Answer the chosen layer as GeoJSON (`application/geo+json`)."""
    view = mapped(release, read_query(request), lang)
    return layer_answer(release, view.map, lang)
