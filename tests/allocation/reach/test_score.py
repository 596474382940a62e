"""Does the money reach the need: hand-made truths, bounds that hold, and planted leaning."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.allocation.reach import Areas, Between, Reach, areas_of
from nabolag.allocation.reach.places import exposed, filled, lean
from nabolag.core import UserError

FAST = Reach(draws=0)


def areas(people, need, money, need_high=None, money_high=None) -> Areas:
    low, amount = np.array(need, float), np.array(money, float)
    return Areas(
        tuple(f"a{n}" for n in range(len(people))),
        np.array(people, float),
        Between(low, low if need_high is None else np.array(need_high, float)),
        Between(amount, amount if money_high is None else np.array(money_high, float)),
    )


def test_all_money_to_the_most_exposed_fifth():
    found = FAST.score(areas([100] * 5, [5, 4, 3, 2, 1], [10, 0, 0, 0, 0]))
    assert found.share.value == pytest.approx(1)
    assert found.ratio.value == float("inf")
    assert found.concentration.value == pytest.approx(0.8)


def test_the_same_a_head_everywhere_leans_nowhere():
    found = FAST.score(areas([50, 150, 300, 20], [4, 3, 2, 1], [5, 15, 30, 2]))
    assert found.share.value == pytest.approx(0.2)
    assert found.ratio.value == pytest.approx(1)
    assert found.concentration.value == pytest.approx(0, abs=1e-12)


def test_an_area_on_the_line_is_cut():
    # The most exposed fifth of 100 people is the 10 of the first area and 10 of the 40 of the next.
    found = FAST.score(areas([10, 40, 50], [3, 2, 1], [30, 40, 30]))
    assert found.share.value == pytest.approx((30 + 10) / 100)


def test_areas_of_the_same_need_share_their_place():
    one = FAST.score(areas([50, 50, 100], [2, 2, 1], [80, 20, 100]))
    other = FAST.score(areas([50, 50, 100], [2, 2, 1], [20, 80, 100]))
    assert one.share.value == pytest.approx(other.share.value)
    assert one.concentration.value == pytest.approx(other.concentration.value)


def test_what_would_have_to_move():
    found = FAST.score(areas([100, 100], [0.3, 0.1], [50, 50]))
    assert found.moved == pytest.approx(0.25)
    assert FAST.score(areas([100, 100], [0.3, 0.1], [75, 25])).moved == pytest.approx(0)


NUMBERS = st.integers(1, 40)


@st.composite
def hidden_areas(draw: st.DrawFn):
    count = draw(st.integers(2, 7))
    people = draw(st.lists(NUMBERS, min_size=count, max_size=count))
    need = draw(st.lists(NUMBERS, min_size=count, max_size=count))
    wide = draw(st.lists(st.integers(0, 25), min_size=count, max_size=count))
    money = draw(st.lists(st.integers(0, 40), min_size=count, max_size=count))
    loose = draw(st.lists(st.sampled_from([0, 0, 0, 15]), min_size=count, max_size=count))
    money[0] += 1
    high = [n + w for n, w in zip(need, wide, strict=True)]
    most = [m + w for m, w in zip(money, loose, strict=True)]
    return areas(people, need, money, high, most)


@settings(max_examples=150)
@given(hidden_areas(), st.integers(0, 10**6))
def test_bounds_hold_whatever_the_hidden_numbers_are(hidden, seed):
    told = FAST.score(hidden)
    dice = np.random.default_rng(seed)
    for _ in range(12):
        need = np.round(dice.uniform(hidden.need.low, hidden.need.high))
        money = dice.uniform(hidden.money.low, hidden.money.high)
        truth = FAST.score(
            Areas(hidden.codes, hidden.people, Between(need, need), Between(money, money))
        )
        for name in ("share", "concentration"):
            bound, value = getattr(told, name), getattr(truth, name).value
            assert bound.lower - 1e-9 <= value <= bound.upper + 1e-9


@given(hidden_areas())
def test_bounds_meet_where_nothing_is_hidden(hidden):
    exact = Areas(
        hidden.codes,
        hidden.people,
        Between(hidden.need.low, hidden.need.low),
        Between(hidden.money.low, hidden.money.low),
    )
    told = FAST.score(exact)
    assert told.share.lower == pytest.approx(told.share.upper)
    assert told.concentration.lower == pytest.approx(told.concentration.upper)
    assert -1 <= told.concentration.value <= 1
    assert 0 <= told.share.value <= 1 + 1e-9


@given(hidden_areas(), st.floats(0.1, 1000))
def test_scores_do_not_hang_on_the_unit_of_money(hidden, scale):
    money = Between(hidden.money.low, hidden.money.low)
    larger = Between(money.low * scale, money.low * scale)
    need = Between(hidden.need.low, hidden.need.low)
    one = FAST.score(Areas(hidden.codes, hidden.people, need, money))
    two = FAST.score(Areas(hidden.codes, hidden.people, need, larger))
    assert two.share.value == pytest.approx(one.share.value)
    assert two.concentration.value == pytest.approx(one.concentration.value)


def test_places_cancel_out_over_the_population():
    need = Between(np.array([3.0, 1.0, 3.0, 2.0]), np.array([3.0, 1.0, 3.0, 2.0]))
    people = np.array([10.0, 20.0, 5.0, 7.0])
    assert (lean(need, people).low * people).sum() == pytest.approx(0)
    assert (exposed(need, people, 0.3).low * people).sum() == pytest.approx(0.3 * 42)


def test_the_knapsack_takes_what_is_worth_most_first():
    share = Between(np.zeros(3), np.ones(3))
    assert filled(np.array([10.0, 8.0, 1.0]), np.array([5.0, 2.0, 1.0]), share, 4.0) == 12.0


def test_an_area_whose_need_is_hidden_gives_bounds_and_no_number():
    told = Reach().score(
        areas([100] * 5, [5, 4, 3, 2, -np.inf], [10, 10, 10, 10, 60], [5, 4, 3, 2, np.inf])
    )
    assert told.share.value is None
    assert (told.share.lower, told.share.upper) == pytest.approx((0.1, 0.6))
    assert told.moved is None
    assert told.chance is None


def test_money_that_is_hidden_without_bounds_says_nothing():
    told = FAST.score(areas([1, 1], [2, 1], [1, 0], money_high=[1, np.inf]))
    assert (told.share.lower, told.share.upper) == (0.0, 1.0)
    assert (told.concentration.lower, told.concentration.upper) == (-1.0, 1.0)


def test_planted_leaning_is_found_and_none_is_not():
    dice = np.random.default_rng(7)
    people, need = dice.uniform(200, 3000, 150), dice.uniform(0.05, 0.3, 150)
    noise = dice.lognormal(0, 0.2, 150)
    leaning = Reach(draws=500).score(areas(people, need, people * noise * (1 + 4 * need)))
    assert leaning.chance is not None
    assert leaning.chance < 0.01
    assert leaning.concentration.sampled_lower > 0
    assert leaning.ratio.value > 1.2
    flat = Reach(draws=500).score(areas(people, need, people * noise))
    assert flat.chance > 0.05
    assert flat.concentration.sampled_lower < 0 < flat.concentration.sampled_upper


def test_the_chance_is_right_where_there_is_no_leaning():
    dice = np.random.default_rng(3)
    rejected = 0
    for seed in range(120):
        people = dice.uniform(200, 3000, 25)
        found = Reach(draws=99, seed=seed).score(
            areas(people, dice.uniform(0, 1, 25), people * dice.lognormal(0, 0.4, 25))
        )
        rejected += found.chance <= 0.05
    assert rejected <= 13


def test_the_same_seed_gives_the_same_interval():
    made = areas([5, 6, 7, 8], [4, 3, 2, 1], [9, 5, 4, 2])
    assert Reach(seed=5).score(made).share == Reach(seed=5).score(made).share


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: areas([1], [1], [1]), "too few areas"),
        (lambda: areas([1, 0], [1, 2], [1, 1]), "positive number of residents"),
        (lambda: areas([1, 1], [1, 2], [1, -1]), "negative amount"),
        (lambda: areas([1, 1], [1, 2], [0, 0]), "no money"),
        (lambda: areas([1, 1], [1, 2], [1, 1], [0, 2]), "lower bound"),
        (lambda: Reach(top=0), "part of the population"),
        (lambda: Reach(confidence=95), "confidence level"),
        (lambda: Reach(draws=-1), "draws"),
    ],
)
def test_what_cannot_be_scored_is_told(make, words):
    with pytest.raises(UserError, match=words):
        make()


def test_a_table_is_read_with_its_statuses():
    table = pl.DataFrame(
        {
            "area": ["a", "b", "c", "d"],
            "people": [100, 100, 100, 0],
            "need": [0.3, 0.9, 0.1, 0.2],
            "money": [10.0, 5.0, 5.0, 1.0],
            "need_status": ["value", "suppressed_primary", "value", "value"],
            "need_lower": [None, 0.0, None, None],
            "need_upper": [None, 0.2, None, None],
        }
    )
    made, told = areas_of(table)
    assert made.codes == ("a", "b", "c")
    # The hidden 0.9 is not used: only its bounds are.
    assert made.need.high[1] == 0.2
    assert {finding.code for finding in told} == {"reach_left_out", "reach_hidden_need"}


def test_a_low_figure_can_be_the_need():
    table = pl.DataFrame({"area": ["a", "b"], "people": [1, 1], "need": [1, 9], "money": [9, 1]})
    made, _ = areas_of(table, high_is_need=False)
    assert FAST.score(made).concentration.value > 0


def test_tables_that_cannot_be_read():
    with pytest.raises(UserError, match="people"):
        areas_of(pl.DataFrame({"area": ["a"], "need": [1], "money": [1]}))
    twice = pl.DataFrame({"area": ["a", "a"], "people": [1, 1], "need": [1, 2], "money": [1, 1]})
    with pytest.raises(UserError, match="several times: a"):
        areas_of(twice)
