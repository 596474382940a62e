"""Designed pages for what goes wrong: 400, 403, 404, 500, and «no release yet»."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nabolag.core import UserError
from nabolag.web.language import language_of

#: Which answer a finding's code stands for; every other one is a request to mend (400).
STATUS_OF_CODE = {
    "release_absent": HTTPStatus.SERVICE_UNAVAILABLE,
    "web_workspace_absent": HTTPStatus.SERVICE_UNAVAILABLE,
    "bundle_absent": HTTPStatus.SERVICE_UNAVAILABLE,
}
_NOT_FOUND_ENDINGS = ("_unknown", "_not_found", "_absent")


def user_error_page(request: HttpRequest, wrong: UserError) -> HttpResponse:
    """Show a mistake's own words, with the answer code its findings call for."""
    status = _status(wrong.findings[0].code)
    lang = language_of(request)
    findings = [
        {part: finding.part(part, lang) for part in ("what", "expected", "do")}
        for finding in wrong.findings
    ]
    return _page(request, status, {"findings": findings})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Reads nothing but labels, so that it cannot fail for the same reason."""
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or sent from elsewhere."""
    return _page(request, HTTPStatus.FORBIDDEN, {"form_expired": True})


def _page(
    request: HttpRequest, status: HTTPStatus, more: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"status_code": status.value, "status_key": f"web.error.{status.value}"}
    answer = render(request, "error.html", {**context, **(more or {})}, status=status.value)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _status(code: str) -> HTTPStatus:
    if code in STATUS_OF_CODE:
        return STATUS_OF_CODE[code]
    return HTTPStatus.NOT_FOUND if code.endswith(_NOT_FOUND_ENDINGS) else HTTPStatus.BAD_REQUEST
