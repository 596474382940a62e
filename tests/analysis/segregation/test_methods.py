"""Segregation: published values, what PySAL computes, what must hold, and planted truths."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nabolag.analysis.segregation.chance import by_chance
from nabolag.analysis.segregation.hidden import Hidden, hidden_bounds, hidden_part
from nabolag.analysis.segregation.indices import (
    INDICES,
    contacts,
    dissimilarity,
    entropy,
    exposure,
    information,
    isolation,
    mutual,
    row_standardised,
    units,
    with_neighbours,
)
from nabolag.analysis.segregation.parts import change, fitted, nested

ONE = np.array([0])
AT = np.arange(60)
THREE = np.stack([AT * 37 % 101 + 5, AT * 53 % 89 + 3, AT * 71 % 67 + 2], axis=1).astype(float)
TWO = THREE[:, :2]
#: PySAL `segregation` 2.5.4 on TWO (Dissim, Isolation, Interaction, Entropy) and THREE
#: (MultiInfoTheory, MultiDissim).
PYSAL_TWO = {
    "dissimilarity": 0.30908075618123376,
    "isolation": 0.6055915640527784,
    "exposure": 0.3944084359472217,
    "information": 0.12050661439587715,
}
PYSAL_THREE = {"information": 0.09815838715572903, "dissimilarity": 0.2718227146747177}


@pytest.mark.parametrize(("table", "values"), [(TWO, PYSAL_TWO), (THREE, PYSAL_THREE)])
def test_as_pysal_computes(table: np.ndarray, values: dict[str, float]) -> None:
    for name, value in values.items():
        assert INDICES[name](units(table, ONE))[0] == pytest.approx(value, abs=1e-10)


@pytest.mark.data
def test_schools_as_published(data_root: Path) -> None:
    """M and H of schools00, between and within states, as the R package `segregation` prints."""
    folder = data_root / "5-golden-methods" / "segregation-schools"
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    frame = pl.read_csv(folder / "schools00.csv")
    wide = frame.pivot("race", index=["state", "school"], values="n").fill_null(0).sort("state")
    counts = wide.drop("state", "school").to_numpy().astype(float)
    exact = known["recomputed here"]
    assert counts.shape[0] == exact["units"]
    assert counts.sum() == exact["persons"]
    whole = units(counts, ONE)
    assert mutual(whole)[0] == pytest.approx(exact["M"], abs=1e-12)
    assert information(whole)[0] == pytest.approx(exact["H"], abs=1e-12)
    state = np.unique(wide["state"].to_numpy(), return_inverse=True)[1]
    parts = nested(counts, state)
    within, most = (parts.weight * parts.within).sum(), entropy(whole.mix)[0]
    assert parts.between == pytest.approx(known["between state"]["M"], abs=5e-5)
    assert parts.between / most == pytest.approx(known["between state"]["H"], abs=5e-5)
    assert within == pytest.approx(known["within state"]["M"], abs=5e-4)
    assert within / most == pytest.approx(known["within state"]["H"], abs=5e-4)


def test_the_ends_of_the_scale() -> None:
    apart = units(np.array([[10.0, 0], [0, 30]]), ONE)
    even = units(np.array([[10.0, 30], [20, 60]]), ONE)
    for index in (dissimilarity, information, isolation):
        assert index(apart)[0] == pytest.approx(1)
    assert (dissimilarity(even)[0], mutual(even)[0]) == (pytest.approx(0), pytest.approx(0))
    assert isolation(even)[0] == pytest.approx(0.25)
    alone = units(np.array([[10.0, 0], [5, 0]]), ONE)
    assert np.isnan(dissimilarity(alone)[0])
    assert np.isnan(information(alone)[0])


def test_places_are_measured_together_as_one_by_one() -> None:
    starts = np.array([0, 7, 8, 30])
    parts = np.split(THREE, starts[1:])
    for index in INDICES.values():
        together = index(units(THREE, starts))
        apart = [index(units(part, ONE))[0] for part in parts]
        np.testing.assert_allclose(together, apart, equal_nan=True)


cells = st.integers(0, 30)


def tables(groups: int, most: int = 8) -> st.SearchStrategy[np.ndarray]:
    rows = st.lists(st.tuples(*[cells] * groups), min_size=2, max_size=most)
    return rows.map(lambda drawn: np.array(drawn, float)).filter(
        lambda table: (table.sum(axis=0) > 0).all()
    )


@settings(max_examples=80)
@given(tables(3), st.permutations(range(3)), st.randoms(use_true_random=False))
def test_order_and_size_do_not_matter(table: np.ndarray, groups: list[int], chance: object) -> None:
    rows = list(range(len(table)))
    chance.shuffle(rows)  # type: ignore[attr-defined]
    for index in (dissimilarity, information, mutual):
        found = index(units(table, ONE))
        np.testing.assert_allclose(index(units(table[rows][:, groups], ONE)), found, atol=1e-12)
        np.testing.assert_allclose(index(units(7 * table, ONE)), found, atol=1e-12)
    people = units(np.vstack([table, np.zeros(3)]), ONE)
    np.testing.assert_allclose(mutual(people), mutual(units(table, ONE)), atol=1e-12)


@settings(max_examples=80)
@given(tables(3))
def test_indices_stay_within_bounds(table: np.ndarray) -> None:
    of = units(table, ONE)
    for index in (dissimilarity, information):
        assert -1e-12 <= index(of)[0] <= 1 + 1e-12
    assert mutual(of)[0] <= entropy(of.mix)[0] + 1e-12
    around = contacts(of)[0]
    np.testing.assert_allclose(around.sum(axis=1), 1)
    # Who meets whom is the same from both sides.
    meetings = around * of.totals[0][:, None]
    np.testing.assert_allclose(meetings, meetings.T, atol=1e-9)


@settings(max_examples=80)
@given(tables(3), st.integers(1, 4))
def test_mutual_information_falls_into_its_parts(table: np.ndarray, groups: int) -> None:
    nest = np.sort(np.arange(len(table)) % groups)
    assume(all(table[nest == n].sum() > 0 for n in set(nest)))
    parts = nested(table, nest)
    whole = mutual(units(table, ONE))[0]
    assert parts.between + (parts.weight * parts.within).sum() == pytest.approx(whole, abs=1e-12)


@settings(max_examples=50)
@given(tables(2, 6), st.data())
def test_a_change_falls_into_its_parts(before: np.ndarray, data: st.DataObject) -> None:
    rows = st.lists(st.tuples(cells, cells), min_size=len(before), max_size=len(before)).map(
        lambda drawn: np.array(drawn, float)
    )
    after = data.draw(rows.filter(lambda table: (table.sum(axis=0) > 0).all()))
    found = change(before, after)
    there = [table[table.sum(axis=1) > 0] for table in (before, after)]
    first, last = (mutual(units(table, ONE))[0] for table in there)
    total = found.gone + found.come + found.composition + found.structure
    assert total == pytest.approx(last - first, abs=1e-12)
    back = change(after, before)
    assert back.structure == pytest.approx(-found.structure, abs=1e-9)


def test_a_planted_change_is_found_where_it_was_planted() -> None:
    """More of one group with the same odds: composition. Other odds in the same margins:
    structure. A unit that comes: come."""
    before = np.array([[40.0, 60], [20, 80], [70, 30]])
    grown = before * np.array([2.0, 1.0])
    found = change(before, grown)
    assert found.structure == pytest.approx(0, abs=1e-9)
    assert abs(found.composition) > 1e-4
    moved, settled = fitted(np.array([[60.0, 40], [5, 95], [95, 5]]), before)
    assert settled
    other = change(before, moved)
    assert other.composition == pytest.approx(0, abs=1e-9)
    assert other.structure > 0.01
    comes = change(np.vstack([before, [0.0, 0]]), np.vstack([before, [100.0, 0]]))
    assert (comes.structure, comes.composition) == (pytest.approx(0), pytest.approx(0))
    assert comes.come > 0


def test_chance_takes_away_what_small_units_make() -> None:
    """People dealt by chance into units of ten look segregated; corrected, they do not."""
    rng = np.random.default_rng(1)
    dealt = rng.multivariate_hypergeometric(np.full(80, 10), 240, method="marginals")
    table = np.stack([dealt, 10 - dealt], axis=1).astype(float)
    assert dissimilarity(units(table, ONE))[0] > 0.2
    found = by_chance(table, ["dissimilarity", "information", "mutual", "isolation"], 400, 7)
    for one in found.values():
        assert abs(one.corrected) < 0.05
        assert 0.05 < one.p_value <= 1


def test_planted_segregation_is_found_beneath_chance() -> None:
    """What is planted is told from chance, and the more of it the more remains."""
    rng = np.random.default_rng(2)
    remains = []
    for high in (0.3, 0.5, 0.8):
        members = rng.binomial(40, np.where(np.arange(80) < 20, high, 0.1))
        table = np.stack([members, 40 - members], axis=1).astype(float)
        found = by_chance(table, ["dissimilarity"], 400, 7)["dissimilarity"]
        own = dissimilarity(units(table, ONE))[0]
        assert found.p_value == pytest.approx(1 / 401)
        assert found.corrected == pytest.approx((own - found.expected) / (1 - found.expected))
        remains.append(found.corrected)
    assert remains == sorted(remains)
    assert remains[-1] > 0.5


def test_p_values_are_even_where_nobody_sorts() -> None:
    rng = np.random.default_rng(3)
    values = []
    for seed in range(150):
        dealt = rng.multivariate_hypergeometric(np.full(20, 30), 120, method="marginals")
        table = np.stack([dealt, 30 - dealt], axis=1).astype(float)
        values.append(by_chance(table, ["information"], 99, seed)["information"].p_value)
    assert 0.40 < np.mean(values) < 0.60
    assert np.mean(np.array(values) <= 0.1) <= 0.17


def test_dealing_keeps_both_margins_and_its_seed() -> None:
    from nabolag.analysis.segregation.chance import _deal

    table = THREE[:9].astype(np.int64)
    room, people = table.sum(axis=1), table.sum(axis=0)
    dealt = _deal(room, people, 50, np.random.default_rng(1))
    assert (dealt.sum(axis=2) == room).all()
    assert (dealt.sum(axis=1) == people).all()
    assert (dealt >= 0).all()
    names = ["mutual"]
    assert by_chance(THREE, names, 50, 1) == by_chance(THREE, names, 50, 1)
    assert by_chance(THREE, names, 50, 1) != by_chance(THREE, names, 50, 2)
    with pytest.raises(ValueError, match="whole numbers"):
        by_chance(THREE + 0.5, names, 50, 1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=3),
    st.integers(0, 2),
)
def test_whatever_is_hidden_lies_within_the_bounds(
    shown: list[tuple[int, int]], hidden: list[tuple[int, int]], nowhere: int
) -> None:
    """Every way of filling the hidden units that fits what is shown, tried out."""
    known, secret = np.array(shown, float), np.array(hidden, float)
    sizes = secret.sum(axis=1)
    members = known[:, 0].sum() + secret[:, 0].sum()
    people = known.sum() + sizes.sum() + nowhere
    part = hidden_part(known, sizes, members, people)
    assert isinstance(part, Hidden)
    for name in ("dissimilarity", "information", "mutual", "isolation", "exposure"):
        low, high = hidden_bounds(known, part, name)
        if np.isnan(low):
            continue
        for filled in itertools.product(*[range(int(size) + 1) for size in sizes]):
            if not part.fewest <= sum(filled) <= part.most:
                continue
            guess = np.stack([np.array(filled, float), sizes - filled], axis=1)
            value = INDICES[name](units(np.vstack([known, guess]), ONE))[0]
            assert low - 1e-9 <= value <= high + 1e-9


def test_what_cannot_be_bounded_is_said() -> None:
    known = np.array([[10.0, 90], [20, 80]])
    assert hidden_part(known, np.array([50.0]), 20, 250) == "sums_differ"
    assert hidden_part(known, np.array([50.0]), 40, 240) == "sums_differ"
    assert hidden_part(known, np.array([50.0]), 400, 2000) == Hidden(50, 0, 50)
    assert hidden_part(known, np.array([9000.0]), 5000, 30_000) == "too_open"
    assert hidden_part(known, np.array([50.0]), 34, 250) == Hidden(50, 4, 4)


def test_neighbours_see_what_lies_beside() -> None:
    """A chequered line is wholly apart unit by unit, and even where neighbours count as much."""
    line = np.array([[10.0, 0], [0, 10]] * 8)
    pairs = np.array([(i, i + 1) for i in range(15)] + [(i + 1, i) for i in range(15)])
    alone = with_neighbours(line, ONE, row_standardised(pairs, 16, own=1.0))
    assert information(alone)[0] == pytest.approx(1)
    halves = with_neighbours(line, ONE, row_standardised(pairs, 16, own=0.5))
    assert information(halves)[0] == pytest.approx(0, abs=1e-12)
    blocks = line[np.argsort(np.arange(16) % 2, kind="stable")]
    even_here = with_neighbours(blocks, ONE, row_standardised(pairs, 16, own=0.5))
    assert information(even_here)[0] > 0.7
    weights = row_standardised(pairs, 16)
    np.testing.assert_allclose(np.bincount(weights.unit, weights.weight), 1)
    lonely = row_standardised(np.empty((0, 2), np.int64), 3, own=0.5)
    assert lonely.weight.tolist() == [1, 1, 1]


def test_isolation_and_exposure_are_two_sides() -> None:
    of = units(TWO, ONE)
    assert isolation(of)[0] + exposure(of)[0] == pytest.approx(1)
