"""Everything that was delivered, read and checked against one another. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.accounts import AccountsResult, held_to
from nabolag.allocation.declared import Delivered as Allotted
from nabolag.allocation.grants import GrantsRead
from nabolag.allocation.need import ExpenditureNeedSpec, NeedRead
from nabolag.allocation.norm import HoursRead, TeacherHoursSpec
from nabolag.core import Finding, Level, Place, Provenance, Severity
from nabolag.geography import (
    AreaListRead,
    AreaRegister,
    Catchments,
    PlacedPoints,
    build_register,
    checked_catchments,
    custom_areas,
    match,
    place_everywhere,
    with_custom,
)
from nabolag.geography.dated import (
    Borders,
    Recoder,
    borders_of,
    recoder_of,
)
from nabolag.geography.destinations import (
    DESTINATIONS,
    of_points,
    unknown_areas,
)
from nabolag.pipeline.origins import of_sections, of_tables
from nabolag.pipeline.plan import Plan
from nabolag.pipeline.reader import Reader
from nabolag.pipeline.step import Step
from nabolag.sources.checks import copied_down
from nabolag.sources.geometry import GeometryRead
from nabolag.sources.listed import Sourced
from nabolag.sources.tables import (
    TableRead,
)
from nabolag.spending.declared import SpendingSpec
from nabolag.spending.delivered import UnitsRead
from nabolag.store import CONFIG_NAME, Workspace, empty


@dataclass(frozen=True)
class Inputs:
    """Deliveries read whole: tables, borders and code lists, and the register they make.

    `files` are the delivered files behind it, by the name that messages use. `findings` may
    hold errors; then nothing of this may be kept or published.
    """

    tables: dict[str, TableRead]
    geometries: tuple[GeometryRead, ...]
    lists: tuple[AreaListRead, ...]
    register: AreaRegister
    sources: tuple[Provenance, ...]
    files: dict[str, Path]
    findings: tuple[Finding, ...]
    borders: Borders
    recoders: Mapping[str, Recoder]
    points: PlacedPoints
    catchments: Mapping[str, Catchments]
    destinations: pl.DataFrame = field(default_factory=lambda: empty(DESTINATIONS))
    hours: tuple[HoursRead, ...] = ()
    allocations: tuple[Allotted, ...] = ()
    units: tuple[UnitsRead, ...] = ()
    ledgers: tuple[AccountsResult, ...] = ()
    grants: tuple[GrantsRead, ...] = ()
    need: tuple[NeedRead, ...] = ()

    @property
    def cells(self) -> dict[str, pl.DataFrame]:
        """Cells by source."""
        return {name: table.cells for name, table in self.tables.items()}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid going on."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


def read_inputs(workspace: Workspace, plan: Plan, step: Step) -> Inputs:
    """Read everything the plan names. Errors of every file are collected, not only the first's.

    Where a file cannot be read its errors are in `findings`, and what depends on it is not
    checked further.
    """
    parts = (plan.sources, plan.geometries, plan.areas, plan.borders, *_lying(plan))
    reader = Reader(workspace, step, sum(map(len, parts)))
    geometries = reader.each("borders", plan.geometries, reader.geometry)
    lists = reader.each("register", plan.areas, reader.area_list)
    borders = borders_of(reader.each("register", plan.borders, reader.dated))
    tables = reader.each("read", plan.sources, reader.table)
    hours = reader.each("read", _hours(plan), reader.hours)
    units = reader.each("read", _with_files(plan), reader.units)
    register = _with_own(plan, reader, build_register(geometries, lists))
    inside = _in_areas(plan, reader, register)
    money = _money(plan, reader, register)
    whole = not reader.errors
    recoders = _recoders(plan, tables, borders) if whole else {}
    checked = (
        [
            *_named_areas(plan, register),
            *_own_compared(plan, register),
            *_check(plan, tables, register, recoders),
        ]
        if whole
        else []
    )
    read: list[Any] = [*geometries, *lists, *tables, *hours, *money.ledgers, *money.grants]
    told = [finding for one in read for finding in one.findings]
    cited = [spec for part in (plan.geometries, plan.borders, *_lying(plan)) for spec in part]
    return Inputs(
        tables={table.source: table for table in tables},
        geometries=tuple(geometries),
        lists=tuple(lists),
        register=register,
        sources=(
            *of_tables(plan.sources, tables),
            *of_sections(cited, reader.delivered, workspace.root),
        ),
        files=reader.delivered.every_file,
        findings=(
            *reader.errors,
            *told,
            *inside.findings,
            *((*register.findings, *borders.said) if whole else ()),
            *checked,
        ),
        borders=borders,
        recoders=recoders,
        points=inside.points,
        catchments=inside.catchments,
        destinations=inside.destinations,
        hours=tuple(hours),
        allocations=money.allocations,
        units=tuple(units),
        ledgers=money.ledgers,
        grants=money.grants,
        need=money.need,
    )


@dataclass(frozen=True)
class _Money:
    """Deliveries about money, held against the areas."""

    allocations: tuple[Allotted, ...]
    ledgers: tuple[AccountsResult, ...]
    grants: tuple[GrantsRead, ...]
    need: tuple[NeedRead, ...]


def _money(plan: Plan, reader: Reader, register: AreaRegister) -> _Money:
    allocations = reader.each("read", plan.allocations, reader.allocation)
    booked = reader.each("read", plan.accounts, reader.ledger)
    listed = reader.each("read", plan.grants, reader.grants)
    return _Money(
        tuple(allocations),
        tuple(held_to(ledger, register.areas) for ledger in booked),
        tuple(one.held_to(register.areas) for one in listed),
        tuple(reader.each("read", _need(plan), reader.need)),
    )


def _hours(plan: Plan) -> tuple[TeacherHoursSpec, ...]:
    """Return the delivered table of teaching hours, where there is one."""
    return () if plan.norm is None or plan.norm.table is None else (plan.norm.table,)


def _need(plan: Plan) -> tuple[ExpenditureNeedSpec, ...]:
    """Return the expenditure need, where it is declared."""
    return () if plan.need is None else (plan.need,)


def _with_files(plan: Plan) -> tuple[SpendingSpec, ...]:
    """Return the spending models that are estimated on a delivered table."""
    return tuple(spec for spec in plan.spending if spec.file)


def _lying(plan: Plan) -> tuple[Sequence[Sourced], ...]:
    """Return the sections of what lies in areas, of hours, units, accounts and grants, by kind."""
    inside = (plan.points, plan.catchments, plan.destinations, plan.allocations)
    return (*inside, _hours(plan), _with_files(plan), plan.accounts, plan.grants, _need(plan))


@dataclass(frozen=True)
class _InAreas:
    """Places, catchments and ways to places, held against the areas, and what was noticed."""

    points: PlacedPoints
    catchments: Mapping[str, Catchments]
    destinations: pl.DataFrame
    findings: tuple[Finding, ...]


def _with_own(plan: Plan, reader: Reader, register: AreaRegister) -> AreaRegister:
    """Return the register with areas of one's own."""
    sketches = reader.each("register", [c for c in plan.custom if c.file], reader.outline)
    outlines = {spec.code: outline for spec, outline in sketches}
    return with_custom(register, custom_areas(plan.custom, outlines, register))


def _in_areas(plan: Plan, reader: Reader, register: AreaRegister) -> _InAreas:
    """Read what lies in areas; nothing of it is placed where something could not be read."""
    ways = reader.each("read", plan.destinations, reader.destinations)
    places = reader.each("points", plan.points, reader.points)
    divisions = reader.each("points", plan.catchments, reader.catchments)
    whole = not reader.errors
    points = place_everywhere(places, register) if whole else PlacedPoints()
    year = int(plan.about.geography) if plan.about.geography.isdigit() else None
    catchments = {
        read.spec.id: checked_catchments(read, register, points.points, year)
        for read in divisions
        if whole
    }
    findings = [
        *(f for one in places for f in one.findings),
        *(f for one in divisions for f in one.findings),
        *(f for way in ways for f in (*way.findings, *unknown_areas(way, register))),
        *points.findings,
        *(f for one in catchments.values() for f in one.findings),
    ]
    destinations = pl.concat([of_points(points.points), *(way.table for way in ways)])
    return _InAreas(points, catchments, destinations, tuple(findings))


def _recoders(plan: Plan, tables: Iterable[TableRead], borders: Borders) -> dict[str, Recoder]:
    """Return what brings each source in other borders than the workspace's to these."""
    years = {spec.id: spec.geography for spec in plan.sources}
    made = {
        table.source: recoder_of(borders, table.cells, years[table.source], plan.about.geography)
        for table in tables
    }
    return {source: recoder for source, recoder in made.items() if recoder is not None}


def _named_areas(plan: Plan, register: AreaRegister) -> Iterable[Finding]:
    """Say where the municipality or country that others are compared with is no known area."""
    known = set(register.areas.select("level", "code").iter_rows())
    for key in ("municipality", "country"):
        ref = getattr(plan.about, key)
        if ref is not None and (ref.level.value, ref.code) not in known:
            params = {"key": key, "area": f"{ref.level.value} {ref.code}"}
            yield Finding("area_named_absent", Severity.ERROR, Place(CONFIG_NAME), params)


def _own_compared(plan: Plan, register: AreaRegister) -> Iterable[Finding]:
    """Say where areas of one's own are compared with others that hold some of the same people."""
    overlap = any(finding.code == "custom_sets_share" for finding in register.findings)
    levels = {getattr(analysis, "level", None) for analysis in plan.analyses}
    levels |= set(plan.accumulation.levels) if plan.accumulation else set()
    if overlap and Level.CUSTOM in levels:
        yield Finding("custom_compared", Severity.WARNING, Place(CONFIG_NAME))


def _check(
    plan: Plan,
    tables: Iterable[TableRead],
    register: AreaRegister,
    recoders: Mapping[str, Recoder],
) -> list[Finding]:
    """Hold every table against the register: unknown codes, missing shapes, copied values."""
    found: list[Finding] = []
    names = {spec.id: spec.named for spec in plan.sources}
    for table in tables:
        place = Place(names[table.source])
        cells, carries = table.cells, _additive(plan, table)
        if (recoder := recoders.get(table.source)) is not None:
            found += (replace(f, place=place) for f in recoder.unplaced(cells).findings)
            cells, carries = recoder.landed(cells), ""
        places = recoder.standing(register) if recoder is not None else register
        found += match(cells, places, place=place, carries=carries)
        found += copied_down(cells, register.links, names[table.source])
    return found


def _additive(plan: Plan, table: TableRead) -> str:
    """Return `value` where the table holds one measure and that is a count.

    Persons, children and households in one table must not be added to one another.
    """
    measures = set(table.cells["measure"].unique())
    counted = {
        part.measure
        for binding in plan.bindings
        if binding.source == table.source
        for name, part in binding.parts.items()
        if name != "value"
    }
    return "value" if len(measures) == 1 and counted >= measures else ""


def level_counts(register: AreaRegister) -> dict[str, int]:
    """Return how many areas there are at each level, the coarsest level first."""
    counts = dict(register.areas.group_by("level").len().iter_rows())
    return {level.value: counts[level.value] for level in Level if level.value in counts}
