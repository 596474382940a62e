"""Exact medians, each by an aggregate of its own: a median cannot be made of smaller medians.

Exact quantiles are something an engine must be able to do. Polars, DuckDB and Spark can; Trino
cannot, and a measure that is a median is refused there (docs/indicators-engine.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.core import Level
from nabolag.geography import apart
from nabolag.indicators.engine.compiling import compiled
from nabolag.indicators.engine.expressions import TRUE
from nabolag.indicators.engine.gathering import AREA, Year
from nabolag.indicators.engine.scan import EVERYBODY, Group, UnitPlan
from nabolag.store.engine import Engine, Lazy

_MEDIAN = "median"


@dataclass(frozen=True)
class Medians:
    """The medians of one measure in one year; their rows are laid aside part by part.

    `numbers` are facts that are the same for everybody. `parents` holds for each level asked the
    areas of the unit's own level (`area`) and the areas of that level they lie in (`parent`):
    several, where sets of own areas overlap.
    """

    plan: UnitPlan
    name: str
    year: Year
    numbers: Mapping[str, float | None]
    parents: Mapping[Level, pl.DataFrame]
    _rows: list[Lazy] = field(init=False, default_factory=list)

    def add(self, part: Lazy) -> None:
        """Lay aside the values of some of the rows."""
        measure = self.plan.measures[self.name]
        rules = self.year.in_force(self.plan.unit)
        value = compiled(measure.numerator, rules, self.numbers).cast(nw.Float64)
        if measure.where != TRUE:
            value = nw.when(compiled(measure.where, rules, self.numbers)).then(value)
        needed = sorted({fact for group in self._groups for fact in group})
        rows = part.select(AREA, *needed, value.alias(_MEDIAN)).drop_nulls(subset=_MEDIAN)
        name = f"rows_of_{self.name}_{len(self._rows)}"
        self._rows.append(self.year.registers.engine.keep(rows, name))

    def found(self) -> dict[Group, pl.DataFrame]:
        """Return for everybody and each breakdown `level`, `area`, the group's facts, `value`."""
        engine = self.year.registers.engine
        rows = self._rows[0] if len(self._rows) == 1 else nw.concat(self._rows)
        numbers = [(AREA, engine.take(self._numbered.table))]
        (placed,) = engine.gather(rows, numbers, whole=True)
        placed = placed.drop(AREA)
        if len(self._groups) * len(self._numbered.layers) > 1:
            finest = self._numbered.finest
            placed = engine.keep(placed, f"median_{self.plan.unit.value}", together=finest)
        return {
            group: pl.concat(
                [_at_level(engine, placed, layer, group) for layer in self._numbered.layers]
            )
            for group in self._groups
        }

    @property
    def _groups(self) -> tuple[Group, ...]:
        return (EVERYBODY, *self.plan.groups(self.name))

    @cached_property
    def _numbered(self) -> _Numbered:
        return _Numbered(self.parents)


@dataclass(frozen=True)
class _Layer:
    """Areas of one level that do not overlap: each `area` in `inside` has one `parent`.

    `column` is what the layer's numbers are called beside the rows.
    """

    level: Level
    column: str
    inside: pl.DataFrame

    @cached_property
    def codes(self) -> pl.DataFrame:
        """The areas of the layer (`parent`) and their `number`."""
        return self.inside.select("parent").unique().sort("parent").with_row_index("number")


@dataclass(frozen=True)
class _Numbered:
    """Where areas lie, with numbers for codes: engines move and group numbers much faster."""

    parents: Mapping[Level, pl.DataFrame]

    @property
    def finest(self) -> str:
        """The column of the layer with the most areas."""
        return max(self.layers, key=lambda layer: layer.codes.height).column

    @cached_property
    def layers(self) -> tuple[_Layer, ...]:
        """The levels, those whose areas overlap in several layers."""
        return tuple(
            _Layer(level, level.value if at == 0 else f"{level.value}_{at}", inside)
            for level, every in self.parents.items()
            for at, inside in enumerate(apart(every))
        )

    @cached_property
    def table(self) -> pl.DataFrame:
        """For each area of the unit's level the number of the area it lies in, by layer."""
        together = (
            pl.concat([p.select("area") for p in self.parents.values()]).unique().sort("area")
        )
        for layer in self.layers:
            numbers = layer.inside.join(layer.codes, on="parent").select(
                "area", pl.col("number").cast(pl.Int32).alias(layer.column)
            )
            together = together.join(numbers, on="area", how="left")
        return together


def _at_level(engine: Engine, placed: Lazy, layer: _Layer, group: Sequence[str]) -> pl.DataFrame:
    column = layer.column
    found = engine.collect(
        placed.group_by([column, *group]).agg(nw.col(_MEDIAN).median().alias("value"))
    ).drop_nulls(column)
    codes = layer.codes.select("parent", pl.col("number").cast(pl.Int32))
    named = found.join(codes, left_on=column, right_on="number", how="left")
    return named.select(
        pl.lit(layer.level.value).alias("level"),
        pl.col("parent").alias("area"),
        *(pl.col(fact).cast(pl.String) for fact in group),
        pl.col("value").cast(pl.Float64),
    )
