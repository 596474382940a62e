"""Addresses of pages and files, with the choices that lead to the same view again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from nabolag.core import Lang, label
from nabolag.indicators import standard_set
from nabolag.publish.exports.points import PLACE_FORMS

#: Data formats in the order they are offered: address ending → label.
FORMS = ("csv", "csv-international", "xlsx", "geojson", "gpkg", "jsonstat")
PICTURES = ("svg", "png")


@dataclass(frozen=True, slots=True)
class Link:
    """Where something leads, and what it is called."""

    href: str
    label: str
    detail: str = ""


def address(name: str, lang: Lang, parts: Mapping[str, str] | None = None, /, **query: str) -> str:
    """Return a page's address; an empty value is left out of the query."""
    path = reverse(name, kwargs={"lang": lang, **(parts or {})})
    given = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def area_href(lang: Lang, level: str, code: str, **query: str) -> str:
    """Return an area's page."""
    return address("area", lang, {"level": level, "code": code}, **query)


def indicator_href(lang: Lang, indicator: str, **query: str) -> str:
    """Return an indicator's page."""
    return address("indicator", lang, {"indicator": indicator}, **query)


def standard_href(lang: Lang, indicator: str) -> str:
    """Return an indicator's page in the standard set; empty where the set does not hold it."""
    if indicator not in standard_set().indicators:
        return ""
    return address("standard_indicator", lang, {"indicator": indicator})


def feedback_href(lang: Lang, **subject: str) -> str:
    """Return the form that reports a figure."""
    return address("feedback", lang, **subject)


def data_links(lang: Lang, /, **query: str) -> list[Link]:
    """Return the data files of a choice of level, indicator, period and area."""
    return [
        Link(address("download", lang, {"form": form}, **query), label(f"web.file.{form}", lang))
        for form in FORMS
    ]


def place_links(lang: Lang, level: str, code: str) -> list[Link]:
    """Return the files of an area's schools and kindergartens."""
    place = {"level": level, "code": code}
    return [
        Link(address("places_file", lang, {**place, "form": form}), label(f"web.file.{form}", lang))
        for form in PLACE_FORMS
    ]


def picture_links(lang: Lang, figure: str, words: str = "", /, **query: str) -> list[Link]:
    """Return a figure's files; `words` chooses the labels they are offered under."""
    return [
        Link(
            address("figure", lang, {"figure": figure, "form": form}, **query),
            label(f"web.file.{words}{form}", lang),
        )
        for form in PICTURES
    ]


def profile_link(lang: Lang, level: str, code: str) -> Link:
    """Return an area's profile as PDF."""
    href = address("profile", lang, {"level": level, "code": code})
    return Link(href, label("web.file.profile", lang))


def with_href(area: Any, lang: Lang) -> Link:
    """Return an area of a view as a link."""
    return Link(area_href(lang, area.level, area.code), area.name, area.level_text)
