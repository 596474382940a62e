"""What an index leaves: areas with places, what lifts each of them, groups, and changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from nabolag.analysis.arrays import Floats
from nabolag.analysis.composite.editions import Edition
from nabolag.analysis.composite.gather import Gathered
from nabolag.analysis.composite.orders import places
from nabolag.analysis.composite.recipe import Made, Recipe
from nabolag.analysis.composite.redrawing import Redrawn
from nabolag.analysis.composite.tree import ROOT, Joining, join_up
from nabolag.core import Level

#: One row an area: its score, its place (1 is the highest score), and what redrawing makes of it.
AREAS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "score": pl.Float64(),
    "rank": pl.Int64(),
    "known": pl.Int64(),
    "filled": pl.Int64(),
    "reason": pl.String(),
    "rank_low": pl.Int64(),
    "rank_high": pl.Int64(),
    "in_top": pl.Float64(),
}
#: One row an area and indicator: its figure, where it stands, and what it adds to the score.
PARTS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "indicator": pl.String(),
    "figure": pl.Float64(),
    "status": pl.String(),
    "filled": pl.Boolean(),
    "drawn_in": pl.Boolean(),
    "scaled": pl.Float64(),
    "contribution": pl.Float64(),
}


def areas_table(
    level: Level, found: Gathered, made: Made, drawn: Redrawn, top: int
) -> pl.DataFrame:
    """Return `AREAS`, the first place first, then those without one."""
    score = made.score
    placed = np.isfinite(score)
    filled = np.isnan(made.columns.values) & np.isfinite(made.filled)
    rank = places(score)
    frame = pl.DataFrame(
        {
            "area": found.areas,
            "score": score,
            "rank": rank,
            "known": made.known,
            "filled": np.where(placed, filled.sum(axis=0), 0),
            "reason": ["" if one else "too_little_known" for one in placed],
            "rank_low": drawn.low,
            "rank_high": drawn.high,
            "in_top": drawn.share_among(top),
        },
        nan_to_null=True,
    ).with_columns(
        pl.when(pl.Series(placed)).then(pl.col(name)).alias(name)
        for name in ("rank", "rank_low", "rank_high", "in_top")
    )
    return _about(frame, level, found.period, AREAS).sort("rank", "area", nulls_last=True)


def parts_table(
    recipe: Recipe, level: Level, found: Gathered, made: Made, added: Floats
) -> pl.DataFrame:
    """Return `PARTS`. `added` (k × areas) is what each indicator adds (`contributions`)."""
    known = np.isfinite(made.columns.values)
    drawn_in = np.isfinite(made.filled) & (made.treated.values != made.filled)
    parts = [
        pl.DataFrame(
            {
                "area": found.areas,
                "indicator": [iid] * len(found.areas),
                "figure": made.columns.values[row],
                "status": found.statuses[row],
                "filled": ~known[row] & np.isfinite(made.filled[row]) & made.enough,
                "drawn_in": drawn_in[row],
                "scaled": np.where(made.enough, made.scaled[row], np.nan),
                "contribution": added[row],
            },
            nan_to_null=True,
        )
        for row, iid in enumerate(recipe.indicators)
    ]
    return _about(pl.concat(parts), level, found.period, PARTS).sort("area", "indicator")


def groups_table(recipe: Recipe, level: Level, found: Gathered, made: Made) -> pl.DataFrame | None:
    """Return every group's score and place, None where there are no groups."""
    parts = []
    for group in recipe.groups:
        score = made.node(group.id)
        rank = places(score)
        own = {"area": found.areas, "group": [group.id] * len(score), "score": score,
               "rank": np.where(rank > 0, rank, np.nan)}  # fmt: skip
        parts.append(pl.DataFrame(own, nan_to_null=True))
    if not parts:
        return None
    kinds = {"level": pl.String(), "area": pl.String(), "period": pl.String(),
             "group": pl.String(), "score": pl.Float64(), "rank": pl.Int64()}  # fmt: skip
    return _about(pl.concat(parts), level, found.period, kinds).sort(
        "group", "rank", nulls_last=True
    )


def contributions(recipe: Recipe, made: Made) -> Floats:
    """Return how much each indicator lifts each area's score (k × areas).

    It is the score less the score with that indicator at the middle area's figure on the scale,
    all else as it is. For weighted means alone they add up to the distance to an area that is in
    the middle of everything. An order by majorities (`copeland`) has no such parts: NaN.
    """
    k, n = made.scaled.shape
    ways = {node.aggregate or recipe.aggregate for node in recipe.tree.nodes}
    if "copeland" in ways or not made.enough.any():
        return np.full((k, n), np.nan)
    scale = np.where(made.enough, made.scaled, np.nan)
    middle = np.array([np.median(own) if len(own) else np.nan for own in
                       (row[np.isfinite(row)] for row in scale)])  # fmt: skip
    tried = np.repeat(scale[None], k, axis=0)
    tried[np.arange(k), np.arange(k)] = middle[:, None]
    asked = Joining(recipe.aggregate, made.joined.weights, None, made.joined.before)
    without = join_up(recipe.tree, tried, asked).scores[ROOT]
    found: Floats = np.where(np.isfinite(scale), made.score - without, np.nan)
    return found


def shares(recipe: Recipe, made: Made) -> dict[str, float]:
    """Return what part of the whole weight each indicator and group has, its own level down."""
    part = {ROOT: 1.0}
    for node in reversed(recipe.tree.nodes):
        own = made.joined.weights[node.name]
        for member, weight in zip(node.members, own / own.sum(), strict=True):
            part[member] = float(part[node.name] * weight)
    return {name: part[name] for name in (*recipe.indicators, *(g.id for g in recipe.groups))}


def treatment(recipe: Recipe, made: Made) -> list[dict[str, Any]]:
    """Return what was done about outliers, by indicator, for those where something was."""
    done = made.treated
    told = [
        {"indicator": iid, "low": int(done.low[row]), "high": int(done.high[row]),
         "log": bool(done.logged[row]), "lopsided": bool(done.lopsided[row])}
        for row, iid in enumerate(recipe.indicators)
    ]  # fmt: skip
    return [one for one in told if any(one[key] for key in ("low", "high", "log", "lopsided"))]


def changes_table(
    told: pl.DataFrame, level: Level, before: Edition, after: Edition
) -> pl.DataFrame:
    """Return changes with the periods they are between."""
    return told.select(
        pl.lit(level.value).alias("level"),
        "area",
        pl.lit(after.period).alias("period"),
        pl.lit(before.period).alias("from"),
        *(name for name in told.columns if name != "area"),
    )


def _about(
    frame: pl.DataFrame, level: Level, period: str, kinds: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    full = frame.with_columns(pl.lit(level.value).alias("level"), pl.lit(period).alias("period"))
    return full.select(pl.col(name).cast(kind) for name, kind in kinds.items())
