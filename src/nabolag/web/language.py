"""Which language a reader is shown: the address decides; before it does, the browser's wish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.http import HttpRequest

from nabolag.core import Lang

#: Norwegian without a written form named is bokmål to most who ask for it.
_ALIASES = {"no": "nb", "nb": "nb", "nn": "nn", "en": "en"}


def languages() -> tuple[Lang, ...]:
    """Return the languages this site is served in, the first one first choice."""
    return cast("tuple[Lang, ...]", settings.NABOLAG_LANGUAGES)


def language_of_path(path: str) -> Lang | None:
    """Return the language an address names, as in `/nn/omrade/…`."""
    first = path.lstrip("/").split("/", 1)[0]
    return next((lang for lang in languages() if lang == first), None)


def language_of(request: HttpRequest) -> Lang:
    """Return the language to answer in: the address's, else the browser's wish."""
    accepted = request.headers.get("Accept-Language", "")
    return language_of_path(request.path_info) or negotiate(accepted, languages())


def negotiate(accepted: str, served: Iterable[Lang]) -> Lang:
    """Choose a language from an `Accept-Language` header.

    The wish with the highest weight that the site has wins; the first language of the site
    where there is none.
    """
    offered = tuple(served)
    for wish in _wishes(accepted):
        match = next((lang for lang in offered if lang == _ALIASES.get(wish)), None)
        if match:
            return match
    return offered[0]


def _wishes(accepted: str) -> list[str]:
    weighed: list[tuple[float, int, str]] = []
    for position, part in enumerate(accepted.split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if quality > 0:
            weighed.append((-quality, position, name.split("-")[0].lower()))
    return [name for _, _, name in sorted(weighed)]
