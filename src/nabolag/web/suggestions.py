"""Where a reader who asked for something unknown may have wanted to go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest
from django.urls import ResolverMatch, reverse

from nabolag.core import Finding, Lang, Level
from nabolag.indicators import standard_set
from nabolag.publish.groups import group_words
from nabolag.publish.numbers import format_period
from nabolag.store import Release

#: What a finding is about → the part of the address, and the choice after `?`, that hold it.
_PARTS = {
    "publish_unknown_area": ("code", "area"),
    "publish_unknown_indicator": ("indicator", "indicator"),
    "set_indicator_unknown": ("indicator", "indicator"),
    "publish_unknown_level": ("level", "level"),
    "publish_unknown_period": ("", "period"),
    "publish_unknown_method": ("", "breaks"),
    "publish_unknown_group": ("", "group"),
    "publish_unknown_group_level": ("", "level"),
}


def suggestions(
    request: HttpRequest, finding: Finding, release: Release, lang: Lang
) -> list[dict[str, str]]:
    """Return addresses like the one asked for, with the nearest known in place of the unknown."""
    place = _PARTS.get(finding.code)
    match = request.resolver_match
    near = [_code(finding.code, text) for text in finding.params.get("suggestions", ())]
    if place is None or match is None or match.url_name is None:
        return []
    return [
        {
            "href": _replaced(request, match, place, code, str(finding.params.get("given", ""))),
            "label": _name(finding.code, _level(request, match, release), code, release, lang),
        }
        for code in near
    ]


def _replaced(
    request: HttpRequest, match: ResolverMatch, place: tuple[str, str], code: str, given: str
) -> str:
    part, choice = place
    if part in match.kwargs:
        return reverse(match.url_name or "", kwargs={**match.kwargs, part: code})
    query = request.GET.copy()
    chosen = query.getlist(choice)
    # Of several areas, only the unknown one gives way.
    kept = [one for one in chosen if one != given] if given in chosen else []
    query.setlist(choice, [*kept, code])
    return f"{request.path}?{query.urlencode()}"


def _code(what: str, text: str) -> str:
    """Return the code of a suggestion; an area is suggested as «Name (code)»."""
    return text.rpartition("(")[2].rstrip(")") if what == "publish_unknown_area" else text


def _level(request: HttpRequest, match: ResolverMatch, release: Release) -> str:
    """Return the level an address is about: of its path, of its choices, or the main one."""
    return str(match.kwargs.get("level") or request.GET.get("level") or release.main_level.value)


def _name(what: str, level: str, code: str, release: Release, lang: Lang) -> str:
    names: Mapping[str, Any] = {
        "publish_unknown_area": lambda: _area_name(release, level, code),
        "publish_unknown_indicator": lambda: _indicator_name(release, code, lang),
        "set_indicator_unknown": lambda: standard_set().indicators[code].label.in_(lang),
        "publish_unknown_level": lambda: Level(code).label.in_(lang),
        "publish_unknown_period": lambda: format_period(code, lang),
        "publish_unknown_group": lambda: group_words(code, lang),
        "publish_unknown_group_level": lambda: Level(code).plural.in_(lang),
    }
    return str(names.get(what, lambda: code)())


def _area_name(release: Release, level: str, code: str) -> str:
    known = release.areas.filter((pl.col("level") == level) & (pl.col("code") == code))
    return f"{known['name'][0]} ({code})" if known.height else code


def _indicator_name(release: Release, code: str, lang: Lang) -> str:
    known = release.indicators.get(code)
    return known.label.in_(lang) if known else code
