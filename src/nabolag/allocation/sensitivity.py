"""How far the kroner move when weights, or the coefficients behind them, could be otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from nabolag.allocation.linear import Floats, Linear, linear
from nabolag.allocation.model import Model
from nabolag.allocation.units import Units
from nabolag.core import error

#: How tightly weights are drawn around the chosen ones: a Dirichlet distribution whose parameters
#: are the weights times this, or, for `any`, all 1, so that every set of weights is as likely.
_CONCENTRATION = {"near": 200.0, "around": 40.0}


@dataclass(frozen=True, slots=True)
class Spread:
    """Which other weights are tried, how many, by which seed, and how wide the interval is."""

    reach: Literal["near", "around", "any"] = "around"
    draws: int = 1000
    seed: int = 1
    confidence: float = 0.9

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.draws < 2 or not 0 < self.confidence < 1 or self.seed < 0:
            raise error("allocation_spread")

    @property
    def ends(self) -> tuple[float, float]:
        """The two percentages between which the interval lies."""
        tail = 50 * (1 - self.confidence)
        return tail, 100 - tail


@dataclass(frozen=True)
class Sensitivity:
    """Kroner by unit: with the weights themselves, and the interval over all draws.

    `gains` is the share of draws in which a unit gets more than today, not a number where today is
    not known. `clipped` is the share of drawn coefficients that were below zero and counted as 0.
    """

    ids: tuple[str, ...]
    chosen: Floats
    low: Floats
    middle: Floats
    high: Floats
    gains: Floats
    draws: int
    clipped: float = 0.0

    @property
    def table(self) -> pl.DataFrame:
        """One row a unit."""
        columns = {"chosen": self.chosen, "low": self.low, "middle": self.middle, "high": self.high}
        whole = {name: column.round().astype(np.int64) for name, column in columns.items()}
        gains = pl.Series(self.gains).fill_nan(None)
        return pl.DataFrame({"unit": list(self.ids), **whole, "gains": gains})


def sensitivity(model: Model, units: Units, budget: int, spread: Spread) -> Sensitivity:
    """Return what units get over many draws of the weights (size and criteria alike).

    The guarantee is not part of it. Raises `UserError` as `linear` does.
    """
    held = linear(model, units, budget)
    rng = np.random.default_rng(spread.seed)
    return _over(held, units, drawn_weights(held.weights, spread, rng), spread)


def drawn_weights(weights: Floats, spread: Spread, rng: np.random.Generator) -> Floats:
    """Return draws × weights, each row adding up to 1. What has no weight keeps none, but `any`."""
    if spread.reach == "any":
        return rng.dirichlet(np.ones(len(weights)), spread.draws)
    drawn = np.zeros((spread.draws, len(weights)))
    used = weights > 0
    around = weights[used] * _CONCENTRATION[spread.reach]
    drawn[:, used] = rng.dirichlet(around, spread.draws)
    return drawn


def coefficient_sensitivity(
    model: Model,
    units: Units,
    budget: int,
    coefficients: Mapping[str, tuple[float, float]],
    spread: Spread,
) -> Sensitivity:
    """Return what units get when the criteria's weights follow uncertain coefficients.

    `coefficients` give each criterion's kroner for one more of its need, and the standard error of
    that. A criterion's weight is its coefficient times its score over all units; the part shared by
    size is what the model says. Coefficients are drawn from normal distributions, each by itself;
    one below zero counts as 0, and `clipped` says how often. Coefficients are associations; what
    they would cost is not what needs cause.
    """
    held = linear(model, units, budget)
    names = held.names[1:]
    if set(coefficients) != set(names):
        raise error("allocation_coefficients", given=", ".join(coefficients),
                    known=", ".join(names))  # fmt: skip
    given = np.array([coefficients[name] for name in names], dtype=np.float64)
    if (given[:, 0] < 0).any() or (given[:, 1] < 0).any() or not given[:, 0].any():
        raise error("allocation_coefficient_negative")
    rng = np.random.default_rng(spread.seed)
    drawn = rng.normal(given[:, 0], given[:, 1], (spread.draws, len(names)))
    clipped = float((drawn < 0).mean())
    weights = _weights_of(held, _amounts(model, units), np.maximum(drawn, 0))
    central = _weights_of(held, _amounts(model, units), given[None, :, 0])
    return _over(held, units, weights, spread, central, clipped)


def _amounts(model: Model, units: Units) -> Floats:
    from nabolag.allocation.scores import criterion_scores, index_parts  # noqa: PLC0415

    pot = model.pots[0]
    if pot.rule == "index":
        parts = index_parts(pot, units)
    else:
        parts = [criterion_scores(pot, one, units) for one in pot.criteria]
    return np.array([float(sum(part)) for part in parts])


def _weights_of(held: Linear, amounts: Floats, coefficients: Floats) -> Floats:
    by_need = 1 - held.weights[0]
    raw = coefficients * amounts
    whole = raw.sum(axis=1, keepdims=True)
    # Where every coefficient was drawn below zero, the need that is shared is today's.
    usual = held.weights[1:] / max(by_need, 1e-300)
    shares = np.where(whole > 0, raw / np.where(whole > 0, whole, 1), usual)
    return np.column_stack([np.full(len(raw), held.weights[0]), by_need * shares])


def _over(
    held: Linear,
    units: Units,
    weights: Floats,
    spread: Spread,
    central: Floats | None = None,
    clipped: float = 0.0,
) -> Sensitivity:
    kroner = held.kroner(weights)
    low, middle, high = np.percentile(kroner, [spread.ends[0], 50, spread.ends[1]], axis=0)
    chosen = held.kroner(held.weights[None, :] if central is None else central)[0]
    today = np.array([np.nan if t is None else t for t in units.today or [None] * len(units)])
    gains = np.where(np.isnan(today), np.nan, (kroner > today).mean(axis=0))
    return Sensitivity(units.ids, chosen, low, middle, high, gains, len(weights), clipped)
