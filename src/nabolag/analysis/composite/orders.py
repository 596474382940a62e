"""Ranks and moments along the last axis, for one table or thousands of redrawn ones at once.

Figures that are not known (NaN) are ranked by nobody, and count in no mean.
"""

from __future__ import annotations

import numpy as np

from nabolag.analysis.arrays import Bools, Floats, Ints

#: Scores are told apart to so many decimals: what lies closer is noise of the arithmetic.
_DECIMALS = 10


def steady(x: Floats) -> Floats:
    """Return figures without the noise of arithmetic, so that what is equal ties."""
    rounded: Floats = np.round(x, _DECIMALS)
    return rounded


def below_and_upto(x: Floats) -> tuple[Floats, Floats]:
    """Return how many figures of its own row are below each figure, and how many up to it.

    Of a figure that is not known, both are NaN.
    """
    order = np.argsort(x, axis=-1)
    ordered = np.take_along_axis(x, order, axis=-1)
    at = np.broadcast_to(np.arange(x.shape[-1], dtype=np.int64), x.shape)
    differs = ordered[..., 1:] != ordered[..., :-1]
    edge = np.ones((*x.shape[:-1], 1), dtype=bool)
    starts = np.concatenate([edge, differs], axis=-1)
    ends = np.concatenate([differs, edge], axis=-1)
    first = np.maximum.accumulate(np.where(starts, at, 0), axis=-1)
    last = np.where(ends, at + 1, x.shape[-1])
    last = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
    return _placed(first, order, x), _placed(last, order, x)


def _placed(ordered: Ints, order: Ints, x: Floats) -> Floats:
    found = np.empty(x.shape)
    np.put_along_axis(found, order, ordered, axis=-1)
    found[np.isnan(x)] = np.nan
    return found


def among(x: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Return how many of `others` are below each figure, and how many up to it, row by row.

    `others` (rows × areas) is one table; `x` may be many tables of as many rows.
    """
    below, upto = np.empty(x.shape), np.empty(x.shape)
    for row, other in enumerate(others):
        held = np.sort(other[np.isfinite(other)])
        below[..., row, :] = np.searchsorted(held, x[..., row, :], side="left")
        upto[..., row, :] = np.searchsorted(held, x[..., row, :], side="right")
    unknown = np.isnan(x)
    below[unknown] = upto[unknown] = np.nan
    return below, upto


def places(score: Floats) -> Ints:
    """Return places along the last axis: 1 is the highest score, equals share one, 0 is none."""
    below, _ = below_and_upto(-score)
    found: Ints = np.where(np.isnan(below), 0, below + 1).astype(np.int32)
    return found


def known_mean(x: Floats, known: Bools) -> Floats:
    """Return means of the known figures, with the last axis kept; NaN where there is none."""
    count = known.sum(axis=-1, keepdims=True)
    total = np.where(known, x, 0.0).sum(axis=-1, keepdims=True)
    found: Floats = total / np.where(count > 0, count, np.nan)
    return found


def known_spread(x: Floats, known: Bools) -> Floats:
    """Return standard deviations (n − 1) of the known figures, with the last axis kept."""
    away = np.where(known, x - known_mean(x, known), 0.0)
    count = known.sum(axis=-1, keepdims=True)
    found: Floats = np.sqrt((away * away).sum(axis=-1, keepdims=True) / np.maximum(count - 1, 1))
    return found


def lowest_and_highest(x: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the known figures, with the last axis kept; NaN where there is none."""
    known = np.isfinite(x)
    some = known.any(axis=-1, keepdims=True)
    low = np.where(known, x, np.inf).min(axis=-1, keepdims=True)
    high = np.where(known, x, -np.inf).max(axis=-1, keepdims=True)
    return np.where(some, low, np.nan), np.where(some, high, np.nan)
