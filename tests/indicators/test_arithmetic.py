"""The arithmetic on columns against the arithmetic on single figures."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.core import Figure, Share, Status, Unit, add, pool
from nabolag.indicators import BindingSpec, Part, observe
from nabolag.indicators.figures import wilson
from tests.indicators.make import cells, indicator, one, register

STATUSES = st.sampled_from(list(Status))
COUNTS = st.integers(0, 400).map(float)


@st.composite
def figures(draw):
    status = draw(STATUSES)
    return Figure(draw(COUNTS), status) if status.has_value else Figure(None, status)


def delivered(shares: list[Share]) -> pl.DataFrame:
    rows = []
    for place, share in enumerate(shares):
        for name, figure in (("n", share.numerator), ("d", share.denominator)):
            given_ = figure.value if figure.status is Status.VALUE else figure.status.value
            rows.append((f"01{place:02d}", "2018", name, given_))
    frame = cells(rows)
    # An unreliable figure carries its number as well as its status.
    numbers = [f.value for s in shares for f in (s.numerator, s.denominator)]
    return frame.with_columns(pl.Series("value", numbers, dtype=pl.Float64))


@given(st.lists(st.builds(Share, figures(), figures()), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_sums_and_quotients_agree_with_core(shares):
    places = register({f"delbydel:01{i:02d}": "kommune:0301" for i in range(len(shares))})
    binding = BindingSpec(
        id="x", source="s", numerator=Part(measure="n"), denominator=Part(measure="d")
    )
    seen = observe([binding], {"s": delivered(shares)}, {"x": indicator("x")}, places)
    whole = one(seen.observations, "kommune:0301")
    assert_same(whole, pool(shares).value)
    for i, share in enumerate(shares):
        assert_same(one(seen.observations, f"delbydel:01{i:02d}"), share.value)


@given(st.lists(figures(), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_sums_over_categories_agree_with_core(parts):
    rows = [
        ("0101", "2018", "n", p.value if p.status is Status.VALUE else p.status.value, f"c{i}")
        for i, p in enumerate(parts)
    ]
    frame = cells(rows, "category").with_columns(
        pl.Series("value", [p.value for p in parts], dtype=pl.Float64)
    )
    binding = BindingSpec(id="x", source="s", value=Part(measure="n"))
    places = register({"delbydel:0101": "kommune:0301"})
    seen = observe([binding], {"s": frame}, {"x": indicator("x", Unit.COUNT)}, places)
    assert_same(one(seen.observations, "delbydel:0101"), add(parts))
    assert_same(one(seen.observations, "kommune:0301"), add(parts))


def assert_same(row, figure: Figure) -> None:
    assert row["status"] == figure.status.value
    if figure.value is None:
        for name in ("value", "numerator", "denominator", "lower", "upper"):
            assert row[name] is None
    else:
        assert row["value"] == pytest.approx(figure.value, rel=1e-12)


#: Lower and upper 95 % bounds, as printed for the score method in Newcombe (1998), «Two-sided
#: confidence intervals for the single proportion», Statistics in Medicine 17, table I.
@pytest.mark.parametrize(
    ("numerator", "denominator", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_known_values(numerator, denominator, lower, upper):
    frame = pl.DataFrame({"n": [float(numerator)], "d": [float(denominator)]})
    got = frame.select(wilson(pl.col("n"), pl.col("d"))).row(0)
    assert got == pytest.approx((lower, upper), abs=5e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_solves_its_own_equation(numerator, denominator):
    """The bounds are where the score test just rejects: |p − π| = z √(π(1 − π)/n)."""
    n, d = float(min(numerator, denominator)), float(denominator)
    lower, upper = (
        pl.DataFrame({"n": [n], "d": [d]}).select(wilson(pl.col("n"), pl.col("d"))).row(0)
    )
    assert 0 <= lower <= n / d <= upper <= 1
    for bound in (lower, upper):
        if 0 < bound < 1:
            distance = 1.959963984540054 * math.sqrt(bound * (1 - bound) / d)
            assert abs(n / d - bound) == pytest.approx(distance, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("numerator", "denominator"), [(5, 0), (7, 6), (-1, 6)])
def test_no_bounds_for_what_is_no_share(numerator, denominator):
    frame = pl.DataFrame({"n": [float(numerator)], "d": [float(denominator)]})
    assert frame.select(wilson(pl.col("n"), pl.col("d"))).row(0) == (None, None)
