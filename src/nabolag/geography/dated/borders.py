"""Everything a workspace knows of borders through time, and the ways it gives between years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from nabolag.core import Finding
from nabolag.geography.dated.areas import DatedAreas, dated_areas
from nabolag.geography.dated.changes import Changes, changes_of, no_changes
from nabolag.geography.dated.crosswalk import Crosswalk, crosswalk_of, stacked
from nabolag.geography.dated.frames import (
    CHANGES,
    CODES,
    CROSSWALK,
    POPULATION,
    day_of,
)
from nabolag.geography.dated.read import DatedRead
from nabolag.geography.dated.spec import (
    AreaHistorySpec,
    AreaPopulationSpec,
    ChangesSpec,
    CrosswalkSpec,
    DatedFile,
)
from nabolag.geography.dated.stepping import crosswalk_between
from nabolag.geography.dated.weights import people_on
from nabolag.store import empty


@dataclass(frozen=True)
class Borders:
    """Lists, changes, ready crosswalks and populations that belong together.

    `findings` tell what was noticed when they were read and held against one another.
    """

    areas: DatedAreas
    changes: Changes
    tables: tuple[Crosswalk, ...] = ()
    population: pl.DataFrame = field(default_factory=lambda: empty(POPULATION))
    findings: tuple[Finding, ...] = ()

    @property
    def known(self) -> bool:
        """True where there is anything to recode by."""
        return bool(self.tables) or not self.changes.table.is_empty()

    def crosswalk(self, geographies: Iterable[str], to: str) -> Crosswalk:
        """Return the ways from several geographies to one, as one crosswalk.

        For each geography and level: a ready crosswalk, one that leads the other way turned
        round, one that leads part of the way with the changes after it, else the changes alone. A
        level that none of them has is not in it.
        """
        years = sorted(set(geographies))
        parts = [self._ready(to), *(self._turned(year, to) for year in years)]
        parts += [self._onward(year, to) for year in years if year != to]
        had = pl.concat([part.table.select("geography", "level") for part in parts]).unique()
        for year in years:
            if year == to or self.changes.table.is_empty():
                continue
            way = crosswalk_between(self.areas, self.changes, year, to, self.population)
            table = way.table.join(had, on=["geography", "level"], how="anti")
            told = way.findings if table.height else ()
            parts.append(Crosswalk(table, to, told))
        return stacked(parts)

    def _ready(self, to: str) -> Crosswalk:
        mine = [table for table in self.tables if table.to_geography == to]
        return stacked([Crosswalk(empty(CROSSWALK), to), *mine])

    def _turned(self, year: str, to: str) -> Crosswalk:
        """Return ready crosswalks from `to` to a year, turned round by the people of `to`."""
        people = people_on(self.population, day_of(to))
        there = [t.of(to) for t in self.tables if t.to_geography == year and to in t.geographies]
        return stacked([Crosswalk(empty(CROSSWALK), to), *(t.inverse(people) for t in there)])

    def _onward(self, year: str, to: str) -> Crosswalk:
        """Return ready crosswalks that lead from a year to another one, and on by the changes."""
        ways = [Crosswalk(empty(CROSSWALK), to)]
        for table in self.tables:
            here = table.of(year).table
            if here.is_empty() or table.to_geography in (year, to):
                continue
            onward = crosswalk_between(
                self.areas, self.changes, table.to_geography, to, self.population
            )
            levels = onward.table["level"].unique().to_list()
            first = replace(table, table=here.filter(pl.col("level").is_in(levels)), findings=())
            if not first.table.is_empty():
                ways.append(first.then(onward))
        return stacked(ways)

    @cached_property
    def said(self) -> tuple[Finding, ...]:
        """All findings: of reading, of lists, of changes and of crosswalks."""
        tables = (finding for table in self.tables for finding in table.findings)
        return (*self.findings, *self.areas.findings, *self.changes.findings, *tables)


def borders_of(read: Sequence[tuple[DatedFile, DatedRead]]) -> Borders:
    """Join what the files of `[[area_history]]`, `[[changes]]`, … gave."""
    of = _by_kind(read)
    areas = dated_areas(pl.concat([empty(CODES), *of[AreaHistorySpec]]))
    changes = changes_of(pl.concat([empty(CHANGES), *of[ChangesSpec]]), areas)
    population = pl.concat([empty(POPULATION), *of[AreaPopulationSpec]])
    tables = tuple(
        crosswalk_of(one.frame, spec.to, basis=spec.weight_basis, old_codes=spec.old_codes)
        for spec, one in sorted(read, key=lambda pair: bool(pair[0].file))
        if isinstance(spec, CrosswalkSpec)
    )
    findings = tuple(finding for _, one in read for finding in one.findings)
    return Borders(areas, changes, tables, population, findings)


def _by_kind(
    read: Sequence[tuple[DatedFile, DatedRead]],
) -> Mapping[type[DatedFile], list[pl.DataFrame]]:
    kinds: dict[type[DatedFile], list[pl.DataFrame]] = {
        kind: [] for kind in (AreaHistorySpec, ChangesSpec, CrosswalkSpec, AreaPopulationSpec)
    }
    for spec, one in read:
        kinds[type(spec)].append(one.frame)
    return kinds


def no_borders() -> Borders:
    """Return what a workspace without dated geography knows."""
    return Borders(dated_areas(empty(CODES)), no_changes())
