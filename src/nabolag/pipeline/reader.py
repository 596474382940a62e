"""Reads deliveries one after another: every kind of section, its errors kept, its files noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias, TypeVar

from nabolag.accounts import AccountsResult, AccountsSpec, read_accounts
from nabolag.allocation.declared import AllocationSpec, read_allocation
from nabolag.allocation.declared import Delivered as Allotted
from nabolag.allocation.grants import GrantsRead, GrantsSpec, read_grants
from nabolag.allocation.need import ExpenditureNeedSpec, NeedRead, read_need
from nabolag.allocation.norm import HoursRead, TeacherHoursSpec, read_hours
from nabolag.core import Finding, Place, Severity, UserError, error
from nabolag.geography import (
    AreaListRead,
    AreaListSpec,
    CatchmentsRead,
    CatchmentsSpec,
    CustomAreaSpec,
    PointsRead,
    PointsSpec,
    read_area_list,
    read_catchments,
    read_kept_points,
    read_outline,
    read_points,
)
from nabolag.geography.dated import (
    DatedFile,
    DatedRead,
    read_dated,
    read_kept,
)
from nabolag.geography.destinations import (
    DestinationsRead,
    DestinationsSpec,
    read_destinations,
)
from nabolag.pipeline.origins import Delivered
from nabolag.pipeline.step import Step
from nabolag.sources.geometry import GeometryRead, GeometrySpec, read_geometries
from nabolag.sources.producers import FetchFolder, Kept
from nabolag.sources.producers.borders import border_files
from nabolag.sources.tables import (
    SourceSpec,
    TableRead,
    find_matching,
    read_fetched,
    read_files,
)
from nabolag.spending.declared import SpendingSpec
from nabolag.spending.delivered import UnitsRead, read_units
from nabolag.store import CONFIG_NAME, Workspace

#: The sections that may name a fetch instead of a file.
Fetched: TypeAlias = SourceSpec | GeometrySpec | DatedFile | PointsSpec
R = TypeVar("R")
S = TypeVar("S")


def kept_of(workspace: Workspace, spec: Fetched) -> Kept:
    """Return what is kept of the fetch that a part names; before a fetch, raise `UserError`."""
    kept = FetchFolder(workspace.raw, spec.fetch).current()
    if kept is None:
        raise error("fetch_absent", Place(CONFIG_NAME), source=spec.id, fetch=spec.fetch)
    return kept


class Reader:
    """Reads one delivery after another, keeps their errors, and tells how far it has come."""

    def __init__(self, workspace: Workspace, step: Step, total: int) -> None:
        self._workspace = workspace
        self._step = step
        self._total = total
        self._done = 0
        self.errors: list[Finding] = []
        self.delivered = Delivered()

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
        roots = self._roots
        if spec.fetch:
            # Answers lie in raw/ already, each with what it answers: nothing more is kept.
            return read_fetched(spec, self._kept(spec), self._workspace.root, roots)
        return read_files(spec, self._found(spec.id, spec.file), roots)

    def geometry(self, spec: GeometrySpec) -> GeometryRead:
        """Read one `[[geometry]]`."""
        if spec.fetch:
            kept = self._kept(spec)
            with TemporaryDirectory() as folder:
                return read_geometries(spec, border_files(kept, Path(folder)))
        files = {name: self._one(spec.id, name) for name in spec.file}
        return read_geometries(spec, files)

    def area_list(self, spec: AreaListSpec) -> AreaListRead:
        """Read one `[[areas]]`."""
        if not spec.file:
            return read_area_list(spec)
        return read_area_list(spec, self._one(spec.id, spec.file), spec.file)

    def outline(self, spec: CustomAreaSpec) -> tuple[CustomAreaSpec, Any]:
        """Read the outline of a drawn `[[custom_area]]`."""
        return read_outline(spec, self._one(spec.code, spec.file), spec.file)

    def destinations(self, spec: DestinationsSpec) -> DestinationsRead:
        """Read one `[[destinations]]`."""
        return read_destinations(spec, self._one(spec.id, spec.file), spec.file)

    def hours(self, spec: TeacherHoursSpec) -> HoursRead:
        """Read `[teacher_norm.table]`."""
        return read_hours(spec, self._one(spec.id, spec.file), spec.file)

    def ledger(self, spec: AccountsSpec) -> AccountsResult:
        """Read one `[[accounts]]`."""
        return read_accounts(spec, self._found(spec.id, spec.file))

    def grants(self, spec: GrantsSpec) -> GrantsRead:
        """Read one `[[grants]]`."""
        return read_grants(spec, self._found(spec.id, spec.file))

    def need(self, spec: ExpenditureNeedSpec) -> NeedRead:
        """Read `[expenditure_need]` and its weights."""
        files = ((self._one(spec.id, name), name) for name in (spec.file, spec.weights.file))
        return read_need(spec, *files)

    def allocation(self, spec: AllocationSpec) -> Allotted:
        """Read one `[[allocation]]`."""
        return read_allocation(spec, self._one(spec.id, spec.file), spec.file)

    def units(self, spec: SpendingSpec) -> UnitsRead:
        """Read the table of one `[[spending]]`."""
        return read_units(spec, self._one(spec.id, spec.file), spec.file)

    def dated(self, spec: DatedFile) -> tuple[DatedFile, DatedRead]:
        """Read one `[[area_history]]`, `[[changes]]`, `[[crosswalk]]` or `[[area_population]]`."""
        if spec.fetch:
            return spec, read_kept(spec, self._kept(spec).answers())
        if not spec.file:
            return spec, read_dated(spec, None, "")
        return spec, read_dated(spec, self._one(spec.id, spec.file), spec.file)

    def points(self, spec: PointsSpec) -> PointsRead:
        """Read one `[[points]]`."""
        if spec.fetch:
            return read_kept_points(spec, self._kept(spec))
        return read_points(spec, self._found(spec.id, spec.file))

    def catchments(self, spec: CatchmentsSpec) -> CatchmentsRead:
        """Read one `[[catchments]]`."""
        return read_catchments(spec, self._found(spec.id, spec.file))

    @property
    def _roots(self) -> tuple[Path, Path]:
        return self._workspace.root, self._workspace.data_root

    def _kept(self, spec: Fetched) -> Kept:
        kept = self.delivered.kept[spec.id] = kept_of(self._workspace, spec)
        return kept

    def _found(self, owner: str, names: Sequence[str]) -> list[tuple[Path, str]]:
        """Return the files of these names or patterns, and note them as the section's."""
        files = find_matching(names, self._roots)
        self.delivered.files[owner] = {name: path for path, name in files}
        return files

    def _one(self, owner: str, name: str) -> Path:
        """Return a file, and note it as the section's."""
        path = self._workspace.delivered(name)
        self.delivered.files.setdefault(owner, {})[name] = path
        return path
