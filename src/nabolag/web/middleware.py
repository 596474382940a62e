"""Middleware: language, headers, and mistakes turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from nabolag.core import UserError
from nabolag.web.errors import user_error_page
from nabolag.web.language import language_of

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def language(get_response: GetResponse) -> GetResponse:
    """Let the framework's own few words follow the language of the page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            return get_response(request)

    return middleware


def headers(get_response: GetResponse) -> GetResponse:
    """Say what no page of ours needs, and forbid it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


class UserErrors:
    """Show a `UserError` as a page with words, never as a traceback."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, wrong: Exception) -> Any:
        """Answer for a mistake that words can mend; leave every other exception alone."""
        if isinstance(wrong, UserError):
            return user_error_page(request, wrong)
        return None


user_errors = UserErrors
