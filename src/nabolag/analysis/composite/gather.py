"""From observations to the columns of an index: one period, one level, every area there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.asked import figures_of, latest_with
from nabolag.analysis.composite.recipe import Columns, Recipe
from nabolag.analysis.errors import Basis, with_errors
from nabolag.analysis.method import Given
from nabolag.core import Indicator, Level, Status, Worse


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures: the level, areas of it that are no places, and where errors come from."""

    level: Level
    leave_out: tuple[str, ...]
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The figures of one period: its areas, in order, their columns, and every figure's status."""

    period: str
    areas: pl.Series
    columns: Columns
    statuses: tuple[tuple[str, ...], ...]


def figures(recipe: Recipe, asked: Asked, given: Given) -> pl.DataFrame:
    """Return the figures of the indicators, and of those they are divided by, with errors."""
    names = dict.fromkeys((*recipe.indicators, *recipe.per.values()))
    parts = [
        with_errors(
            figures_of(given.observations, iid, asked.level),
            given.catalogue[iid].unit,
            asked.basis,
            0.95,
        )
        for iid in names
    ]
    held = pl.concat(parts).filter(~pl.col("area").is_in(list(asked.leave_out)))
    return held.select("area", "indicator", "period", "value", "error", "status")


def latest(held: pl.DataFrame, recipe: Recipe) -> str:
    """Return the last period that has figures for enough of the indicators, empty for none."""
    own = held.filter(pl.col("indicator").is_in(recipe.indicators))
    return latest_with(own, recipe.known_needed)


def gathered(
    held: pl.DataFrame, period: str, recipe: Recipe, asked: Asked, given: Given
) -> Gathered:
    """Return the columns of one period. Areas whose figures are all hidden are there as well."""
    own = held.filter(pl.col("period") == period)
    areas = own["area"].unique().sort()
    values, errors = (_matrix(own, areas, recipe.indicators, n) for n in ("value", "error"))
    beside = dict(
        zip(recipe.per.values(), _matrix(own, areas, recipe.per.values(), "value"), strict=True)
    )
    columns = Columns(
        values=values,
        turn=turns(recipe.indicators, given.catalogue),
        groups=_groups(areas, asked.level, recipe.impute.within, given.links),
        errors=errors,
        beside=beside,
    )
    return Gathered(period, areas, columns, _statuses(own, areas, recipe.indicators))


def turns(indicators: Iterable[str], catalogue: Mapping[str, Indicator]) -> Floats:
    """Return −1 for the indicators whose low figures are the challenge, else 1."""
    return np.array([-1.0 if catalogue[i].worse is Worse.LOW else 1.0 for i in indicators])


def _matrix(own: pl.DataFrame, areas: pl.Series, names: Iterable[str], column: str) -> Floats:
    """Return indicators × areas, NaN where there is no figure."""
    wide = _wide(own, areas, names, column)
    found: Floats = wide.cast(pl.Float64).fill_null(np.nan).to_numpy().T.copy()
    return found


def _wide(own: pl.DataFrame, areas: pl.Series, names: Iterable[str], column: str) -> pl.DataFrame:
    every = list(dict.fromkeys(names))
    wide = own.pivot("indicator", index="area", values=column, on_columns=every)
    ordered = areas.to_frame("area").join(wide, on="area", how="left", maintain_order="left")
    return ordered.select(every)


def _statuses(
    own: pl.DataFrame, areas: pl.Series, names: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    """Return every figure's status, by indicator; one that is not there at all is missing."""
    wide = _wide(own, areas, names, "status").fill_null(Status.MISSING.value)
    return tuple(tuple(wide[name]) for name in names)


def _groups(areas: pl.Series, level: Level, within: Level | None, links: pl.DataFrame) -> Ints:
    """Return a number for the area of the level `within` that each area lies in, −1 for none."""
    if within is None:
        return np.zeros(len(areas), dtype=np.int64)
    above = links.filter(
        pl.col("level") == level.value, pl.col("parent_level") == within.value
    ).select(area="code", above="parent_code")
    inside = areas.to_frame("area").join(
        above.unique("area", keep="first"), on="area", how="left", maintain_order="left"
    )["above"]
    numbers = inside.rank("dense").cast(pl.Int64) - 1
    return numbers.fill_null(-1).to_numpy().copy()
