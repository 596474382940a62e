"""From several columns to one: weights, and ways to put together."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from nabolag.analysis.arrays import Floats

Aggregation: TypeAlias = Literal["arithmetic", "geometric", "harmonic", "copeland"]


class CannotAggregateError(ValueError):
    """Columns that cannot be put together so; the message is the code that says why."""


def aggregated(x: Floats, weights: Floats, how: Aggregation, needed: int = 1) -> Floats:
    """Return one column of several (areas × columns), by weights that need not add up to 1.

    An area with fewer than `needed` known columns is not known; else its mean is over those that
    are known, with their weights. `copeland` counts for every other area whether the weighted
    majority of columns is for this one (+1) or against (−1); areas that lack a column are not
    compared in it. Geometric and harmonic means raise `CannotAggregateError` where a column is
    not above 0.
    """
    known = np.isfinite(x)
    enough = known.sum(axis=1) >= max(needed, 1)
    if how == "copeland":
        return np.where(enough, _copeland(x, weights), np.nan)
    if how != "arithmetic" and (x[known] <= 0).any():
        raise CannotAggregateError("index_mean_of_nothing")
    weight = np.where(known, weights, 0.0)
    total = weight.sum(axis=1)
    filled = np.where(known, x, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        match how:
            case "arithmetic":
                found = (weight * filled).sum(axis=1) / total
            case "geometric":
                found = np.exp((weight * np.log(filled)).sum(axis=1) / total)
            case _:
                found = total / (weight / filled).sum(axis=1)
    return np.where(enough & (total > 0), found, np.nan)


def _copeland(x: Floats, weights: Floats) -> Floats:
    n = len(x)
    balance = np.zeros((n, n))
    for column, weight in zip(x.T, weights, strict=True):
        both = np.isfinite(column)[:, None] & np.isfinite(column)[None, :]
        away = np.sign(np.where(both, column[:, None] - column[None, :], 0.0))
        balance += weight * away
    found: Floats = np.sign(balance).sum(axis=1)
    return found


def principal_weights(x: Floats) -> Floats:
    """Return weights from the first principal component of standardised columns, summing to 1.

    Squared loadings; areas with something unknown are left out. Weights say how columns vary
    together, not what matters.
    """
    whole = x[np.isfinite(x).all(axis=1)]
    standard = (whole - whole.mean(axis=0)) / whole.std(axis=0, ddof=1)
    _, vectors = np.linalg.eigh(np.cov(standard.T))
    squared: Floats = vectors[:, -1] ** 2
    shares: Floats = squared / squared.sum()
    return shares
