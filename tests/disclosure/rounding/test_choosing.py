"""The choice of cells to round up: by hand, against the published table, and against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from nabolag.disclosure.rounding.choosing import FEW, Choice, chosen, how_many
from tests.disclosure.rounding.make import PUBLISHED, PUBLISHED_ROUNDED


def choice(table: object, base: int, seed: int = 0) -> tuple[Choice, np.ndarray]:
    """The small cells of a two-way table with its margins; and where they are."""
    x = np.array(table, dtype=float)
    n, m = x.shape
    cells = np.flatnonzero((x.ravel() > 0) & (x.ravel() < base))
    rows, columns = np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))
    sums = np.vstack([rows, columns, np.ones(n * m), np.eye(n * m)])[:, cells]
    value = x.ravel()[cells]
    lot = np.random.default_rng(seed).random(cells.size)
    made = Choice(value, np.zeros(cells.size), np.full(cells.size, float(base)),
                  sparse.csr_array(sums), sums @ value, lot, np.full(cells.size, np.nan))  # fmt: skip
    return made, cells


def squares(given: Choice, up: np.ndarray) -> float:
    return float(((given.off - given.sums @ np.where(up, given.step, 0.0)) ** 2).sum())


def test_the_published_table_is_rounded_as_well_as_the_published_rounding() -> None:
    """By hand: the printed Table 2 is 68 squares away, 21 of areas, 15 of columns, 1 of the total."""
    made, cells = choice(PUBLISHED, 5)
    printed = np.array(PUBLISHED_ROUNDED).ravel()[cells] > 0
    assert squares(made, printed) == 21 + 15 + 1 + 31
    for seed in range(20):
        given, _ = choice(PUBLISHED, 5, seed)
        up = chosen(given)
        assert up.sum() == printed.sum() == 4  # 21 in small cells: 20 is closer than 25
        assert squares(given, up) <= squares(made, printed)


def test_a_table_worked_out_by_hand() -> None:
    """Three areas of (1, 1), base 3: six in all, so two go up, each in its column and area.

    Squares then: inner cells 2 · 2² + 4 · 1² = 12, areas (3, 3, 0 for 2, 2, 2) 1 + 1 + 4 = 6, the
    columns and the total none: 18. Both in one area make 16 + 4 + 4 of the areas, both in one
    column 9 + 9 of the columns.
    """
    for seed in range(10):
        given, _ = choice(((1, 1), (1, 1), (1, 1)), 3, seed)
        up = chosen(given)
        assert squares(given, up) == 18
        assert up.reshape(3, 2).sum(axis=0).tolist() == [1, 1]
        assert sorted(up.reshape(3, 2).sum(axis=1).tolist()) == [0, 1, 1]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=3, max_size=3))
def test_no_exchange_of_two_cells_helps(table: list[list[int]]) -> None:
    given, _ = choice(table, 4)
    if given.value.size < FEW:
        return
    up = chosen(given)
    best = squares(given, up)
    assert up.sum() == np.floor(given.value.sum() / 4 + 0.5)
    for one, other in combinations(range(up.size), 2):
        if up[one] != up[other]:
            swapped = up.copy()
            swapped[[one, other]] = up[[other, one]]
            assert squares(given, swapped) >= best - 1e-6


def test_tables_are_counted_for_themselves() -> None:
    one, _ = choice(PUBLISHED, 5)
    both = Choice(
        np.tile(one.value, 2), np.tile(one.low, 2), np.tile(one.step, 2),
        sparse.csr_array(sparse.block_diag([one.sums, one.sums])), np.tile(one.off, 2),
        np.concatenate([one.lot, one.lot[::-1]]), np.tile(one.before, 2),
    )  # fmt: skip
    assert how_many(both).tolist() == [4, 4]
    assert np.bincount(both.table, weights=chosen(both)).tolist() == [4, 4]


@pytest.mark.parametrize(("value", "base"), [(1, 3), (2, 3), (1, 5), (4, 5)])
def test_a_lone_cell_is_right_on_average_and_not_certain(value: int, base: int) -> None:
    ups = [bool(chosen(choice(((value,),), base, seed)[0])[0]) for seed in range(600)]
    assert base * np.mean(ups) == pytest.approx(value, abs=0.35)
    assert 0 < sum(ups) < len(ups)


def test_nothing_small_is_nothing_to_choose() -> None:
    given, _ = choice(((0, 7), (9, 0)), 3)
    assert chosen(given).size == 0
