"""Every rule, status, kind and answer has words in three languages, and careful ones."""

from __future__ import annotations

import re

import pytest

from nabolag import rules
from nabolag.core import LANGS, has_label, label, label_keys
from nabolag.rules import Kind, RuleStatus, Standing
from nabolag.rules.examples import all_cases


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_a_rule_has_a_term_and_says_what_it_is(name: str) -> None:
    assert label(f"rule.{name}.term", "nb") == rules.RULES[name].term
    for lang in LANGS:
        assert label(f"rule.{name}.term", lang)
        assert label(f"rule.{name}.says", lang).endswith(".")


def test_no_words_are_of_a_rule_that_is_gone() -> None:
    named = {key.split(".")[1] for key in label_keys() if key.startswith("rule.")}
    assert named == set(rules.RULES)


def test_every_provision_has_words_and_no_words_are_left_over() -> None:
    named = {key.removeprefix("provision.") for key in label_keys() if key.startswith("provision.")}
    assert named == set(rules.provisions())


def test_statuses_and_kinds_have_words() -> None:
    standings = [standing for standing in Standing if standing is not Standing.HOLDS]
    assert all(has_label(f"rule_status.{status.value}") for status in (*RuleStatus, *standings))
    assert all(has_label(f"rule_kind.{kind.value}") for kind in Kind)


def test_answers_in_words_have_words() -> None:
    said = {case.expect for case in all_cases() if isinstance(case.expect, str)}
    codes = {answer for answer in said if not re.fullmatch(r"[\d-]+", answer)}
    assert all(has_label(f"rule_answer.{answer.replace(' ', '_')}") for answer in codes)


def test_what_the_house_has_set_is_said_where_the_number_is_the_rule() -> None:
    """A rule whose every number is declared says so in words, in each language."""
    words = {"nb": "huset", "nn": "huset", "en": "house"}
    for name in rules.RULES:
        kind = rules.signature(name).parameters
        if kind is None or not all(set(kind.numbers()) <= set(e.declared) for e in kind.history()):
            continue
        for lang in LANGS:
            assert words[lang] in label(f"rule.{name}.says", lang).lower(), name


def test_the_language_is_careful() -> None:
    never = re.compile(r"dårlig|dårleg|problemområd|verst|problem area|bad area", re.I)
    keys = [
        key
        for key in label_keys()
        if key.startswith(("rule", "provision.", "cli.rules", "finding.rule"))
    ]
    assert keys
    assert not [key for key in keys for lang in LANGS if never.search(_raw(key, lang))]


def _raw(key: str, lang: str) -> str:
    from nabolag.core import label_text

    return label_text(key).in_(lang)  # type: ignore[arg-type]
