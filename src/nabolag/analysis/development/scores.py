"""Scores with their uncertainty, and the line through them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.development.figures import Differences


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores by area and year, in `spread`: the areas' own size of difference.

    `score` and `error` have the shape areas × years, `parts` areas × indicators (the last year),
    `spread` one number an indicator, `known` how many indicators each area's score is made of.
    """

    score: Floats
    error: Floats
    parts: Floats
    spread: Floats
    known: Ints


@dataclass(frozen=True, slots=True)
class Lines:
    """A straight line through each area's scores: change a year, its error, years it rests on."""

    slope: Floats
    error: Floats
    years: Ints


def scores(found: Differences, needed: int, correlation: float, least: float) -> Scores:
    """Return the mean of standardised differences over the indicators known in the last year.

    Differences are measured in the areas' own spread, or in `least` of the figure they are held
    against where the spread is smaller: areas that hardly differ are not pulled apart. An indicator
    without spread, or without a single interval, parts nobody and is left out. A year
    in which one of an area's indicators is not known has no score. Errors of indicators of one
    area are taken to be correlated by `correlation`.
    """
    last = found.apart[:, :, -1]
    spread = _spread(last)
    spread = np.where(spread > 0, np.maximum(spread, least * found.against), 0.0)
    use = (spread > 0) & np.isfinite(found.errors).any(axis=(0, 2))
    standard = found.apart[:, use, :] / spread[use, None]
    errors = found.errors[:, use, :] / spread[use, None]
    own = np.isfinite(standard[:, :, -1]) & np.isfinite(errors[:, :, -1])
    known = own.sum(axis=1)
    enough = known >= min(needed, max(int(use.sum()), 1))
    whole = (np.isfinite(standard) & np.isfinite(errors)) | ~own[:, :, None]
    complete = whole.all(axis=1) & enough[:, None]
    weight = own[:, :, None]
    count = np.maximum(known, 1)[:, None]
    score = np.where(weight, standard, 0.0).sum(axis=1, where=np.isfinite(standard)) / count
    error = _joint(np.where(weight & np.isfinite(errors), errors, 0.0), correlation) / count
    parts = np.full(last.shape, np.nan)
    parts[:, use] = np.where(own, standard[:, :, -1], np.nan)
    return Scores(
        np.where(complete, score, np.nan), np.where(complete, error, np.nan), parts, spread, known
    )


def _spread(apart: Floats) -> Floats:
    """Return the root mean square of each indicator's differences, 0 where none is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        size: Floats = np.nan_to_num(np.sqrt(np.nanmean(apart**2, axis=0)))
        return size


def _joint(errors: Floats, correlation: float) -> Floats:
    """Return the standard error of a sum over axis 1 of terms whose errors are correlated."""
    squares, total = (errors**2).sum(axis=1), errors.sum(axis=1)
    joint: Floats = np.sqrt((1 - correlation) * squares + correlation * total**2)
    return joint


def lines(found: Scores, minimum: int) -> Lines:
    """Return the weighted least-squares line of each area with scores in `minimum` years.

    The error is that of the scores; where scores scatter more around the line than their errors
    say, it is raised as much (Birge's ratio). Persons stay from year to year, so that errors of
    neighbouring years are alike and the true error of a line is smaller: this is the careful side.
    """
    years = np.arange(found.score.shape[1], dtype=float)
    known = np.isfinite(found.score) & (found.error > 0)
    weight = np.where(known, 1.0 / np.where(known, found.error, 1.0) ** 2, 0.0)
    value = np.where(known, found.score, 0.0)
    total = weight.sum(axis=1)
    safe = np.where(total > 0, total, 1.0)
    middle = (weight * years).sum(axis=1) / safe
    away = np.where(known, years - middle[:, None], 0.0)
    across = (weight * away**2).sum(axis=1)
    count = known.sum(axis=1)
    fits = (count >= minimum) & (across > 0)
    slope = (weight * away * value).sum(axis=1) / np.where(fits, across, 1.0)
    level = (weight * value).sum(axis=1) / safe
    left = np.where(known, value - level[:, None] - slope[:, None] * away, 0.0)
    scatter = (weight * left**2).sum(axis=1) / np.maximum(count - 2, 1)
    error = np.sqrt(np.maximum(scatter, 1.0) / np.where(fits, across, 1.0))
    return Lines(np.where(fits, slope, np.nan), np.where(fits, error, np.nan), count)
