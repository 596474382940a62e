"""An index by hand, what must always hold of it, its sensitivity, and planted areas on top."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nabolag.analysis.composite import Index
from nabolag.analysis.composite.aggregating import aggregated, principal_weights
from nabolag.analysis.composite.normalising import normalised
from nabolag.analysis.composite.redrawing import Choices, redrawn, shares_of_variance
from nabolag.analysis.composite.treating import winsorised
from nabolag.core import LANGS, Level, UserError
from tests.analysis.development.planted import INDICATORS, given

MATRIX = arrays(
    float, st.tuples(st.integers(3, 12), st.just(3)), elements=st.integers(-50, 50).map(float)
)


def index(**more) -> Index:
    return Index(**{"id": "i", "level": Level.GRUNNKRETS, "indicators": INDICATORS, "draws": 140,
                    **more})  # fmt: skip


def test_means_by_hand():
    x = np.array([[1.0, 4.0], [2.0, np.nan], [np.nan, np.nan]])
    weights = np.array([3.0, 1.0])
    assert aggregated(x, weights, "arithmetic")[:2].tolist() == [1.75, 2.0]
    assert aggregated(x, weights, "geometric")[0] == pytest.approx(4**0.25)
    assert aggregated(x, weights, "harmonic")[0] == pytest.approx(4 / 3.25)
    assert np.isnan(aggregated(x, weights, "arithmetic", needed=2)[1:]).all()
    # The first beats the second in the heavier column; nothing is known of the third.
    assert aggregated(x, weights, "copeland")[:2].tolist() == [-1, 1]


def test_outliers_are_drawn_in_and_others_left_alone():
    plain = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    assert winsorised(plain, 5).high == 0
    far = np.append(plain, 400.0)
    found = winsorised(far, 5)
    assert (found.high, found.low, found.values[-1]) == (1, 0, 12.0)


@drawn(MATRIX, st.floats(0.1, 9), st.floats(-5, 5))
def test_scales_do_not_depend_on_units(x, unit, start):
    column = x[:, 0]
    if column.min() == column.max():
        return
    for how in ("percent_rank", "rank", "z", "minmax", "exponential"):
        found = normalised(column, how)
        np.testing.assert_allclose(normalised(unit * column + start, how), found, atol=1e-7)
        assert (np.diff(found[np.argsort(column, kind="stable")]) >= -1e-9).all()


@drawn(MATRIX, st.integers(0, 2))
def test_more_of_a_challenge_is_never_a_lower_index(x, one):
    for how in ("arithmetic", "copeland"):
        before = aggregated(x, np.ones(3), how)
        raised = x.copy()
        raised[0, one] += 7
        assert aggregated(raised, np.ones(3), how)[0] >= before[0] - 1e-12


def test_weights_of_the_first_component_add_up_and_follow_what_varies_together():
    chance = np.random.default_rng(1)
    common = chance.normal(size=(500, 1))
    x = np.hstack([common + 0.1 * chance.normal(size=(500, 3)), chance.normal(size=(500, 1))])
    weights = principal_weights(x)
    assert weights.sum() == pytest.approx(1)
    assert weights[3] < 0.02


def test_shares_of_variance_on_a_function_with_known_ones():
    # Ishigami and Homma (1990), a = 7, b = 0.1: first-order 0.3139, 0.4424, 0; total 0.5576, …
    chance = np.random.default_rng(2)
    one, other = chance.uniform(-np.pi, np.pi, (2, 60_000, 3))

    def f(x: np.ndarray) -> np.ndarray:
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    mixed = []
    for k in range(3):
        x = one.copy()
        x[:, k] = other[:, k]
        mixed.append(f(x))
    found = shares_of_variance(f(one), f(other), mixed)
    np.testing.assert_allclose([s for s, _ in found], [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose([t for _, t in found], [0.5576, 0.4424, 0.2437], atol=0.02)


def test_what_is_not_drawn_again_moves_nothing():
    chance = np.random.default_rng(3)
    figures = chance.normal(size=(40, 4))
    still = Choices(("z",), ("arithmetic",), 0.0, 4)
    found = redrawn(figures, np.zeros_like(figures), np.full(4, 0.25), still, 140, 1)
    assert found.importance["scale"] == (0.0, 0.0)
    assert found.importance["weights"] == (0.0, 0.0)
    assert found.importance["left_out"][1] > 0.5


def test_planted_areas_come_first_and_stay_there():
    effect = np.zeros(60)
    effect[:6] = 1.4
    found = index(top=6).analyse(given(effect, np.zeros(60), people=2000))
    areas = found.tables["areas"].sort("area")
    assert (areas["rank"][:6] <= 6).all()
    assert (areas["in_top"][:6] > 0.95).all()
    assert (areas["rank_low"] <= areas["rank_high"]).all()


@pytest.mark.parametrize("how", ["percent_rank", "z", "minmax", "exponential"])
@pytest.mark.parametrize("weights", ["equal", "principal", dict.fromkeys(INDICATORS, 2.0)])
def test_every_scale_and_weight_gives_an_index(how, weights):
    found = index(normalise=how, weights=weights).analyse(
        given(np.linspace(-1, 1, 30), np.zeros(30))
    )
    areas = found.tables["areas"]
    assert areas["rank"].null_count() == 0
    assert areas.sort("area")["score"][-1] > areas.sort("area")["score"][0]


def test_the_unknown_is_not_placed_unless_it_is_filled_in():
    planted = given(np.zeros(20), np.zeros(20))
    hide = (pl.col("area") == "99010000") & (pl.col("indicator") == INDICATORS[0])
    hidden = planted.observations.with_columns(
        status=pl.when(hide).then(pl.lit("suppressed_primary")).otherwise("status")
    )
    asked = replace(planted, observations=hidden)
    row = index().analyse(asked).tables["areas"].row(0, named=True)
    assert (row["rank"], row["score"], row["reason"]) == (None, None, "too_little_known")
    for more in ({"impute": "median"}, {"minimum_known": 4}):
        row = index(**more).analyse(asked).tables["areas"].row(0, named=True)
        assert row["rank"] is not None
        assert row["known"] == 4


@pytest.mark.parametrize(
    ("more", "code"),
    [({"indicators": ("immigrants", "low_education")}, "analysis_background"),
     ({"aggregate": "geometric"}, "index_mean_of_nothing"),
     ({"indicators": ("low_education", "employed_share"), "normalise": "log"},
      "index_log_of_nothing")],
)  # fmt: skip
def test_what_cannot_be_done_is_said(more, code):
    planted = given(np.linspace(-1, 1, 10), np.zeros(10))
    turned = planted.observations
    if "employed_share" in more.get("indicators", ()):
        turned = turned.with_columns(
            indicator=pl.col("indicator").replace("crowded_households", "employed_share")
        )
    with pytest.raises(UserError) as refused:
        index(**more).analyse(replace(planted, observations=turned))
    assert [finding.code for finding in refused.value.findings] == [code]
    assert all(refused.value.findings[0].text(lang) for lang in LANGS)


@pytest.mark.parametrize("lang", LANGS)
def test_the_rule_says_every_choice(lang):
    told = index(winsorise=2).explain(given(np.zeros(2), np.zeros(2)).catalogue, lang)
    assert "140" in told
    assert "25" in told
