"""Labels stand in three languages, in one place."""

from __future__ import annotations

import re
import string
from typing import cast

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


#: Words that bokmål has and nynorsk never has.
BOKMAL_ONLY = re.compile(
    r"\b(ikke|hvor\w*|hvilke[nt]?|hvem|hva|noen|noe|mye|fra|også|antall\w*|områder|områdene|"
    r"husholdning\w*|husstand\w*|bolig\w*|innbyggere|kommuner|grunnkretser|være|vært|bare|sier|"
    r"gjør|vises|skjules|telles|finnes|mangler|tall|tallene|flere|forskjell\w*|sammenlign\w*|"
    r"høyere|høye|høyest\w*|lavere|lave|lavest\w*|utgivelse\w*|kilde\w*|teller|nevner|filen|"
    r"raden|linjen|siden|disse|ble)\b"
)
#: Words of nynorsk that are right too, but not those this house has chosen.
NOT_CHOSEN = re.compile(r"\b(gje|gjev|lat|vera|husstand\w*|uvisse)\b")
#: What stands between «», in braces or brackets, or is a key with its value, is no prose.
CODE = re.compile(
    r"«[^»]*»|\{\{.*?\}\}|\[\[?[^\]]*\]\]?|(\b\w+ )?= *\"[^\"]*\"|\{[^}]*\}"
    r"|\b\w+ = [^\s\"{]+|--\w+"
)
#: Counts that are always two or more, or are told in words.
NEVER_ONE = {
    "accumulation.partial.2-3",
    "finding.geometry_merged.what",
    "finding.geometry_same_shape.what",
    "finding.source_copied_down.what",
    "finding.source_files.what",
}


def all_forms() -> list[tuple[str, Text]]:
    """Return every label in each of its forms."""
    return [(key, text) for key in label_keys() for text in _labels()[key].values()]


def prose(words: str) -> str:
    """Return the words of a label without code, quotations and placeholders."""
    return CODE.sub(" ", words)


def test_nynorsk_is_not_bokmal_copied() -> None:
    """Words that bokmål has and nynorsk never has may not stand in a nynorsk label."""
    found = {
        key: words
        for key, text in all_forms()
        if (words := BOKMAL_ONLY.findall(prose(text.nn).lower())) and not key.startswith("init.")
    }
    assert found == {}


def test_nynorsk_keeps_to_one_form_of_a_word() -> None:
    found = [
        (key, text.nn) for key, text in all_forms() if NOT_CHOSEN.search(prose(text.nn).lower())
    ]
    assert found == []


def test_the_search_for_bokmal_finds_it_in_prose_only() -> None:
    assert BOKMAL_ONLY.search(prose("Fila er ikke heil.").lower())
    assert not BOKMAL_ONLY.search(prose("Skriv [[source]] eller «ikke», names = {{ a = 1 }}."))


def test_norwegian_text_has_norwegian_signs() -> None:
    """Quotations stand in «», and a percentage has a space that does not break."""
    straight = [
        (key, lang)
        for key, text in all_forms()
        for lang in ("nb", "nn")
        if '"' in prose(text.in_(cast("Lang", lang))) and not key.startswith("toml_said")
    ]
    assert straight == []
    breaking = [
        (key, lang)
        for key, text in all_forms()
        for lang in ("nb", "nn")
        if re.search(r"[^\u00a0]%", text.in_(cast("Lang", lang)))
    ]
    assert breaking == []
    assert label("publish.unit.share", "nb", number="12,5") == "12,5\u00a0%"


def test_what_is_counted_reads_right_for_one() -> None:
    """A label with «{count} områder» has a form for one as well."""
    plural = re.compile(r"\{(count|n)\} (\w+er|par|tall|tomme \w+|skjulte \w+)\b")
    without = [
        key
        for key in label_keys()
        if plural.search(_labels()[key]["other"].nb)
        and "one" not in _labels()[key]
        and key not in NEVER_ONE
    ]
    assert without == []
    for key in label_keys():
        if "one" in _labels()[key]:
            text = _labels()[key]["one"]
            assert not any(re.search(r"\{(count|n)\}", text.in_(lang)) for lang in LANGS), key


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
