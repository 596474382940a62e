"""The areas that the map in the browser draws."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from nabolag.core import Lang
from nabolag.store import Release
from nabolag.web.places.maps import feature_collection
from nabolag.web.places.query import mapped, read_query
from nabolag.web.serving import from_release


@from_release
def layer(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Answer the chosen layer as GeoJSON (`application/geo+json`)."""
    view = mapped(release, read_query(request), lang)
    document = feature_collection(release, view.map, lang)
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return HttpResponse(written, content_type="application/geo+json; charset=utf-8")
