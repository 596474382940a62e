"""Words that a projection's page says in several places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Lang, label
from nabolag.projection.explaining import named
from nabolag.publish.numbers import format_number


def service_name(service: Mapping[str, Any], lang: Lang) -> str:
    """Return what a service is called."""
    own = (service.get("name") or {}).get(lang, "")
    return named("projection.service", service["id"], own, lang)


def standing_words(status: str, lang: Lang) -> str:
    """Return how far a declared number can be relied on, in words."""
    return label(f"projection.standing.{status}", lang)


def kroner(amount: float, lang: Lang) -> str:
    """Return an amount in words: millions with one decimal from one million, else kroner."""
    if abs(amount) >= 1e6:
        return label("norm.millions", lang, number=format_number(amount / 1e6, lang, 1))
    return label("norm.kroner", lang, number=format_number(round(amount), lang))
