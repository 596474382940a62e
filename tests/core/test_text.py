"""Labels stand in three languages, in one place."""

from __future__ import annotations

import re
import string

import pytest

from nabolag.core import LANGS, Lang, Level, Status, Text, label, label_keys
from nabolag.core.text import _labels


def placeholders(words: str, lang: Lang) -> set[str]:
    """Return the facts a label takes; `reason_nb` in bokmål is the fact `reason`."""
    names = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
    return {name.removesuffix(f"_{lang}") for name in names}


def test_every_label_is_there_in_every_language() -> None:
    empty = [
        (key, lang)
        for key in label_keys()
        for text in _labels()[key].values()
        for lang in LANGS
        if not text.in_(lang).strip()
    ]
    assert empty == []


def test_the_languages_of_a_label_take_the_same_facts() -> None:
    differing = [
        key
        for key in label_keys()
        for text in _labels()[key].values()
        if len({frozenset(placeholders(text.in_(lang), lang)) for lang in LANGS}) != 1
    ]
    assert differing == []


def test_nynorsk_is_not_bokmal_copied() -> None:
    """Words that bokmål has and nynorsk never has may not stand in a nynorsk label."""
    bokmal_only = re.compile(r"\b(ikke|hvor|hvilke[nt]?|fra og med en|skjules|kommuner|noen|mye)\b")
    copied = [key for key in label_keys() if bokmal_only.search(_labels()[key]["other"].nn)]
    assert copied == []


def test_stigmatising_words_are_not_in_the_house() -> None:
    banned = re.compile(
        r"dårlig(e|st)? område|problemområde|\bverst|belastede? område", re.IGNORECASE
    )
    found = [
        key
        for key in label_keys()
        for text in _labels()[key].values()
        if any(banned.search(text.in_(lang)) for lang in LANGS)
    ]
    assert found == []


def test_levels_and_statuses_have_words() -> None:
    for level in Level:
        assert level.label.nb
        assert level.plural.en
    for status in Status:
        assert status.label.nn


def test_a_text_without_a_language_names_what_is_absent() -> None:
    with pytest.raises(ValueError, match="nn, en"):
        Text.of({"nb": "bare bokmål"})


def test_an_unknown_label_is_an_error() -> None:
    with pytest.raises(KeyError):
        label("no.such.label", "nb")
