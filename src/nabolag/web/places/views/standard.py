"""The standard set: the whole list, one page per indicator, and the set as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from nabolag.core import Lang, error, label
from nabolag.publish.standard import SET_FORMATS, Choices, entry_page, set_bytes, set_page
from nabolag.store import Release
from nabolag.web.places import links
from nabolag.web.serving import from_release

_LONGEST = 128
#: The forms offered on the page; Markdown is for the manual.
_OFFERED = ("csv", "csv-international", "xlsx", "json")


@from_release
def standard_set(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show the whole set, or what the address narrows it to."""
    chosen = Choices(**{name: _given(request, name) for name in Choices.__dataclass_fields__})
    view = set_page(lang, release, _given(request, "edition") or None, chosen)
    groups = [
        {"group": group, "lines": [(line, _hrefs(line.indicator, lang)) for line in group.lines]}
        for group in view.groups
    ]
    context = {
        "view": view,
        "groups": groups,
        "section": "standard_set",
        "here": links.address("standard_set", lang),
        "downloads": [_file_link(form, lang, view.edition) for form in _OFFERED],
        "feedback_href": links.feedback_href(lang),
    }
    return render(request, "places/standard_set.html", context)


@from_release
def standard_indicator(
    request: HttpRequest, release: Release, lang: Lang, indicator: str
) -> HttpResponse:
    """Show everything that is known of one indicator of the set."""
    view = entry_page(indicator, lang, release, _given(request, "edition") or None)
    context = {
        "view": view,
        "section": "standard_set",
        "crumbs": [links.Link(links.address("standard_set", lang), label("set.title", lang))],
        "figures_href": links.indicator_href(lang, indicator) if view.has_figures else "",
        "downloads": [_file_link(form, lang, view.edition) for form in _OFFERED],
        "feedback_href": links.feedback_href(lang, indicator=indicator)
        if view.has_figures
        else links.feedback_href(lang),
    }
    return render(request, "places/standard_indicator.html", context)


@from_release
def download(request: HttpRequest, release: Release, lang: Lang, form: str) -> HttpResponse:
    """Answer the whole set as a file. The set is the same whatever the release."""
    if form not in _OFFERED:
        raise error("web_form_unknown", given=form, known=", ".join(_OFFERED))
    edition = _given(request, "edition") or None
    content = set_bytes(form, lang, edition)
    answer = HttpResponse(content, content_type=SET_FORMATS[form].media_type)
    name = "-".join(filter(None, ("standardsett", edition, lang))) + SET_FORMATS[form].suffix
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _given(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip()[:_LONGEST]


def _hrefs(indicator: str, lang: Lang) -> dict[str, str]:
    return {
        "about": links.standard_href(lang, indicator),
        "figures": links.indicator_href(lang, indicator),
    }


def _file_link(form: str, lang: Lang, edition: str) -> links.Link:
    href = links.address("standard_set_file", lang, {"form": form}, edition=edition)
    return links.Link(href, label(f"web.set.file.{form}", lang))
