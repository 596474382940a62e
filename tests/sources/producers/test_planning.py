"""The planner: parts are disjoint, cover the selection, hold the limit, and are few."""

from __future__ import annotations

import time
from itertools import product
from math import ceil, prod

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nabolag.sources.producers.planning import pieces_of, split

Sizes = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def selection(sizes: list[int]) -> dict[str, list[str]]:
    return {f"d{at}": [f"{at}-{code}" for code in range(size)] for at, size in enumerate(sizes)}


def cells(part: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    return list(product(*part.values()))


def fewest(sizes: list[int], limit: int) -> int:
    """The fewest parts of any even cut, by trying them all."""
    return min(
        prod(counts)
        for counts in product(*(range(1, size + 1) for size in sizes))
        if prod(ceil(size / count) for size, count in zip(sizes, counts, strict=True)) <= limit
    )


@given(Sizes, st.integers(1, 400))
@example([7, 3], 6)
@example([1, 1], 1)
def test_parts_are_disjoint_cover_everything_hold_the_limit_and_are_fewest(
    sizes: list[int], limit: int
) -> None:
    whole = selection(sizes)
    parts = split(whole, limit)
    asked = [cell for part in parts for cell in cells(part)]
    assert len(asked) == len(set(asked)), "no cell is asked for twice"
    assert set(asked) == set(product(*whole.values()))
    assert all(len(cells(part)) <= limit for part in parts)
    assert len(parts) == fewest(sizes, limit)


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=6), st.integers(1, 1_000_000))
def test_large_selections_are_planned_at_once_and_near_the_bound(
    sizes: list[int], limit: int
) -> None:
    began = time.perf_counter()
    pieces = pieces_of(sizes, limit)
    assert time.perf_counter() - began < 5
    runs = [ceil(size / count) for size, count in zip(sizes, pieces, strict=True)]
    assert prod(runs) <= limit
    # A run holds at least half of what an uncut share would, for each dimension that is cut.
    cut = sum(count > 1 for count in pieces)
    assert prod(pieces) <= 2**cut * ceil(prod(sizes) / limit) * 2


def test_no_limit_is_one_part_in_the_given_order() -> None:
    whole = selection([3, 2])
    assert split(whole, 0) == [{name: tuple(codes) for name, codes in whole.items()}]
    with pytest.raises(ValueError, match="positive"):
        split(whole, -1)


def test_the_largest_dimension_is_cut_first() -> None:
    # Statistics Norway allows 800 000 cells: every municipality that ever was, by age and sex.
    assert pieces_of([839, 2, 106, 40], 800_000) == (9, 1, 1, 1)
    assert pieces_of([14_000, 106], 800_000) == (2, 1)
    # Where the smaller dimension gives fewer parts, it is cut in its place.
    assert pieces_of([1000, 3], 1001) == (1, 3)
