"""What must hold whatever the units and the weights are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nabolag.allocation import Model, Need, Units, allocate, transition
from nabolag.allocation.numbers import exact
from nabolag.allocation.rounding import rounded

RULES = ("share", "gap", "index")


@st.composite
def cases(draw: Any) -> tuple[Model, Units, int]:
    """A model, units whose needs are all known, and a budget."""
    count = draw(st.integers(2, 12))
    ids = tuple(f"u{n:02}" for n in range(count))
    pupils = tuple(exact(draw(st.integers(1, 900))) for _ in ids)
    rates = st.integers(0, 1000).map(lambda n: n / 1000)
    needs = {name: Need.known([draw(rates) for _ in ids]) for name in ("a", "b")}
    today = tuple(draw(st.integers(0, 10**6)) for _ in ids)
    weight = Fraction(draw(st.integers(0, 100)), 100)
    criteria = [{"need": "a", "weight": weight}, {"need": "b", "weight": 1 - weight}]
    pot = {"pupils": Fraction(draw(st.integers(0, 100)), 100), "rule": draw(st.sampled_from(RULES)),
           "criteria": criteria}  # fmt: skip
    for need in needs.values():
        assume(len(set(need.values)) > 1)
    model = Model.model_validate({"pots": [pot], "base": draw(st.integers(0, 500))})
    return model, Units(ids, ids, {"size": pupils}, needs, today), draw(st.integers(10**4, 10**9))


@given(cases())
def test_the_sum_is_the_budget_to_the_krone(case: tuple[Model, Units, int]) -> None:
    model, units, budget = case
    made = allocate(model, units, budget)
    assert made.sum == budget
    assert min(made.kroner) >= 0
    assert all(abs(k - e) < 1 for k, e in zip(made.kroner, made.exact, strict=True))


@given(cases(), st.randoms())
def test_the_order_of_the_rows_decides_nothing(case: tuple[Model, Units, int], lot: Any) -> None:
    model, units, budget = case
    places = list(range(len(units)))
    lot.shuffle(places)
    made = dict(zip(units.ids, allocate(model, units, budget).kroner, strict=True))
    moved = _reordered(units, places)
    assert dict(zip(moved.ids, allocate(model, moved, budget).kroner, strict=True)) == made


def _reordered(units: Units, places: list[int]) -> Units:
    def of(column: Any) -> tuple[Any, ...]:
        return tuple(column[i] for i in places)

    needs = {n: Need(of(x.values), of(x.statuses), x.measure) for n, x in units.needs.items()}
    return Units(of(units.ids), of(units.names), {"size": of(units.sizes["size"])}, needs,
                 of(units.today))  # fmt: skip


@given(cases(), st.integers(0, 11), st.sampled_from(["share", "index"]))
def test_more_need_never_gives_less(case: tuple[Model, Units, int], which: int, rule: str) -> None:
    """By share, and by index while the scale stays: a unit below the top whose need rises."""
    model, units, budget = case
    model = model.model_copy(update={"pots": (model.pots[0].model_copy(update={"rule": rule}),)})
    at = which % len(units)
    held = list(units.needs["a"].values)
    top, low = max(held), min(held)
    assume(low < held[at] < top)
    risen = held.copy()
    risen[at] = (held[at] + top) / 2
    more = Units(units.ids, units.names, units.sizes, {**units.needs, "a": Need.known(risen)})
    before = allocate(model, units, budget).exact[at]
    assert allocate(model, more, budget).exact[at] >= before


@given(cases(), st.integers(1, 99))
def test_the_guarantee_holds_and_the_sum_too(case: tuple[Model, Units, int], per_cent: int) -> None:
    model, units, budget = case
    share = Fraction(per_cent, 100)
    promised = model.model_copy(update={"guarantee": a_guarantee(share)})
    assume(sum(-int(-(t or 0) * share // 1) for t in units.today) <= budget)
    made = allocate(promised, units, budget)
    assert made.sum == budget
    assert all(k >= (t or 0) * share for k, t in zip(made.kroner, units.today, strict=True))


def a_guarantee(share: Fraction) -> Any:
    """A guarantee of a share of today."""
    from nabolag.allocation import Guarantee

    return Guarantee(share=share)


@given(cases(), st.integers(1, 8))
def test_every_year_of_a_transition_has_its_sum(case: tuple[Model, Units, int], years: int) -> None:
    model, units, budget = case
    made = allocate(model, units, budget)
    way = transition(units.ids, units.today, made.kroner, years)
    assert way.years[-1] == made.kroner
    assert [sum(year) for year in way.years] == list(way.budgets)
    assert len(way.years) == years


def test_equal_remainders_go_to_the_first_id() -> None:
    third = Fraction(100, 3)
    assert rounded([third] * 3, ["b", "a", "c"], "largest_remainder") == (33, 34, 33)
    with pytest.raises(ValueError, match="whole kroner"):
        rounded([third], ["a"], "largest_remainder")
