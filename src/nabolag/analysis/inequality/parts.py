"""Inequality taken apart, exactly: between and within groups of areas; rates and composition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.inequality.measures import ordered, theil


@dataclass(frozen=True, slots=True)
class Parts:
    """Theil's T between groups, and each group's own with its part of the whole.

    `between + (part * within).sum()` is T; `part` is a group's share of the sum of values.
    """

    between: float
    within: Floats
    part: Floats


def theil_parts(value: Floats, weight: Floats, group: Ints) -> Parts:
    """Take T apart. `group` numbers the group of each area from 0 (Theil 1967; Shorrocks 1980)."""
    count = int(group.max()) + 1 if len(group) else 0
    people = np.bincount(group, weight, count).astype(np.float64)
    total = np.bincount(group, weight * value, count)
    means = np.divide(total, people, out=np.zeros(count), where=people > 0)
    own = np.array([_own(value[group == g], weight[group == g]) for g in range(count)])
    between = float(theil(ordered(np.asarray(means), people)))
    return Parts(between, own, total / total.sum())


def _own(value: Floats, weight: Floats) -> float:
    """Return T within a group; 0 for one whose values sum to nothing, since it weighs nothing."""
    if not (weight * value).sum():
        return 0.0
    return float(theil(ordered(value, weight)))


@dataclass(frozen=True, slots=True)
class Gap:
    """The difference between areas and what they are compared with: `rates + composition`.

    One entry an area. `rates_error` and `composition_error` are standard errors.
    """

    gap: Floats
    rates: Floats
    composition: Floats
    rates_error: Floats
    composition_error: Floats


def gap_parts(some: Floats, of: Floats, base_some: Floats, base_of: Floats) -> Gap:
    """Split differences of shares into rates and composition (Kitagawa 1955).

    `some` of `of` persons, shape (areas, groups); `base_some`, `base_of` the same for what they
    are compared with, shape (groups,). The rate part is what remains were composition the same,
    the composition part what remains were each group's rate the same; both use the mean of the
    two sides, so nothing is left over (Oaxaca–Blinder with group indicators gives the same). A
    group with nobody in an area takes the rate of the base there, so that it is composition
    only. Composition is taken as known; rates err as shares of as many persons do.
    """
    base_rate = np.divide(base_some, base_of, out=np.zeros(base_of.shape), where=base_of > 0)
    rate = np.where(of > 0, some / np.where(of > 0, of, 1), base_rate)
    base_rate = np.where(base_of > 0, base_rate, np.nan)
    base_rate = np.where(np.isnan(base_rate), rate, base_rate)
    mix, base_mix = of / of.sum(axis=-1, keepdims=True), base_of / base_of.sum()
    rates = ((rate - base_rate) * (mix + base_mix) / 2).sum(axis=-1)
    composition = ((mix - base_mix) * (rate + base_rate) / 2).sum(axis=-1)
    chance = _variance(rate, of) + _variance(base_rate, base_of)
    return Gap(
        rates + composition,
        rates,
        composition,
        np.sqrt((((mix + base_mix) / 2) ** 2 * chance).sum(axis=-1)),
        np.sqrt((((mix - base_mix) / 2) ** 2 * chance).sum(axis=-1)),
    )


def _variance(rate: Floats, of: Floats) -> Floats:
    return np.divide(rate * (1 - rate), of, out=np.zeros(rate.shape), where=of > 0)
