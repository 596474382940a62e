"""Putting indicators on one scale. Unknown figures (NaN) stay unknown and are ranked by nobody."""

from __future__ import annotations

from typing import Literal, Self, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from nabolag.analysis.arrays import Bools, Floats
from nabolag.analysis.composite.orders import (
    among,
    below_and_upto,
    known_mean,
    known_spread,
    lowest_and_highest,
)
from nabolag.analysis.composite.refusing import CannotError
from nabolag.store import Section

Scale: TypeAlias = Literal["percent_rank", "rank", "z", "minmax", "exponential", "log"]
_BY_RANK = ("percent_rank", "rank", "exponential")
#: The English indices of deprivation 2025 transform ranks by −23 ln(1 − R(1 − e^(−100/23))).
_STRETCH = 23.0


class Normalise(Section):
    """The scale that figures are put on, high a challenge.

    `percent_rank`: (lowest rank − 1)/(n − 1), as CDC's vulnerability index has it (there with
    `decimals` = 4). `rank`: mean rank of equals. `z`: mean 0, standard deviation 1 (n − 1).
    `minmax`: from `low` to `high`, between the ends of the figures, or between those that
    `bounds` gives for an indicator (low figure, high figure); what lies outside is refused, or
    with `cap` set at the end. `exponential`: 0–100, see `exponential`. `log`: the natural
    logarithm.
    """

    how: Scale = "percent_rank"
    decimals: int | None = Field(default=None, ge=0, le=10)
    low: float = 0.0
    high: float = 100.0
    bounds: dict[str, tuple[float, float]] = Field(default_factory=dict)
    cap: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be below high")
        if any(low >= high for low, high in self.bounds.values()):
            raise ValueError("the low bound must be below the high one")
        if self.how != "minmax" and self.bounds:
            raise ValueError('bounds belong to how = "minmax"')
        return self

    @property
    def by_rank(self) -> bool:
        """Whether an area's number follows from its place alone."""
        return self.how in _BY_RANK


def scaled(
    x: Floats, turn: Floats, how: Normalise, names: tuple[str, ...], base: Floats | None = None
) -> Floats:
    """Return columns (… × k × areas) on the scale; `turn` (k) is −1 where low is a challenge.

    With `base` (k × areas) they stand on the scale of those figures: the same mean and spread,
    the same ends, or the place they would have had there. Raises `CannotError` for a column
    without spread, for the logarithm of what is not above 0, and for figures outside bounds.
    """
    sign = turn[:, None]
    if how.how == "log":
        return _rounded(sign * _log(x), how)
    held = x if base is None else base
    ends = _ends(x, held, how, names)
    if not how.by_rank:
        return _rounded(_measured(x, held, sign, ends, how), how)
    counts = below_and_upto(sign * x) if base is None else among(sign * x, sign * base)
    return _rounded(_ranked(*counts, np.isfinite(held).sum(axis=-1, keepdims=True), how), how)


def exponential(share: Floats) -> Floats:
    """Return −23 ln(1 − R(1 − e^(−100/23))) of a rank as a share of all, the highest 1.

    A tenth of the areas get scores above 50 (English indices of deprivation: technical report).
    """
    score: Floats = -_STRETCH * np.log(1 - share * (1 - np.exp(-100.0 / _STRETCH)))
    return score


def half_up(x: Floats, decimals: int) -> Floats:
    """Round as publishers do: a half goes up, not to the even neighbour."""
    scale = 10.0**decimals
    rounded: Floats = np.floor(x * scale + 0.5) / scale
    return rounded


def _rounded(x: Floats, how: Normalise) -> Floats:
    return x if how.decimals is None else half_up(x, how.decimals)


def _log(x: Floats) -> Floats:
    wrong = np.any(x <= 0, axis=-1, keepdims=True)[..., 0]
    if wrong.any():
        raise CannotError("index_log_of_nothing", _row(wrong))
    found: Floats = np.log(x)
    return found


def _ends(x: Floats, held: Floats, how: Normalise, names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return the ends of every column, those given instead of its own."""
    low, high = lowest_and_highest(held)
    for row, name in enumerate(names):
        if name in how.bounds:
            low[..., row, :], high[..., row, :] = how.bounds[name]
            outside = (x[..., row, :] < low[..., row, :]) | (x[..., row, :] > high[..., row, :])
            if outside.any() and not how.cap:
                figure = float(x[..., row, :][outside][0])
                raise CannotError("index_outside_bounds", row, figure=figure)
    flat = (low == high)[..., 0]
    if flat.any():
        raise CannotError("index_without_spread", _row(flat))
    return low, high


def _measured(
    x: Floats, held: Floats, sign: Floats, ends: tuple[Floats, Floats], how: Normalise
) -> Floats:
    if how.how == "z":
        known = np.isfinite(held)
        standard: Floats = sign * (x - known_mean(held, known)) / known_spread(held, known)
        return standard
    low, high = ends
    share = np.where(sign > 0, x - low, high - x) / (high - low)
    if how.cap:
        share = np.clip(share, 0.0, 1.0)
    stretched: Floats = how.low + (how.high - how.low) * share
    return stretched


def _ranked(below: Floats, upto: Floats, count: Floats, how: Normalise) -> Floats:
    match how.how:
        case "percent_rank":
            # Above all of another edition's figures is as its highest.
            return np.minimum(below / np.maximum(count - 1, 1), 1.0)
        case "rank":
            return (below + upto + 1) / 2
        case _:
            return exponential(upto / count)


def _row(wrong: Bools) -> int:
    """Return which column of a table is wrong, the first of them."""
    return int(np.argwhere(wrong)[0][-1])
