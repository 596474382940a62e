"""What a scenario gives: the method is asked, and its answers are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from nabolag.allocation import (
    Allocation,
    Bounds,
    Demand,
    Inverse,
    Model,
    Sensitivity,
    Spread,
    Transition,
    Units,
    allocate,
    bounded,
    coefficient_sensitivity,
    sensitivity,
    transition,
    weights_for,
)
from nabolag.allocation.b11 import COLUMNS, b11_recomputed, table_b11
from nabolag.allocation.comparing import Moves, moves
from nabolag.allocation.scores import check_units, unknown_units
from nabolag.core import Finding, UserError
from nabolag.publish.views.money.allocation.opened import Opened
from nabolag.publish.views.money.allocation.scenario import Read, Scenario, model_of

#: Names of what a scenario is compared with, beside the reader's own.
TODAY, BY_SIZE, AS_OPENED = "i-dag", "etter-antall", "apning"


@dataclass(frozen=True, eq=False)
class Shared:
    """A scenario's answer. Exactly one of `allocation`, `bounds` and `problems` is there.

    `without` are units left out because a need of theirs is not known.
    """

    scenario: Scenario
    units: Units
    allocation: Allocation | None = None
    bounds: Bounds | None = None
    problems: tuple[Finding, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Computed:
    """Everything a page shows of a scenario. `before` are the amounts it is compared with."""

    shared: Shared
    against: str
    before: tuple[int | None, ...]
    moves: Moves | None
    saved: Mapping[str, Shared]
    spread: Sensitivity | None = None
    spread_problem: Finding | None = None
    years: Transition | None = None
    inverse: Inverse | None = None
    inverse_problem: Finding | None = None
    uncertain: Sensitivity | None = None
    uncertain_problem: Finding | None = None


def share(found: Opened, scenario: Scenario) -> Shared:
    """Share by a scenario; what is wrong with it is told, not raised."""
    units = found.units.chosen([u for u in found.units.ids if u not in scenario.left_out])
    try:
        model = model_of(scenario, found)
        check_units(model, units)
        lost = {unit for every in unknown_units(model, units).values() for unit in every}
        if scenario.unknown == "out" and lost:
            kept = units.chosen([u for u in units.ids if u not in lost])
            without = tuple(u for u in units.ids if u in lost)
            return Shared(scenario, kept, allocate(model, kept, scenario.budget), without=without)
        if scenario.unknown == "bounds" and lost:
            return Shared(scenario, units, bounds=bounded(model, units, scenario.budget))
        return Shared(scenario, units, allocate(model, units, scenario.budget))
    except UserError as wrong:
        return Shared(scenario, units, problems=wrong.findings)


def compute(found: Opened, read: Read, opening: Scenario) -> Computed:
    """Return everything a page shows. `opening` is the scenario the page opens with."""
    shared = share(found, read.scenario)
    saved = {name: share(found, one) for name, one in read.saved.items()}
    against = _against(found, read, saved)
    before = _before(found, shared, saved, opening, against)
    made = shared.allocation
    if made is None:
        return Computed(shared, against, before, None, saved)
    inverse, problem = _turned_round(found, made, read)
    spread, unspread = _spread(made, read.reach)
    return Computed(
        shared, against, before, moves(made.units.ids, before, made.kroner), saved,
        spread, unspread, _years(made, before, read.years), inverse, problem,
        *_uncertain(found, made, read),
    )  # fmt: skip


def _against(found: Opened, read: Read, saved: Mapping[str, Shared]) -> str:
    known = [*([TODAY] if found.has_today else []), AS_OPENED, BY_SIZE, *saved]
    return read.against if read.against in known else known[0]


def _before(
    found: Opened, shared: Shared, saved: Mapping[str, Shared], opening: Scenario, against: str
) -> tuple[int | None, ...]:
    ids = shared.units.ids
    if against == TODAY:
        return shared.units.today
    if against == BY_SIZE:
        return _of_ids(ids, _by_size(shared, found))
    other = saved[against] if against in saved else share(found, opening)
    return _of_ids(ids, other.allocation)


def _by_size(shared: Shared, found: Opened) -> Allocation:
    pot = {"pupils": 1, "size": found.model.pots[0].size}
    return allocate(Model.model_validate({"pots": [pot]}), shared.units, shared.scenario.budget)


def _of_ids(ids: Sequence[str], made: Allocation | None) -> tuple[int | None, ...]:
    held = dict(zip(made.units.ids, made.kroner, strict=True)) if made else {}
    return tuple(held.get(unit) for unit in ids)


def _spread(made: Allocation, reach: str) -> tuple[Sensitivity | None, Finding | None]:
    spread = Spread(reach=reach)  # type: ignore[arg-type]
    try:
        return sensitivity(made.model, made.units, made.budget, spread), None
    except UserError as wrong:
        return None, wrong.findings[0]


def _years(made: Allocation, before: Sequence[int | None], years: int) -> Transition | None:
    if years < 2 or None in before:
        return None
    return transition(made.units.ids, before, made.kroner, years)


def _turned_round(
    found: Opened, made: Allocation, read: Read
) -> tuple[Inverse | None, Finding | None]:
    """Look for weights among every need on the page, also those that weigh nothing now."""
    if not read.wishes:
        return None, None
    try:
        model = model_of(read.scenario, found, every=True)
        return weights_for(model, made.units, made.budget, Demand(read.wishes)), None
    except UserError as wrong:
        return None, wrong.findings[0]


def _uncertain(
    found: Opened, made: Allocation, read: Read
) -> tuple[Sensitivity | None, Finding | None]:
    """Share by the coefficients that are given instead of by points, and say how far they reach."""
    if not read.coefficients:
        return None, None
    points = {name: Fraction(int(name in read.coefficients)) for name in read.scenario.points}
    try:
        model = model_of(replace(read.scenario, points=points), found)
        told = coefficient_sensitivity(model, made.units, made.budget, read.coefficients, Spread())
    except UserError as wrong:
        return None, wrong.findings[0]
    return told, None


@lru_cache(maxsize=1)
def b11_agreement() -> tuple[int, int]:
    """Return how many of table B11's printed amounts are computed to the krone, and of how many."""
    table, made = table_b11(), b11_recomputed()
    same = sum(
        printed == computed
        for column in COLUMNS
        for printed, computed in zip(table[column], made[column].kroner, strict=True)
    )
    return same, table.height * len(COLUMNS)
