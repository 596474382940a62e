"""Calling a rule by name fills in its dated parameters, and says what is wrong with a call."""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw
import pytest

from nabolag import rules
from nabolag.core import LANGS, UserError
from nabolag.rules import Fact, Kind
from tests.rules.engines import answers

AT = date(2024, 1, 1)


def test_a_signature_says_what_goes_in_and_comes_out() -> None:
    asked = rules.signature("crowded")
    assert asked.facts == (
        Fact("persons", Kind.WHOLE), Fact("rooms", Kind.WHOLE), Fact("area_m2", Kind.NUMBER),
    )  # fmt: skip
    assert asked.answer is Kind.FLAG
    assert asked.parameters is rules.CrowdingLimits
    assert str(asked) == "crowded(persons, rooms, area_m2)"
    years = rules.signature("persistent_low_income")
    assert [fact.many for fact in years.facts] == [True, True]
    assert rules.signature("rents").parameters is None


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_every_rule_has_a_signature(name: str) -> None:
    asked = rules.signature(name)
    assert asked.facts
    assert len({fact.name for fact in asked.facts}) == len(asked.facts)


def test_facts_of_several_years_are_given_one_after_another() -> None:
    import polars as pl

    frame = pl.DataFrame({"i": [10.0], "i1": [10.0], "i2": [200.0], "m": [100.0]})
    facts = [nw.col(name) for name in ("i", "i1", "i2", "m", "m", "m")]
    assert answers(frame, rules.call("persistent_low_income", facts, AT)) == [False]


def test_an_unknown_rule_is_answered_with_the_nearest() -> None:
    with pytest.raises(rules.UnknownRuleError) as told:
        rules.call("crowdet", [], AT)
    assert told.value.nearest[0] == "crowded"


@pytest.mark.parametrize(
    ("name", "given"),
    [("crowded", 2), ("crowded", 4), ("rents", 0), ("persistent_low_income", 5),
     ("persistent_low_income", 4), ("persistent_low_income", 0)],
)  # fmt: skip
def test_another_number_of_facts_is_refused(name: str, given: int) -> None:
    with pytest.raises(rules.WrongFactsError) as told:
        rules.call(name, [nw.col("a")] * given, AT)
    assert told.value.given == given
    assert str(rules.signature(name)) in str(told.value)


def test_before_a_rule_began_it_is_not_called() -> None:
    with pytest.raises(rules.NotInForceError, match="2023-06-30"):
        rules.call("youth_guarantee", [nw.col("a"), nw.col("b")], date(2023, 6, 30))
    rules.call("youth_guarantee", [nw.col("a"), nw.col("b")], date(2023, 7, 1))


def test_a_rule_without_numbers_at_the_date_is_named_itself() -> None:
    with pytest.raises(rules.NotInForceError) as told:
        rules.evaluate("teacher_norm_met", {"grade": 1, "group_size": 15.0}, date(2017, 1, 1))
    assert (told.value.name, told.value.at) == ("teacher_norm_met", date(2017, 1, 1))


def test_one_case_in_plain_values() -> None:
    assert rules.evaluate("crowded", {"persons": 4, "rooms": 3, "area_m2": 70}, AT) is True
    assert rules.evaluate("crowded", {"persons": 4, "rooms": 3}, AT) is None
    with pytest.raises(KeyError, match="size"):
        rules.evaluate("crowded", {"persons": 4, "size": 3}, AT)


def test_each_mistake_has_words_in_three_languages() -> None:
    mistakes = (
        rules.UnknownRuleError("crowdet", rules.RULES),
        rules.WrongFactsError("rents", "rents(tenure)", 2),
        rules.NotInForceError("rents", AT),
    )
    for mistake in mistakes:
        assert isinstance(mistake, UserError)
        (finding,) = mistake.findings
        assert all(finding.text(lang) for lang in LANGS)
