"""Which way of telling certainty leads, and that nothing is told where groups are too few."""

from __future__ import annotations

import numpy as np
import pytest

from nabolag.spending import Inference, ModelSpec, Regression, estimate
from nabolag.spending.infer import weights_for
from nabolag.spending.result import stars_of
from tests.spending.made import panel


def _estimated(groups: int, how: Inference | None = None, **asked: object):
    column = Regression.model_validate(
        {"outcome": "y", "terms": ("x", "analysis_area"), "errors": "cluster",
         "cluster": "municipality", "fixed_effects": ("municipality",), **asked}
    )  # fmt: skip
    spec = ModelSpec(id="made", title="Made", columns=(column,))
    frame = panel(municipalities=groups, schools=6)
    return estimate(spec, frame, how or Inference(permutations=99, draws=999))


def test_few_groups_are_led_by_the_bootstrap():
    found = _estimated(9)
    assert found.columns["lead"].to_list() == ["wild"]
    assert found.columns["clusters"].to_list() == [9]
    one = found.coefficient("x", 1)
    assert one["lower"] < 2 < one["upper"]
    assert one["stars"] == 3


def test_many_groups_are_led_by_errors_by_group():
    assert _estimated(9, Inference(many=9, permutations=0)).columns["lead"].to_list() == ["cluster"]


def test_four_groups_are_refused_and_it_is_told_why_and_what_to_do():
    found = _estimated(4)
    one = found.coefficient("x", 1)
    assert (one["p"], one["lower"], one["upper"], one["stars"]) == (None, None, None, 0)
    assert one["status"] == "too_few_groups"
    assert one["estimate"] == pytest.approx(2, abs=0.5)
    finding = next(f for f in found.findings if f.code == "spending_too_few_groups")
    assert "4 grupper" in finding.text("nb")
    assert "minst 6" in finding.text("nb")
    dealt = found.inference.filter(method="randomisation", term="analysis_area")
    assert dealt["p"][0] is not None


def test_without_groups_robust_errors_lead():
    found = _estimated(9, errors="robust", cluster="", fixed_effects=())
    assert found.columns["lead"].to_list() == ["robust"]
    assert found.columns["clusters"].to_list() == [None]


def test_the_reports_errors_stand_beside_what_leads():
    found = _estimated(9, errors="robust", fixed_effects=())
    one = found.coefficient("x", 1)
    robust = found.inference.filter(method="robust", term="x").row(0, named=True)
    assert (one["se"], one["report_p"]) == (robust["se"], robust["p"])
    assert one["p"] != robust["p"]


def test_webbs_weights_where_signs_are_few():
    how = Inference()
    assert [weights_for(g, how).kind for g in (6, 10, 11)] == ["webb", "webb", "rademacher"]
    assert weights_for(6, Inference(weights="rademacher")).enumerated


def test_stars_are_the_reports():
    assert [stars_of(p) for p in (0.009, 0.01, 0.049, 0.05, 0.099, 0.1, None)] == [
        3, 2, 2, 1, 1, 0, 0,
    ]  # fmt: skip


def test_the_same_seed_says_the_same():
    one, other = _estimated(12), _estimated(12)
    assert one.inference.equals(other.inference)
    again = _estimated(12, Inference(permutations=99, draws=999, seed=2))
    assert not one.inference.equals(again.inference)


def test_mistakes_of_every_column_are_told_at_once():
    from nabolag.core import UserError

    columns = tuple(Regression(outcome="y", terms=(term,)) for term in ("a", "b"))
    with pytest.raises(UserError) as wrong:
        estimate(ModelSpec(id="made", title="Made", columns=columns), panel())
    assert {f.params["column"] for f in wrong.value.findings} == {"a", "b"}


def test_nothing_that_is_told_is_not_a_number():
    found = _estimated(4)
    for frame in (found.columns, found.coefficients, found.inference):
        for column in frame.iter_columns():
            if column.dtype.is_float():
                assert not np.isnan(column.drop_nulls().to_numpy()).any()
