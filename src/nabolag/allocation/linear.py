"""A model as arrays of floats, for many weights at once. Never what is paid: that is exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nabolag.allocation.model import Model, Pot
from nabolag.allocation.numbers import total
from nabolag.allocation.scores import (
    Part,
    check_units,
    criterion_scores,
    index_parts,
    refuse_unknown,
)
from nabolag.allocation.units import Units
from nabolag.core import error

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """One pot as arrays. `names` are the weights: `size` first, then the criteria.

    `weights` are today's, adding up to 1. `shares` is units × weights: what a unit gets of a part.
    For an index `raw` is units × criteria, not yet shares, for they depend on the weights.
    `fixed` is what units get whatever the weights, `left` what the pot has, both in kroner.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    weights: Floats
    shares: Floats
    fixed: Floats
    left: float
    raw: Floats | None = None

    def kroner(self, weights: Floats) -> Floats:
        """Return draws × units in kroner for draws × weights, each row adding up to 1."""
        if self.raw is None:
            return self.fixed + self.left * (weights @ self.shares.T)
        by_need = weights[:, 1:] @ self.raw.T
        whole = by_need.sum(axis=1, keepdims=True)
        need = by_need / np.where(whole, whole, 1)
        part = weights[:, 1:].sum(axis=1, keepdims=True)
        return np.asarray(
            self.fixed + self.left * (weights[:, :1] * self.shares[:, 0] + part * need)
        )


def linear(model: Model, units: Units, budget: int) -> Linear:
    """Return a model of one pot as arrays. Criteria count also where they have no weight today.

    Raises `UserError` for models with several pots, whose weights are not of one whole.
    """
    from nabolag.allocation.sharing import fixed_amounts, left_of  # noqa: PLC0415

    if len(model.pots) != 1:
        raise error("allocation_one_pot", pots=", ".join(pot.id for pot in model.pots))
    model.complete()
    check_units(model, units)
    pot = model.pots[0]
    _refuse_unseen(pot, units)
    refuse_unknown(model, units)
    columns, raw = _columns(pot, units)
    fixed = fixed_amounts(model, units)
    weights = [pot.pupils, *(pot.by_need * weight for weight in pot.weights)]
    return Linear(
        units.ids,
        ("size", *(one.id for one in pot.criteria)),
        np.array([float(w) for w in weights]),
        columns,
        np.array([float(total(parts)) for parts in zip(*fixed, strict=True)]),
        float(left_of(model, budget, fixed)),
        raw,
    )


def _refuse_unseen(pot: Pot, units: Units) -> None:
    """Weights of 0 may be drawn or asked for too, so every criterion's need must be known."""
    for one in pot.criteria:
        for name in one.need:
            lost = name not in units.needs or None in units.needs[name].values
            if lost:
                raise error("allocation_need_unseen", need=name)


def _columns(pot: Pot, units: Units) -> tuple[Floats, Floats | None]:
    size = Part(pot.id, "", Fraction(1), units.sizes[pot.size]).shares()
    if pot.rule == "index":
        raw = np.array([[float(x) for x in part] for part in index_parts(pot, units)]).T
        own = [_shares(raw[:, k]) for k in range(raw.shape[1])]
        return np.column_stack([np.array([float(x) for x in size]), *own]), raw
    parts = [Part(pot.id, one.id, Fraction(1), criterion_scores(pot, one, units)).shares()
             for one in pot.criteria]  # fmt: skip
    return np.array([[float(x) for x in part] for part in (size, *parts)]).T, None


def _shares(column: Floats) -> Floats:
    whole = column.sum()
    return np.asarray(column / whole if whole else column)
