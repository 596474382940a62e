"""Likeness of neighbours: beside PySAL, by what must always hold, and a planted place found."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from nabolag.analysis.neighbours import Neighbours, by_border, by_distance
from nabolag.analysis.space import Space
from nabolag.analysis.space.moran import (
    Permuted,
    global_moran,
    local_moran,
    standardised,
    subsets,
)
from nabolag.core import LANGS, Level, UserError
from nabolag.geography.register import AreaRegister
from nabolag.store import empty
from nabolag.store.frames import SHAPES
from tests.analysis.space.planted import INDICATOR, codes, given, grid, patched

HOW = Permuted(permutations=199, refined=199, refine=0.05, seed=3)


def space(**more) -> Space:
    return Space(**{"id": "r", "level": Level.GRUNNKRETS, "indicators": (INDICATOR,), **more})


@cache
def near(side: int, nearest: int = 0) -> Neighbours:
    held = given(np.zeros(side * side))
    names = pl.Series("code", codes(side))
    if nearest:
        return by_distance(grid(side), Level.GRUNNKRETS, names, nearest)
    return by_border(AreaRegister(held.areas, held.links, held.shapes), Level.GRUNNKRETS, names)


def areas_of(found) -> pl.DataFrame:
    return found.tables["areas"]


def test_the_same_as_pysal():
    esda, weights = pytest.importorskip("esda"), pytest.importorskip("libpysal.weights")
    values = np.random.default_rng(1).gamma(2, 1, 49)
    own = near(7)
    lists = {n: own.other[own.own == n].tolist() for n in range(49)}
    theirs = weights.W(lists, silence_warnings=True)
    whole = esda.Moran(values, theirs, permutations=999)
    ours = global_moran(values, own, Permuted(999, 999, 0.05, 1))
    assert ours.moran == pytest.approx(whole.I, abs=1e-10)
    assert ours.expected == pytest.approx(whole.EI, abs=1e-12)
    each = esda.Moran_Local(values, theirs, permutations=9999, seed=1)
    local = local_moran(values, own, Permuted(9999, 9999, 0.05, 1))
    # PySAL divides by n − 1 where Anselin (1995) divides by n.
    np.testing.assert_allclose(local.moran * 48 / 49, each.Is, atol=1e-10)
    # Ours counts both sides; both are draws: 4 standard errors of a difference.
    one_sided = local.p / 2
    clear = one_sided < 0.45
    apart = np.abs(one_sided - each.p_sim)[clear]
    assert (apart <= 4 * np.sqrt(2 * each.p_sim * (1 - each.p_sim) / 9999)[clear] + 1e-3).all()


def test_by_hand_on_a_chessboard_and_on_halves():
    board = np.indices((4, 4)).sum(axis=0).ravel() % 2
    assert global_moran(board.astype(float), near(4), HOW).moran == pytest.approx(-1)
    halves = np.repeat([0.0, 1.0], 8)
    # The inner rows have one neighbour across: corners of them 1 of 3, the others 1 of 4.
    inner = (4 * (1 - 2 / 3) + 4 * (1 - 2 / 4)) / 16
    assert global_moran(halves, near(4), HOW).moran == pytest.approx(8 / 16 + inner)


def test_nearest_are_the_nearest():
    own = near(5, nearest=4)
    middle = own.other[own.own == 12]
    assert sorted(middle.tolist()) == [7, 11, 13, 17]
    assert set(own.count.tolist()) == {4}


@settings(max_examples=40)
@drawn(st.lists(st.integers(-5, 5), min_size=16, max_size=16), st.floats(0.1, 50),
       st.floats(-100, 100))  # fmt: skip
def test_unit_and_zero_point_change_nothing_and_the_mean_is_the_whole(values, unit, zero):
    own, one = near(4), np.array(values, dtype=float)
    local, whole = local_moran(one, own, HOW), global_moran(one, own, HOW)
    assert local.moran.mean() == pytest.approx(whole.moran, abs=1e-9)
    assert ((local.p > 0) & (local.p <= 1)).all()
    other = local_moran(zero + unit * one, own, HOW)
    np.testing.assert_allclose(other.moran, local.moran, atol=1e-6)


@settings(max_examples=60)
@drawn(st.integers(1, 12), st.integers(1, 40))
def test_drawn_neighbours_are_different(size, more):
    n = size + more
    found = np.stack(subsets(n, size, (3, 20), np.random.default_rng(0)))
    assert ((found >= 0) & (found < n)).all()
    ordered = np.sort(found, axis=0)
    assert (np.diff(ordered, axis=0) > 0).all()


def test_every_set_of_neighbours_is_as_likely():
    drawn_sets = np.sort(np.stack(subsets(5, 3, (1, 50_000), np.random.default_rng(0))), axis=0)
    coded = drawn_sets[0] * 25 + drawn_sets[1] * 5 + drawn_sets[2]
    _, count = np.unique(coded, return_counts=True)
    assert len(count) == 10
    assert abs(count - 5000).max() < 5 * np.sqrt(5000)


def test_a_planted_place_is_found_again_and_chance_is_not():
    chance = np.random.default_rng(4)
    values = patched(20, chance, slice(3, 8), 0.15)
    areas = areas_of(space().analyse(given(values)))
    planted = np.zeros((20, 20), dtype=bool)
    planted[3:8, 3:8] = True
    # Its middle is high among high; nothing that touches neither it nor its edge is.
    middle = np.zeros((20, 20), dtype=bool)
    middle[4:7, 4:7] = True
    high = (areas["cluster"] == "high_high").to_numpy().reshape(20, 20)
    assert high[middle].all()
    # A corner of the place has as many neighbours outside as inside, and may be missed.
    planted[[3, 3, 7, 7], [3, 7, 3, 7]] = False
    assert high[planted].all()
    away = np.ones((20, 20), dtype=bool)
    away[2:9, 2:9] = False
    assert high[away].sum() == 0


def test_nothing_but_chance_gives_next_to_no_findings():
    any_found = 0
    for seed in range(20):
        values = np.random.default_rng(seed).normal(0.2, 0.02, 64)
        found = space(refined=2999, seed=seed).analyse(given(values))
        any_found += areas_of(found)["cluster"].is_in(["chance"]).not_().any()
    # At most 5 % of families should have a finding: 1 of 20; four is beyond 99 %.
    assert any_found <= 4


def test_a_lone_high_among_low_is_an_outlier():
    values = np.random.default_rng(2).normal(0.3, 0.01, (16, 16))
    values[4:9, 4:9] -= 0.2
    values[6, 6] += 0.3
    areas = areas_of(space().analyse(given(values.ravel())))
    assert areas["cluster"][6 * 16 + 6] == "high_low"


def test_hidden_areas_are_nobodys_neighbours():
    values = np.random.default_rng(5).normal(0.2, 0.02, 25)
    values[12] = np.nan
    found = space().analyse(given(values))
    areas = areas_of(found)
    middle = areas.row(12, named=True)
    assert (middle["cluster"], middle["value"], middle["around"]) == ("unknown", None, None)
    beside = areas.row(11, named=True)
    assert (beside["neighbours"], beside["neighbours_unknown"]) == (3, 1)
    assert beside["around"] == pytest.approx(values[[6, 10, 16]].mean())
    assert found.tables["moran"].row(0, named=True)["unknown"] == 1


def test_an_area_whose_neighbours_are_all_hidden_is_alone():
    values = np.random.default_rng(5).normal(0.2, 0.02, 25)
    values[[1, 5]] = np.nan
    areas = areas_of(space().analyse(given(values)))
    assert areas["cluster"][0] == "alone"
    assert areas["value"][0] is not None
    assert areas["q"][0] is None


def test_all_alike_is_no_pattern():
    areas = areas_of(space().analyse(given(np.full(25, 0.2))))
    assert set(areas["cluster"]) == {"chance"}
    assert standardised(np.full(3, 0.1)).tolist() == [0, 0, 0]


def test_what_cannot_be_done_is_told():
    bare = space().analyse(given(np.zeros(25), shapes=empty(SHAPES)))
    assert [f.code for f in bare.findings] == ["space_no_neighbours"]
    few = space().analyse(given(np.random.default_rng(0).random(4)))
    assert [f.code for f in few.findings] == ["space_too_few"]
    none = space(period="1999").analyse(given(np.zeros(25)))
    assert [f.code for f in none.findings] == ["space_no_figures"]
    assert areas_of(none).is_empty()


@pytest.mark.parametrize(
    ("indicator", "code"),
    [("immigrants", "analysis_background"), ("nothing", "analysis_unknown_indicator")],
)
def test_refusals(indicator, code):
    with pytest.raises(UserError) as refused:
        space(indicators=(indicator,)).analyse(given(np.zeros(9)))
    assert [finding.code for finding in refused.value.findings] == [code]


@pytest.mark.parametrize("lang", LANGS)
def test_the_rule_gives_its_numbers(lang):
    told = space(permutations=499, seed=77).explain(given(np.zeros(9)).catalogue, lang)
    assert "499" in told
    assert "77" in told
