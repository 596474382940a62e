"""Codes of this room in words, for messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nabolag.core import LANGS, label


def told(name: str, group: str, *codes: str) -> dict[str, Any]:
    """Return a code (or several) as it is written, and in words in each language.

    `name` and `group` are the parameter and the labels: `told("wanted", "base", "pupils")` gives
    `wanted`, `wanted_nb`, `wanted_nn` and `wanted_en`.
    """
    known = [code for code in codes if code]
    words = {f"{name}_{lang}": _listed(_words(group, known, lang)) for lang in LANGS}
    return {name: _listed(known), **words}


def _words(group: str, codes: Iterable[str], lang: str) -> list[str]:
    return [label(f"extra_cost.{group}.{code}", lang) for code in codes]  # type: ignore[arg-type]


def _listed(words: list[str]) -> str:
    return ", ".join(words) or "\N{EN DASH}"
