"""Gini of much at once, within groups, and by who are neighbours: as PySAL, and as all pairs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.analysis.arrays import Floats
from nabolag.analysis.inequality.gini import Pairs, gini, gini_within, near_and_far
from nabolag.analysis.inequality.measures import concentration, ordered
from tests.analysis.inequality.test_measures import GROUP, ONES, PYSAL_GINI, VALUES, WEIGHTS

AT = np.arange(200)
#: Each area and the next, and the one fourteen further on: a street with side streets.
NEAR = Pairs(
    np.concatenate([AT[:-1], AT[:-14]]).astype(np.int64),
    np.concatenate([AT[1:], AT[14:]]).astype(np.int64),
)
#: PySAL `inequality` 1.1.2: `Gini_Spatial(VALUES, W(NEAR both ways), permutations=0)`, and `Gini`
#: of VALUES in each GROUP.
PYSAL_NEAR, PYSAL_FAR_SHARE = 0.005262797850333284, 0.26466567428827864
PYSAL_POLARIZATION = 0.992140331654913
PYSAL_GROUPS = (
    0.28601059298492537,
    0.27308663399018623,
    0.2467340825079093,
    0.28205996771376435,
    0.2731910946196655,
    0.25476941565269623,
    0.2654872435047203,
)


def by_all_pairs(value: Floats, weight: Floats, kept: set[tuple[int, int]] | None = None) -> float:
    """The coefficient as it is defined: over every pair, or those kept, both ways."""
    pairs = itertools.combinations(range(len(value)), 2)
    apart = sum(
        weight[i] * weight[j] * abs(value[i] - value[j])
        for i, j in pairs
        if kept is None or (i, j) in kept
    )
    return 2 * apart / (2 * weight.sum() * (weight * value).sum())


def test_it_is_that_of_pysal() -> None:
    assert gini(VALUES) == pytest.approx(PYSAL_GINI, abs=1e-10)
    assert gini(VALUES, ONES) == pytest.approx(PYSAL_GINI, abs=1e-10)
    assert gini_within(VALUES, GROUP) == pytest.approx(PYSAL_GROUPS, abs=1e-10)
    found = near_and_far(VALUES, ONES, NEAR)
    assert found.near == pytest.approx(PYSAL_NEAR, abs=1e-10)
    assert found.far == pytest.approx(PYSAL_FAR_SHARE, abs=1e-10)
    assert found.far_apart / found.near_apart == pytest.approx(PYSAL_POLARIZATION, abs=1e-10)


def test_rows_are_measured_together_as_each_alone() -> None:
    rows = np.stack([VALUES, VALUES[::-1] ** 2, WEIGHTS])
    weights = np.stack([WEIGHTS, WEIGHTS, ONES])
    assert gini(rows) == pytest.approx([float(gini(row)) for row in rows], abs=1e-14)
    each = [float(concentration(ordered(v, w))) for v, w in zip(rows, weights, strict=True)]
    assert gini(rows, weights) == pytest.approx(each, abs=1e-13)


def test_groups_are_measured_together_as_each_alone() -> None:
    own = [float(gini(VALUES[g == GROUP], WEIGHTS[g == GROUP])) for g in range(7)]
    assert gini_within(VALUES, GROUP, WEIGHTS) == pytest.approx(own, abs=1e-13)
    # A group that nobody is in, and numbers too large to be sorted by counting.
    far = np.where(GROUP == 6, 70_000, GROUP)
    found = gini_within(VALUES, far, WEIGHTS)
    assert found[[*range(6), 70_000]] == pytest.approx(own, abs=1e-13)
    assert np.isnan(found[6])
    assert gini_within(np.empty(0), np.empty(0, dtype=np.int64)).shape == (0,)


NUMBERS = st.lists(
    st.tuples(st.integers(0, 50).map(float), st.integers(1, 9).map(float)), min_size=3, max_size=12
)


@given(rows=NUMBERS, picked=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_parts_are_those_of_all_pairs(rows: list[tuple[float, float]], picked: object) -> None:
    value, weight = (np.array(column) for column in zip(*rows, strict=True))
    pairs = list(itertools.combinations(range(len(value)), 2))
    kept = [pair for pair in pairs if picked.random() < 0.4]  # type: ignore[attr-defined]
    first, second = (np.array([p[k] for p in kept], dtype=np.int64) for k in (0, 1))
    found = near_and_far(value, weight, Pairs(first, second))
    if not value.sum():
        assert np.isnan(found.whole)
        return
    assert found.whole == pytest.approx(by_all_pairs(value, weight), abs=1e-12)
    assert found.near == pytest.approx(by_all_pairs(value, weight, set(kept)), abs=1e-12)
    assert np.isnan(found.near_apart) == (not kept)
    assert np.isnan(found.far_apart) == (len(kept) == len(pairs))


def test_neighbours_that_are_alike_are_found_and_chance_is_not() -> None:
    slope = AT + 1.0
    alike = near_and_far(slope, WEIGHTS, NEAR, draws=199)
    assert alike.p == pytest.approx(2 / 200)
    assert alike.near_apart < alike.expected < alike.far_apart + 1
    chance = np.random.default_rng(3)
    lowest = [near_and_far(chance.gamma(2, 3, 200), ONES, NEAR, 99, n).p for n in range(60)]
    assert np.mean(np.array(lowest) <= 0.1) < 0.25
    assert max(lowest) <= 1


def test_chance_is_the_same_with_the_same_seed_and_needs_a_pair() -> None:
    one, same, other = (near_and_far(VALUES, WEIGHTS, NEAR, 99, seed) for seed in (1, 1, 2))
    assert one == same
    assert one.expected != other.expected
    nobody = np.empty(0, dtype=np.int64)
    assert np.isnan(near_and_far(VALUES, WEIGHTS, Pairs(nobody, nobody), 99).p)
    flat = near_and_far(ONES * 0.1, WEIGHTS, NEAR, 99)
    assert (flat.p, flat.near) == (1, pytest.approx(0, abs=1e-12))
