"""The list of the pages about money; each page; its tables and figures as files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nabolag.core import Lang, error, label
from nabolag.publish.exports.frames import FRAME_FORMS, frame_bytes
from nabolag.publish.views.analyses.model import Picture
from nabolag.publish.views.money import MoneyView
from nabolag.store import Release
from nabolag.web.kept import Kept
from nabolag.web.money.asking import asked_of
from nabolag.web.money.pages import MoneyPage, page_named, pages
from nabolag.web.places import links
from nabolag.web.places.cells import table_rows
from nabolag.web.places.charts import Chart, chart_of
from nabolag.web.places.views.downloads import drawing_answer, file_answer, safe_name
from nabolag.web.serving import from_release

#: The pages as they open, before anything is chosen, in each language: the list of them reads all.
_OPENINGS: Kept[MoneyView] = Kept(100)


@from_release
def index(request: HttpRequest, release: Release, lang: Lang) -> HttpResponse:
    """Show every page with what it asks and what it answers."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for one in pages(release):
        opened = partial(one.view, release, {}, lang)
        view = _OPENINGS.get(release, (one.name, lang), opened)
        line = {"name": one.name, "view": view, "href": _address(one.name, lang)}
        parts.setdefault(one.about, []).append(line)
    titled = [(about, label(f"money.about.{about}", lang), lines) for about, lines in parts.items()]
    return render(request, "money/index.html", {"parts": titled, "section": "money"})


@from_release
def page(request: HttpRequest, release: Release, lang: Lang, page: str) -> HttpResponse:
    """Show one page: the answer, what can be chosen, the picture, the table, how sure."""
    found, given = _found(page), asked_of(request)
    view = found.view(release, given, lang)
    context = {
        "view": view,
        "section": "money",
        "crumbs": [links.Link(links.address("money", lang), label("money.title", lang))],
        "here": _address(page, lang),
        "charts": [_chart(page, view, picture, given) for picture in view.pictures],
        "tables": [{"view": one, "rows": table_rows(one, lang)} for one in view.tables],
        "downloads": _files(page, view, given),
        "feedback_href": links.feedback_href(lang),
    }
    return render(request, found.template, context)


@from_release
def table(
    request: HttpRequest, release: Release, lang: Lang, page: str, table: str, form: str
) -> HttpResponse:
    """Answer a table of a page as a file."""
    if form not in FRAME_FORMS:
        raise error("web_form_unknown", given=form, known=", ".join(FRAME_FORMS))
    view = _found(page).view(release, asked_of(request), lang)
    file = view.file(table)
    facts = _facts(release, view, lang)
    name = "-".join(safe_name(part) for part in (page, table, lang)) + FRAME_FORMS[form].suffix
    content = frame_bytes(file.frame, facts, form, lang)
    return file_answer(content, FRAME_FORMS[form].media_type, name)


@from_release
def picture(
    request: HttpRequest, release: Release, lang: Lang, page: str, picture: str, form: str
) -> HttpResponse:
    """Answer a figure of a page as SVG or PNG."""
    if form not in links.PICTURES:
        raise error("web_form_unknown", given=form, known=", ".join(links.PICTURES))
    view = _found(page).view(release, asked_of(request), lang)
    drawn = next((one for one in view.pictures if one.name == picture), None)
    if drawn is None:
        known = ", ".join(one.name for one in view.pictures) or "–"
        raise error("money_picture_unknown", given=picture, known=known)
    name = "-".join(safe_name(part) for part in (page, picture, lang))
    return drawing_answer(drawn.spec, name, form, lang)


def _address(page: str, lang: Lang) -> str:
    return links.address("money_page", lang, {"page": page})


def _found(page: str) -> MoneyPage:
    found = page_named(page)
    if found is None:
        raise error("money_page_unknown", given=page)
    return found


def _facts(release: Release, view: MoneyView, lang: Lang) -> dict[str, str]:
    return {
        label("money.file.answer", lang): view.opening,
        label("analysis.rule", lang): view.rule,
        label("analysis.file.release", lang): release.id,
    }


def _chart(page: str, view: MoneyView, picture: Picture, given: Mapping[str, str]) -> Chart:
    def at(form: str) -> str:
        parts = {"page": page, "picture": picture.name, "form": form}
        return links.address("money_picture", view.lang, parts, **given)

    files = [links.Link(at(f), label(f"web.file.{f}", view.lang)) for f in links.PICTURES]
    html_id = f"figur-{picture.name}"
    return chart_of(html_id, picture.title, picture.spec, view.lang, at("svg"), files)


def _files(page: str, view: MoneyView, given: Mapping[str, str]) -> list[links.Link]:
    def at(table: str, form: str) -> str:
        parts: dict[str, Any] = {"page": page, "table": table, "form": form}
        return links.address("money_table", view.lang, parts, **given)

    return [
        links.Link(at(file.name, form), label(f"analysis.file.{form}", view.lang, table=file.title))
        for file in view.files
        for form in FRAME_FORMS
    ]
