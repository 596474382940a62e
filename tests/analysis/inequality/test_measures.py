"""Measures of inequality: what others compute, what can be worked out by hand, what must hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.analysis.inequality.bounds import MEASURES, by_drawing, by_errors, by_leaving_out
from nabolag.analysis.inequality.measures import (
    GRADIENTS,
    SPREADS,
    concentration,
    ordered,
    percentile_ratio,
    relative,
    share_ratio,
    slope,
    theil,
)
from nabolag.analysis.inequality.parts import gap_parts, theil_parts

AT = np.arange(200.0)
VALUES = np.mod(AT * 37, 101) + 1 + AT / 7
WEIGHTS = np.mod(AT * 53, 89) + 1
ALONG = np.mod(AT * 71, 211)
GROUP = np.arange(200) % 7
ONES = np.ones(200)
#: PySAL `inequality` 1.1.2 (`Gini`, `Theil`, `TheilD`) on VALUES, and statsmodels 0.15.0
#: (`WLS` of the values on their places) on VALUES, WEIGHTS, ALONG.
PYSAL_GINI = 0.26992847213861193
PYSAL_THEIL = 0.12098291969344763
PYSAL_BETWEEN, PYSAL_WITHIN = 0.00052045938499299, 0.12046246030845464
STATSMODELS_SLOPE = 3.7470527209460185
STATSMODELS_RELATIVE = 1.0584416679782715


def test_as_pysal_computes() -> None:
    rows = ordered(VALUES, ONES)
    assert concentration(rows) == pytest.approx(PYSAL_GINI, abs=1e-10)
    assert theil(rows) == pytest.approx(PYSAL_THEIL, abs=1e-10)
    parts = theil_parts(VALUES, ONES, GROUP)
    assert parts.between == pytest.approx(PYSAL_BETWEEN, abs=1e-10)
    assert (parts.part * parts.within).sum() == pytest.approx(PYSAL_WITHIN, abs=1e-10)


def test_as_statsmodels_computes() -> None:
    rows = ordered(VALUES, WEIGHTS, ALONG)
    assert slope(rows) == pytest.approx(STATSMODELS_SLOPE, abs=1e-10)
    assert relative(rows) == pytest.approx(STATSMODELS_RELATIVE, abs=1e-10)


def test_by_hand() -> None:
    """1, 2, 3, 4 with equal weights: Gini 1/4; one has everything: 1 − 1/n; a straight line."""
    assert concentration(ordered(np.array([4.0, 1, 3, 2]), np.ones(4))) == pytest.approx(0.25)
    alone = ordered(np.array([0.0, 0, 0, 8]), np.ones(4))
    assert concentration(alone) == pytest.approx(0.75)
    assert theil(alone) == pytest.approx(np.log(4))
    ten = ordered(np.arange(1.0, 11), np.ones(10))
    assert percentile_ratio(ten) == 9.0
    assert share_ratio(ten) == pytest.approx((9 + 10) / (1 + 2))
    line = ordered(5 + 2 * np.arange(10.0), np.ones(10), np.arange(10.0))
    assert slope(line) == pytest.approx(20.0)
    assert relative(line) == pytest.approx((14 + 10) / (14 - 10))


def test_an_area_that_straddles_the_fifth_is_divided() -> None:
    """Weights 0.3 and 0.7: the first fifth has only the first, the last fifth only the second."""
    assert share_ratio(ordered(np.array([1.0, 3.0]), np.array([3.0, 7.0]))) == pytest.approx(3.0)


def test_rows_are_measured_together_as_one_by_one() -> None:
    values = np.stack([VALUES, VALUES[::-1] ** 1.5, np.sqrt(VALUES)])
    weights = np.stack([WEIGHTS, ONES, np.where(AT < 150, WEIGHTS, 0)])
    for measure in SPREADS.values():
        together = measure(ordered(values, weights))
        apart = [measure(ordered(v, w)) for v, w in zip(values, weights, strict=True)]
        np.testing.assert_allclose(together, apart)


def test_a_weight_of_nothing_takes_an_area_out() -> None:
    kept = AT < 150
    for name, measure in MEASURES.items():
        by = None if name in SPREADS and name not in GRADIENTS else ALONG
        part = None if by is None else by[kept]
        whole = measure(ordered(VALUES, np.where(kept, WEIGHTS, 0), by))
        assert whole == pytest.approx(measure(ordered(VALUES[kept], WEIGHTS[kept], part)))


places = st.integers(0, 8).map(float)
areas = st.lists(
    st.tuples(st.floats(0.5, 100), st.integers(1, 50), places), min_size=2, max_size=15
)


@settings(max_examples=60)
@given(areas, st.randoms(use_true_random=False))
def test_order_and_unit_do_not_matter(
    drawn: list[tuple[float, int, float]], chance: object
) -> None:
    value, weight, by = np.array(drawn).T
    again = list(drawn)
    chance.shuffle(again)  # type: ignore[attr-defined]
    value2, weight2, by2 = np.array(again).T
    for name in SPREADS:
        found = SPREADS[name](ordered(value, weight))
        np.testing.assert_allclose(SPREADS[name](ordered(value2, weight2)), found, atol=1e-12)
        np.testing.assert_allclose(SPREADS[name](ordered(3 * value, 7 * weight)), found, atol=1e-9)
    for name in GRADIENTS:
        found = GRADIENTS[name](ordered(value, weight, by))
        other = GRADIENTS[name](ordered(value2, weight2, by2))
        # A fitted value close to nothing makes a ratio that rounding moves.
        if name != "relative" or abs(found) < 1e4:
            np.testing.assert_allclose(other, found, rtol=1e-6, atol=1e-9)


@settings(max_examples=60)
@given(areas)
def test_measures_stay_within_bounds(drawn: list[tuple[float, int, float]]) -> None:
    value, weight, by = np.array(drawn).T
    rows = ordered(value, weight)
    assert 0 <= concentration(rows) + 1e-12 < 1
    assert -1e-12 <= theil(rows) <= np.log(weight.sum() / weight.min())
    assert percentile_ratio(rows) >= 1
    assert share_ratio(rows) >= 1 - 1e-12
    along = concentration(ordered(value, weight, by))
    assert abs(along) <= concentration(rows) + 1e-12
    np.testing.assert_allclose(concentration(ordered(value, weight, -by)), -along, atol=1e-12)


@settings(max_examples=60)
@given(areas, st.integers(1, 4))
def test_theil_falls_into_its_parts(drawn: list[tuple[float, int, float]], groups: int) -> None:
    value, weight, _ = np.array(drawn).T
    group = np.arange(len(value)) % groups
    parts = theil_parts(value, weight, group)
    whole = float(theil(ordered(value, weight)))
    assert parts.between + (parts.part * parts.within).sum() == pytest.approx(whole, abs=1e-12)
    assert parts.part.sum() == pytest.approx(1)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=5),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=5, max_size=5),
)
def test_a_gap_falls_into_rates_and_composition(
    own: list[tuple[int, int]], base: list[tuple[int, int]]
) -> None:
    own = [*own[:-1], (own[-1][0], own[-1][1] + 1)]
    of, base_of = (np.array([a + b for a, b in part], float) for part in (own, base[: len(own)]))
    some, base_some = (np.array([a for a, _ in part], float) for part in (own, base[: len(own)]))
    gap = gap_parts(some[None], of[None], base_some, base_of)
    assert gap.gap[0] == pytest.approx(some.sum() / of.sum() - base_some.sum() / base_of.sum())
    same = gap_parts(some[None] * 3, of[None] * 3, some, of)
    assert same.rates[0] == pytest.approx(0, abs=1e-12)
    assert same.composition[0] == pytest.approx(0, abs=1e-12)


def test_a_planted_gap_is_found_where_it_was_planted() -> None:
    """Same rates and other people: all composition. Same people and other rates: all rates."""
    base_of, rate = np.array([100.0, 300.0]), np.array([0.4, 0.1])
    base = (base_of * rate, base_of)
    older = np.array([[300.0, 100.0]])
    moved = gap_parts(older * rate, older, *base)
    assert moved.rates[0] == pytest.approx(0)
    assert moved.composition[0] == pytest.approx((0.75 - 0.25) * (0.4 - 0.1))
    worse = gap_parts((base_of * (rate + 0.05))[None], base_of[None], *base)
    assert (worse.rates[0], worse.composition[0]) == (pytest.approx(0.05), pytest.approx(0))


def numbers(name: str) -> object:
    return ordered(VALUES, WEIGHTS, None if name in ("gini", "theil", "s80_s20") else ALONG)


@pytest.mark.parametrize("name", ["gini", "theil", "s80_s20", "slope", "relative", "concentration"])
def test_bounds_from_errors_are_as_wide_as_redrawn_figures(name: str) -> None:
    rows = numbers(name)
    error = np.full(200, 0.1)
    lower, upper = by_errors(name, rows, error, 0.95)
    chance = np.random.default_rng(3)
    redrawn = rows.value + 0.1 * chance.standard_normal((2000, 200))
    again = MEASURES[name](replace(rows, value=redrawn))
    spread = np.std(again)
    assert (upper - lower) / (2 * 1.959964) == pytest.approx(spread, rel=0.1)
    assert lower < MEASURES[name](rows) < upper


def test_leaving_out_gives_what_the_long_way_gives() -> None:
    rows = ordered(VALUES, WEIGHTS)
    lower, upper = by_leaving_out("gini", rows, 0.95)
    left = [concentration(ordered(np.delete(VALUES, i), np.delete(WEIGHTS, i))) for i in range(200)]
    spread = np.sqrt(199 * np.var(left))
    assert (upper - lower) / 2 == pytest.approx(1.959964 * spread, rel=1e-6)


def test_drawing_is_repeated_by_its_seed_and_covers() -> None:
    rows = ordered(VALUES, ONES)
    first = by_drawing("gini", rows, 0.95, 500, 1)
    assert first == by_drawing("gini", rows, 0.95, 500, 1)
    assert first != by_drawing("gini", rows, 0.95, 500, 2)
    assert first[0] < concentration(rows) < first[1]


def test_bounds_cover_a_planted_truth_as_often_as_stated() -> None:
    """Figures err by their own errors around a true slope of 6."""
    chance, along = np.random.default_rng(5), np.arange(60.0)
    truth = 10 + 6 * (along + 0.5) / 60
    error = chance.uniform(0.5, 2, 60)
    held = []
    for _ in range(400):
        rows = ordered(truth + error * chance.standard_normal(60), np.ones(60), along)
        lower, upper = by_errors("slope", rows, error[rows.order], 0.9)
        held.append(lower <= 6 <= upper)
    assert 0.86 <= np.mean(held) <= 0.94


def test_what_cannot_be_divided_is_not_known() -> None:
    nothing = ordered(np.zeros(4), np.ones(4))
    for measure in SPREADS.values():
        assert np.isnan(measure(nothing))
    assert np.isnan(theil(ordered(np.array([-1.0, 5, 6]), np.ones(3))))
    assert np.isnan(relative(ordered(np.array([1.0, 9]), np.ones(2), np.arange(2.0))))
    assert np.isnan(slope(ordered(np.array([1.0, 9]), np.ones(2), np.zeros(2))))
    assert np.isnan(by_errors("p90_p10", ordered(VALUES, ONES), ONES, 0.95)).all()
    assert np.isnan(by_leaving_out("gini", ordered(VALUES[:2], ONES[:2]), 0.95)).all()
