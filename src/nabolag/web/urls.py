"""Addresses: Norwegian, stable, with the language first, so that a link shows a colleague the same.

`/nb/…`, `/nn/…`, `/en/…`; an address without a language leads to the reader's own.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.views.generic import RedirectView

from nabolag.core import LANGS
from nabolag.web import entrance


class LangConverter:
    """A language of the house as the first part of an address."""

    regex = "|".join(LANGS)

    def to_python(self, value: str) -> str:
        """Return the language, or refuse one this site is not served in."""
        return entrance.served_language(value)

    def to_url(self, value: str) -> str:
        """Return the language as written."""
        return value


register_converter(LangConverter, "lang")

urlpatterns: list[URLPattern | URLResolver] = [
    path("helse", entrance.health, name="health"),
    path("robots.txt", entrance.robots, name="robots"),
    path("favicon.ico", RedirectView.as_view(url="/static/web/favicon.svg", permanent=True)),
    path("<lang:lang>/tilbakemelding/", include("nabolag.web.feedback.urls")),
    path("<lang:lang>/penger/", include("nabolag.web.money.urls")),
    path("<lang:lang>/", include("nabolag.web.places.urls")),
    re_path(r"^(?P<rest>.*)$", entrance.find_way, name="entrance"),
]
handler400 = "nabolag.web.errors.bad_request"
handler403 = "nabolag.web.errors.forbidden"
handler404 = "nabolag.web.errors.not_found"
handler500 = "nabolag.web.errors.server_error"
