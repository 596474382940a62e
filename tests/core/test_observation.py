"""Arithmetic that respects status: laws that must hold for every figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import ZERO, Figure, Share, Status, add, combine, pool, ratio

whole = st.integers(min_value=0, max_value=10**9).map(float)
with_value = st.builds(Figure, whole, st.sampled_from([s for s in Status if s.has_value]))
without = st.sampled_from([s for s in Status if not s.has_value]).map(Figure.absent)
figures = st.one_of(with_value, without)
shares = st.builds(Share, figures, figures)


@given(figures, figures)
def test_addition_commutes(a: Figure, b: Figure) -> None:
    assert a + b == b + a


@given(figures, figures, figures)
def test_addition_associates(a: Figure, b: Figure, c: Figure) -> None:
    assert (a + b) + c == a + (b + c)


@given(figures)
def test_zero_is_neutral(a: Figure) -> None:
    assert a + ZERO == a


@given(st.lists(figures))
def test_a_sum_is_never_weaker_than_its_parts(parts: list[Figure]) -> None:
    total = add(parts)
    assert all(total.status.rank >= part.status.rank for part in parts)
    assert (total.value is None) == any(part.value is None for part in parts)


@given(figures, st.sampled_from([s for s in Status if s.is_suppressed]))
def test_suppressed_plus_anything_is_suppressed(a: Figure, hidden: Status) -> None:
    assert (a + Figure.absent(hidden)).status.is_suppressed
    assert (Figure.absent(hidden) + a).value is None


@given(with_value, with_value)
def test_subtraction_undoes_addition(a: Figure, b: Figure) -> None:
    assert ((a + b) - b).value == a.value


@given(st.lists(shares, min_size=1))
def test_pooling_is_independent_of_grouping(parts: list[Share]) -> None:
    middle = len(parts) // 2
    halves = [pool(parts[:middle]), pool(parts[middle:])]
    assert pool(halves) == pool(parts)


def test_a_mean_of_means_is_not_what_pooling_gives() -> None:
    small = Share(Figure(9.0), Figure(10.0))
    large = Share(Figure(10.0), Figure(1000.0))
    assert pool([small, large]).value == Figure(19 / 1010)
    assert pool([small, large]).value.value != pytest.approx((0.9 + 0.01) / 2)


def test_nobody_to_count_among_is_not_zero() -> None:
    assert ratio(Figure(0.0), Figure(0.0)) == Figure.absent(Status.NOT_APPLICABLE)


@given(figures, figures)
def test_a_ratio_is_never_weaker_than_its_parts(a: Figure, b: Figure) -> None:
    result = ratio(a, b)
    assert result.status.rank >= combine((a.status, b.status)).rank


@pytest.mark.parametrize("status", [s for s in Status if not s.has_value])
def test_a_hidden_or_missing_figure_cannot_carry_its_number(status: Status) -> None:
    with pytest.raises(ValueError, match=status.value):
        Figure(3.0, status)


def test_a_value_needs_its_number() -> None:
    with pytest.raises(ValueError, match="value"):
        Figure(None, Status.VALUE)
