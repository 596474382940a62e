"""Every choice made otherwise, again and again: how far places move, and what moves them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.composite.aggregating import Aggregation
from nabolag.analysis.composite.normalising import Normalisation

#: What is drawn again, in the order of the columns of a plan.
FACTORS = ("scale", "join", "weights", "left_out", "chance")


@dataclass(frozen=True, slots=True)
class Choices:
    """What could have been otherwise: scales, ways to join, weights up to `shift` more or less."""

    scales: Sequence[Normalisation]
    joins: Sequence[Aggregation]
    shift: float
    needed: int


@dataclass(frozen=True, slots=True)
class Redrawn:
    """Places in every draw (draws × areas, 1 is the highest score, 0 not placed).

    `importance` gives for each factor its first-order and total share of the variance of how far
    places move on average (Sobol; estimators of Saltelli 2010 and Jansen 1999).
    """

    places: Ints
    importance: Mapping[str, tuple[float, float]]

    @property
    def low(self) -> Ints:
        """The place that one draw in twenty is before."""
        return self._quantile(0.05)

    @property
    def high(self) -> Ints:
        """The place that one draw in twenty is after."""
        return self._quantile(0.95)

    def share_among(self, top: int) -> Floats:
        """Return in which share of the draws each area is among the first."""
        among: Floats = ((self.places > 0) & (self.places <= top)).mean(axis=0)
        return among

    def _quantile(self, at: float) -> Ints:
        found: Ints = np.quantile(self.places, at, axis=0, method="nearest").astype(np.int64)
        return found


def redrawn(
    figures: Floats, errors: Floats, weights: Floats, choices: Choices, draws: int, seed: int
) -> Redrawn:
    """Draw the index again. `figures` and `errors` are areas × indicators, high is worse.

    One plan of uniform numbers serves both: its first two blocks are the draws that places are
    taken from, and with one factor exchanged at a time they give each factor's share.
    """
    chance = np.random.default_rng(seed)
    base = max(draws // (len(FACTORS) + 2), 16)
    one, other = chance.random((2, base, len(FACTORS)))
    model = _Model(figures, np.nan_to_num(errors), weights, choices)
    plain = model.places(np.full(len(FACTORS), np.nan))
    plans = [one, other]
    for factor in range(len(FACTORS)):
        mixed = one.copy()
        mixed[:, factor] = other[:, factor]
        plans.append(mixed)
    places = [np.array([model.places(row) for row in plan]) for plan in plans]
    moved = [np.abs(block - plain).mean(axis=1) for block in places]
    importance = dict(zip(FACTORS, shares_of_variance(moved[0], moved[1], moved[2:]), strict=True))
    return Redrawn(np.concatenate(places), importance)


def shares_of_variance(
    one: Floats, other: Floats, mixed: Sequence[Floats]
) -> list[tuple[float, float]]:
    """Return each factor's first-order share of the variance (Saltelli 2010), and total (Jansen).

    `one` and `other` are the answers of two independent plans, `mixed` those of the first plan
    with one factor each taken from the second. Without variance every share is 0.
    """
    whole = float(np.concatenate([one, other]).var())
    if whole == 0:
        return [(0.0, 0.0)] * len(mixed)
    found = []
    for own in mixed:
        first = ((other - other.mean()) * (own - one)).mean() / whole
        total = ((one - own) ** 2).mean() / (2 * whole)
        found.append((float(np.clip(first, 0, 1)), float(np.clip(total, 0, 1))))
    return found


@dataclass(frozen=True, slots=True)
class _Model:
    """The index as a function of uniform numbers; NaN leaves a factor as it is declared."""

    figures: Floats
    errors: Floats
    weights: Floats
    choices: Choices

    def places(self, row: Floats) -> Ints:
        """Return every area's place."""
        plain = bool(np.isnan(row).any())
        u = np.nan_to_num(row)
        scale = self.choices.scales[int(u[0] * len(self.choices.scales))]
        join = self.choices.joins[int(u[1] * len(self.choices.joins))]
        weights = self.weights.copy()
        if not plain:
            weights = weights * self._shifts(u[2])
            weights = np.where(np.arange(len(weights)) == self._left_out(u[3]), 0.0, weights)
        x = self.figures if plain else self.figures + self.errors * self._noise(u[4])
        return _placed(_score(_SCALES[scale](x), weights, join, self.choices.needed))

    def _shifts(self, u: float) -> Floats:
        stream = np.random.default_rng(int(u * 2**53))
        return 1 + self.choices.shift * stream.uniform(-1, 1, len(self.weights))

    def _left_out(self, u: float) -> int:
        """Return which indicator is left out; the last choice is none."""
        return int(u * (len(self.weights) + 1))

    def _noise(self, u: float) -> Floats:
        return np.random.default_rng(int(u * 2**53)).standard_normal(self.figures.shape)


def _percent_ranks(x: Floats) -> Floats:
    """Return ranks of whole columns as shares; ties in the order they stand, unknown unknown."""
    known = np.isfinite(x)
    order = np.argsort(np.where(known, x, np.inf), axis=0, kind="stable")
    ranks = np.empty_like(x)
    np.put_along_axis(ranks, order, np.arange(1.0, len(x) + 1)[:, None], axis=0)
    count = np.maximum(known.sum(axis=0), 2)
    return np.where(known, (ranks - 1) / (count - 1), np.nan)


def _z(x: Floats) -> Floats:
    known = np.isfinite(x)
    count = np.maximum(known.sum(axis=0), 2)
    filled = np.where(known, x, 0.0)
    mean = filled.sum(axis=0) / count
    spread = np.sqrt((np.where(known, x - mean, 0.0) ** 2).sum(axis=0) / (count - 1))
    standard: Floats = (x - mean) / np.where(spread > 0, spread, 1.0)
    return standard


def _minmax(x: Floats) -> Floats:
    known = np.isfinite(x)
    low = np.where(known, x, np.inf).min(axis=0)
    high = np.where(known, x, -np.inf).max(axis=0)
    between: Floats = (x - low) / np.where(high > low, high - low, 1.0)
    return between


#: Whole tables at once; scales that only stretch another one place areas alike.
_SCALES: Mapping[Normalisation, Callable[[Floats], Floats]] = {
    "percent_rank": _percent_ranks,
    "rank": _percent_ranks,
    "exponential": lambda x: -np.log(1 - 0.99 * _percent_ranks(x)),
    "z": _z,
    "minmax": _minmax,
    "log": _z,
}


def _score(scaled: Floats, weights: Floats, join: Aggregation, needed: int) -> Floats:
    known = np.isfinite(scaled)
    weight = np.where(known, weights, 0.0)
    total = np.where(weight.sum(axis=1) > 0, weight.sum(axis=1), np.nan)
    if join == "geometric":
        # Half a range above 0, so that the mean exists and the lowest figure does not rule alone.
        low, high = np.nanmin(scaled, axis=0), np.nanmax(scaled, axis=0)
        lifted = scaled - low + np.where(high > low, (high - low) / 2, 1.0)
        mean = np.exp((weight * np.log(np.where(known, lifted, 1.0))).sum(axis=1) / total)
    else:
        mean = (weight * np.where(known, scaled, 0.0)).sum(axis=1) / total
    return np.where(known.sum(axis=1) >= needed, mean, np.nan)


def _placed(score: Floats) -> Ints:
    known = np.isfinite(score)
    order = np.argsort(np.where(known, -score, np.inf), kind="stable")
    places = np.empty(len(score), dtype=np.int64)
    places[order] = np.arange(1, len(score) + 1)
    return np.where(known, places, 0)
