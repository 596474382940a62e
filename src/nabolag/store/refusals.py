"""Why `nabolag.toml` is refused, in three languages: what validators said, put in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from nabolag.core import LANGS, has_label, label
from nabolag.core.text import label_keys

_OURS, _KINDS, _TOML = "config_said.", "config_reason.", "toml_said."
_PLACEHOLDER = re.compile(r"\\\{(\w)\\\}")


def refusal(detail: Mapping[str, Any]) -> dict[str, str]:
    """Return `reason_nb`, `reason_nn` and `reason_en` for one error of a validator.

    Refusals of our own specifications are found by their English words, the validator's by
    their kind. What has no words is told as it was said.
    """
    said = str(detail["msg"]).removeprefix("Value error, ")
    key, params = _ours(said)
    kind = f"{_KINDS}{detail['type']}"
    if not key and has_label(kind):
        key, params = kind, dict(detail.get("ctx") or {})
        if "expected" in params:
            params["expected"] = str(params["expected"]).replace(" or ", ", ")
    return _in_all(key, params, said)


def toml_refusal(said: str) -> dict[str, str]:
    """Return `reason_nb`, `reason_nn` and `reason_en` for what the TOML reader said."""
    bare = re.sub(r" \(at .*\)$", "", said)
    slug = re.sub(r"[^a-z]+", "_", bare.lower())
    keys = sorted((k for k in label_keys() if k.startswith(_TOML)), key=len, reverse=True)
    key = next((k for k in keys if slug.startswith(k.removeprefix(_TOML))), "")
    return _in_all(key, {}, bare)


def _in_all(key: str, params: Mapping[str, Any], said: str) -> dict[str, str]:
    # A blank parameter makes the words be formatted, so that «{{» is written «{».
    given = {"": "", **params}
    return {f"reason_{lang}": label(key, lang, **given) if key else said for lang in LANGS}


def _ours(said: str) -> tuple[str, dict[str, str]]:
    """Return the label whose English words these are, and what stands in its placeholders."""
    for key, pattern in _patterns():
        found = pattern.fullmatch(said)
        if found:
            return key, found.groupdict()
    return "", {}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    keys = (key for key in label_keys() if key.startswith(_OURS))
    return tuple((key, _pattern(label(key, "en"))) for key in keys)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>.*)", re.escape(words)), re.DOTALL)
