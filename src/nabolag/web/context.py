"""What every template may read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from nabolag.core import Lang, UserError, label
from nabolag.publish.numbers import format_date
from nabolag.publish.views.facts import facts_of
from nabolag.publish.views.own_area import fit_levels
from nabolag.web.errors import ASKED
from nabolag.web.language import language_of, language_of_path, languages
from nabolag.web.money.pages import pages
from nabolag.web.releases import current_release

_LONGEST_PERIOD = 16


def page(request: HttpRequest) -> dict[str, Any]:
    """Return language, the same page in the other languages, and whose site this is."""
    lang = language_of(request)
    return {
        "lang": lang,
        "site": _site(lang),
        "translations": translations(request, lang),
        "asked": request.GET.get(ASKED, "")[:_LONGEST_PERIOD],
    }


def translations(request: HttpRequest, lang: Lang) -> list[dict[str, Any]]:
    """Return the address of this page in every language of the site."""
    query = request.META.get("QUERY_STRING", "")
    has_language = language_of_path(request.path_info) is not None
    rest = request.path_info.lstrip("/").partition("/")[2] if has_language else ""
    return [
        {
            "lang": other,
            "name": label(f"web.language.{other}", other),
            "href": f"/{other}/{rest}" + (f"?{query}" if query else ""),
            "current": other == lang,
        }
        for other in languages()
    ]


def _site(lang: Lang) -> dict[str, Any]:
    """Return the release's facts that stand on every page; empty before the first release."""
    try:
        release = current_release()
    except UserError:
        return {"name": "", "synthetic": False, "release": ""}
    return {
        "name": release.name.in_(lang),
        "synthetic": bool(release.about.get("synthetic")),
        "release": release.id,
        "analyses": bool(release.analyses),
        "own_area": bool(fit_levels(facts_of(release))),
        "money": bool(pages(release)),
        "created": format_date(str(release.bundle.manifest.get("created_at", "")), lang),
    }
