"""From several columns to one: ways to join them, and weights that follow from the columns."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from nabolag.analysis.arrays import Bools, Floats
from nabolag.analysis.composite.orders import lowest_and_highest, steady
from nabolag.analysis.composite.refusing import CannotError

Aggregation: TypeAlias = Literal["arithmetic", "geometric", "harmonic", "copeland", "sum"]
#: Fewest areas with every column known that a principal component is taken of.
_FEWEST = 4


def joined(x: Floats, weights: Floats, how: Aggregation, lift: float | None = None) -> Floats:
    """Return one column of several (… × m × areas), by weights (… × m) of any sum.

    Means are over what is known, by its weights; a sum is known where all of it is. `copeland`
    counts for every other area whether the weighted majority of columns is for this one (+1) or
    against (−1); areas that lack a column are not compared in it. Geometric and harmonic means
    raise `CannotError` where a column is not above 0; with `lift`, each column is first moved so
    that its lowest figure stands that part of its range above 0.
    """
    known = np.isfinite(x) & (weights > 0)[..., None]
    if how == "copeland":
        return np.where(known.any(axis=-2), _copeland(x, weights, known), np.nan)
    if how in ("geometric", "harmonic"):
        if lift is not None:
            x = _lifted(x, lift)
        elif (x[known] <= 0).any():
            raise CannotError("index_mean_of_nothing", step=how)
    weight = np.where(known, weights[..., None], 0.0)
    filled = np.where(known, x, 1.0)
    if how == "sum":
        whole = (known | (weights <= 0)[..., None]).all(axis=-2)
        return np.where(whole, steady((weight * filled).sum(axis=-2)), np.nan)
    return _mean(filled, weight, how)


def _mean(filled: Floats, weight: Floats, how: Aggregation) -> Floats:
    total = weight.sum(axis=-2)
    whole = np.where(total > 0, total, np.nan)
    match how:
        case "arithmetic":
            found = (weight * filled).sum(axis=-2) / whole
        case "geometric":
            found = np.exp((weight * np.log(filled)).sum(axis=-2) / whole)
        case _:
            found = whole / (weight / filled).sum(axis=-2)
    return steady(found)


def _lifted(x: Floats, lift: float) -> Floats:
    low, high = lowest_and_highest(x)
    spread = high - low
    found: Floats = x - low + lift * np.where(spread > 0, spread, 1.0)
    return found


def _copeland(x: Floats, weights: Floats, known: Bools) -> Floats:
    n = x.shape[-1]
    balance = np.zeros((*x.shape[:-2], n, n))
    for at in range(x.shape[-2]):
        own, held = x[..., at, :], known[..., at, :]
        both = held[..., :, None] & held[..., None, :]
        away = np.where(both, own[..., :, None] - own[..., None, :], 0.0)
        balance += weights[..., at, None, None] * np.sign(away)
    found: Floats = np.sign(steady(balance)).sum(axis=-1)
    return found


def principal_weights(x: Floats) -> tuple[Floats, Bools]:
    """Return weights of columns (m × areas) from their first principal component, summing to 1.

    Squared loadings of standardised columns; areas with something unknown are left out. They say
    how columns vary together, not what matters: the second answer marks the columns that vary
    against the others, whose weight would be for the opposite of what they say. Raises
    `CannotError` where fewer than four areas have every column.
    """
    whole = x[:, np.isfinite(x).all(axis=0)]
    if whole.shape[1] < _FEWEST:
        raise CannotError("index_too_few_for_principal", needed=_FEWEST)
    spread = whole.std(axis=1, ddof=1)
    if (spread == 0).any():
        raise CannotError("index_without_spread", int(np.argmax(spread == 0)))
    _, vectors = np.linalg.eigh(np.corrcoef(whole))
    loadings = vectors[:, -1]
    loadings = loadings * (1.0 if (loadings**3).sum() >= 0 else -1.0)
    squared: Floats = loadings**2
    return squared / squared.sum(), loadings < 0
