"""Every step of an index alone: by hand, what must always hold, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from nabolag.analysis.composite.aggregating import joined, principal_weights
from nabolag.analysis.composite.filling import filled
from nabolag.analysis.composite.normalising import Normalise, half_up, scaled
from nabolag.analysis.composite.orders import among, below_and_upto, places
from nabolag.analysis.composite.refusing import CannotError
from nabolag.analysis.composite.sobol import shares_of_variance
from nabolag.analysis.composite.treating import Outliers, logarithm, skew_and_kurtosis, treated

NAN = np.nan
TABLE = arrays(float, st.tuples(st.just(3), st.integers(5, 12)),
               elements=st.integers(-50, 50).map(float))  # fmt: skip
SCALES = ("percent_rank", "rank", "z", "minmax", "exponential")
UP = np.ones(1)


def on(x: np.ndarray, how: str | Normalise, turn: float = 1.0, base: np.ndarray | None = None):
    told = Normalise(how=how) if isinstance(how, str) else how
    held = None if base is None else base[None]
    return scaled(np.asarray(x, float)[None], np.array([turn]), told, ("x",), held)[0]


def test_ranks_agree_with_scipy_and_leave_the_unknown_out():
    chance = np.random.default_rng(1)
    x = chance.integers(0, 9, (4, 3, 40)).astype(float)
    x[chance.random(x.shape) < 0.1] = NAN
    below, upto = below_and_upto(x)
    lowest = stats.rankdata(x, method="min", axis=-1, nan_policy="omit")
    highest = stats.rankdata(x, method="max", axis=-1, nan_policy="omit")
    np.testing.assert_array_equal(below + 1, lowest)
    np.testing.assert_array_equal(upto, highest)
    own = among(x[0], x[0])
    np.testing.assert_array_equal(own[0], below[0])
    np.testing.assert_array_equal(own[1], upto[0])
    assert places(np.array([3.0, NAN, 5.0, 3.0])).tolist() == [2, 0, 1, 2]


def test_skewness_and_kurtosis_agree_with_scipy():
    x = np.random.default_rng(1).gamma(1, 2, (5, 60))
    x[1, :9] = NAN
    skew, kurtosis = skew_and_kurtosis(x)
    for row in range(5):
        known = x[row][np.isfinite(x[row])]
        assert skew[row] == pytest.approx(stats.skew(known, bias=False))
        assert kurtosis[row] == pytest.approx(stats.kurtosis(known, bias=False))


def test_outliers_are_drawn_in_and_others_left_alone():
    plain = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    far, low = np.append(plain, 400.0), np.append(-400.0, plain)
    lone = np.append(plain, NAN)
    found = treated(np.stack([far, low, lone]), Outliers())
    assert (found.high.tolist(), found.low.tolist()) == ([1, 0, 0], [0, 1, 0])
    assert (found.values[0, -1], found.values[1, 0]) == (12.0, 1.0)
    np.testing.assert_array_equal(found.values[2], lone)


def test_what_is_lopsided_still_gets_a_logarithm_is_kept_or_refused():
    x = np.exp(np.linspace(0, 9, 60))[None]
    kept = treated(x, Outliers(most=1))
    assert kept.lopsided.tolist() == [True]
    logged = treated(np.concatenate([x, -x]), Outliers(most=1, otherwise="log"))
    assert logged.logged.tolist() == [1, -1]
    # COINr: ln(x − lowest + (highest − lowest)/100), mirrored where the tail is to the left.
    span = x.max() - x.min()
    np.testing.assert_allclose(logged.values[0], np.log(x[0] - x.min() + span / 100))
    np.testing.assert_allclose(logged.values[1], -logged.values[0])
    assert np.isnan(logarithm(np.array([[-span]]), x, np.array([1]))).all()
    with pytest.raises(CannotError, match="index_still_lopsided"):
        treated(x, Outliers(most=1, otherwise="refuse"))


def test_the_unknown_is_filled_in_from_its_own_group_alone():
    x = np.array([[1.0, 2.0, 6.0, NAN, 10.0, NAN, NAN, NAN]])
    groups = np.array([0, 0, 0, 0, 1, 1, 2, -1])
    assert filled(x, "mean", groups)[0, :6].tolist() == [1, 2, 6, 3, 10, 10]
    assert filled(x, "median", groups)[0, 3] == 2
    assert np.isnan(filled(x, "median", groups)[0, 6:]).all()
    assert filled(x, "no", groups) is x
    with pytest.raises(CannotError, match="index_unknown"):
        filled(x, "refuse", groups)


@given(st.lists(st.integers(-9, 9) | st.none(), min_size=2, max_size=12))
def test_the_median_is_that_of_numpy(values):
    x = np.array([NAN if v is None else float(v) for v in values])
    assume(np.isfinite(x).any())
    found = filled(x[None], "median", np.zeros(len(x), dtype=np.int64))[0]
    np.testing.assert_array_equal(found[np.isnan(x)], np.nanmedian(x))


def test_scales_by_hand():
    x = np.array([10.0, 20.0, 20.0, NAN, 50.0])
    assert on(x, Normalise(how="percent_rank", decimals=4))[[0, 1, 2, 4]].tolist() == [
        0,
        0.3333,
        0.3333,
        1,
    ]
    assert on(x, "rank")[[0, 1, 2, 4]].tolist() == [1, 2.5, 2.5, 4]
    assert on(x, "minmax")[[0, 1, 4]].tolist() == [0, 25, 100]
    assert on(x, "minmax", -1)[[0, 1, 4]].tolist() == [100, 75, 0]
    assert on(x, Normalise(how="minmax", low=1, high=10))[[0, 4]].tolist() == [1, 10]
    assert on(x, "exponential")[4] == pytest.approx(100)
    assert on(x, "log", -1)[1] == pytest.approx(-np.log(20))
    assert np.isnan(on(x, "z")[3])
    assert half_up(np.array([0.00005, 0.12345]), 4).tolist() == [0.0001, 0.1235]


def test_bounds_hold_or_refuse():
    x = np.array([10.0, 20.0, 50.0])
    inside = Normalise(how="minmax", bounds={"x": (0, 100)})
    assert on(x, inside).tolist() == [10, 20, 50]
    narrow = Normalise(how="minmax", bounds={"x": (0, 40)})
    with pytest.raises(CannotError, match="index_outside_bounds") as refused:
        on(x, narrow)
    assert refused.value.params == {"figure": 50.0}
    assert on(x, narrow.model_copy(update={"cap": True})).tolist() == [25, 50, 100]


@pytest.mark.parametrize("how", [*SCALES, "log"])
def test_figures_stand_on_their_own_scale_as_on_that_of_themselves(how):
    x = np.random.default_rng(1).gamma(2, 1, 30)
    np.testing.assert_allclose(on(x, how, -1, base=x), on(x, how, -1))


def test_a_kept_scale_does_not_move_with_the_others():
    base = np.array([0.0, 10.0, 20.0, 30.0, 40.0])
    later = np.array([10.0, 50.0])
    assert on(later, "minmax", base=base).tolist() == [25, 125]
    assert on(later, "percent_rank", base=base).tolist() == [0.25, 1.0]
    assert on(later, "z", base=base)[0] == on(base, "z")[1]
    assert on(later, "exponential", base=base)[1] == pytest.approx(100)


@pytest.mark.parametrize(
    ("how", "x", "code"),
    [("z", [2, 2, 2], "index_without_spread"), ("minmax", [1, NAN, NAN], "index_without_spread"),
     ("log", [1, 0, 2], "index_log_of_nothing")],
)  # fmt: skip
def test_a_scale_that_cannot_be_is_refused(how, x, code):
    with pytest.raises(CannotError, match=code):
        on(np.array(x, dtype=float), how)


@given(TABLE, st.floats(0.1, 9), st.floats(-5, 5), st.sampled_from([1.0, -1.0]))
def test_scales_do_not_depend_on_units_and_keep_the_order(x, unit, start, turn):
    column = x[0]
    assume(column.min() < column.max())
    for how in SCALES:
        found = on(column, how, turn)
        np.testing.assert_allclose(on(unit * column + start, how, turn), found, atol=1e-7)
        assert (np.diff(turn * found[np.argsort(column, kind="stable")]) >= -1e-9).all()


def test_means_by_hand():
    x = np.array([[1.0, 2.0, NAN], [4.0, NAN, NAN]])
    weights = np.array([3.0, 1.0])
    assert joined(x, weights, "arithmetic")[:2].tolist() == [1.75, 2.0]
    assert joined(x, weights, "sum")[0] == 7
    assert np.isnan(joined(x, weights, "sum")[1:]).all()
    assert joined(x, weights, "geometric")[0] == pytest.approx(4**0.25)
    assert joined(x, weights, "harmonic")[0] == pytest.approx(4 / 3.25)
    assert np.isnan(joined(x, weights, "arithmetic")[2])
    # The first beats nobody in the heavier column; nothing is known of the third.
    assert joined(x, weights, "copeland")[:2].tolist() == [-1, 1]
    with pytest.raises(CannotError, match="index_mean_of_nothing"):
        joined(x - 1, weights, "geometric")
    assert np.isfinite(joined(x - 1, weights, "geometric", 0.5)[0])


@given(TABLE, st.integers(0, 2))
def test_more_of_a_challenge_is_never_a_lower_score(x, one):
    for how in ("arithmetic", "sum", "geometric", "harmonic", "copeland"):
        positive = x + 60
        before = joined(positive, np.ones(3), how)
        positive[one, 0] += 7
        assert joined(positive, np.ones(3), how)[0] >= before[0] - 1e-12


@given(TABLE, st.randoms(use_true_random=False))
def test_the_order_of_areas_and_the_sum_of_weights_change_nothing(x, random):
    order = list(range(x.shape[1]))
    random.shuffle(order)
    weights = np.array([1.0, 2.0, 5.0])
    for how in ("arithmetic", "geometric", "harmonic", "copeland"):
        found = joined(x + 60, weights, how)
        np.testing.assert_allclose(joined(x[:, order] + 60, weights, how), found[order])
        np.testing.assert_allclose(joined(x + 60, 3 * weights, how), found)


@settings(max_examples=30)
@given(TABLE)
def test_many_tables_at_once_are_each_alone(x):
    assume((x.min(axis=1) < x.max(axis=1)).all())
    many = np.stack([x, x[:, ::-1]])
    weights = np.array([1.0, 2.0, 5.0])
    for how in (*SCALES, "z"):
        at_once = scaled(many, np.ones(3), Normalise(how=how), ("a", "b", "c"))
        alone = scaled(x, np.ones(3), Normalise(how=how), ("a", "b", "c"))
        np.testing.assert_allclose(at_once[0], alone, atol=1e-12)
        np.testing.assert_allclose(at_once[1], alone[:, ::-1], atol=1e-12)
        np.testing.assert_allclose(
            joined(at_once, weights, "copeland")[0], joined(alone, weights, "copeland")
        )


def test_weights_of_the_first_component_add_up_and_follow_what_varies_together():
    chance = np.random.default_rng(1)
    common = chance.normal(size=500)
    x = np.vstack([common + 0.1 * chance.normal(size=(3, 500)), chance.normal(size=(1, 500))])
    weights, against = principal_weights(x)
    assert weights.sum() == pytest.approx(1)
    assert weights[3] < 0.02
    _, turned = principal_weights(x * np.array([[1], [-1], [1], [1]]))
    assert turned[:3].tolist() == [False, True, False]
    assert not against[:3].any()
    with pytest.raises(CannotError, match="index_too_few_for_principal"):
        principal_weights(x[:, :3])


def test_shares_of_variance_on_a_function_with_known_ones():
    # Ishigami and Homma (1990), a = 7, b = 0.1: first-order 0.3139, 0.4424, 0; total 0.5576, …
    chance = np.random.default_rng(2)
    one, other = chance.uniform(-np.pi, np.pi, (2, 20_000, 3))

    def f(x: np.ndarray) -> np.ndarray:
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    mixed = []
    for k in range(3):
        x = one.copy()
        x[:, k] = other[:, k]
        mixed.append(f(x))
    found = shares_of_variance(f(one), f(other), mixed)
    truths = ((0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437))
    for share, (first, total) in zip(found, truths, strict=True):
        assert abs(share.first - first) < 4 * share.first_error < 0.1
        assert abs(share.total - total) < 4 * share.total_error < 0.1


def test_without_variance_nothing_has_a_share():
    still = np.ones(50)
    (share,) = shares_of_variance(still, still, [still])
    assert (share.first, share.total, share.first_error) == (0, 0, 0)
