"""What readers are told of rounded figures: beside each, on every page, and with the method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Lang, label
from nabolag.disclosure import rounding_base
from nabolag.publish.numbers import format_count, format_number


def rounded_beside(row: Mapping[str, Any], lang: Lang) -> str:
    """Return what stands beside a number made of rounded counts; empty for a 0 and any other."""
    base = rounding_base(row.get("reason") or "")
    return "" if base is None or row["value"] == 0 else label("publish.rounded.some", lang)


def zero_in_words(row: Mapping[str, Any], text: str, lang: Lang) -> str:
    """Return the text of a number; a 0 of rounded counts says that it may be more.

    It says so wherever it is written, in sentences and charts too: it is not a nobody.
    """
    base = rounding_base(row.get("reason") or "")
    if base is None or row["value"] != 0:
        return text
    return label("publish.rounded.zero", lang, number=text, most=base - 1)


def rounding_notes(about: Mapping[str, Any], names: Mapping[str, str], lang: Lang) -> list[str]:
    """Return what every page and file says first of a release that is rounded.

    `about` is the release's description, `names` the names of its indicators.
    """
    said = _said(about)
    if not said:
        return []
    what = ", ".join(names.get(iid, iid) for iid in said["indicators"])
    if len(said["indicators"]) > _MANY:
        what = label("publish.rounded.several", lang)
    return [
        label("publish.rounded.note", lang, base=base, most=base - 1, what=what)
        for base in said["base"]
    ]


_MANY = 3


def rounding_told(about: Mapping[str, Any], lang: Lang) -> str:
    """Return how far rounding moved the figures of a release; empty where none is rounded."""
    said = _said(about)
    if not said:
        return ""
    return label(
        "publish.rounded.told",
        lang,
        inner_changed=format_count(said["inner_changed"], lang),
        inner_cells=format_count(said["inner_cells"], lang),
        largest=format_count(said["largest_change"], lang),
        mean=format_number(said["mean_change"], lang, 2),
        utility=format_number(said["utility"], lang, 3),
    )


def rounding_rule(rule: Mapping[str, Any], about: str, lang: Lang) -> str:
    """Return a rule that rounds as a sentence; empty for one that hides. `about` is whose it is."""
    if rule.get("method") != "round":
        return ""
    base = int(rule["base"])
    return label("publish.rounded.rule", lang, about=about, base=base, most=base - 1)


def _said(about: Mapping[str, Any]) -> Mapping[str, Any]:
    return (about.get("disclosure") or {}).get("rounding") or {}
