"""Exact medians, each by an aggregate of its own: a median cannot be made of smaller medians.

Exact quantiles are something an engine must be able to do. Polars, DuckDB and Spark can; Trino
cannot, and a measure that is a median is refused there (docs/indicators-engine.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.core import Level
from nabolag.indicators.engine.compiling import compiled
from nabolag.indicators.engine.expressions import TRUE
from nabolag.indicators.engine.gathering import AREA, Year
from nabolag.indicators.engine.scan import EVERYBODY, Group, UnitPlan
from nabolag.store.engine import Engine, Lazy

_MEDIAN = "median"


def medians_of(
    plan: UnitPlan,
    name: str,
    facts: Lazy,
    year: Year,
    numbers: Mapping[str, float | None],
    parents: Mapping[Level, pl.DataFrame],
) -> dict[Group, pl.DataFrame]:
    """Return for everybody and each breakdown `level`, `area`, the group's facts and `value`.

    `parents` holds for each level asked the areas of the unit's own level (`area`) and the area
    of that level they lie in (`parent`).
    """
    measure = plan.measures[name]
    value = compiled(measure.numerator, year.at, numbers).cast(nw.Float64)
    if measure.where != TRUE:
        value = nw.when(compiled(measure.where, year.at, numbers)).then(value)
    groups = (EVERYBODY, *plan.groups(name))
    needed = sorted({fact for group in groups for fact in group})
    rows = facts.select(AREA, *needed, value.alias(_MEDIAN)).drop_nulls(subset=_MEDIAN)
    numbered = _Numbered(parents)
    engine = year.registers.engine
    placed = engine.look_up(rows, engine.take(numbered.table), AREA).drop(AREA)
    if len(groups) * len(parents) > 1:
        placed = engine.keep(placed, f"median_{plan.unit.value}")
    return {
        group: pl.concat([_at_level(engine, placed, numbered, level, group) for level in parents])
        for group in groups
    }


@dataclass(frozen=True)
class _Numbered:
    """Where areas lie, with numbers for codes: engines move and group numbers much faster."""

    parents: Mapping[Level, pl.DataFrame]

    @cached_property
    def codes(self) -> dict[Level, pl.DataFrame]:
        """The areas of each level (`parent`) and their `number`."""
        return {
            level: inside.select("parent").unique().sort("parent").with_row_index("number")
            for level, inside in self.parents.items()
        }

    @cached_property
    def table(self) -> pl.DataFrame:
        """For each area of the unit's level the number of the area it lies in, by level."""
        together = (
            pl.concat([p.select("area") for p in self.parents.values()]).unique().sort("area")
        )
        for level, inside in self.parents.items():
            numbers = inside.join(self.codes[level], on="parent").select(
                "area", pl.col("number").cast(pl.Int32).alias(level.value)
            )
            together = together.join(numbers, on="area", how="left")
        return together


def _at_level(
    engine: Engine, placed: Lazy, numbered: _Numbered, level: Level, group: Sequence[str]
) -> pl.DataFrame:
    inside = placed.drop_nulls(subset=level.value)
    found = engine.collect(
        inside.group_by([level.value, *group]).agg(nw.col(_MEDIAN).median().alias("value"))
    )
    codes = numbered.codes[level].select("parent", pl.col("number").cast(pl.Int32))
    named = found.join(codes, left_on=level.value, right_on="number", how="left")
    return named.select(
        pl.lit(level.value).alias("level"),
        pl.col("parent").alias("area"),
        *(pl.col(fact).cast(pl.String) for fact in group),
        pl.col("value").cast(pl.Float64),
    )
