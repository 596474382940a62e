"""Designed pages for what goes wrong: 400, 403, 404, 500, and «no release yet»."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode

from nabolag.core import Finding, UserError
from nabolag.web.language import language_of
from nabolag.web.releases import current_release
from nabolag.web.suggestions import suggestions

#: The choice that remembers which period was asked for where another one is shown.
ASKED = "asked"
#: Which answer a finding's code stands for; every other one is a request to mend (400).
STATUS_OF_CODE = {
    "release_absent": HTTPStatus.SERVICE_UNAVAILABLE,
    "web_workspace_absent": HTTPStatus.SERVICE_UNAVAILABLE,
    "bundle_absent": HTTPStatus.SERVICE_UNAVAILABLE,
    "publish_unknown_area": HTTPStatus.NOT_FOUND,
    "publish_unknown_indicator": HTTPStatus.NOT_FOUND,
    "publish_unknown_level": HTTPStatus.NOT_FOUND,
    "set_indicator_unknown": HTTPStatus.NOT_FOUND,
    "web_figure_without_places": HTTPStatus.NOT_FOUND,
    "web_form_unknown": HTTPStatus.NOT_FOUND,
    "spending_model_unknown": HTTPStatus.NOT_FOUND,
    "money_page_unknown": HTTPStatus.NOT_FOUND,
    "money_table_unknown": HTTPStatus.NOT_FOUND,
    "money_picture_unknown": HTTPStatus.NOT_FOUND,
    "web_figure_unknown": HTTPStatus.NOT_FOUND,
}


def user_error_page(request: HttpRequest, wrong: UserError) -> HttpResponse:
    """Show a mistake's own words, with the answer code its findings call for."""
    _make_readable(request)
    first = wrong.findings[0]
    elsewhere = _other_period(request, first)
    if elsewhere is not None:
        return elsewhere
    status = STATUS_OF_CODE.get(first.code, HTTPStatus.BAD_REQUEST)
    lang = language_of(request)
    findings = [
        {part: finding.part(part, lang) for part in ("what", "expected", "do")}
        for finding in wrong.findings
    ]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        return _page(request, status, {"findings": findings})
    near = suggestions(request, first, current_release(), lang)
    return _page(request, status, {"findings": findings, "suggestions": near})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    _make_readable(request)
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Reads labels only, no release and no database: it must not fail for the same reason."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    context = {"lang": language_of(request), "site": {}, "translations": [], **_words(status)}
    page = render_to_string("error.html", context)
    return HttpResponse(page, status=status.value, headers={"Cache-Control": "no-store"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or sent from elsewhere."""
    return _page(request, HTTPStatus.FORBIDDEN, {"words_key": "web.error.expired.words"})


def _page(
    request: HttpRequest, status: HTTPStatus, more: dict[str, Any] | None = None
) -> HttpResponse:
    context = {**_words(status), **(more or {})}
    answer = render(request, "error.html", context, status=status.value)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _make_readable(request: HttpRequest) -> None:
    """Let the page that tells of a mistake be made where the choices in the address cannot be read.

    An address with too many of them is refused each time it is asked what they are.
    """
    try:
        request.GET  # noqa: B018 - read at first sight, and kept
    except SuspiciousOperation:
        request.GET = QueryDict()


def _words(status: HTTPStatus) -> dict[str, Any]:
    key = f"web.error.{status.value}"
    return {"status_code": status.value, "title_key": f"{key}.title", "words_key": f"{key}.words"}


def _other_period(request: HttpRequest, finding: Finding) -> HttpResponse | None:
    """Lead on, where the period exists but not for what is chosen beside it.

    A reader who changes one choice of three must not end in a wall; the page then says which
    period was asked for (`asked`) and which is shown. A period nobody has is a mistake.
    """
    given = request.GET.get("period", "")
    if finding.code != "publish_unknown_period" or finding.params.get("given") != given:
        return None
    if given not in set(current_release().observations["period"].unique()):
        return None
    query = {**request.GET.dict(), ASKED: given}
    del query["period"]
    answer = HttpResponseRedirect(f"{request.path}?{urlencode(query)}")
    answer.headers["Cache-Control"] = "no-store"
    return answer
