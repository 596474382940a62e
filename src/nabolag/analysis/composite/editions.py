"""Two editions of an index: what may be said of the time between them, and what may not.

A place follows from everybody's figures. An area can fall on the list while its own figures get
better, so places of two editions are never subtracted. Scores can be, where the later edition
stands on the scale of the earlier one: the same limits, means, ends, ranks and weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import polars as pl

from nabolag.analysis.arrays import Floats
from nabolag.analysis.composite.recipe import Made, Recipe
from nabolag.analysis.composite.redrawing import Redraw
from nabolag.analysis.composite.tries import Tries
from nabolag.analysis.multiplicity import adjusted, two_sided
from nabolag.core import error

#: One row an area: its score in both editions, on the scale of the first, and how sure.
CHANGES: Final[dict[str, pl.DataType]] = {
    "area": pl.String(),
    "before": pl.Float64(),
    "after": pl.Float64(),
    "change": pl.Float64(),
    "error": pl.Float64(),
    "q_value": pl.Float64(),
    "moved": pl.String(),
}
UP, DOWN, UNSURE, UNKNOWN = "up", "down", "unsure", "unknown"
_DRAWS, _BLOCK = 400, 50


@dataclass(frozen=True, slots=True)
class Edition:
    """An index of one period, and the period whose scale it stands on."""

    period: str
    scale: str
    areas: Sequence[str]
    made: Made


def differences(
    before: Edition, after: Edition, of: Literal["score", "rank"] = "score"
) -> pl.DataFrame:
    """Return `area`, `before`, `after` and `change` of scores, for areas in either edition.

    An area without a score in both has no change. Raises `UserError` for places, and for editions
    that do not stand on the same scale.
    """
    if of == "rank":
        raise error("index_change_of_rank", before=before.period, after=after.period)
    if before.scale != after.scale:
        raise error("index_other_scale", before=before.period, after=after.period)
    both = (
        pl.DataFrame({"area": one.areas, name: one.made.score}, nan_to_null=True)
        for one, name in ((before, "before"), (after, "after"))
    )
    joined = next(both).join(next(both), on="area", how="full", coalesce=True)
    return joined.sort("area").with_columns(change=pl.col("after") - pl.col("before"))


@dataclass(frozen=True, slots=True)
class Surely:
    """How surely an area is said to have moved: false findings among them, and the seed."""

    false_discovery: float
    seed: int


def changes(recipe: Recipe, before: Edition, after: Edition, how: Surely) -> pl.DataFrame:
    """Return `CHANGES`: differences of scores, and which of them are more than chance.

    `error` is the standard error from drawing both editions' figures anew as their intervals or
    counts allow, the scale held fixed; `q_value` is controlled for many areas being tested
    (Benjamini and Hochberg). Nothing is said to have moved without a known error, nor where a
    figure is filled in: a guess has no error.
    """
    told = differences(before, after)
    spread = [
        pl.DataFrame(
            {"area": one.areas, f"error_{at}": _errors(recipe, one, before, how.seed + at)}
        )
        for at, one in enumerate((before, after))
    ]
    for part in spread:
        told = told.join(part, on="area", how="left")
    away = told["change"].fill_null(np.nan).to_numpy()
    off = np.hypot(*(told[f"error_{at}"].fill_null(np.nan).to_numpy() for at in (0, 1)))
    with np.errstate(divide="ignore", invalid="ignore"):
        q = adjusted(two_sided(np.where(off > 0, away / off, np.nan)))
    sure = q <= how.false_discovery
    moved = np.select(
        [np.isnan(away), sure & (away > 0), sure & (away < 0)], [UNKNOWN, UP, DOWN], UNSURE
    )
    told = told.with_columns(
        pl.Series("error", off, nan_to_null=True),
        pl.Series("q_value", q, nan_to_null=True),
        pl.Series("moved", [str(one) for one in moved]),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in CHANGES.items())


def _errors(recipe: Recipe, edition: Edition, base: Edition, seed: int) -> Floats:
    """Return each score's standard error from chance alone; NaN where no error is known."""
    alone = Redraw(seed=seed, scales=(), joins=(), shift=0, leave_out=False, thresholds=0)
    tries = Tries(recipe, edition.made, alone, base.made)
    if "chance" not in tries.factors:
        return np.full(len(edition.areas), np.nan)
    chance = np.random.default_rng(seed)
    blocks = []
    for _ in range(_DRAWS // _BLOCK):
        draws = replace(tries.drawn(_BLOCK, chance), fill=tries.own_fill(_BLOCK))
        blocks.append(tries.score(draws, tries.scaled(draws)))
    drawn = np.concatenate(blocks)
    guessed = (np.isnan(edition.made.columns.values) & np.isfinite(edition.made.filled)).any(axis=0)
    unknown = guessed | np.isnan(drawn).any(axis=0)
    return np.where(unknown, np.nan, drawn.std(axis=0, ddof=1))
