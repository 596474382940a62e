"""Class breaks: oracles, laws, and the exact program against trying every partition."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.publish.figures.breaks import Method, breaks

VALUES = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=12)


def test_quantiles_of_ten_in_five():
    assert breaks([float(n) for n in range(1, 11)]).upper == (2, 4, 6, 8, 10)


def test_equal_intervals():
    assert breaks([0.0, 1.0, 10.0], 5, Method.EQUAL).upper == pytest.approx((10 / 3, 20 / 3, 10))


def test_natural_breaks_find_the_three_heaps():
    heaps = [1.0, 2.0, 2.0, 3.0, 20.0, 21.0, 22.0, 60.0, 61.0]
    assert breaks(heaps, 3, Method.NATURAL).upper == (3, 22, 61)


def test_no_values_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        breaks([])


@given(VALUES, st.integers(1, 6), st.sampled_from(list(Method)))
def test_every_value_has_its_class(values, classes, method):
    found = breaks(values, classes, method)
    assert list(found.upper) == sorted(set(found.upper))
    assert found.upper[-1] == max(values)
    assert 1 <= found.classes <= classes
    for value in values:
        index = found.class_of(value)
        assert value <= found.upper[index]
        assert index == 0 or value > found.upper[index - 1]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30).map(float), min_size=4, max_size=9), st.integers(2, 4))
def test_natural_breaks_are_the_best_of_all(values, classes):
    found = breaks(values, classes, Method.NATURAL)
    distinct = sorted(set(values))
    parts = min(classes, len(distinct))
    best = min(
        _cost(values, [distinct[i] for i in cut] + [distinct[-1]])
        for cut in combinations(range(len(distinct) - 1), parts - 1)
    )
    assert _cost(values, list(found.upper)) == pytest.approx(best, abs=1e-9)


def _cost(values: list[float], upper: list[float]) -> float:
    total, low = 0.0, float("-inf")
    for high in upper:
        inside = [v for v in values if low < v <= high]
        mean = sum(inside) / len(inside) if inside else 0.0
        total += sum((v - mean) ** 2 for v in inside)
        low = high
    return total
