"""Finding a home: everybody finds one, once, where there is room and much as planned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.synthetic import homes
from nabolag.synthetic.demand import Growth
from nabolag.synthetic.founding import first_town
from nabolag.synthetic.state import summarise
from nabolag.synthetic.year import next_year
from tests.synthetic.conftest import Town


def rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@given(seed=st.integers(0, 10_000), areas=st.integers(2, 12), classes=st.integers(2, 8))
def test_fitting_meets_both_margins(seed: int, areas: int, classes: int) -> None:
    draw = rng(seed)
    rows = draw.integers(1, 60, areas)
    columns = draw.integers(1, 60, classes)
    fitted = homes._fit(draw.uniform(0.2, 1, (areas, classes)), rows, columns)
    assert np.allclose(fitted.sum(axis=0), columns)
    assert np.allclose(fitted.sum(axis=1), rows * columns.sum() / rows.sum(), rtol=1e-3)
    assert (fitted >= 0).all()


@given(
    groups=st.lists(st.integers(0, 4), max_size=60),
    limits=st.lists(st.integers(0, 20), min_size=5, max_size=5),
)
def test_at_most_so_many_of_each_group_are_chosen(groups: list[int], limits: list[int]) -> None:
    group, limit = np.array(groups, dtype=np.int64), np.array(limits)
    chosen = homes._first_of_each(group, limit, rng(1))
    sizes = np.bincount(group, minlength=5)
    assert np.bincount(group[chosen], minlength=5).tolist() == np.minimum(sizes, limit).tolist()


def test_choices_follow_the_fitted_shares() -> None:
    fitted = np.array([[30.0, 0.0], [10.0, 5.0], [60.0, 5.0]])
    area = homes._choose(np.repeat([0, 1], 20_000), fitted, rng(2))
    first = np.bincount(area[:20_000], minlength=3) / 20_000
    second = np.bincount(area[20_000:], minlength=3) / 20_000
    assert first == pytest.approx([0.3, 0.1, 0.6], abs=0.02)
    assert second == pytest.approx([0.0, 0.5, 0.5], abs=0.02)


def test_after_a_year_everybody_lives_in_exactly_one_dwelling(town: Town) -> None:
    ground = town.ground
    settings = ground.truth.settings
    first = first_town(Growth(10_000), 2015, ground.areas, settings, rng(3))
    later, dead = next_year(first, 2015, Growth(10_100), ground.areas, settings, rng(4))
    for moment, year in ((first, 2015), (later, 2016)):
        alive = np.flatnonzero(summarise(moment.people, len(moment.home_of), year).alive)
        dwelling = moment.home_of[alive]
        assert (dwelling >= 0).all()
        assert len(np.unique(dwelling)) == len(dwelling)
        assert (moment.homes.household[dwelling] == alive).all()
        assert (moment.homes.household >= 0).sum() == len(alive)
    assert np.isin(dead, first.people.pid).all()
    assert not np.isin(dead, later.people.pid).any()


def test_a_year_leaves_the_town_before_it_as_it_was(town: Town) -> None:
    ground = town.ground
    first = first_town(Growth(6_000), 2015, ground.areas, ground.truth.settings, rng(5))
    before = (first.people.pid.copy(), first.people.role.copy(), first.home_of.copy())
    occupied = first.homes.household.copy()
    next_year(first, 2015, Growth(6_100), ground.areas, ground.truth.settings, rng(6))
    after = (first.people.pid, first.people.role, first.home_of)
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    assert (first.homes.household == occupied).all()


def test_too_few_dwellings_is_never_passed_over(town: Town) -> None:
    ground = town.ground
    crowd = first_town(Growth(6_000), 2015, ground.areas, ground.truth.settings, rng(7))
    crowd.homes.household[:] = 1
    with pytest.raises(RuntimeError, match="more households than dwellings"):
        homes._anywhere(crowd, np.array([0]), rng(8))
