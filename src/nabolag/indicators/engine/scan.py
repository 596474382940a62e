"""One year of one unit: every sum of every measure, by the smallest area and by groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.indicators.engine.facts import EARLIER, MEDIANS, UNITS, kinds
from nabolag.indicators.engine.gathering import AREA, Year
from nabolag.indicators.engine.measures import Counted, Measure, Statistic
from nabolag.indicators.engine.sums import COUNTED, Parts, SumPlan, columns_of
from nabolag.rules import Kind
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
        measure = self.measures[name]
        if measure.outside:
            return ((measure.outside,),)  # added up by where they come from, and shown of everybody
        return measure.groups if self.breakdowns else ()

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that is asked for."""
        kept = {fact for group in self.grains for fact in group}
        asked = (expression_facts(measure) for measure in self.measures.values())
        return frozenset(kept).union(*asked)

    @property
    def words(self) -> list[str]:
        """The facts that part breakdowns and are words."""
        parting = {fact for group in self.grains for fact in group}
        return sorted(fact for fact in parting if kinds(self.unit)[fact] is Kind.WORD)

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
    return replace(measure, groups=()).facts


@dataclass(frozen=True)
class Tally:
    """The sums of one unit in one year, added up part by part.

    `numbers` are facts that are the same for everybody.
    """

    plan: UnitPlan
    year: Year
    numbers: Mapping[str, float | None]
    _columns: dict[Group, list[nw.Expr]] = field(init=False, default_factory=dict)
    _added: dict[Group, list[pl.DataFrame]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Work out what each grain adds up."""
        for group in self.plan.grains:
            wanted = set(self._wanted(group))
            self._columns[group] = columns_of(
                self.plan.sums, wanted, self.year.in_force(self.plan.unit), self.numbers
            )

    def add(self, part: Lazy) -> None:
        """Add up some of the rows."""
        counted = {n for one, n in self.plan.sums.columns.items() if one.how in COUNTED}
        for group, columns in self._columns.items():
            keys, wanted = [AREA, *group], self._wanted(group)
            added = self._engine.add_up(
                part.select(*(nw.col(key) for key in keys), *columns),
                keys,
                [name for name in wanted if name in counted],
                [name for name in wanted if name not in counted],
            )
            self._added.setdefault(group, []).append(self._plain(group, added))

    def sums(self) -> dict[Group, pl.DataFrame]:
        """Return for each grain `level`, `area`, the group's facts and the sums, as numbers."""
        return {group: self._together(group, parts) for group, parts in self._added.items()}

    @property
    def _engine(self) -> Engine:
        return self.year.registers.engine

    def _wanted(self, group: Group) -> list[str]:
        parts = (self.plan.sums.parts[name] for name in self.plan.grains[group])
        return sorted({column for part in parts for column in part_columns(part)})

    def _plain(self, group: Group, found: pl.DataFrame) -> pl.DataFrame:
        # The sum of nothing is null in SQL and zero in Polars; here it is zero.
        return found.select(
            pl.lit(UNITS[self.plan.unit].level.value).alias("level"),
            *(pl.col(key).cast(pl.String) for key in (AREA, *group)),
            *(pl.col(name).cast(pl.Float64).fill_null(0.0) for name in self._wanted(group)),
        )

    def _together(self, group: Group, parts: list[pl.DataFrame]) -> pl.DataFrame:
        if len(parts) == 1:
            return parts[0]
        keys = ["level", AREA, *group]
        return pl.concat(parts).group_by(keys, maintain_order=True).sum()


def part_columns(parts: Parts) -> list[str]:
    """Return the columns a measure is made of, each once."""
    squares = (parts.squares,) if parts.squares else ()
    all_of_them = (parts.population, parts.known, *parts.numerator, *parts.denominator, *squares)
    return list(dict.fromkeys(all_of_them))


def median_of(engine: Engine, facts: Lazy, fact: str) -> float | None:
    """Return the median of a fact over every row where it is known."""
    found = engine.collect(facts.select(nw.col(fact).median())).item()
    return None if found is None else float(found)
