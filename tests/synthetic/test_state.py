"""Roles and types follow from who lives together."""

from __future__ import annotations

import numpy as np
import pytest

from nabolag.synthetic.settling import draw_income_shock
from nabolag.synthetic.state import (
    CHILD,
    OTHER,
    PARTNER,
    SINGLE,
    SINGLE_PARENT,
    T_COUPLE,
    T_FAMILY,
    T_OTHER,
    T_SINGLE,
    T_SINGLE_PARENT,
    People,
    settle_roles,
    summarise,
)
from nabolag.synthetic.work import attained


def household(*members: tuple[int, int]) -> People:
    """Return one household of (role, birth year)."""
    n = len(members)
    role, birth = (np.array(column) for column in zip(*members, strict=True))
    zero = np.zeros(n, dtype=np.int64)
    chance = np.zeros(n)
    return People(
        np.arange(1, n + 1), zero, birth, zero, role, zero, zero, zero, chance, chance, chance
    )


@pytest.mark.parametrize(
    ("members", "roles", "kind"),
    [
        ([(PARTNER, 1980)], [SINGLE], T_SINGLE),
        ([(PARTNER, 1980), (CHILD, 2010)], [SINGLE_PARENT, CHILD], T_SINGLE_PARENT),
        ([(SINGLE_PARENT, 1980)], [SINGLE], T_SINGLE),
        ([(PARTNER, 1980), (PARTNER, 1982)], [PARTNER, PARTNER], T_COUPLE),
        (
            [(PARTNER, 1980), (PARTNER, 1982), (CHILD, 2012)],
            [PARTNER, PARTNER, CHILD],
            T_FAMILY,
        ),
        ([(CHILD, 1999), (CHILD, 2001)], [OTHER, OTHER], T_OTHER),
        ([(CHILD, 1999)], [SINGLE], T_SINGLE),
        ([(OTHER, 1990), (OTHER, 1991), (OTHER, 1992)], [OTHER] * 3, T_OTHER),
        ([(OTHER, 1990)], [SINGLE], T_SINGLE),
    ],
)
def test_roles_and_type(members: list[tuple[int, int]], roles: list[int], kind: int) -> None:
    people = household(*members)
    settle_roles(people, 1)
    assert people.role.tolist() == roles
    assert summarise(people, 1, 2020).type.tolist() == [kind]


def test_under_18_is_counted_on_1_january() -> None:
    people = household((SINGLE_PARENT, 1980), (CHILD, 2001), (CHILD, 2002))
    # On 1 January 2020 those born in 2001 have turned 18 and those born in 2002 have not.
    assert summarise(people, 1, 2020).under_18.tolist() == [1]


def test_a_household_that_is_gone_has_nobody() -> None:
    summary = summarise(household((SINGLE, 1980)), 3, 2020)
    assert summary.alive.tolist() == [True, False, False]


def test_nobody_has_a_degree_before_its_age() -> None:
    final = np.array([8, 8, 8, 8, 8, 1])
    age = np.array([17, 20, 23, 27, 40, 50])
    assert attained(final, age).tolist() == [2, 4, 6, 7, 8, 1]


def test_income_shocks_keep_their_spread_and_fade() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    first = rng.normal(size=50_000)
    second = draw_income_shock(first, rng)
    assert second.std() == pytest.approx(1, abs=0.02)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.75, abs=0.02)
