"""What stands outside the pages: the way in, the health check, robots."""

from __future__ import annotations

from django.db import connection
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from nabolag.core import UserError
from nabolag.web.language import language_of, language_of_path, languages
from nabolag.web.releases import current_release

_ROBOTS = "User-agent: *\nDisallow: /*/last-ned/\nDisallow: /*/tilbakemelding/\nDisallow: /*?\n"


def served_language(value: str) -> str:
    """Return a language the site is served in; raises `ValueError` for another one."""
    if value not in languages():
        raise ValueError(value)
    return value


@require_safe
def find_way(request: HttpRequest, rest: str) -> HttpResponse:
    """Lead an address without a language, or without its last slash, to the page it means.

    Raises `Http404` where no page is meant. The answer depends on the browser's language and is
    not kept by caches.
    """
    has_language = language_of_path(request.path_info) is not None
    stem = request.path_info if has_language else f"/{language_of(request)}/{rest}"
    for target in (stem, f"{stem}/"):
        if target != request.path_info and _leads_to_a_page(target):
            query = request.META.get("QUERY_STRING", "")
            answer = HttpResponseRedirect(f"{target}?{query}" if query else target)
            answer.headers["Cache-Control"] = "no-store"
            patch_vary_headers(answer, ["Accept-Language"])
            return answer
    raise Http404(rest)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Tell whether pages can be shown and reports stored. 503 where either fails."""
    database, release = _database_answers(), _release_id()
    body = {"ok": database and bool(release), "database": database, "release": release}
    answer = JsonResponse(body, status=200 if body["ok"] else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers to the pages; files and every combination of choices are left alone."""
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")


def _leads_to_a_page(path: str) -> bool:
    try:
        match: ResolverMatch = resolve(path)
    except Resolver404:
        return False
    return match.url_name != "entrance"


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _release_id() -> str:
    try:
        return current_release().id
    except UserError:
        return ""
