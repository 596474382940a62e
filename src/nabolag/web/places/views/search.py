"""Search: a page that works without scripts, and suggestions for the field in the header."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from nabolag.core import Lang
from nabolag.publish import views as publish
from nabolag.publish.views.model import SearchHit
from nabolag.store import Release
from nabolag.web.places.links import Link, area_href, indicator_href
from nabolag.web.serving import from_release

_ON_PAGE, _SUGGESTED = 50, 8
_LONGEST = 100


@from_release
def page(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show every area and indicator that matches `q`."""
    query = _query(request)
    return render(
        request,
        "places/search.html",
        {"query": query, "hits": _links(release, lang, query, _ON_PAGE)},
    )


@from_release
def suggestions(request: HttpRequest, release: Release, lang: Lang) -> JsonResponse:
    """Answer the best matches as `{"results": [{label, detail, href}]}`."""
    found = _links(release, lang, _query(request), _SUGGESTED)
    return JsonResponse(
        {"results": [{"label": f.label, "detail": f.detail, "href": f.href} for f in found]}
    )


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:_LONGEST]


def _links(release: Release, lang: Lang, query: str, limit: int) -> list[Link]:
    hits = publish.search(release, query, lang, limit=limit) if query else ()
    return [Link(_href(hit, lang), hit.text, hit.detail) for hit in hits]


def _href(hit: SearchHit, lang: Lang) -> str:
    if hit.kind == "indicator":
        return indicator_href(lang, hit.code)
    return area_href(lang, hit.level, hit.code)
