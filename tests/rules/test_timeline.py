"""What applied on a date."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from nabolag import rules
from nabolag.rules import RuleStatus, Standing


def standing(name: str, at: date) -> tuple[Standing, date | None]:
    found = rules.rule_at(name, at)
    return found.standing, found.since


def test_every_rule_is_listed_on_every_date() -> None:
    for at in (date(1990, 1, 1), date(2023, 8, 11), date(2040, 1, 1)):
        listed = rules.rules_at(at)
        assert [rule.info.name for rule in listed] == list(rules.RULES)
        for rule in listed:
            assert bool(rule.numbers) == (
                rule.standing is Standing.HOLDS
                and rules.signature(rule.info.name).parameters is not None
            )


#: The timeline of seed-000 §4.8, as far as it is a rule here.
@pytest.mark.parametrize(
    ("name", "at", "expected", "since"),
    [
        ("referral_dwellings", date(2013, 12, 31), Standing.NOT_YET, date(2014, 1, 1)),  # L4717
        ("referral_dwellings", date(2014, 1, 1), Standing.HOLDS, date(2014, 1, 1)),
        ("introduction_benefit", date(2020, 12, 31), Standing.NOT_YET, date(2021, 1, 1)),  # L7531
        ("introduction_benefit", date(2021, 1, 1), Standing.HOLDS, date(2021, 1, 1)),
        ("youth_guarantee", date(2023, 6, 30), Standing.NOT_YET, date(2023, 7, 1)),  # L7812
        ("youth_guarantee", date(2023, 7, 1), Standing.HOLDS, date(2023, 7, 1)),
        ("settlement_caution", date(2023, 1, 1), Standing.ENDED, date(2021, 1, 1)),  # L7475
        ("kindergarten_payment", date(2023, 8, 1), Standing.HOLDS, date(2023, 8, 1)),  # L6113
        ("kindergarten_payment", date(2025, 1, 1), Standing.NUMBERS_ABSENT, date(2023, 8, 1)),
        ("child_benefit", date(2023, 3, 1), Standing.HOLDS, date(2023, 3, 1)),  # L3434
        ("teacher_norm_met", date(2018, 1, 1), Standing.NOT_YET, date(2018, 8, 1)),
        ("rents", date(1990, 1, 1), Standing.HOLDS, None),
    ],
)  # fmt: skip
def test_dates_of_the_documents(
    name: str, at: date, expected: Standing, since: date | None
) -> None:
    assert standing(name, at) == (expected, since)


def test_what_holds_can_be_called_and_what_does_not_cannot() -> None:
    import narwhals.stable.v2 as nw

    for at in (date(2010, 1, 1), date(2022, 6, 1), date(2023, 8, 11), date(2026, 1, 1)):
        for rule in rules.rules_at(at):
            asked = rules.signature(rule.info.name)
            facts = [nw.col("x")] * sum(3 if fact.many else 1 for fact in asked.facts)
            if rule.standing is Standing.HOLDS:
                rules.call(rule.info.name, facts, at)
            else:
                with pytest.raises(rules.NotInForceError):
                    rules.call(rule.info.name, facts, at)


def test_what_is_announced_is_not_told_as_law() -> None:
    before = rules.rule_at("agreement_length_follows", date(2023, 1, 1))
    after = rules.rule_at("agreement_length_follows", date(2024, 1, 1))
    assert (before.status, after.status) == (RuleStatus.IN_FORCE, RuleStatus.ANNOUNCED)
    assert after.declared == ("since",)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(rules.UnknownRuleError):
        rules.rule_at("crowdet", date(2024, 1, 1))


#: The rest of that timeline: what has a date and a status, but nothing to compute.
@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("housing_allowance_extra_payments", date(2021, 11, 30), Standing.NOT_YET),
        ("housing_allowance_extra_payments", date(2022, 6, 30), Standing.HOLDS),
        ("housing_allowance_extra_payments", date(2022, 7, 1), Standing.ENDED),
        ("housing_allowance_extra_payments", date(2022, 11, 1), Standing.HOLDS),
        ("housing_allowance_extra_payments", date(2023, 6, 1), Standing.ENDED),
        ("housing_allowance_extra_payments", date(2024, 1, 31), Standing.HOLDS),
        ("housing_allowance_temporary_rules", date(2024, 1, 1), Standing.ENDED),  # L5176
        ("supervision_of_bedsits", date(2023, 12, 31), Standing.HOLDS),  # L5126
        ("supervision_of_bedsits", date(2024, 1, 1), Standing.ENDED),
        ("bedsit_provisions", date(2022, 12, 31), Standing.NOT_YET),  # L4794
        ("social_housing_act", date(2023, 7, 1), Standing.HOLDS),  # L4804
        ("school_environment_regulation", date(2023, 6, 30), Standing.NOT_YET),  # L7147
    ],
)
def test_provisions_on_a_date(name: str, at: date, expected: Standing) -> None:
    found = {shown.provision.name: shown for shown in rules.provisions_at(at)}
    assert set(found) == set(rules.provisions())
    assert found[name].standing is expected


def test_a_recommendation_and_an_announcement_are_told_apart() -> None:
    def status(at: date) -> RuleStatus:
        return {s.provision.name: s.provision for s in rules.provisions_at(at)}[
            "housing_mix_provisions"
        ].status

    assert status(date(2022, 1, 1)) is RuleStatus.RECOMMENDED
    assert status(date(2023, 9, 1)) is RuleStatus.ANNOUNCED


def test_spans_of_a_provision_follow_one_another() -> None:
    for spans in rules.provisions().values():
        assert all(span.reference for span in spans)
        for earlier, later in pairwise(spans):
            assert later.since is not None
            assert (earlier.until or earlier.since or date.min) < later.since
