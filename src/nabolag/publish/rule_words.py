"""The numbers of rules as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Lang, has_label, label


def numbers_in_words(numbers: Mapping[str, Any], lang: Lang) -> str:
    """Return «laveste alder = 16; høyeste alder = 29» for a rule's numbers by name."""
    told = (
        f"{label(f'rule_number.{n}', lang)} = {rule_value(v, lang)}" for n, v in numbers.items()
    )
    return "; ".join(told)


def rule_value(value: Any, lang: Lang) -> str:
    """Return a fact, a number or an answer of a rule as a person reads it."""
    if value is None:
        return label("rule_answer.unknown", lang)
    if isinstance(value, bool):
        return label(f"rule_answer.{str(value).lower()}", lang)
    if isinstance(value, str):
        key = f"rule_answer.{value.replace(' ', '_')}"
        return label(key, lang) if has_label(key) else value
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_span(*ends)}" for name, ends in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(rule_value(part, lang) for part in value) or "–"
    # Not grouped: the same column holds years, codes of months and kroner.
    number = f"{value:.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return number if lang == "en" else number.replace(".", ",")


def _span(low: int, high: int | None) -> str:
    return f"{low}–" if high is None else f"{low}–{high}"
