"""Everything that was delivered, read and checked against one another. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from nabolag import __version__
from nabolag.core import Finding, Level, Place, Provenance, Severity, UserError
from nabolag.geography import (
    AreaListRead,
    AreaListSpec,
    AreaRegister,
    build_register,
    match,
    read_area_list,
)
from nabolag.pipeline.plan import Plan
from nabolag.pipeline.step import Step
from nabolag.sources.checks import copied_down
from nabolag.sources.geometry import GeometryRead, GeometrySpec, read_geometries
from nabolag.sources.tables import SourceSpec, TableRead, find_files, provenance, read_files
from nabolag.store import CONFIG_NAME, Workspace


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

    @property
    def cells(self) -> dict[str, pl.DataFrame]:
        """Cells by source."""
        return {name: table.cells for name, table in self.tables.items()}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid going on."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


R = TypeVar("R")
S = TypeVar("S")


def read_inputs(workspace: Workspace, plan: Plan, step: Step) -> Inputs:
    """Read everything the plan names. Errors of every file are collected, not only the first's.

    Where a file cannot be read its errors are in `findings`, and what depends on it is not
    checked further.
    """
    reader = _Reader(workspace, step, len(plan.sources) + len(plan.geometries) + len(plan.areas))
    geometries = reader.each("borders", plan.geometries, reader.geometry)
    lists = reader.each("register", plan.areas, reader.area_list)
    tables = reader.each("read", plan.sources, reader.table)
    register = build_register(geometries, lists)
    whole = not reader.errors
    checked = [*_named_areas(plan, register), *_check(plan, tables, register)] if whole else []
    parts = [
        *(f for geometry in geometries for f in geometry.findings),
        *(f for one in lists for f in one.findings),
        *(f for table in tables for f in table.findings),
    ]
    return Inputs(
        tables={table.source: table for table in tables},
        geometries=tuple(geometries),
        lists=tuple(lists),
        register=register,
        sources=tuple(_provenance(plan, tables, geometries)),
        files=reader.files,
        findings=(*reader.errors, *parts, *(register.findings if whole else ()), *checked),
    )


class _Reader:
    """Reads one delivery after another, keeps their errors, and tells how far it has come."""

    def __init__(self, workspace: Workspace, step: Step, total: int) -> None:
        self._workspace = workspace
        self._step = step
        self._total = total
        self._done = 0
        self.errors: list[Finding] = []
        self.files: dict[str, Path] = {}

    def each(self, key: str, specs: Iterable[S], read: Callable[[S], R]) -> list[R]:
        """Read every specification that can be read."""
        found = []
        for spec in specs:
            self._step(key, self._done, self._total)
            try:
                found.append(read(spec))
            except UserError as wrong:
                # A file that serves two sources (a table and a lookup) is told of once.
                self.errors.extend(f for f in wrong.findings if f not in self.errors)
            except OSError as wrong:
                name = Path(wrong.filename or "").name
                self.errors.append(Finding("file_unreadable", Severity.ERROR, Place(name)))
            self._done += 1
        self._step(key, self._done, self._total)
        return found

    def table(self, spec: SourceSpec) -> TableRead:
        """Read one `[[source]]`."""
        roots = (self._workspace.root, self._workspace.data_root)
        files = find_files(spec, *roots)
        self.files |= {name: path for path, name in files}
        return read_files(spec, files, roots)

    def geometry(self, spec: GeometrySpec) -> GeometryRead:
        """Read one `[[geometry]]`."""
        files = {name: self._workspace.delivered(name) for name in spec.file}
        self.files |= files
        return read_geometries(spec, files)

    def area_list(self, spec: AreaListSpec) -> AreaListRead:
        """Read one `[[areas]]`."""
        if not spec.file:
            return read_area_list(spec)
        path = self._workspace.delivered(spec.file)
        self.files[spec.file] = path
        return read_area_list(spec, path, spec.file)


def _named_areas(plan: Plan, register: AreaRegister) -> Iterable[Finding]:
    """Say where the municipality or country that others are compared with is no known area."""
    known = set(register.areas.select("level", "code").iter_rows())
    for key in ("municipality", "country"):
        ref = getattr(plan.about, key)
        if ref is not None and (ref.level.value, ref.code) not in known:
            params = {"key": key, "area": f"{ref.level.value} {ref.code}"}
            yield Finding("area_named_absent", Severity.ERROR, Place(CONFIG_NAME), params)


def _check(plan: Plan, tables: Iterable[TableRead], register: AreaRegister) -> list[Finding]:
    """Hold every table against the register: unknown codes, missing shapes, copied values."""
    found: list[Finding] = []
    names = {spec.id: spec.file[0] for spec in plan.sources}
    for table in tables:
        place = Place(names[table.source])
        found += match(table.cells, register, place=place, carries=_additive(plan, table))
        found += copied_down(table.cells, register.links, names[table.source])
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


def _provenance(
    plan: Plan, tables: Iterable[TableRead], geometries: Iterable[GeometryRead]
) -> Iterable[Provenance]:
    specs = {spec.id: spec for spec in plan.sources}
    for table in tables:
        yield provenance(specs[table.source], table, __version__)
    for geometry in geometries:
        file = ", ".join(geometry.spec.file)
        digest = str(geometry.facts.get("sha256", ""))
        yield geometry.spec.provenance(file, digest, __version__)


def level_counts(register: AreaRegister) -> dict[str, int]:
    """Return how many areas there are at each level, the coarsest level first."""
    counts = dict(register.areas.group_by("level").len().iter_rows())
    return {level.value: counts[level.value] for level in Level if level.value in counts}
