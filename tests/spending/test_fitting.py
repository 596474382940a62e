"""Estimates and errors, held against statsmodels, which shares no code with the library."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from nabolag.core import UserError
from nabolag.spending import Inference, Regression
from nabolag.spending.design import design_of
from nabolag.spending.fitting import Fit, fit
from tests.spending.made import panel

EXACT = {"rtol": 1e-8, "atol": 1e-10}


def fitted(frame: pl.DataFrame, **asked: object) -> Fit:
    regression = Regression(outcome="y", terms=("x", "z", "analysis_area"), **asked)
    return fit(design_of(frame, regression, Inference()))


def columns(frame: pl.DataFrame, *names: str) -> np.ndarray:
    return np.column_stack([np.ones(frame.height), *(frame[name].to_numpy() for name in names)])


def dummies(values: pl.Series) -> np.ndarray:
    return np.column_stack([(values == one).to_numpy() for one in values.unique().sort()]).astype(
        float
    )


def test_robust_errors_are_those_of_statsmodels():
    frame = panel()
    oracle = sm.OLS(frame["y"].to_numpy(), columns(frame, "x", "z", "analysis_area")).fit(
        cov_type="HC1"
    )
    one = fitted(frame)
    np.testing.assert_allclose(one.estimate, oracle.params[1:], **EXACT)
    np.testing.assert_allclose(one.se, oracle.bse[1:], **EXACT)
    assert one.constant_se == pytest.approx(oracle.bse[0], rel=1e-8)
    assert one.r2 == pytest.approx(oracle.rsquared, rel=1e-10)


def test_errors_by_group_are_those_of_statsmodels():
    frame = panel()
    codes = frame["municipality"].rank("dense").to_numpy()
    model = sm.OLS(frame["y"].to_numpy(), columns(frame, "x", "z", "analysis_area"))
    oracle = model.fit(cov_type="cluster", cov_kwds={"groups": codes})
    one = fitted(frame, errors="cluster", cluster="municipality")
    np.testing.assert_allclose(one.se, oracle.bse[1:], **EXACT)
    assert one.df == 7


def test_weights_are_those_of_statsmodels():
    frame = panel()
    x = columns(frame, "x", "z", "analysis_area")
    oracle = sm.WLS(frame["y"].to_numpy(), x, frame["weight"].to_numpy()).fit(cov_type="HC1")
    one = fitted(frame, weight="weight")
    np.testing.assert_allclose(one.estimate, oracle.params[1:], **EXACT)
    np.testing.assert_allclose(one.se, oracle.bse[1:], **EXACT)


def test_fixed_effects_are_dummies_of_statsmodels():
    """The errors differ by what is known: levels within groups count as one parameter, the constant."""
    frame = panel()
    effects, years = dummies(frame["municipality"]), dummies(frame["year"])[:, 1:]
    x = np.column_stack([columns(frame, "x", "z", "analysis_area")[:, 1:], years, effects])
    codes = frame["municipality"].rank("dense").to_numpy()
    oracle = sm.OLS(frame["y"].to_numpy(), x).fit(cov_type="cluster", cov_kwds={"groups": codes})
    one = fitted(
        frame,
        fixed_effects=("municipality",),
        year_dummies=True,
        errors="cluster",
        cluster="municipality",
    )
    np.testing.assert_allclose(one.estimate, oracle.params[: len(one.estimate)], **EXACT)
    n, inside = frame.height, len(one.estimate)
    known = np.sqrt((n - x.shape[1]) / (n - inside - 1))
    np.testing.assert_allclose(one.se, oracle.bse[:inside] * known, rtol=1e-8)


def test_two_fixed_effects_are_dummies_of_statsmodels():
    frame = panel(schools=4, municipalities=5, years=6)
    x = np.column_stack(
        [columns(frame, "x", "z")[:, 1:], dummies(frame["unit"]), dummies(frame["year"])[:, 1:]]
    )
    oracle = sm.OLS(frame["y"].to_numpy(), x).fit()
    regression = Regression(outcome="y", terms=("x", "z"), fixed_effects=("unit", "year"))
    one = fit(design_of(frame, regression, Inference()))
    np.testing.assert_allclose(one.estimate, oracle.params[:2], rtol=1e-8)


def test_the_constant_beside_fixed_effects_is_that_of_the_means():
    """Adding the means back to what is within gives the constant that Stata prints."""
    frame = panel().with_columns(
        *(pl.col(c) - pl.col(c).mean().over("municipality") + pl.col(c).mean() for c in "xyz")
    )
    codes = frame["municipality"].rank("dense").to_numpy()
    oracle = sm.OLS(frame["y"].to_numpy(), columns(frame, "x", "z")).fit(
        cov_type="cluster", cov_kwds={"groups": codes}
    )
    regression = Regression(
        outcome="y",
        terms=("x", "z"),
        fixed_effects=("municipality",),
        errors="cluster",
        cluster="municipality",
    )
    one = fit(design_of(frame, regression, Inference()))
    constant = one.mean_y - one.mean_x @ one.estimate
    assert constant == pytest.approx(oracle.params[0], rel=1e-9)
    assert one.constant_se == pytest.approx(oracle.bse[0], rel=1e-7)


def test_a_term_the_effects_already_say_has_no_coefficient_and_is_told():
    frame = panel().with_columns(large=(pl.col("municipality") > "9903").cast(pl.Float64))
    regression = Regression(
        outcome="y", terms=("x", "large"), fixed_effects=("municipality",), cluster="municipality"
    )
    one = fit(design_of(frame, regression, Inference()))
    assert one.names == ("x",)
    assert one.superfluous == ("large",)
    assert [f.code for f in one.findings] == ["spending_term_superfluous"]


def test_terms_that_say_nearly_the_same_are_told():
    rng = np.random.default_rng(1)
    frame = panel()
    frame = frame.with_columns(near=pl.col("x") + pl.Series(rng.normal(0, 0.1, frame.height)))
    one = fit(design_of(frame, Regression(outcome="y", terms=("x", "near")), Inference()))
    assert one.inflated["x"] > 10
    assert [f.code for f in one.findings] == ["spending_terms_alike"]


def test_nothing_that_varies_is_refused():
    frame = panel().with_columns(same=pl.lit(3.0))
    with pytest.raises(UserError, match="None of the variables"):
        fit(design_of(frame, Regression(outcome="y", terms=("same",)), Inference()))


def test_tiny_units_lose_no_digits():
    frame = panel()
    whole = fitted(frame)
    tiny = fitted(frame.with_columns(x=pl.col("x") * 1e-7))
    assert tiny.estimate[0] == pytest.approx(whole.estimate[0] * 1e7, rel=1e-9)
    assert tiny.se[0] == pytest.approx(whole.se[0] * 1e7, rel=1e-9)
