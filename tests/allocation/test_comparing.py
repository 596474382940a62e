"""Side by side, other weights, uncertain coefficients, and the question turned round."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from nabolag.allocation import (
    Demand,
    Spread,
    allocate,
    coefficient_sensitivity,
    compared,
    sensitivity,
    weights_for,
)
from nabolag.allocation.linear import linear
from nabolag.core import UserError
from tests.allocation.support import schools, two_criteria

BUDGET = 6_000_000


def test_winners_and_losers_add_up() -> None:
    units = schools()
    made = {name: allocate(two_criteria(rule), units, sum(units.today)) for name, rule in
            (("share", "share"), ("gap", "gap"))}  # fmt: skip
    found = compared(made)
    moves = found.moves["share"]
    assert moves.winners + moves.losers + moves.same == len(units)
    assert moves.gained == moves.moved
    assert moves.grown == 0
    assert found.table.columns == ["unit", "name", "against", "share", "gap"]
    assert compared(made, "share").moves["share"].moved == 0
    with pytest.raises(UserError, match="not among"):
        compared(made, "other")


@pytest.mark.parametrize("rule", ["share", "gap", "index"])
def test_arrays_and_exact_numbers_say_the_same(rule: str) -> None:
    units, model = schools(), two_criteria(rule)
    held = linear(model, units, BUDGET)
    made = allocate(model, units, BUDGET)
    assert held.kroner(held.weights[None, :])[0] == pytest.approx([float(x) for x in made.exact])


def test_draws_surround_the_chosen_weights() -> None:
    units = schools()
    found = sensitivity(two_criteria(), units, BUDGET, Spread(draws=2000))
    assert (found.low <= found.chosen).all()
    assert (found.chosen <= found.high).all()
    near = sensitivity(two_criteria(), units, BUDGET, Spread(reach="near", draws=2000))
    assert ((near.high - near.low) < (found.high - found.low)).all()
    again = sensitivity(two_criteria(), units, BUDGET, Spread(draws=2000))
    assert np.array_equal(found.low, again.low)
    assert ((found.gains >= 0) & (found.gains <= 1)).all()
    with pytest.raises(UserError, match="at least two draws"):
        Spread(draws=1)


def test_uncertain_coefficients_give_wider_intervals() -> None:
    units, model = schools(), two_criteria()
    sure = {"low_income": (1000.0, 1e-9), "crowded": (500.0, 1e-9)}
    unsure = {"low_income": (1000.0, 300.0), "crowded": (500.0, 300.0)}
    tight = coefficient_sensitivity(model, units, BUDGET, sure, Spread())
    wide = coefficient_sensitivity(model, units, BUDGET, unsure, Spread())
    assert (tight.high - tight.low).max() < 1
    assert (wide.high - wide.low).min() > 100
    assert tight.clipped == 0
    assert 0.0 < wide.clipped < 0.1
    assert wide.chosen.sum() == pytest.approx(BUDGET)
    with pytest.raises(UserError, match="each needs one"):
        coefficient_sensitivity(model, units, BUDGET, {"low_income": (1, 1)}, Spread())


@pytest.mark.parametrize("rule", ["share", "gap", "index"])
def test_weights_that_were_planted_are_reached_again(rule: str) -> None:
    """Ask for what planted weights give: the answer gives it, and moves no further than they do."""
    units, model = schools(), two_criteria(rule)
    planted = {
        "size": Fraction(1, 4),
        "low_income": Fraction(45, 100),
        "crowded": Fraction(30, 100),
    }
    planted["low_income"], planted["crowded"] = planted["crowded"], planted["low_income"]
    from nabolag.allocation.inverse import with_weights

    wished = allocate(with_weights(model, planted), units, BUDGET)
    before = allocate(model, units, BUDGET)
    gaining = [u for u, a, b in zip(units.ids, wished.kroner, before.kroner, strict=True) if a > b]
    asked = {u: k - 5 for u, k in zip(units.ids, wished.kroner, strict=True) if u in gaining}
    found = weights_for(model, units, BUDGET, Demand(asked))
    assert found.possible
    assert found.allocation is not None
    made = dict(zip(units.ids, found.allocation.kroner, strict=True))
    assert all(made[u] >= least for u, least in asked.items())
    assert sum(found.weights.values()) == 1
    moved = sum(abs(found.weights[k] - found.before[k]) for k in found.weights)
    assert moved <= sum(abs(planted[k] - found.before[k]) for k in planted) + Fraction(1, 10**6)


def test_nothing_moves_where_nothing_has_to() -> None:
    units, model = schools(), two_criteria()
    made = allocate(model, units, BUDGET)
    found = weights_for(model, units, BUDGET, Demand({"01": made.kroner[0] - 10}))
    assert {k: float(v) for k, v in found.weights.items()} == pytest.approx(
        {k: float(v) for k, v in found.before.items()}
    )


@pytest.mark.parametrize("rule", ["share", "gap", "index"])
def test_the_impossible_is_proved(rule: str) -> None:
    units, model = schools(), two_criteria(rule)
    found = weights_for(model, units, BUDGET, Demand({"01": BUDGET}))
    assert not found.possible
    assert found.proof is not None
    held = linear(model, units, BUDGET)
    most = held.left * held.shares[0]
    size = held.weights[0]
    best = most.max() if rule != "index" else most[0] * size + most[1:].max() * (1 - size)
    assert found.proof.alone == {"01": int(best)}


def test_what_only_fails_together_is_proved_together() -> None:
    units, model = schools(), two_criteria()
    held = linear(model, units, BUDGET)
    best = {u: int(held.left * held.shares[at].max()) - 1000 for at, u in enumerate(units.ids)}
    found = weights_for(model, units, BUDGET, Demand(best))
    proof = found.proof
    assert proof is not None
    assert proof.alone == {}
    assert proof.most < proof.asked
    rows = np.array([held.left * held.shares[units.at(u)] for u in proof.together])
    weighed = np.array(list(proof.together.values())) @ rows
    assert weighed.max() == pytest.approx(proof.most, rel=1e-6)
    assert proof.short


def test_size_may_be_left_as_it_is() -> None:
    units, model = schools(), two_criteria()
    made = allocate(model, units, BUDGET)
    asked = Demand({"02": round(made.kroner[1] * 1.03)}, size_may_change=False)
    found = weights_for(model, units, BUDGET, asked)
    assert found.possible
    assert found.weights["size"] == Fraction(1, 4)
    with pytest.raises(UserError, match="do not exist"):
        weights_for(model, units, BUDGET, Demand({"99": 1}))
