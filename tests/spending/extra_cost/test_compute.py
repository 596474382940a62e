"""Extra cost: the four forms against the report, intervals, units, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nabolag.core import LANGS, UserError
from nabolag.spending.extra_cost import (
    Scenario,
    extra_cost,
    from_report,
    own,
    total,
    usable,
)

DISTRICT = {"population": 38_000, "base": "inhabitants"}
POSITIVE = st.floats(0.001, 1e6)


def test_form_a_one_percentage_point_more_single_parents():
    cost = extra_cost(from_report("14.5.share_single_parent"), Scenario(**DISTRICT))
    # L4561-L4567: 156.59 kroner × 38 000 = 5.95 million; the standard error is the corrected.
    assert cost.last.unit == "nok"
    assert cost.last.value == pytest.approx(156.59 * 38_000)
    half = stats.t.isf(0.025, 54) * 58.45 * 38_000
    assert cost.last.upper - cost.last.value == pytest.approx(half)
    assert {"not_causal", "sample_oslo", "corrected", "joint", "few_districts"} <= set(cost.caveats)


def test_form_a_positions_per_thousand():
    cost = extra_cost(from_report("15.5.share_single_parent"), Scenario(**DISTRICT))
    assert (cost.last.unit, cost.last.value) == ("positions", pytest.approx(3.7734))


def test_form_b_four_challenges_against_none_and_against_one():
    scenario = Scenario(1, "group", **DISTRICT)
    four, one = from_report("24.6.n_challenges_4"), from_report("24.6.n_challenges_1")
    assert extra_cost(four, scenario).last.value == pytest.approx(1021 * 38_000)
    gap = extra_cost(four, scenario, one)
    assert gap.last.value == pytest.approx((1021 - 701.6) * 38_000)
    assert "group_difference" in gap.caveats
    alone = [extra_cost(each, scenario).last for each in (four, one)]
    widths = sum(each.upper - each.value for each in alone)
    assert gap.last.upper - gap.last.value == pytest.approx(widths)


def test_form_b_child_welfare_counts_those_below_23():
    scenario = Scenario(1, "group", population=9344, base="inhabitants_0_22")
    cost = extra_cost(from_report("24.3.n_challenges_4"), scenario)
    assert cost.last.value == pytest.approx(114.5e6, rel=0.001)


def test_form_c_two_standard_deviations_at_a_school_to_positions_and_kroner():
    scenario = Scenario(
        -2 * 1.3,
        "points",
        population=400,
        base="pupils",
        hours_per_position=686,
        cost_per_position=700_000,
    )
    cost = extra_cost(from_report("9.4.expected_scale_points"), scenario)
    assert [amount.unit for amount in cost.amounts] == ["hours", "hours", "positions", "nok"]
    assert cost.amounts[2].value == pytest.approx(4.13, abs=0.005)
    assert cost.last.value == pytest.approx(cost.amounts[2].value * 700_000)
    assert {"hours_declared", "cost_declared"} <= set(cost.caveats)


def test_hours_are_not_converted_unless_somebody_declares_how():
    cost = extra_cost(
        from_report("9.4.expected_scale_points"),
        Scenario(-1.3, "points", population=400, base="pupils"),
    )
    assert cost.last.unit == "hours"


def test_form_d_the_level_with_all_four_challenges():
    cost = extra_cost(from_report("23.1.n_challenges_4"), Scenario(1, "group", mean=0.22))
    assert cost.level is not None
    assert cost.level.value == pytest.approx(32.9)
    assert cost.level.unit == "percentage_points"
    assert cost.level.lower < 32.9 < cost.level.upper


def test_positions_in_per_cent_of_one():
    cost = extra_cost(
        from_report("9.5.expected_scale_points"),
        Scenario(-2.6, "points", population=400, base="pupils"),
    )
    assert cost.last.unit == "positions"
    assert cost.last.value == pytest.approx(0.2257, abs=1e-4)


@given(POSITIVE, POSITIVE, st.floats(-50, 50), POSITIVE)
def test_kroner_are_linear_in_everything(value, spread, change, people):
    estimate = own(value, spread)
    one = extra_cost(estimate, Scenario(change, population=people, base="inhabitants")).last
    two = extra_cost(estimate, Scenario(change, population=2 * people, base="inhabitants")).last
    assert two.value == pytest.approx(2 * one.value)
    assert one.lower <= one.value <= one.upper
    assert one.upper - one.value == pytest.approx(one.value - one.lower, rel=1e-6, abs=1e-6)


@given(POSITIVE, st.floats(-1, 1))
def test_a_share_and_percentage_points_say_the_same(value, share):
    estimate = own(value, 1.0)
    points = extra_cost(estimate, Scenario(100 * share)).last.value
    assert extra_cost(estimate, Scenario(share, "share")).last.value == pytest.approx(points)


@given(st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_a_higher_level_is_wider(one, other):
    low, high = sorted((one, other))
    narrow = extra_cost(own(5, 2, df=14), Scenario(level=low)).last
    wide = extra_cost(own(5, 2, df=14), Scenario(level=high)).last
    assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper


def test_few_degrees_of_freedom_are_wider_than_the_normal():
    few = extra_cost(own(5, 2, df=3), Scenario()).last
    many = extra_cost(own(5, 2), Scenario()).last
    assert few.upper > many.upper
    assert not few.certain
    assert many.certain


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Scenario(5, "share"), "A share cannot change by 5"),
        (lambda: Scenario(140), "140 percentage points"),
        (lambda: Scenario(float("nan")), "not a number"),
        (lambda: Scenario(population=-3), "above zero"),
        (lambda: Scenario(population=0), "above zero"),
        (lambda: Scenario(level=95), "no confidence level"),
        (lambda: Scenario(hours_per_position=0), "Hours per position"),
        (lambda: own(1, -1), "zero or more"),
        (lambda: own(1, 1, unit="euro"), "nok"),
        (lambda: own(1, 1, df=0), "whole number"),
        (lambda: from_report("14.5"), r"table\.column\.term"),
        (lambda: from_report("14.5.share_age_0_99"), "share_low_income"),
        (lambda: from_report("25.1.analysis_area"), "cannot be right"),
        (lambda: from_report("6.2.share_single_parent"), "per cent or as a fraction"),
        (lambda: from_report("10.1.expected_scale_points_g5"), "does not state the unit"),
    ],
)
def test_what_cannot_be_asked_is_told(call, words):
    with pytest.raises(UserError, match=words):
        call()


def test_another_population_than_the_coefficient_is_per():
    with pytest.raises(UserError, match="aged 0–22"):
        extra_cost(from_report("16.5.share_single_parent"), Scenario(**DISTRICT))
    with pytest.raises(UserError, match="base inhabitants"):
        extra_cost(from_report("14.5.share_single_parent"), Scenario(population=5))


def test_what_nobody_says_it_is_per_is_not_multiplied():
    with pytest.raises(UserError, match="does not say what this coefficient is per"):
        extra_cost(from_report("20.5.share_low_education"), Scenario(**DISTRICT))
    assert extra_cost(from_report("20.5.share_low_education"), Scenario()).last.value == 0.147


def test_a_change_in_points_does_not_fit_a_share():
    with pytest.raises(UserError, match="percentage points"):
        extra_cost(from_report("14.5.share_low_income"), Scenario(1, "points"))


def test_groups_of_different_columns_are_not_subtracted():
    with pytest.raises(UserError, match="two groups of one column"):
        extra_cost(
            from_report("24.6.n_challenges_4"),
            Scenario(1, "group"),
            from_report("24.1.n_challenges_1"),
        )


def test_extra_costs_are_never_summed():
    costs = [
        extra_cost(from_report(name), Scenario(**DISTRICT))
        for name in ("14.5.share_single_parent", "21.5.share_single_parent")
    ]
    with pytest.raises(UserError, match="never added up"):
        total(costs)
    with pytest.raises(UserError, match="never added up"):
        costs[0] + costs[1]
    with pytest.raises(UserError, match="never added up"):
        sum(costs)


def test_a_very_small_change_and_a_conversion_are_told():
    small = extra_cost(from_report("14.5.share_low_income"), Scenario(0.05))
    assert [f.code for f in small.findings] == ["extra_cost_small"]
    turned = extra_cost(from_report("12.3.share_single_parent"), Scenario(1))
    assert [f.code for f in turned.findings] == ["extra_cost_converted"]
    assert turned.last.value == pytest.approx(3.199)
    assert "step_inferred" in turned.caveats


def test_what_is_inferred_in_table_17_is_said():
    cost = extra_cost(from_report("17.5.share_single_parent"), Scenario())
    assert cost.last.value == pytest.approx(1.5)
    assert "shared_by_inference" in cost.caveats


def test_every_usable_coefficient_of_oslo_says_so_in_every_language():
    scenario = {"percentage_point": Scenario(), "fraction": Scenario(1), "point": Scenario(1, "points"),
                "group": Scenario(1, "group")}  # fmt: skip
    count = 0
    for estimate in usable():
        cost = extra_cost(estimate, scenario[estimate.step])
        oslo = estimate.column is not None and estimate.column.sample == "oslo"
        assert ("sample_oslo" in cost.caveats) == oslo
        assert all(cost.caveat_words(lang) for lang in LANGS)
        count += 1
    assert count > 300
