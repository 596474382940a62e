"""Exact medians, each by an aggregate of its own: a median cannot be made of smaller medians.

Exact quantiles are something an engine must be able to do. Polars, DuckDB and Spark can; Trino
cannot, and a measure that is a median is refused there (docs/indicators-engine.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.core import Level
from nabolag.indicators.engine.compiling import compiled
from nabolag.indicators.engine.expressions import TRUE
from nabolag.indicators.engine.facts import UNITS
from nabolag.indicators.engine.gathering import AREA, Year
from nabolag.indicators.engine.scan import EVERYBODY, Group, UnitPlan
from nabolag.store.engine import Lazy

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
    return {
        group: pl.concat([
            _at_level(rows, year, level, inside, group, UNITS[plan.unit].level)
            for level, inside in parents.items()
        ])
        for group in groups
    }  # fmt: skip


def _at_level(
    rows: Lazy, year: Year, level: Level, inside: pl.DataFrame, group: Sequence[str], own: Level
) -> pl.DataFrame:
    engine = year.registers.engine
    if level is own:
        placed = rows.with_columns(nw.col(AREA).alias("parent"))
    else:
        placed = engine.look_up(rows, engine.take(inside), AREA).drop_nulls(subset="parent")
    found = engine.collect(
        placed.group_by(["parent", *group]).agg(nw.col(_MEDIAN).median().alias("value"))
    )
    return found.select(
        pl.lit(level.value).alias("level"),
        pl.col("parent").cast(pl.String).alias("area"),
        *(pl.col(fact).cast(pl.String) for fact in group),
        pl.col("value").cast(pl.Float64),
    )
