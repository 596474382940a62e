"""Blocks rounded: additive, inner cells only, nothing small left, the same whatever the order."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.disclosure.rounding import Rounded
from nabolag.disclosure.system import Block
from tests.disclosure.make import figure, links
from tests.disclosure.rounding.make import (
    PUBLISHED,
    PUBLISHED_ROUNDED,
    TOWN,
    crossed,
    in_town,
    rounded_block,
    rounded_blocks,
    squares,
    traits,
)


def adds_up(block: Block, done: Rounded) -> bool:
    off = block.equations @ np.nan_to_num(done.value).ravel()
    return bool(np.abs(off).max(initial=0.0) < 1e-9)


def left_small(done: Rounded, base: int) -> bool:
    return bool(((done.value > 1e-9) & (done.value < base - 1e-9)).any() or (done.value < 0).any())


def test_the_published_table_as_figures() -> None:
    """By hand: the margins printed are 21 squares off in the rows, 15 in the columns, 1 in all."""
    block, done = rounded_block(crossed(PUBLISHED), in_town(3), base=5)
    assert adds_up(block, done)
    assert done.value[-1, -1] == 26  # 27 people; the printed table has 26 too
    printed = crossed(PUBLISHED_ROUNDED)
    theirs = {(r["area"], r["group"]): r["value"] for r in printed}
    values = [[theirs[a, g] for g in block.counts["group"]] for a in block.areas.areas["area"]]
    margins = ~done.inner
    assert squares(block, done.value, margins) <= squares(block, np.array(values), margins) == 37


def test_only_small_inner_cells_change() -> None:
    block, done = rounded_block(crossed(PUBLISHED), in_town(3), base=5)
    kept = done.inner & ((block.value >= 5) | (block.value == 0))
    assert (done.value[kept] == block.value[kept]).all()
    assert set(done.value[done.inner & ~kept]) <= {0.0, 5.0}
    assert done.inner.sum() == 15


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=8),
    st.sampled_from([3, 4, 5]),
    st.integers(0, 99),
)
def test_whatever_the_table_it_adds_up_and_nothing_small_is_left(
    table: list[list[int]], base: int, seed: int
) -> None:
    block, done = rounded_block(crossed(table), in_town(len(table)), base, seed)
    assert adds_up(block, done)
    assert not left_small(done, base)
    inner = np.abs(done.value - block.value)[done.inner]
    assert inner.max() < base
    assert abs(done.value[-1, -1] - block.value[-1, -1]) < base
    changed = np.abs(done.value - block.value) > 1e-9
    assert not (changed & ~done.marked).any()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 12)),
        min_size=5,
        max_size=9,
    ),
    st.sampled_from([3, 5]),
)
def test_several_traits_of_the_same_people(areas: list[tuple[int, int, int]], base: int) -> None:
    people = [a + b + c for a, b, c in areas]
    rows = traits(people, [a for a, _, _ in areas], [a + b for a, b, _ in areas])
    for block, done in rounded_blocks(rows, in_town(len(areas)), base):
        assert not done.stopped
        assert adds_up(block, done)
        assert not left_small(done, base)
        everybody = block.counts["role"].is_in(["count", "denominator"]).to_numpy()
        before, after = block.value[:-1, everybody], done.value[:-1, everybody]
        assert (after[before >= base] == before[before >= base]).all()
        assert not ((np.abs(done.value - block.value) > 1e-9) & ~done.marked).any()


def test_everybody_stay_where_they_are_many_so_that_no_other_table_gives_a_trait_away() -> None:
    _, done = rounded_block(traits([40, 41, 50, 60, 70, 80], [2, 1, 9, 2, 1, 1]), in_town(6))
    assert done.value[:, 0].tolist() == [40, 41, 50, 60, 70, 80, 341]
    assert set(done.value[[0, 1, 3, 4, 5], 1]) == {0.0, 3.0}


def test_a_mark_can_be_told_from_what_is_shown() -> None:
    """Areas that show the same are marked the same, whether or not they were changed."""
    rows = traits([40, 40, 40, 40, 40, 40], [3, 0, 1, 2, 9, 2])
    block, done = rounded_block(rows, in_town(6))
    seen: dict[tuple[float, ...], set[tuple[bool, ...]]] = {}
    for shown, marked in zip(done.value[:-1], done.marked[:-1], strict=True):
        seen.setdefault(tuple(shown), set()).add(tuple(marked))
    assert all(len(ways) == 1 for ways in seen.values())
    assert done.marked[1, 1]  # a true nobody
    assert done.marked[0, 1]  # a true three
    assert not done.marked[4].any()
    assert block.value[4, 1] == 9


def test_the_same_whatever_the_order_of_rows() -> None:
    rows = traits([40, 4, 2, 60, 7, 80, 1], [2, 1, 0, 2, 4, 1, 1], [1, 1, 2, 8, 1, 2, 0])
    by_order = []
    for seed in range(4):
        mixed = rows.copy()
        random.Random(seed).shuffle(mixed)
        block, done = rounded_block(mixed, in_town(7))
        names = block.counts.select("indicator", "role").rows()
        places = block.areas.areas["area"].to_list()
        # Everybody may be called by any of the figures that speak of them.
        cells = {
            (a, *n): done.value[i, c]
            for i, a in enumerate(places)
            for c, n in enumerate(names)
            if n[1] in ("numerator", "complement")
        }
        by_order.append(cells)
    assert all(cells == by_order[0] for cells in by_order)


def test_the_seed_decides() -> None:
    rows = crossed([[2, 1, 2], [1, 1, 1], [2, 2, 1], [1, 2, 2]])
    one, same = (rounded_block(rows, in_town(4), seed=5)[1].value for _ in range(2))
    others = [rounded_block(rows, in_town(4), seed=seed)[1].value for seed in range(6, 12)]
    assert (one == same).all()
    assert any((one != other).any() for other in others)


def test_another_year_changes_nothing_of_this_one() -> None:
    table = [[2, 1, 2], [1, 1, 1], [2, 2, 1]]
    _, alone = rounded_block(crossed(table), in_town(3))
    rows = [*crossed([[1, 1, 4], [2, 2, 2], [1, 0, 1]], period="2021"), *crossed(table)]
    blocks = rounded_blocks(rows, in_town(3))
    assert len(blocks) == 2
    both = [done.value for block, done in blocks if block.counts["period"][0] == "2020"]
    assert (both[0] == alone.value).all()


def test_years_and_the_span_of_them() -> None:
    years = ("2018", "2019", "2020")
    rows = []
    for i, many in enumerate(((1, 2, 1), (9, 1, 2), (2, 2, 0))):
        rows += [
            figure(f"delbydel:{i:04}", "people", x, period=y)
            for x, y in zip(many, years, strict=True)
        ]
        rows.append(figure(f"delbydel:{i:04}", "people", sum(many), period="2018-2020"))
    for y, many in zip(years, ((12), (5), (3)), strict=True):
        rows.append(figure(TOWN, "people", many, period=y))
    rows.append(figure(TOWN, "people", 20, period="2018-2020"))
    block, done = rounded_block(rows, in_town(3))
    assert adds_up(block, done)
    assert done.inner.sum() == 9
    assert not left_small(done, 3)


def test_levels_that_cross_one_another() -> None:
    """Zones and districts of the same units: both are sums of the units."""
    units = [2, 1, 9, 1, 2, 2]
    linked = links(
        *[(f"grunnkrets:{i}", f"bydel:{i // 3}") for i in range(6)],
        *[(f"grunnkrets:{i}", f"levekarssone:{i % 2}") for i in range(6)],
    )
    rows = [figure(f"grunnkrets:{i}", "people", x) for i, x in enumerate(units)]
    rows += [figure(f"bydel:{k}", "people", sum(units[3 * k : 3 * k + 3])) for k in range(2)]
    rows += [figure(f"levekarssone:{k}", "people", sum(units[k::2])) for k in range(2)]
    block, done = rounded_block(rows, linked)
    assert adds_up(block, done)
    assert done.inner.sum() == 6


def test_one_way_margins_without_the_cross_are_refused() -> None:
    """Women and men, young and old, but not young women: both cannot add up to everybody."""
    rows = []
    for i, (women, men, young, old) in enumerate(((2, 8, 4, 6), (7, 1, 2, 6), (5, 5, 5, 5))):
        place = f"delbydel:{i:04}"
        for group, x in (("sex=f", women), ("sex=m", men), ("age=young", young), ("age=old", old)):
            rows.append(figure(place, "people", x, group=group))
        rows.append(figure(place, "people", women + men))
    block, done = rounded_block(rows, pl.DataFrame(schema=in_town(1).schema))
    assert done.stopped
    places, counts = np.divmod(done.contradicted, block.shape[1])
    assert sorted(places) == [0, 1, 2]
    assert set(block.counts[counts.tolist()]["group"]) == {""}


def test_a_total_whose_parts_are_not_all_known_is_refused() -> None:
    rows = [figure(f"delbydel:{i:04}", "people", x) for i, x in enumerate((4, 9, 12, 7))]
    rows += [
        figure(f"delbydel:{i:04}", "people", None, status="suppressed_primary", reason="producer")
        for i in (4, 5)
    ]
    _, done = rounded_block([*rows, figure(TOWN, "people", 40)], in_town(6))
    assert done.stopped
    assert done.unknown.size == 1


def test_what_can_be_worked_out_in_the_house_is_known() -> None:
    rows = [figure(f"delbydel:{i:04}", "people", x) for i, x in enumerate((4, 9, 12, 7))]
    rows.append(
        figure("delbydel:0004", "people", None, status="suppressed_primary", reason="producer")
    )
    block, done = rounded_block([*rows, figure(TOWN, "people", 34)], in_town(5))
    assert not done.stopped
    assert done.value[4, 0] in (0, 3)  # two, by subtraction
    assert adds_up(block, done)


@pytest.mark.parametrize("base", [3, 5])
def test_counts_with_decimals(base: int) -> None:
    rows = [
        figure(f"delbydel:{i:04}", "people", x)
        for i, x in enumerate((0.4, 2.6, 4.7, 9.3, 1.5, 2.9))
    ]
    _, done = rounded_block([*rows, figure(TOWN, "people", 21.4)], in_town(6), base)
    assert not left_small(done, base)


def test_everybody_who_do_not_add_up_are_those_with_and_without() -> None:
    """One unit has everybody but not the trait, so that only its neighbours make up the town."""
    people, poor = [40, 50, 60, 30, 20, 10], [2, 1, 9, 1, 2, 1]
    rows = [
        figure(f"delbydel:{i:04}", "poor", few, of)
        for i, (few, of) in enumerate(zip(poor, people, strict=True))
    ]
    rows.append(figure("delbydel:0006", "people", 25))
    rows += [figure(f"delbydel:{i:04}", "people", of) for i, of in enumerate(people)]
    rows += [figure(TOWN, "poor", sum(poor), sum(people)), figure(TOWN, "people", sum(people))]
    block, done = rounded_block(rows, in_town(7))
    assert not done.stopped
    role = {r: c for c, r in enumerate(block.counts["role"])}
    town = block.areas.areas["area"].to_list().index("9999")
    with_it, without = (done.value[town, role[r]] for r in ("numerator", "complement"))
    assert with_it + without == sum(people)
    assert with_it == np.nansum(done.value[:, role["numerator"]]) - with_it


@pytest.mark.parametrize("base", [3, 5])
def test_each_number_shown_may_have_been_several(base: int) -> None:
    """A reader who does not know the seed cannot tell which small number became 0 or the base."""
    could: dict[float, set[int]] = {0.0: set(), float(base): set()}
    for true in range(base + 1):
        for seed in range(25):
            rows = traits([40, 41, 42, 43, 44, 45], [true, 1, 2, 2, 1, 9])
            _, done = rounded_block(rows, in_town(6), base, seed)
            could[done.value[0, 1]].add(true)
    assert could[0.0] == set(range(base))
    assert could[float(base)] == set(range(1, base + 1))
