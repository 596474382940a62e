"""Whose numbers a rule uses on a date, whether it has any, and what changes with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nabolag.rules import (
    HOUSE_NUMBERS,
    NOT_IN_FORCE,
    NUMBERS_ABSENT,
    RULES,
    InForce,
    RuleNumbers,
    read_book,
)

OWN = "long_term_social_assistance:\n  - {from: 2021-01-01, minimum_months: 9, reference: Vedtak}\n"


@pytest.fixture
def numbers(tmp_path: Path) -> RuleNumbers:
    (tmp_path / "regler.yaml").write_text(OWN, encoding="utf-8")
    return RuleNumbers(read_book(tmp_path / "regler.yaml"))


@pytest.mark.parametrize(
    ("rule", "at", "why"),
    [
        ("crowded", date(2020, 1, 1), ""),
        ("rents", date(2020, 1, 1), ""),
        ("youth_guarantee", date(2023, 6, 30), NOT_IN_FORCE),
        ("youth_guarantee", date(2023, 7, 1), ""),
        ("child_benefit", date(2019, 2, 28), NUMBERS_ABSENT),
        ("child_benefit", date(2024, 6, 1), NUMBERS_ABSENT),
        ("kindergarten_payment", date(2024, 9, 1), NUMBERS_ABSENT),
    ],
)
def test_why_a_rule_gives_no_answer(rule: str, at: date, why: str) -> None:
    assert InForce(at).lacks(rule) == why


def test_numbers_no_document_gives_can_be_refused(numbers: RuleNumbers) -> None:
    strict = RuleNumbers(numbers.book, house_numbers=False)
    assert strict.of_year(2020).lacks("long_term_social_assistance") == NUMBERS_ABSENT
    assert strict.of_year(2021).lacks("long_term_social_assistance") == ""
    assert strict.of_year(2021).lacks("high_debt") == NUMBERS_ABSENT
    # A document gives these: 25 per cent of income, 60 per cent of the median over three years.
    for rule in ("high_housing_costs", "persistent_low_income", "rents"):
        assert strict.of_year(2021).lacks(rule) == ""


def test_only_what_is_written_down_is_ones_own(numbers: RuleNumbers) -> None:
    assert not numbers.of_year(2020).own("long_term_social_assistance")
    assert numbers.of_year(2021).own("long_term_social_assistance")
    assert not any(
        HOUSE_NUMBERS.of_year(2021).own(r) for r in RULES if not InForce(date(2021, 1, 1)).lacks(r)
    )


def test_the_digest_follows_the_numbers_that_are_used(numbers: RuleNumbers) -> None:
    """Another number in the year changes it; one of another year, or another rule, does not."""
    rules = ["long_term_social_assistance", "crowded"]
    assert HOUSE_NUMBERS.of_year(2020).digest(rules) == numbers.of_year(2020).digest(rules)
    assert HOUSE_NUMBERS.of_year(2021).digest(rules) != numbers.of_year(2021).digest(rules)
    assert HOUSE_NUMBERS.of_year(2021).digest(["crowded"]) == numbers.of_year(2021).digest(
        ["crowded"]
    )
    strict = RuleNumbers(house_numbers=False)
    assert strict.of_year(2020).digest(rules) != HOUSE_NUMBERS.of_year(2020).digest(rules)
