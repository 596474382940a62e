"""Dealing anew: against every deal there is, and with an error that is right by construction."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from nabolag.spending import Inference, Regression
from nabolag.spending.chance import can_be_dealt, deal
from nabolag.spending.design import design_of
from nabolag.spending.fitting import fit
from tests.spending.made import panel


def _cross(seed: int, n: int = 9, ones: int = 4, gap: float = 0.0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    area = np.zeros(n)
    area[:ones] = 1
    x = rng.normal(0, 1, n)
    return pl.DataFrame({"unit": np.arange(n), "area": area, "x": x,
                         "y": x + gap * area + rng.normal(0, 1, n)})  # fmt: skip


def _in_full(frame: pl.DataFrame) -> float:
    y, x, had = (frame[name].to_numpy() for name in ("y", "x", "area"))

    def t_value(held):
        whole = np.column_stack([held, np.ones(len(y)), x])
        inverse = np.linalg.inv(whole.T @ whole)
        estimate = inverse @ whole.T @ y
        residual = y - whole @ estimate
        meat = (whole * residual[:, None] ** 2).T @ whole
        return abs(estimate[0] / np.sqrt((inverse @ meat @ inverse)[0, 0]))

    there = t_value(had)
    every = []
    for chosen in combinations(range(len(y)), int(had.sum())):
        held = np.zeros(len(y))
        held[list(chosen)] = 1
        every.append(t_value(held) >= there - 1e-9)
    return float(np.mean(every))


@pytest.mark.parametrize("gap", [0.0, 1.5])
def test_the_share_is_that_of_every_deal(gap):
    frame = _cross(3, gap=gap)
    one = fit(design_of(frame, Regression(outcome="y", terms=("area", "x")), Inference(least=1)))
    told = deal(one, "area", 20_000, 1)
    assert told is not None
    every = _in_full(frame)
    assert told.p == pytest.approx(every, abs=4 * np.sqrt(every * (1 - every) / 20_000) + 1e-3)


def test_no_difference_is_found_as_often_as_it_should_be():
    found = []
    for seed in range(150):
        frame = _cross(seed, n=16, ones=6)
        one = fit(design_of(frame, Regression(outcome="y", terms=("area", "x")), Inference()))
        told = deal(one, "area", 199, seed)
        assert told is not None
        found.append(told.p <= 0.10)
    assert 0.04 <= np.mean(found) <= 0.17


def test_units_keep_what_they_are_dealt_through_the_years_and_within_their_municipality():
    frame = panel(schools=6)
    regression = Regression(
        outcome="y", terms=("analysis_area", "x"), fixed_effects=("municipality",)
    )
    one = fit(design_of(frame, regression, Inference()))
    assert can_be_dealt(one, "analysis_area")
    assert not can_be_dealt(one, "x")
    told = deal(one, "analysis_area", 499, 1)
    assert told is not None
    assert 0 < told.p <= 1
    assert told == deal(one, "analysis_area", 499, 1)


def test_what_changes_over_the_years_is_not_dealt():
    frame = panel().with_columns(late=(pl.col("year") > 2016).cast(pl.Float64))
    one = fit(design_of(frame, Regression(outcome="y", terms=("late", "x")), Inference()))
    assert not can_be_dealt(one, "late")
