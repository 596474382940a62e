"""Sets for ranks: what others published, what must always hold, and whether truth is covered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.analysis.ranks import RankSets, Sure, pairs, rank_sets
from nabolag.analysis.ranks.sets import _first, _quantile
from tests.analysis.ranks.pisa import (
    ERRORS,
    NAMES,
    PUBLISHED_RANKS,
    SCORES,
    TOP_FIVE_90,
    TOP_FIVE_95,
)


def pisa(confidence: float) -> RankSets:
    return rank_sets(SCORES, ERRORS, Sure(confidence, draws=10_000))


def named(chosen: np.ndarray) -> set[str]:
    return {name for name, one in zip(NAMES, chosen, strict=True) if one}


def test_ranks_and_the_set_of_one_country_are_as_published() -> None:
    found = pisa(0.95)
    assert found.rank.tolist() == PUBLISHED_RANKS
    uk = NAMES.index("United Kingdom")
    assert (found.lower[uk], found.rank[uk], found.upper[uk]) == (8, 13, 23)


def test_who_may_be_among_the_first_is_as_published() -> None:
    assert named(pisa(0.95).may_be_among(5)) == TOP_FIVE_95
    assert named(pisa(0.90).may_be_among(5)) == TOP_FIVE_90


def test_sets_for_all_at_once_are_as_published() -> None:
    """At 95 % Germany and Korea may both be number 7; at 75 % they are told apart."""
    germany, korea = NAMES.index("Germany"), NAMES.index("Korea")
    sure, less_sure = pisa(0.95), pisa(0.75)
    assert sure.all_lower[germany] <= 7 <= sure.all_upper[korea]
    assert less_sure.all_upper[korea] < less_sure.all_lower[germany]
    last = [NAMES.index(name) for name in ("Chile", "Mexico", "Colombia")]
    others = np.delete(sure.all_upper, last)
    assert others.max() < sure.all_lower[last].min()


def by_every_pair(value: np.ndarray, error: np.ndarray, sure: Sure) -> tuple[np.ndarray, float]:
    """The critical values found the long way: every pair, every draw."""
    chance = np.random.default_rng(sure.seed)
    noise = chance.standard_normal((len(value), sure.draws), dtype=np.float32)
    noise = noise * error[:, None].astype(np.float32)
    spread = np.hypot(error[:, None], error)
    gaps = np.abs(noise[:, None, :] - noise[None, :, :]) / spread[:, :, None].astype(np.float32)
    return _quantile(gaps.max(axis=1), sure.confidence), float(
        _quantile(gaps.max(axis=(0, 1)), sure.confidence)
    )


def test_the_short_way_gives_what_every_pair_gives() -> None:
    sure = Sure(draws=400)
    alone, at_once = _first(pairs.pairs_of(SCORES, ERRORS, sure.draws, sure.seed), sure)
    plain_alone, plain_at_once = by_every_pair(SCORES, ERRORS, sure)
    order = pairs.pairs_of(SCORES, ERRORS, 1, 1).order
    np.testing.assert_allclose(alone, plain_alone[order], rtol=1e-5)
    assert at_once == pytest.approx(plain_at_once, rel=1e-5)


def test_wide_classes_only_make_the_sets_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = rank_sets(SCORES, ERRORS)
    monkeypatch.setattr(pairs, "CLASSES", 4)
    wide = rank_sets(SCORES, ERRORS)
    assert (wide.lower <= exact.lower).all()
    assert (wide.upper >= exact.upper).all()
    assert (wide.all_lower <= exact.all_lower).all()
    assert (wide.all_upper >= exact.all_upper).all()


numbers = st.floats(-50, 50, allow_nan=False)
areas = st.lists(st.tuples(numbers, st.floats(0.1, 20)), min_size=1, max_size=12)


@settings(max_examples=40)
@given(areas, st.booleans())
def test_sets_hold_the_rank_and_stay_within_bounds(
    given_areas: list[tuple[float, float]], stepdown: bool
) -> None:
    value, error = np.array(given_areas).T
    found = rank_sets(value, error, Sure(draws=100, stepdown=stepdown))
    assert (found.lower >= 1).all()
    assert (found.lower <= found.rank).all()
    assert (found.rank <= found.upper).all()
    assert (found.upper <= len(value)).all()
    assert (found.all_lower <= found.rank).all()
    assert (found.rank <= found.all_upper).all()
    if not stepdown:
        assert (found.all_lower <= found.lower).all()
        assert (found.upper <= found.all_upper).all()
    assert found.may_be_among(1).any()


@settings(max_examples=40)
@given(areas)
def test_stepping_down_never_makes_a_set_wider(given_areas: list[tuple[float, float]]) -> None:
    value, error = np.array(given_areas).T
    once, down = (rank_sets(value, error, Sure(draws=100, stepdown=s)) for s in (False, True))
    assert (down.lower >= once.lower).all()
    assert (down.upper <= once.upper).all()
    assert (down.all_lower >= once.all_lower).all()


@settings(max_examples=40)
@given(areas, st.sampled_from([0.25, 2.0, 1024.0]), st.integers(-8, 8))
def test_the_unit_and_the_zero_point_do_not_matter(
    given_areas: list[tuple[float, float]], scale: float, shift: int
) -> None:
    value, error = np.round(np.array(given_areas).T * 16) / 16 + [[0], [0.125]]
    plain = rank_sets(value, error, Sure(draws=100))
    moved = rank_sets(value * scale + shift * scale, error * scale, Sure(draws=100))
    for name in ("rank", "lower", "upper", "all_lower", "all_upper"):
        assert getattr(plain, name).tolist() == getattr(moved, name).tolist()


def test_planted_ranks_are_covered_as_often_as_stated() -> None:
    """Also where some areas are truly equal: their true place is a range, and all of it."""
    truth = np.array([0, 0, 0, 1, 1, 2, 2.2, 3, 5, 5, 8, 13.0])
    error = np.linspace(0.3, 1.5, len(truth))
    first = 1 + (truth > truth[:, None]).sum(axis=1)
    last = len(truth) - (truth < truth[:, None]).sum(axis=1)
    chance, one, every, top = np.random.default_rng(4), [], [], []
    for number in range(400):
        drawn = truth + error * chance.standard_normal(len(truth))
        found = rank_sets(drawn, error, Sure(0.9, draws=200, seed=number))
        one.append((found.lower <= first) & (last <= found.upper))
        every.append(((found.all_lower <= first) & (last <= found.all_upper)).all())
        top.append(found.may_be_among(3)[first <= 3].all())
    assert np.mean(one, axis=0).min() >= 0.87
    assert 0.87 <= np.mean(every) <= 0.99
    assert np.mean(top) >= 0.87


def test_areas_far_apart_have_one_place_each_and_nobody_is_refused() -> None:
    found = rank_sets(np.arange(6.0) * 100, np.ones(6))
    assert found.lower.tolist() == found.upper.tolist() == [6, 5, 4, 3, 2, 1]
    assert found.are_among(2).tolist() == [False] * 4 + [True] * 2
    assert rank_sets(np.array([]), np.array([])).rank.size == 0
    assert rank_sets(np.array([1.0]), np.array([1.0])).upper.tolist() == [1]


@pytest.mark.parametrize(("value", "error"), [(1.0, 0.0), (np.nan, 1.0), (1.0, np.nan)])
def test_what_has_no_error_is_refused(value: float, error: float) -> None:
    with pytest.raises(ValueError, match="standard error above 0"):
        rank_sets(np.array([value, 2.0]), np.array([error, 1.0]))
