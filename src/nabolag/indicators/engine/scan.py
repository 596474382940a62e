"""One year of one unit: every sum of every measure, by the smallest area and by groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.indicators.engine.facts import EARLIER, MEDIANS, UNITS
from nabolag.indicators.engine.gathering import AREA, Year
from nabolag.indicators.engine.measures import Counted, Measure, Statistic
from nabolag.indicators.engine.sums import COUNTED, Parts, SumPlan, columns_of
from nabolag.store.engine import Engine, Lazy

Group = tuple[str, ...]
EVERYBODY: Group = ()


@dataclass(frozen=True)
class UnitPlan:
    """The measures of one unit, what they add up, and by which groups.

    `grains` says which measures are added up by each group of facts. A measure without
    breakdowns is added up by area alone; one with breakdowns by each of them, and everybody is
    the sum over the first.
    """

    unit: Counted
    measures: Mapping[str, Measure]
    breakdowns: bool = True
    sums: SumPlan = field(init=False)
    grains: dict[Group, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the plan."""
        object.__setattr__(self, "sums", SumPlan(self.unit))
        for name, measure in self.measures.items():
            self.sums.add(name, measure)
            for group in self.groups(name) or (EVERYBODY,):
                self.grains.setdefault(group, []).append(name)

    def groups(self, name: str) -> tuple[Group, ...]:
        """Return the breakdowns of a measure."""
        return self.measures[name].groups if self.breakdowns else ()

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that is asked for."""
        kept = {fact for group in self.grains for fact in group}
        asked = (expression_facts(measure) for measure in self.measures.values())
        return frozenset(kept).union(*asked)

    @property
    def medians(self) -> list[str]:
        """The measures that are medians."""
        return [n for n, m in self.measures.items() if m.statistic is Statistic.MEDIAN]

    @property
    def many_readers(self) -> bool:
        """True where the facts are read more than once, and so are worth keeping."""
        return len(self.grains) + len(self.medians) + bool(self.facts & _YEARLY) > 1


_YEARLY = frozenset(MEDIANS.keys() | EARLIER.keys())


def expression_facts(measure: Measure) -> frozenset[str]:
    """Return the facts a measure speaks of, its groups left out."""
    return Measure(
        measure.unit, measure.statistic, measure.numerator, measure.where, measure.denominator
    ).facts


def add_up(
    plan: UnitPlan, facts: Lazy, year: Year, numbers: Mapping[str, float | None]
) -> dict[Group, pl.DataFrame]:
    """Return for each grain `level`, `area`, the group's facts and the sums, as 64-bit floats."""
    return {
        group: _added(plan, facts, year, numbers, group, names)
        for group, names in plan.grains.items()
    }


def _added(
    plan: UnitPlan,
    facts: Lazy,
    year: Year,
    numbers: Mapping[str, float | None],
    group: Group,
    names: Iterable[str],
) -> pl.DataFrame:
    wanted = {column for name in names for column in part_columns(plan.sums.parts[name])}
    columns = columns_of(plan.sums, wanted, year.at, numbers)
    counted = {name for one, name in plan.sums.columns.items() if one.how in COUNTED}
    keys = [AREA, *group]
    added = (
        facts.select(*(nw.col(key) for key in keys), *columns)
        .group_by(keys)
        .agg(
            nw.col(name).count() if name in counted else nw.col(name).sum()
            for name in sorted(wanted)
        )
    )
    found = year.registers.engine.collect(added)
    # The sum of nothing is null in SQL and zero in Polars; here it is zero.
    return found.select(
        pl.lit(UNITS[plan.unit].level.value).alias("level"),
        *(pl.col(key).cast(pl.String) for key in keys),
        *(pl.col(name).cast(pl.Float64).fill_null(0.0) for name in sorted(wanted)),
    )


def part_columns(parts: Parts) -> list[str]:
    """Return the columns a measure is made of, each once."""
    squares = (parts.squares,) if parts.squares else ()
    all_of_them = (parts.population, parts.known, *parts.numerator, *parts.denominator, *squares)
    return list(dict.fromkeys(all_of_them))


def median_of(engine: Engine, facts: Lazy, fact: str) -> float | None:
    """Return the median of a fact over every row where it is known."""
    found = engine.collect(facts.select(nw.col(fact).median())).item()
    return None if found is None else float(found)
