"""Template tags: words from labels, addresses in the reader's language, the built front end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from nabolag.core import Text, label, label_keys
from nabolag.publish.numbers import format_count

register = template.Library()
_FRONTEND_WORDS = "frontend."


@register.simple_tag(takes_context=True)
def t(context: Context, key: str, **params: Any) -> str:
    """Return a label in the page's language: `{% t "web.source" producer=name %}`."""
    return label(key, context["lang"], **params)


@register.simple_tag(takes_context=True)
def text(context: Context, words: Text | None) -> str:
    """Return a `core.Text` in the page's language, empty for none."""
    return words.in_(context["lang"]) if words else ""


@register.simple_tag(takes_context=True)
def number(context: Context, count: float) -> str:
    """Return a count as the page's language writes it."""
    return format_count(count, context["lang"])


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, **params: Any) -> str:
    """Return the address of a page in the page's language. Names beginning with `q_` are query."""
    query = {k[2:]: v for k, v in params.items() if k.startswith("q_") and v not in (None, "")}
    parts = {k: v for k, v in params.items() if not k.startswith("q_")}
    path = reverse(name, kwargs={"lang": context["lang"], **parts})
    return f"{path}?{urlencode(query)}" if query else path


@register.simple_tag
def vite(entry: str) -> SafeString:
    """Return the tags that load an entry of the built front end.

    Where it is not built the page is complete without it; `check` and `serve` say so.
    """
    manifest = frontend_manifest(settings.NABOLAG_FRONTEND)
    found = manifest.get(f"src/{entry}.ts")
    if found is None:
        return mark_safe("")
    styles = [f'<link rel="stylesheet" href="{_asset(name)}">' for name in found.get("css", ())]
    early = [
        f'<link rel="modulepreload" href="{_asset(manifest[name]["file"])}">'
        for name in found.get("imports", ())
    ]
    script = f'<script type="module" src="{_asset(found["file"])}"></script>'
    return mark_safe("\n".join([*styles, *early, script]))  # noqa: S308 - names are escaped


@register.simple_tag(takes_context=True)
def frontend_words(context: Context) -> SafeString:
    """Return the words that scripts show, as JSON that cannot end its own element."""
    return mark_safe(_frontend_words(context["lang"]))  # noqa: S308 - see `safe_json`


@register.filter
def as_json(value: Any) -> SafeString:
    """Return a value as JSON for a `<script type="application/json">`."""
    return mark_safe(safe_json(value))  # noqa: S308 - see `safe_json`


def safe_json(value: Any) -> str:
    """Return JSON in which `<`, `>` and `&` are written as escapes."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


def frontend_manifest(folder: Path) -> Mapping[str, Any]:
    """Return the front end's manifest, empty where it is not built."""
    path = folder / ".vite" / "manifest.json"
    if not path.is_file():
        return {}
    return _read_manifest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read_manifest(path: Path, changed: int) -> Mapping[str, Any]:
    """Read a manifest; `changed` is part of the key, so that a new build is seen."""
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=4)
def _frontend_words(lang: Any) -> str:
    keys = [key for key in label_keys() if key.startswith(_FRONTEND_WORDS)]
    return safe_json({key.removeprefix(_FRONTEND_WORDS): label(key, lang) for key in keys})


def _asset(name: str) -> str:
    return escape(static(f"nabolag/{name}"))
