"""A norm that follows need: lower ceilings where need is high, at a cost within the budget.

SØF report 04/20 asks for such a norm to be studied and simulates none (L6258–6297). Here it is a
declared function of need: a school's ceiling is the equal norm's times a common factor times
exp(−strength · need in standard deviations), held between a floor and the common minimum standard.
The common factor is the lowest at which the cost is within the budget.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.allocation.norm.judging import IS_JUDGED
from nabolag.allocation.norm.spec import Basis
from nabolag.core import error

Floats: TypeAlias = npt.NDArray[np.float64]
_HALVINGS: Final = 60
_WIDEST: Final = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Differentiation:
    """How ceilings follow need, and what that may cost. See `TeacherNormSpec`."""

    strength: float
    ceiling: float
    floor: float
    basis: Basis
    budget: float | None
    cost_per_fte: float
    hours_per_fte: dict[str, float]


@dataclass(frozen=True, slots=True)
class Differentiated:
    """What a differentiated norm comes to.

    `table` has one row a school and stage: `standard` (need in standard deviations of its stage,
    null where need is not known: such a school keeps the factor of average need), `equal` and
    `ceiling` (the two ceilings), `group_now`, `group_equal`, `group_new`, `fte_equal` and `fte_new`
    (posts added; below 0 where a school loses some). `cost_equal`, `cost` and `budget` are kroner a
    year: of posts added, or (hours shared anew) of every post, as `cost_now` is of those there are
    today. `factor` is the common factor. `left` is what of the budget is not used.
    """

    table: pl.DataFrame
    cost_equal: float
    cost_now: float
    cost: float
    budget: float
    factor: float

    @property
    def left(self) -> float:
        """What of the budget is left when every ceiling is as low as it may be."""
        return self.budget - self.cost


def differentiate(rows: pl.DataFrame, how: Differentiation) -> Differentiated:
    """Return the ceilings, groups and posts of a differentiated norm.

    `rows` are judged stages of one year (`JUDGED`) with `need`, null where it is not known. Raises
    `UserError` where not even the highest ceilings allowed are within the budget, and where there
    is nobody to judge.
    """
    judged = rows.filter(pl.col("standing") == IS_JUDGED, pl.col("pupil_hours") > 0)
    if judged.is_empty():
        raise error("norm_nobody")
    arrays = _Arrays.of(judged, how)
    cost_equal, cost_now = arrays.cost(arrays.equal), arrays.cost_now
    usual = cost_equal if how.basis == "added" else cost_now
    budget = usual if how.budget is None else how.budget
    factor = _lowest_factor(lambda k: arrays.cost(arrays.ceilings(k)), budget, arrays)
    ceilings = arrays.ceilings(factor)
    table = judged.with_columns(
        pl.Series("standard", arrays.standard).fill_nan(None),
        pl.Series("equal", arrays.equal),
        pl.Series("ceiling", ceilings),
        pl.col("group_size").alias("group_now"),
        pl.Series("group_equal", arrays.group(arrays.equal)),
        pl.Series("group_new", arrays.group(ceilings)),
        pl.Series("fte_equal", arrays.fte(arrays.equal)),
        pl.Series("fte_new", arrays.fte(ceilings)),
    )
    return Differentiated(table, cost_equal, cost_now, arrays.cost(ceilings), budget, factor)


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The judged stages as arrays, and what ceilings mean for them."""

    pupil: Floats
    teaching: Floats
    equal: Floats
    hours: Floats
    standard: Floats
    how: Differentiation

    @classmethod
    def of(cls, rows: pl.DataFrame, how: Differentiation) -> _Arrays:
        hours = rows["stage"].replace_strict(how.hours_per_fte, return_dtype=pl.Float64)
        return cls(
            pupil=rows["pupil_hours"].to_numpy(),
            teaching=rows["teaching_hours"].to_numpy(),
            equal=rows["maximum"].to_numpy(),
            hours=hours.to_numpy(),
            standard=_standardised(rows),
            how=how,
        )

    def ceilings(self, factor: float) -> Floats:
        """Return every ceiling at a common factor, held between floor and minimum standard."""
        need = np.nan_to_num(self.standard, nan=0.0)
        wanted = factor * np.exp(-self.how.strength * need)
        return np.asarray(self.equal * np.clip(wanted, self.how.floor, self.how.ceiling))

    def fte(self, ceilings: Floats) -> Floats:
        """Return posts added; where hours are shared anew, posts lost are below 0."""
        added = self.pupil / ceilings - self.teaching
        if self.how.basis == "added":
            added = np.maximum(added, 0.0)
        return np.asarray(added / self.hours)

    def group(self, ceilings: Floats) -> Floats:
        """Return group sizes when the ceilings are kept to."""
        if self.how.basis == "shared":
            return ceilings
        return np.asarray(self.pupil / np.maximum(self.teaching, self.pupil / ceilings))

    @property
    def cost_now(self) -> float:
        """Return kroner a year of today's hours."""
        return math.fsum(self.teaching / self.hours) * self.how.cost_per_fte

    def cost(self, ceilings: Floats) -> float:
        """Return kroner a year, of posts added or (hours shared anew) of every post needed."""
        posts = self.fte(ceilings)
        if self.how.basis == "shared":
            posts = posts + self.teaching / self.hours
        return math.fsum(posts) * self.how.cost_per_fte


def _standardised(rows: pl.DataFrame) -> Floats:
    """Return need in standard deviations within each stage, weighted by pupil hours."""
    weight = pl.when(pl.col("need").is_not_null()).then(pl.col("pupil_hours"))
    mean = ((pl.col("need") * weight).sum() / weight.sum()).over("stage")
    away = pl.col("need") - mean
    spread = ((away**2 * weight).sum() / weight.sum()).over("stage").sqrt()
    standard = pl.when(spread > 0).then(away / spread).when(away.is_not_null()).then(0.0)
    return rows.select(standard.fill_null(math.nan).alias("z"))["z"].to_numpy()


def _grouped(amount: float) -> str:
    """Return whole kroner with spaces between thousands, as messages have them."""
    return f"{round(amount):,}".replace(",", "\u00a0")


def _lowest_factor(cost: Callable[[float], float], budget: float, arrays: _Arrays) -> float:
    """Return the lowest factor whose cost is within the budget. Raises `UserError` for none."""
    widest = _WIDEST
    least = cost(widest)
    if least > budget + 0.5:
        raise error(
            "norm_budget_too_small",
            budget=_grouped(budget), least=_grouped(math.ceil(least)),
            above=f"{(arrays.how.ceiling - 1) * 100:.0f}",
        )  # fmt: skip
    low, high = 1 / _WIDEST, widest
    if cost(low) <= budget:
        return low
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if cost(middle) <= budget else (middle, high)
    return high
