"""Specifications refuse what hangs together badly."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from nabolag.spending import Inference, ModelSpec, Regression


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms": ("x", "x")},
        {"terms": ()},
        {"terms": ("a:b:c",)},
        {"terms": ("a:",)},
        {"terms": ("y",)},
        {"terms": ("x",), "errors": "cluster"},
        {"terms": ("x",), "years": (2018, 2015)},
        {"terms": ("x",), "year_dummies": True, "fixed_effects": ("year",)},
        {"terms": ("x",), "fixed_effects": ("a", "a")},
        {"terms": ("x",), "eror": "robust"},
    ],
)
def test_a_regression_that_means_nothing_is_refused(wrong):
    with pytest.raises(ValidationError):
        Regression.model_validate({"outcome": "y", **wrong})


def test_the_main_terms_are_among_the_terms():
    column = Regression(outcome="y", terms=("x",))
    with pytest.raises(ValidationError, match="main"):
        ModelSpec(id="a", title="A", columns=(column,), main=("z",))
    assert ModelSpec(id="a", title="A", columns=(column,)).leading == ("x",)


@pytest.mark.parametrize("wrong", [{"level": 1.0}, {"floor": 1}, {"draws": 10}, {"weights": "x"}])
def test_ways_to_tell_certainty_have_bounds(wrong):
    with pytest.raises(ValidationError):
        Inference.model_validate(wrong)
