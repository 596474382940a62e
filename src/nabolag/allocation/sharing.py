"""Sharing a budget by a model: exact shares, whole kroner, and every part that made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

import polars as pl

from nabolag.allocation.guarantee import raised_to
from nabolag.allocation.model import Model
from nabolag.allocation.numbers import spaced, total
from nabolag.allocation.rounding import rounded
from nabolag.allocation.scores import Part, check_units, parts_of, unknown_units
from nabolag.allocation.units import Need, Units
from nabolag.core import error

Column: TypeAlias = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a model gives each unit. `fixed` is base, rate and special amounts together (exact).

    `parts` are what the pots give, by part; `exact` the sum of all, after the guarantee where there
    is one; `kroner` the same in whole kroner.
    """

    model: Model
    units: Units
    budget: int
    base: tuple[Fraction, ...]
    per_pupil: tuple[Fraction, ...]
    special: tuple[Fraction, ...]
    parts: Mapping[str, tuple[Fraction, ...]]
    exact: tuple[Fraction, ...]
    kroner: tuple[int, ...]

    @property
    def before_guarantee(self) -> tuple[Fraction, ...]:
        """What each unit would get without the guarantee."""
        every = (self.base, self.per_pupil, self.special, *self.parts.values())
        return tuple(map(total, zip(*every, strict=True)))

    @property
    def sum(self) -> int:
        """What all units get together."""
        return sum(self.kroner)

    @property
    def difference(self) -> tuple[int | None, ...]:
        """What each unit gets more than today, `None` where today is not known."""
        today = self.units.today or (None,) * len(self.units)
        return tuple(None if t is None else k - t for k, t in zip(self.kroner, today, strict=True))

    @property
    def table(self) -> pl.DataFrame:
        """One row a unit: size, every part in kroner (not rounded), what it gets, and today."""
        units = self.units
        frame = {
            "unit": list(units.ids),
            "name": list(units.names),
            "size": [float(x) for x in units.sizes[self.model.size]],
            "base": [float(x) for x in self.base],
            "per_pupil": [float(x) for x in self.per_pupil],
            "special": [float(x) for x in self.special],
            **{name: [float(x) for x in part] for name, part in self.parts.items()},
            "kroner": list(self.kroner),
            "today": list(units.today) or [None] * len(units),
            "difference": list(self.difference),
        }
        whole = {"kroner": pl.Int64, "today": pl.Int64, "difference": pl.Int64}
        return pl.DataFrame(frame, schema_overrides=whole)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most each unit may get where some needs are not known.

    An unknown need is taken to lie between the lowest and the highest known one. `unknown` names
    the units by need.
    """

    units: Units
    budget: int
    low: tuple[int, ...]
    high: tuple[int, ...]
    unknown: Mapping[str, tuple[str, ...]]

    @property
    def table(self) -> pl.DataFrame:
        """One row a unit: the least, the most, and what it has today."""
        units = self.units
        today = list(units.today) or [None] * len(units)
        held = {"unit": list(units.ids), "name": list(units.names), "low": list(self.low),
                "high": list(self.high), "today": today}  # fmt: skip
        return pl.DataFrame(held, schema_overrides={"today": pl.Int64})


def allocate(model: Model, units: Units, budget: int) -> Allocation:
    """Share whole kroner among units. The sum is the budget (see `rounding` for `nearest`).

    Raises `UserError` for a budget below what base amounts, rates and special amounts come to, for
    units whose need is not known, and for everything else that makes the model not one to use.
    """
    parts = parts_of(model, units)
    fixed = fixed_amounts(model, units)
    left = left_of(model, budget, fixed)
    given = {part.id: tuple(share * left * part.weight for share in part.shares())
             for part in parts}  # fmt: skip
    base, rate, special = fixed
    exact = tuple(map(total, zip(*fixed, *given.values(), strict=True)))
    if model.guarantee is not None:
        exact = raised_to(exact, guaranteed(model, units), budget)
    kroner = rounded(exact, units.ids, model.rounding)
    return Allocation(model, units, budget, base, rate, special, given, exact, kroner)


def fixed_amounts(model: Model, units: Units) -> tuple[Column, Column, Column]:
    """Return what units get before the pots: base amounts, rates times size, special amounts."""
    none = (0,) * len(units)
    base = tuple(Fraction(model.base + own) for own in units.base or none)
    rate = tuple(model.per_pupil * many for many in units.sizes[model.size])
    return base, rate, tuple(map(Fraction, units.special or none))


def left_of(model: Model, budget: int, fixed: Sequence[Sequence[Fraction]]) -> Fraction:
    """Return what the pots have. Raises `UserError` for a budget below what comes first."""
    base, rate, special = map(total, fixed)
    left = budget - base - rate - special
    if left < 0:
        parts = {"base": base, "rate": rate, "special": special, "short": -left}
        told = {name: spaced(value) for name, value in parts.items()}
        raise error("allocation_budget_below_base", None, budget=spaced(budget), **told)
    return left


def guaranteed(model: Model, units: Units) -> tuple[int, ...]:
    """Return the kroner each unit is guaranteed, rounded up. Raises where today is not known."""
    if model.guarantee is None:
        return (0,) * len(units)
    today = units.today or (None,) * len(units)
    lost = [name for name, has in zip(units.names, today, strict=True) if has is None]
    if lost:
        raise error("allocation_guarantee_without_today", units=", ".join(lost[:8]), n=len(lost))
    share = model.guarantee.share
    return tuple(-int(-(has or 0) * share // 1) for has in today)


def bounded(model: Model, units: Units, budget: int) -> Bounds:
    """Return the least and the most each unit may get, unknown needs lying among the known.

    A unit's own unknown need moves it one way and all other units' the other, so the ends are
    reached where each unknown need is at one end. The gap rule's best unit and the index's scale
    stay what they are among the known. Not for models with a guarantee, which ties units together.
    """
    model.complete()
    check_units(model, units)
    unknown = unknown_units(model, units)
    if model.guarantee is not None:
        raise error("allocation_bounds_with_guarantee")
    if any(pot.rule == "zone" for pot in model.pots):
        raise error("allocation_bounds_of_zones")
    ends = _Ends.of(model, units, unknown, budget)
    pairs = [ends.of_unit(at) for at in range(len(units))]
    return Bounds(units, budget, tuple(low for low, _ in pairs), tuple(high for _, high in pairs),
                  unknown)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ends:
    """Scores with every unknown need at its least harmful and its most harmful end."""

    fixed: tuple[Fraction, ...]
    left: Fraction
    mild: tuple[Part, ...]
    hard: tuple[Part, ...]

    @classmethod
    def of(
        cls, model: Model, units: Units, unknown: Mapping[str, Sequence[str]], budget: int
    ) -> _Ends:
        fixed = fixed_amounts(model, units)
        low, high = (_filled(model, units, unknown, hard=hard) for hard in (False, True))
        whole = tuple(map(total, zip(*fixed, strict=True)))
        return cls(
            whole, left_of(model, budget, fixed), parts_of(model, low), parts_of(model, high)
        )

    def of_unit(self, at: int) -> tuple[int, int]:
        """Return the least and most of one unit, in whole kroner outwards."""
        low, high = self.fixed[at], self.fixed[at]
        for mild, hard in zip(self.mild, self.hard, strict=True):
            low += self.left * mild.weight * _share(mild, hard, at)
            high += self.left * mild.weight * _share(hard, mild, at)
        return int(low // 1), -int(-high // 1)


def _share(own: Part, others: Part, at: int) -> Fraction:
    """Return a unit's share with its own score from one end and all others' from the other."""
    score = own.scores[at]
    whole = total(others.scores) - others.scores[at] + score
    return score / whole if whole else Fraction(0)


def _filled(
    model: Model, units: Units, unknown: Mapping[str, Sequence[str]], *, hard: bool
) -> Units:
    """Return units with each unknown need at one end of what is known."""
    worse = {name: c.worse for pot in model.pots for c in pot.criteria for name in c.need}
    needs = dict(units.needs)
    for name in unknown:
        need = units.needs[name]
        held = [value for value in need.values if value is not None]
        if not held:
            raise error("allocation_need_nowhere", need=name)
        end = max(held) if hard == (worse[name] == "high") else min(held)
        values = tuple(end if value is None else value for value in need.values)
        needs[name] = Need(values, need.statuses, need.measure)
    return replace(units, needs=needs)
