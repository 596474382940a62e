"""What readers are told of rounded figures."""

from __future__ import annotations

from typing import Any

import pytest

from nabolag.core import LANGS, Lang, Status, Unit
from nabolag.publish.numbers import status_words
from nabolag.publish.rounding import rounding_notes, rounding_rule, rounding_told
from nabolag.publish.shown import Shown
from nabolag.publish.views.showing import shown_of
from tests.indicators.make import indicator

ENTRY = indicator("poor")


def shown(lang: Lang = "nb", **row: Any) -> Shown:
    given = {
        "level": "delbydel", "area": "0101", "period": "2020", "group": "", "value": 0.0,
        "numerator": 0.0, "denominator": 40.0, "status": "value", "reason": "rounded:3", **row,
    }  # fmt: skip
    return shown_of(given, ENTRY, "Område", "", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_rounded_zero_says_in_words_that_it_may_be_more(lang: Lang) -> None:
    assert "2" in shown(lang).text
    assert shown(lang).text != shown(lang, reason="").text
    assert "2" not in shown(lang, reason="").text


def test_other_rounded_numbers_are_marked_and_exact_ones_are_not() -> None:
    assert shown(value=0.075, numerator=3.0).rounded_text == "avrundet"
    assert shown(value=0.075, numerator=3.0).text == shown(value=0.075, reason="").text
    assert shown(value=0.075, reason="").rounded_text == ""
    both = shown(value=0.075, reason="rounded:3;recoded:2013:merged")
    assert both.rounded_text
    assert "2013" in both.recoded_text
    assert both.recoded == "merged"


def test_nobody_left_to_count_among_is_hidden_in_words() -> None:
    hidden = shown(value=None, status="suppressed_primary")
    assert hidden.kind == "hidden"
    assert "3" in hidden.status_words
    assert hidden.rounded_text == ""
    words = status_words(Status.SUPPRESSED_PRIMARY, "rounded:5", ENTRY, "2020", "", "en")
    assert words == "Hidden for privacy (fewer than 5)"


ABOUT = {
    "disclosure": {
        "rounding": {
            "base": [3, 5], "indicators": ["poor"], "inner_cells": 4321, "inner_changed": 12,
            "largest_change": 3.0, "mean_change": 0.0412, "utility": 0.9876,
        }
    }
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_pages_begin_with_what_is_rounded(lang: Lang) -> None:
    notes = rounding_notes(ABOUT, {"poor": "fattige"}, lang)
    assert len(notes) == 2
    assert all("fattige" in note for note in notes)
    assert rounding_notes({}, {}, lang) == []
    several = {"disclosure": {"rounding": {"base": [3], "indicators": ["a", "b", "c", "d"]}}}
    assert "a, b" not in rounding_notes(several, {}, lang)[0]


@pytest.mark.parametrize("lang", LANGS)
def test_the_cost_of_rounding_is_told(lang: Lang) -> None:
    told = rounding_told(ABOUT, lang)
    assert "12" in told
    assert "988" in told  # 0,988
    assert "04" in told
    assert rounding_told({}, lang) == ""


def test_a_rule_that_rounds_is_a_sentence_of_its_own() -> None:
    said = rounding_rule({"method": "round", "base": 5}, "SSB", "en")
    assert said.startswith("SSB: counts from 1 to 4")
    assert rounding_rule({"method": "suppress", "base": 3}, "SSB", "en") == ""


def test_counts_too() -> None:
    given = {"level": "delbydel", "area": "0101", "period": "2020", "value": 0.0,
             "status": "value", "reason": "rounded:5"}  # fmt: skip
    count = indicator("people", Unit.COUNT, decimals=0)
    assert shown_of(given, count, "Område", "", "nb").text == "0 (avrundet: kan gjelde inntil 4)"
