"""Schemes over time: the same as the timeline says, and what changes next."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from nabolag import rules
from nabolag.rules import RuleStatus, Standing
from nabolag.rules.dated import Change

#: Seed-000 §4.8: the day, what begins or ends on it.
TIMELINE = [
    (date(2014, 1, 1), "referral_dwellings", True),  # L4717–4719
    (date(2018, 8, 1), "kindergarten_school_cooperation", True),  # L6293–6297
    (date(2019, 1, 1), "youth_crime_effort", True),  # L8901–8904
    (date(2020, 1, 1), "establishment_grant_in_block_grant", True),  # L4921–4922
    (date(2020, 8, 1), "sfo_reduced_payment", True),  # L6308–6316
    (date(2021, 1, 1), "integration_act", True),  # L7531–7536
    (date(2021, 8, 1), "sfo_framework_plan", True),  # L6326–6327
    (date(2021, 12, 1), "housing_allowance_temporary_rules", True),  # L5164–5177
    (date(2022, 8, 1), "kindergarten_payment", True),  # L6105–6108
    (date(2022, 8, 1), "school_staffing_grant", True),  # L6350–6356
    (date(2023, 1, 1), "kindergarten_payment", True),
    (date(2023, 1, 1), "bedsit_provisions", True),  # L4785–4794
    (date(2023, 3, 1), "child_benefit", True),  # L3434–3437
    (date(2023, 7, 1), "youth_guarantee", True),  # L7812–7814
    (date(2023, 7, 1), "social_housing_act", True),  # L4803–4806
    (date(2023, 8, 1), "kindergarten_payment", True),  # L6113–6115
    (date(2023, 8, 1), "sfo_free_hours", True),  # L6323–6324
    (date(2024, 1, 1), "housing_allowance_temporary_rules", False),  # L5166–5167
]


@pytest.mark.parametrize(("day", "name", "begins"), TIMELINE)
def test_the_timeline_of_the_white_paper(day: date, name: str, begins: bool) -> None:
    after = rules.changes_after(day - timedelta(days=1))
    assert (name, begins) in {(c.scheme.name, c.begins) for c in after if c.day == day}
    on = {one.scheme.name: one for one in rules.schemes_on(day)}[name]
    assert (on.standing is Standing.HOLDS) is begins


@pytest.mark.parametrize("year", [2005, 2014, 2018, 2020, 2022, 2023, 2024, 2030])
def test_schemes_stand_as_their_rules_do(year: int) -> None:
    for month in range(1, 13):
        at = date(year, month, 15)
        for one in rules.schemes_on(at):
            if one.scheme.kind == "rule":
                rule = rules.rule_at(one.scheme.name, at)
                assert rule.standing is one.standing
                assert rule.standing is not Standing.HOLDS or rule.numbers == one.span.numbers


def test_definitions_of_statistics_are_no_schemes() -> None:
    named = {one.name for one in rules.all_schemes()}
    assert "kindergarten_payment" in named
    assert not named & {"crowded", "low_income", "group_size_2"}
    statuses = {span.status for one in rules.all_schemes() for span in one.spans}
    assert RuleStatus.STATISTICAL not in statuses


def test_spans_follow_one_another() -> None:
    for scheme in rules.all_schemes():
        for first, second in zip(scheme.spans, scheme.spans[1:], strict=False):
            assert first.until is not None, scheme.name
            assert second.since is not None, scheme.name
            assert first.until < second.since, scheme.name


def test_what_is_announced_is_never_in_force() -> None:
    on = {one.scheme.name: one for one in rules.schemes_on(date(2026, 11, 29))}
    assert on["purchase_models_act"].span.status is RuleStatus.ANNOUNCED
    assert on["differentiated_teacher_norm"].span.status is RuleStatus.RECOMMENDED
    assert on["housing_allowance"].span.status is RuleStatus.EXAMPLE
    assert on["landowner_financing"].span.status is RuleStatus.PROPOSED


def test_numbers_that_are_no_longer_known_are_no_end() -> None:
    on = {one.scheme.name: one for one in rules.schemes_on(date(2025, 1, 1))}
    assert on["kindergarten_payment"].standing is Standing.NUMBERS_ABSENT
    assert on["settlement_caution"].standing is Standing.ENDED
    ends: list[Change] = [c for c in rules.changes_after(date(2023, 1, 1)) if not c.begins]
    assert "kindergarten_payment" not in {c.scheme.name for c in ends}


def test_what_changes_is_named() -> None:
    third = next(
        c for c in rules.changes_after(date(2023, 7, 1)) if c.scheme.name == "kindergarten_payment"
    )
    assert (third.day, third.span.changed) == (date(2023, 8, 1), ("third_child_percent",))


def test_ones_own_numbers_come_back_from_plain_data(tmp_path: Path) -> None:
    path = tmp_path / "regler.yaml"
    path.write_text(
        "kindergarten_payment:\n  - {from: 2024-08-01, income_percent: 6, max_price_a_month: 2000, "
        "months_a_year: 11, second_child_percent: 30, third_child_percent: 100, reference: budsjett}\n",
        encoding="utf-8",
    )
    book = rules.read_book(path)
    kept = json.loads(json.dumps(rules.own_entries(book)))
    assert list(kept) == ["kindergarten_payment"]
    assert rules.with_entries(kept) == book
    on = {one.scheme.name: one for one in rules.schemes_on(date(2025, 1, 1), book)}
    assert on["kindergarten_payment"].standing is Standing.HOLDS
    assert rules.own_entries(rules.house_book()) == rules.own_entries(None) == {}
