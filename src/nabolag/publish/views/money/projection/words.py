"""Words that a projection's page says in several places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Lang, label
from nabolag.projection.explaining import named


def service_name(service: Mapping[str, Any], lang: Lang) -> str:
    """Return what a service is called."""
    own = (service.get("name") or {}).get(lang, "")
    return named("projection.service", service["id"], own, lang)


def standing_words(status: str, lang: Lang) -> str:
    """Return how far a declared number can be relied on, in words."""
    return label(f"projection.standing.{status}", lang)
