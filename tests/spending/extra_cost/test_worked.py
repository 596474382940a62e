"""The report's 23 worked examples: what agrees, what is off, and that nothing is passed over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nabolag.core import LANGS, label
from nabolag.spending.extra_cost import worked_examples
from nabolag.spending.extra_cost.arithmetic import evaluate, filled
from nabolag.spending.extra_cost.worked import Verdict, allowed

#: Recomputed by hand from the extract (worked-examples of SØF-rapport 04/20).
BY_HAND = {
    "W01": [172, 174.5],
    "W02": [5.2],
    "W03": [0.5746],
    "W04": [3.5425],
    "W05": [2.97, 5.94],
    "W06": [2400, 2374],
    "W07": [685.7],
    "W08": [0.67, 4.13],
    "W09": [0.0564, 22.6],
    "W10": [0.347],
    "W11": [5.95],
    "W12": [29.05, 26.6],
    "W13": [3.77],
    "W14": [9344],
    "W15": [1.12],
    "W16": [319.4],
    "W17": [38, 11.4],
    "W18": [71.43, 1.006],
    "W19": [2.39, 1.44, 0.948],
    "W20": [6.1, 4.3],
    "W21": [0.528, 1.774],
    "W22": [1.517e6],
    "W23": [32.9],
}


def test_all_twenty_three_are_there():
    assert [one.id for one in worked_examples()] == list(BY_HAND)


@pytest.mark.parametrize("example", worked_examples(), ids=lambda one: one.id)
def test_each_comes_to_what_a_reader_found_by_hand(example):
    computed = [part.value for part in example.parts]
    assert computed == pytest.approx(BY_HAND[example.id], rel=0.006)


def test_the_one_that_does_not_agree_is_the_known_one():
    wrong = [one.id for one in worked_examples() if one.verdict is Verdict.DISAGREES]
    assert wrong == ["W12"]


def test_those_off_in_the_last_digit():
    near = [one.id for one in worked_examples() if one.verdict is Verdict.LAST_DIGIT]
    assert near == ["W09", "W10", "W18"]


def test_what_is_not_printed_is_told_to_follow():
    implied = [one.id for one in worked_examples() if one.verdict is Verdict.IMPLIED]
    assert implied == ["W07", "W14", "W22"]


def test_w12_even_its_own_seven_hundred_is_more_than_it_says():
    twelve = next(one for one in worked_examples() if one.id == "W12")
    assert [part.verdict for part in twelve.parts] == [Verdict.DISAGREES] * 2
    assert twelve.parts[0].lower > 20


def test_every_number_that_goes_in_has_lines():
    assert all(
        one.lines.startswith("L")
        for example in worked_examples()
        for part in example.parts
        for one in part.inputs
    )


def test_every_coefficient_gives_an_interval():
    for example in worked_examples():
        for part in example.parts:
            has = any(one.cell is not None for one in part.inputs)
            assert (part.lower is not None) == has


def test_every_example_has_words():
    for lang in LANGS:
        for example in worked_examples():
            assert label(f"extra_cost.about.{example.id}", lang)
            assert label(f"extra_cost.form.{example.form}", lang)


@pytest.mark.parametrize(
    ("printed", "said", "low", "high"),
    [
        ("5.2", "digits", 5.15, 5.25),
        ("20", "over", 20, 25),
        ("11", "over", 11, 11.5),
        ("1", "under", 0.5, 1),
        ("300", "about", 250, 350),
        ("2", "more", 2, float("inf")),
    ],
)
def test_what_words_allow(printed, said, low, high):
    assert allowed(Decimal(printed), said) == pytest.approx((low, high))


def test_arithmetic_and_nothing_else():
    assert evaluate("0 - b * 2 / (a + 1)", {"a": 1, "b": 3}) == -3
    assert filled("b * (a + n)", {"a": "1", "b": "2,5", "n": "38 000"}) == "2,5 × (1 + 38 000)"
    for bad in ("__import__('os')", "a ** b", "a.b", "[1]", "a if b else 1"):
        with pytest.raises(ValueError, match=r".*"):
            evaluate(bad, {"a": 1, "b": 2})
