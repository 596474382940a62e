"""A year adds up, for everybody, always; and it is what can be reckoned by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.projection.axes import AGES, Ages, Places, aged, bands, by_group, summed
from nabolag.projection.engine import Course, run
from nabolag.projection.method import collected
from nabolag.projection.rake import Constraint
from nabolag.projection.rates import as_shares
from nabolag.projection.step import Factors, NewHomes, drawn, expected
from tests.projection import made


def _tiny() -> tuple[Places, np.ndarray]:
    """Return two areas of one town: 10 women of 29 and 4 men of 79 in one, nobody in the other."""
    where = Places(("99010001", "99010002"), ("9901",), np.array([0, 0]))
    there = np.zeros((2, 2, AGES))
    there[0, 0, 29], there[0, 1, 79] = 10, 4
    return where, there


def test_a_year_is_what_it_is_by_hand() -> None:
    where, there = _tiny()
    births, deaths, out, within, arriving = (np.zeros((1, 2, AGES)) for _ in range(5))
    births[0, 0, 30] = 0.2
    deaths[0, 1, 80] = 0.25
    out[0, 0, 30], within[0, 0, 30] = 0.1, 0.2
    arriving[0, 1, 40] = 6
    settle = np.zeros((2, 2, AGES))
    settle[0], settle[1] = 0.75, 0.25
    rates = made.rates(
        where, births=births[:, 0], deaths=deaths, moved_out=out, moved_within=within,
        moved_in=arriving, settle=settle, girls=0.5,
    )  # fmt: skip
    year = expected(there, rates, where, Factors(), None)
    end = year.end
    # Ten women turn 30 and have 0.2 children each; one moves away, two move, 3/4 of them back.
    assert year.births[0, :, 0].tolist() == [1.0, 1.0]
    assert end[0, 0, 30] == pytest.approx(10 - 1 - 2 + 1.5)
    assert end[1, 0, 30] == pytest.approx(0.5)
    assert end[0, 1, 80] == pytest.approx(3)
    assert end[:, 1, 40].tolist() == pytest.approx([4.5, 1.5])
    assert end[0, :, 0].tolist() == [1.0, 1.0]


def test_the_oldest_stay_the_oldest() -> None:
    there = np.zeros((1, 2, AGES))
    there[0, 0, 104], there[0, 0, 105] = 3, 2
    assert aged(there)[0, 0, 105] == 5
    assert aged(there)[0, 0, 0] == 0


@given(
    seed=st.integers(0, 2**32 - 1),
    factors=st.builds(Factors, *(st.floats(0, 3) for _ in range(4))),
    whole=st.booleans(),
    built=st.booleans(),
)
def test_every_area_age_sex_and_year_adds_up(
    seed: int, factors: Factors, whole: bool, built: bool
) -> None:
    where = made.places()
    there = made.people(where, 3.0, seed % 100)
    rng = np.random.default_rng(seed) if whole else None
    homes = None
    if built:
        residents = np.zeros_like(there)
        residents[1, :, 25:40] = 1.5
        homes = lambda year, areas: NewHomes(residents[areas], 0.4)  # noqa: E731
    course = Course(where, there, made.rates(where), (factors,) * 3, homes)
    for _, _, year in run(course, rng):
        again = year.start + year.births - year.deaths + year.arrived - year.left
        assert np.array_equal(again, year.end)
        assert (year.end >= -1e-9).all()
        assert (year.births[..., 1:] == 0).all()
        assert (year.start[..., 0] == 0).all()
        if whole:
            assert np.issubdtype(year.end.dtype, np.integer)


@given(seed=st.integers(0, 2**32 - 1), whole=st.booleans())
def test_nobody_is_lost_in_a_closed_town(seed: int, whole: bool) -> None:
    where = made.places()
    nothing = np.zeros((2, 2, AGES))
    rates = made.rates(
        where, births=np.zeros((2, AGES)), deaths=nothing, moved_out=nothing, moved_in=nothing
    )
    there = made.people(where, 3.0, seed % 50)
    course = Course(where, there, rates, (Factors(),) * 4)
    rng = np.random.default_rng(seed) if whole else None
    held = summed(there, where).sum(axis=(1, 2))
    for _, _, year in run(course, rng):
        assert summed(year.end, where).sum(axis=(1, 2)) == pytest.approx(held, abs=1e-8)
        assert year.left.sum() == pytest.approx(year.arrived.sum(), abs=1e-8)
        assert year.left.sum() > 0


def test_draws_are_the_expected_numbers_on_average() -> None:
    where = made.places()
    there = made.people(where, 10.0)
    rates = made.rates(where)
    mean = expected(there, rates, where, Factors(), None).end.sum(axis=(1, 2))
    rng = np.random.default_rng(4)
    runs = [drawn(there.astype(int), rates, where, Factors(), None, rng).end.sum(axis=(1, 2))
            for _ in range(200)]  # fmt: skip
    off = np.mean(runs, axis=0) - mean
    spread = np.std(runs, axis=0) / np.sqrt(200)
    assert (np.abs(off) < 4 * spread).all()


def test_new_homes_hold_as_many_as_are_said() -> None:
    where = made.places()
    there, rates = made.people(where, 10.0), made.rates(where)
    residents = np.zeros_like(there)
    residents[0, :, 30] = 4
    with_homes = expected(there, rates, where, Factors(), NewHomes(residents, 0.25)).end
    without = expected(there, rates, where, Factors(), None).end
    added = summed(with_homes - without, where).sum(axis=(1, 2))
    # A quarter of eight persons comes from outside; the others leave homes in the same town.
    assert added == pytest.approx([2, 0])
    assert (with_homes - without)[0, :, 30].sum() > 4
    assert (with_homes - without)[1:3].sum() < 0


def test_homes_never_take_more_than_there_are() -> None:
    where, there = _tiny()
    rates = made.rates(where, deaths=np.zeros((1, 2, AGES)), moved_out=np.zeros((1, 2, AGES)))
    residents = np.zeros_like(there)
    residents[1, 0, 30] = 500
    for rng in (None, np.random.default_rng(1)):
        course = Course(where, there, rates, (Factors(),), lambda y, a: NewHomes(residents[a], 0.0))
        for _, _, year in run(course, rng):
            assert (year.end >= -1e-9).all()


def _constraint(where: Places, years: int, target: float, sexes: int = 1) -> Constraint:
    groups = bands((0, 20, 67))
    totals = np.full((years, len(where.larger), sexes, len(groups)), np.nan)
    totals[:, 0] = target
    totals[:, 0] += np.arange(years)[:, None, None] * 7 + np.arange(len(groups))
    return Constraint(where.inside, groups, totals)


@given(seed=st.integers(0, 10_000), whole=st.booleans(), sexes=st.sampled_from([1, 2]))
def test_what_is_held_to_a_total_adds_up_to_it(seed: int, whole: bool, sexes: int) -> None:
    where = made.places()
    there = made.people(where, 4.0, seed % 40)
    constraint = _constraint(where, 3, 150.0, sexes)
    course = Course(where, there, made.rates(where), (Factors(),) * 3, None, constraint)
    rng = np.random.default_rng(seed) if whole else None
    for _, number, year in run(course, rng):
        first = summed(year.end, where)[0]
        held = by_group(first, constraint.groups)
        found = held.sum(axis=0, keepdims=True) if sexes == 1 else held
        if whole:
            assert np.array_equal(found, constraint.totals[number, 0])
        else:
            assert found == pytest.approx(constraint.totals[number, 0], abs=1e-8)
        again = year.start + year.births - year.deaths + year.arrived - year.left
        assert np.array_equal(again, year.end)


def test_a_total_for_an_age_nobody_has_is_met() -> None:
    where, there = _tiny()
    totals = np.full((1, 1, 1, 1), 12.0)
    constraint = Constraint(np.array([0, 0]), (Ages(5, 6),), totals)
    course = Course(where, there, made.rates(where, moved_in=np.zeros((1, 2, AGES))), (Factors(),),
                    None, constraint)  # fmt: skip
    ((_, _, year),) = run(course)
    assert year.end[:, :, 5:7].sum() == pytest.approx(12)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_blocks_change_nothing(size: int) -> None:
    where = made.places(17, 5)
    course = Course(where, made.people(where), made.rates(where), (Factors(),) * 4)
    ends = np.zeros_like(course.people)
    for areas, year, flows in run(course, None, size):
        if year == 3:
            ends[areas] = flows.end
    whole = collected(course, (Ages(0, 105),))
    assert by_group(ends, (Ages(0, 105),)) == pytest.approx(whole.people[-1])


def test_more_births_and_fewer_deaths_give_more_people() -> None:
    where = made.places()
    groups = (Ages(0, 105),)
    base = Course(where, made.people(where), made.rates(where), (Factors(),) * 10)
    ends = [
        collected(replace(base, factors=(factor,) * 10), groups).people[-1].sum()
        for factor in (
            Factors(0.9, 1.1, 0.9, 1.1),
            Factors(),
            Factors(1.1, 0.9, 1.1, 0.9),
        )
    ]
    assert ends[0] < ends[1] < ends[2]


def test_shares_add_up_where_nobody_is_too() -> None:
    where = made.places()
    shares = as_shares(np.zeros((6, 2, AGES)), where)
    assert summed(shares, where) == pytest.approx(1)


def test_places_of_a_town_stand_together() -> None:
    with pytest.raises(ValueError, match="together"):
        Places(("a", "b", "c"), ("x", "y"), np.array([0, 1, 0]))
