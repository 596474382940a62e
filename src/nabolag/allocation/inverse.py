"""The question turned round: the weights that would give these units at least this, or why none.

A linear programme: the weights nearest today's (least sum of absolute changes) that give every
named unit what is asked for it, or, where no weights do, the proof: amounts to weigh the units by,
so that what they get together falls short whatever the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from nabolag.allocation.linear import Floats, Linear, linear
from nabolag.allocation.model import Criterion, Model
from nabolag.allocation.numbers import total
from nabolag.allocation.sharing import Allocation, allocate
from nabolag.allocation.units import Units
from nabolag.core import error

#: Weights that are answered are whole parts of this, so that they can be written down and typed.
_GRID = 10**10
_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked for: kroner by unit, and whether the part shared by size may change."""

    least: Mapping[str, int]
    size_may_change: bool = True


@dataclass(frozen=True, slots=True)
class Proof:
    """Why no weights do. `alone` are units that cannot get it whatever the weights: unit → most.

    `together` weighs the units (1 in all): with these weights they ask for `asked` kroner and get
    at most `most`, whatever the criteria's weights. `short` is how little each lacks at the weights
    that come nearest to everybody's wish.
    """

    alone: Mapping[str, int]
    together: Mapping[str, float]
    asked: float
    most: float
    short: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Inverse:
    """The answer: weights by name (`size` and the criteria), the model with them, what it gives."""

    weights: Mapping[str, Fraction]
    before: Mapping[str, Fraction]
    allocation: Allocation | None
    proof: Proof | None

    @property
    def possible(self) -> bool:
        """Tell whether some weights do."""
        return self.proof is None


def weights_for(model: Model, units: Units, budget: int, demand: Demand) -> Inverse:
    """Find the weights nearest the model's that give units at least what is asked for them.

    The guarantee is left out of the question. Raises `UserError` for units that are not there and
    for what `linear` refuses.
    """
    _check(units, demand)
    plain = model.model_copy(update={"guarantee": None, "rounding": "largest_remainder"})
    held = linear(plain, units, budget)
    before = dict(zip(held.names, _exact_weights(plain), strict=True))
    asked = _Asked.of(held, demand)
    found = asked.nearest()
    if found is None:
        return Inverse({}, before, None, asked.proof())
    weights = dict(zip(held.names, _on_grid(found, before, demand), strict=True))
    made = allocate(with_weights(plain, weights), units, budget)
    return Inverse(weights, before, made, None)


def _check(units: Units, demand: Demand) -> None:
    lost = [unit for unit in demand.least if unit not in units.ids]
    if lost:
        raise error("allocation_unit_unknown", units=", ".join(lost))
    if not demand.least:
        raise error("allocation_nothing_asked")


def with_weights(model: Model, weights: Mapping[str, Fraction]) -> Model:
    """Return a model of one pot with other weights: of size, and of each criterion."""
    pot = model.pots[0]
    by_need = 1 - weights["size"]

    def of(one: Criterion) -> Criterion:
        share = weights[one.id] / by_need if by_need else one.weight
        return one.model_copy(update={"weight": share})

    criteria = tuple(of(one) for one in pot.criteria)
    changed = pot.model_copy(update={"pupils": weights["size"], "criteria": criteria})
    return model.model_copy(update={"pots": (changed,)})


def _exact_weights(model: Model) -> list[Fraction]:
    pot = model.pots[0]
    return [pot.pupils, *(pot.by_need * weight for weight in pot.weights)]


def _on_grid(found: Floats, before: Mapping[str, Fraction], demand: Demand) -> list[Fraction]:
    """Return weights as whole parts of the grid, adding up to 1; the largest takes the rest."""
    parts = [Fraction(round(float(one) * _GRID), _GRID) for one in found]
    if not demand.size_may_change:
        parts[0] = before["size"]
    first = 0 if demand.size_may_change else 1
    most = max(range(first, len(parts)), key=lambda k: parts[k])
    parts[most] += 1 - total(parts)
    return parts


@dataclass(frozen=True)
class _Asked:
    """Rows of a linear programme: `rows @ weights ≥ wanted`, and how weights may move."""

    held: Linear
    units: tuple[str, ...]
    rows: Floats
    wanted: Floats
    margin: float
    fixed_size: bool
    asked_for: Floats

    @classmethod
    def of(cls, held: Linear, demand: Demand) -> _Asked:
        units = tuple(demand.least)
        at = [held.ids.index(unit) for unit in units]
        wanted = np.array([demand.least[unit] for unit in units], dtype=np.float64)
        wanted = wanted - held.fixed[at]
        # A krone may be lost in rounding, and a little where weights are put on the grid.
        margin = 1 + held.left / _GRID * len(held.weights)
        if held.raw is None:
            return cls(held, units, held.left * held.shares[at], wanted, margin,
                       not demand.size_may_change, wanted)  # fmt: skip
        return cls(held, units, *_index_rows(held, at, wanted), margin, True, wanted)

    def nearest(self) -> Floats | None:
        """Return the weights nearest today's that do, first with a margin for whole kroner."""
        for margin in (self.margin, 0.0):
            answer = self._solve(margin)
            if answer is not None:
                return answer
        return None

    def _solve(self, margin: float) -> Floats | None:
        count = len(self.held.weights)
        same, none = np.eye(count), np.zeros(count)
        # Variables: weights, and how far each has gone up and down from today's.
        answer = _programme(
            cost=np.concatenate([none, np.ones(2 * count)]),
            least=np.hstack([self.rows, np.zeros((len(self.rows), 2 * count))]),
            wanted=self.wanted + margin * self._scale(),
            same=np.vstack([np.hstack([same, -same, same]), self._whole(2 * count)]),
            values=np.concatenate([self.held.weights, [1.0]]),
            bounds=[*self._bounds(), *[(0, None)] * (2 * count)],
        )
        return None if answer is None else np.asarray(answer.x[:count])

    def _scale(self) -> Floats:
        """Return what a krone is in each row: 1, or what an index divides by."""
        return np.ones(len(self.rows)) if self.held.raw is None else _index_whole(self.held)

    def _whole(self, more: int) -> Floats:
        return np.concatenate([np.ones(len(self.held.weights)), np.zeros(more)])[None, :]

    def _bounds(self) -> list[tuple[float, float | None]]:
        size = float(self.held.weights[0])
        first: tuple[float, float | None] = (size, size) if self.fixed_size else (0, None)
        return [first, *[(0.0, None)] * (len(self.held.weights) - 1)]

    def proof(self) -> Proof:
        """Return why no weights do: each unit alone, and units weighed together."""
        if self.held.raw is not None:
            return self._of_shares().proof()
        count, asked = len(self.held.weights), len(self.rows)
        least = np.hstack([self.rows, np.eye(asked)])
        answer = _programme(
            cost=np.concatenate([np.zeros(count), np.ones(asked)]),
            least=least,
            wanted=self.wanted,
            same=self._whole(asked),
            values=np.ones(1),
            bounds=[*self._bounds(), *[(0, None)] * asked],
        )
        if answer is None:
            raise error("allocation_inverse_unsolved")
        weighed = np.maximum(-answer.ineqlin.marginals, 0)
        weighed = weighed / weighed.sum() if weighed.sum() else np.full(asked, 1 / asked)
        short = self.wanted - self.rows @ answer.x[:count]
        return Proof(
            alone=self._alone(),
            together={u: float(y) for u, y in zip(self.units, weighed, strict=True) if y > 1e-9},
            asked=float(weighed @ (self.wanted + self._fixed())),
            most=float(self._most(weighed @ self.rows) + weighed @ self._fixed()),
            short={u: round(s) for u, s in zip(self.units, short, strict=True) if s > 0.5},
        )

    def _of_shares(self) -> _Asked:
        """Return the same wish of an index, whose weights give a mixture of its criteria's shares.

        Which mixtures there are does not depend on what the weights are called.
        """
        at = self._at()
        plain = replace(self.held, raw=None)
        return _Asked(plain, self.units, plain.left * plain.shares[at], self.asked_for, self.margin,
                      True, self.asked_for)  # fmt: skip

    def _at(self) -> list[int]:
        return [self.held.ids.index(unit) for unit in self.units]

    def _fixed(self) -> Floats:
        return np.asarray(self.held.fixed[self._at()])

    def _most(self, row: Floats) -> float:
        """Return the most a row of kroner can come to: all that may move on its best weight."""
        if not self.fixed_size:
            return float(row.max())
        size = self.held.weights[0]
        return float(row[0] * size + (1 - size) * row[1:].max())

    def _alone(self) -> dict[str, int]:
        found = {}
        for unit, row, wanted in zip(self.units, self.rows, self.wanted, strict=True):
            if self._most(row) < wanted - _TOLERANCE * max(1.0, abs(wanted)):
                at = self.held.ids.index(unit)
                found[unit] = int(self._most_kroner(at))
        return found

    def _most_kroner(self, at: int) -> float:
        """Return the most kroner a unit can get."""
        held, size = self.held, self.held.weights[0]
        if not self.fixed_size:
            return float(held.fixed[at] + held.left * held.shares[at].max())
        need = held.shares[at, 1:].max()
        return float(held.fixed[at] + held.left * (size * held.shares[at, 0] + (1 - size) * need))


def _index_rows(held: Linear, at: list[int], wanted: Floats) -> tuple[Floats, Floats]:
    """Return rows for an index, whose shares are quotients: both sides times the divisor.

    left · (1 − p) · raw_i·w / raw·w ≥ wanted − left · p · share_i, with p the part by size, which
    an index keeps.
    """
    raw = np.zeros((1, 1)) if held.raw is None else held.raw
    size = held.weights[0]
    still = wanted - held.left * size * held.shares[at, 0]
    by_need = held.left * (1 - size) * raw[at] - still[:, None] * raw.sum(axis=0)[None, :]
    return np.hstack([np.zeros((len(at), 1)), by_need]), np.zeros(len(at))


def _index_whole(held: Linear) -> Floats:
    raw = np.zeros((1, 1)) if held.raw is None else held.raw
    return np.asarray([raw.sum(axis=0) @ held.weights[1:]])


def _programme(
    *,
    cost: Floats,
    least: Floats,
    wanted: Floats,
    same: Floats,
    values: Floats,
    bounds: list[tuple[float, float | None]],
) -> Any:
    """Solve min cost·x with least·x ≥ wanted and same·x = values; `None` where nothing does."""
    from scipy.optimize import linprog  # noqa: PLC0415

    scale = np.maximum(np.abs(least).max(axis=1), 1e-300)
    answer = linprog(
        cost, A_ub=-least / scale[:, None], b_ub=-wanted / scale, A_eq=same, b_eq=values,
        bounds=bounds, method="highs",
    )  # fmt: skip
    if answer.status != 0:
        return None
    answer.ineqlin.marginals = answer.ineqlin.marginals / scale
    return answer
