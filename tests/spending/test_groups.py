"""Cross-products by group: the same errors as the library, and leaving out one group for real."""

from __future__ import annotations

import numpy as np
import pytest

from nabolag.spending import Inference, Regression
from nabolag.spending.design import design_of
from nabolag.spending.fitting import fit
from nabolag.spending.groups import grouped, nested
from tests.spending.made import panel

ASKED = (
    {},
    {"fixed_effects": ("municipality",)},
    {"fixed_effects": ("unit", "year")},
    {"year_dummies": True, "weight": "weight"},
    {"fixed_effects": ("municipality",), "year_dummies": True, "weight": "weight"},
)


def _of(frame, cluster, **asked):
    regression = Regression(
        outcome="y", terms=("x", "z"), errors="cluster", cluster=cluster, **asked
    )
    one = fit(design_of(frame, regression, Inference()))
    groups = grouped(one, one.design.groups[cluster])
    assert groups is not None
    return one, groups


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("cluster", ["municipality", "unit"])
def test_errors_from_cross_products_are_the_librarys(asked, cluster):
    one, groups = _of(panel(), cluster, **asked)
    terms = len(one.estimate)
    np.testing.assert_allclose(groups.estimate[:terms], one.estimate, rtol=1e-7)
    errors = np.sqrt(np.diag(groups.variance()))[:terms]
    np.testing.assert_allclose(errors, one.se, rtol=1e-6)


@pytest.mark.parametrize("asked", ASKED)
def test_leaving_out_a_group_is_leaving_out_its_rows(asked):
    frame = panel(municipalities=5)
    one, groups = _of(frame, "municipality", **asked)
    without = groups.without_each()[:, : len(one.names)]
    for at, code in enumerate(sorted(frame["municipality"].unique())):
        rows = frame.filter(frame["municipality"] != code)
        again, _ = _of(rows, "municipality", **asked)
        np.testing.assert_allclose(without[at], again.estimate[:2], rtol=1e-6)
    apart = without - one.estimate[:2]
    share = (groups.count - 1) / groups.count
    wanted = np.sqrt(share * (apart**2).sum(axis=0))
    np.testing.assert_allclose(groups.jackknife()[:2], wanted, rtol=1e-6)


def test_where_one_group_decides_there_is_no_error():
    frame = panel(municipalities=6)
    only = frame.with_columns(
        special=(frame["municipality"] == "9902") * (frame["unit"] % 2).cast(float)
    )
    regression = Regression(outcome="y", terms=("x", "special"), cluster="municipality")
    one = fit(design_of(only, regression, Inference(least_in_group=1)))
    groups = grouped(one, one.design.groups["municipality"])
    assert groups is not None
    assert np.isnan(groups.jackknife()[1])


def test_nested_means_within_one_group():
    assert nested(np.array([0, 0, 1, 2]), np.array([0, 0, 0, 1]))
    assert not nested(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
