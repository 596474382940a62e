"""The bootstrap against one written out in full: every sample fitted anew, by least squares."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.spending import Inference, Regression
from nabolag.spending.design import design_of
from nabolag.spending.fitting import fit
from nabolag.spending.groups import grouped
from nabolag.spending.wild import Null, draw, wild
from tests.spending.made import panel

WEBB = [-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)]
EFFECTS = {
    "none": (),
    "within": ("municipality",),
    "crossing": ("year",),
    "both": ("unit", "year"),
}


def in_full(frame: pl.DataFrame, effects, weights, null: float = 0.0) -> float:
    """Return the share of all samples with a t-value as far out, by refitting each of them."""
    y, x = frame["y"].to_numpy(), frame["x"].to_numpy()
    rest = [frame["z"].to_numpy()]
    for effect in effects or ["_one"]:
        values = frame[effect].to_numpy() if effects else np.zeros(frame.height)
        rest += [(values == one).astype(float) for one in np.unique(values)]
    others = np.column_stack(rest)
    whole = np.column_stack([x, others])
    codes = frame["municipality"].rank("dense").to_numpy().astype(int) - 1
    groups = codes.max() + 1

    def t_value(outcome):
        inverse = np.linalg.pinv(whole.T @ whole)
        estimate = inverse @ whole.T @ outcome
        residual = outcome - whole @ estimate
        scores = np.array([whole[codes == g].T @ residual[codes == g] for g in range(groups)])
        variance = inverse @ scores.T @ scores @ inverse
        return (estimate[0] - null) / np.sqrt(variance[0, 0])

    held = y - null * x
    fitted = others @ np.linalg.lstsq(others, held, rcond=None)[0]
    residual = held - fitted
    there = abs(t_value(y))
    outside = [
        abs(t_value(null * x + fitted + residual * np.asarray(v)[codes])) >= there - 1e-9
        for v in product(weights, repeat=groups)
    ]
    return float(np.mean(outside))


def null_of(frame: pl.DataFrame, effects, draws) -> Null:
    regression = Regression(
        outcome="y", terms=("x", "z"), fixed_effects=effects, errors="cluster",
        cluster="municipality",
    )  # fmt: skip
    one = fit(design_of(frame, regression, Inference(least=1)))
    groups = grouped(one, one.design.groups["municipality"])
    assert groups is not None
    return Null(groups, 0, draws)


@pytest.mark.parametrize("effects", EFFECTS.values(), ids=EFFECTS)
@pytest.mark.parametrize("null", [0.0, 1.7])
def test_signs_are_those_of_every_sample_fitted_anew(effects, null):
    frame = panel(seed=3, municipalities=6, schools=3, years=3, slope=1.0)
    draws = draw(6, 9_999, "rademacher", 1)
    assert draws.enumerated
    assert draws.weights.shape == (6, 32)
    assert null_of(frame, effects, draws).p(null) == pytest.approx(
        in_full(frame, effects, [-1.0, 1.0], null)
    )


def test_webbs_weights_are_those_of_every_sample_fitted_anew():
    frame = panel(seed=5, municipalities=4, schools=3, years=3, slope=0.3)
    draws = draw(4, 9_999, "webb", 1)
    assert draws.enumerated
    assert draws.weights.shape == (4, 648)
    p = null_of(frame, ("municipality",), draws).p(0.0)
    assert p == pytest.approx(in_full(frame, ("municipality",), WEBB))


def test_drawn_samples_come_near_all_of_them():
    frame = panel(seed=7, municipalities=10, slope=0.2)
    every = null_of(frame, ("municipality",), draw(10, 9_999, "rademacher", 1)).p(0.0)
    some = draw(10, 400, "rademacher", 1)
    assert not some.enumerated
    drawn = null_of(frame, ("municipality",), some).p(0.0)
    assert drawn == pytest.approx(every, abs=4 * np.sqrt(every * (1 - every) / 400) + 0.01)


def test_the_ends_of_the_interval_are_where_the_test_begins_to_reject():
    frame = panel(seed=2, municipalities=9)
    regression = Regression(outcome="y", terms=("x", "z"), cluster="municipality")
    one = fit(design_of(frame, regression, Inference()))
    groups = grouped(one, one.design.groups["municipality"])
    assert groups is not None
    draws = draw(9, 9_999, "webb", 1)
    told = wild(groups, 0, draws, 0.05)
    null = Null(groups, 0, draws)
    apart = 1e-4 * null.error
    for end, side in ((told.lower, -1), (told.upper, 1)):
        assert null.p(end - side * apart) >= 0.05
        assert null.p(end + side * apart) < 0.05


def test_four_groups_with_signs_have_no_end():
    """Of eight different samples none can be rarer than one in eight."""
    frame = panel(municipalities=4)
    regression = Regression(outcome="y", terms=("x",), cluster="municipality")
    one = fit(design_of(frame, regression, Inference()))
    groups = grouped(one, one.design.groups["municipality"])
    assert groups is not None
    told = wild(groups, 0, draw(4, 9_999, "rademacher", 1), 0.05)
    assert told.p >= 1 / 8
    assert (told.lower, told.upper) == (-np.inf, np.inf)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_units_and_levels_change_no_p_value(seed, scale, shift):
    frame = panel(seed=seed, municipalities=7, schools=2, years=2, slope=0.5)
    other = frame.with_columns(y=pl.col("y") * scale + shift, x=pl.col("x") / scale)
    draws = draw(7, 9_999, "rademacher", 1)
    assert null_of(other, (), draws).p(0.0) == pytest.approx(null_of(frame, (), draws).p(0.0))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(seed):
    frame = panel(seed=seed, municipalities=7, schools=2, years=2)
    draws = draw(7, 9_999, "rademacher", 1)
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=seed)
    assert null_of(mixed, ("municipality",), draws).p(1.0) == pytest.approx(
        null_of(frame, ("municipality",), draws).p(1.0)
    )
