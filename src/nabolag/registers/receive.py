"""Taking registers in: one year at a time, every row kept or set apart, nothing lost."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

import polars as pl

from nabolag._version import __version__
from nabolag.core import Place, UserError, error
from nabolag.registers.contracts import CONTRACTS
from nabolag.registers.corrections import OF_NOTHING, corrected
from nabolag.registers.delivery import (
    RegisterDelivery,
    ValidationLimits,
    read_deliveries,
    read_settings,
)
from nabolag.registers.files import stored
from nabolag.registers.judge import Corrections, Unit, judge
from nabolag.registers.pieces import Piece, delivered_pieces, folder_pieces
from nabolag.registers.quarantine import quarantine_folder
from nabolag.registers.report import DeliveryReport, Tally, YearReport
from nabolag.registers.settle import NOTE, PartsWriter, Swap, draft_of, put_in_place, settle
from nabolag.registers.spec import RegisterSpec
from nabolag.registers.validate import BLOCK
from nabolag.sources.tables import find_matching
from nabolag.store import CONFIG_NAME, Workspace, keep_raw

#: Told before every register and year: the step (`registers`), how many are done, of how many.
Step = Callable[[str, int, int], None]
REPORT: Final = "report.json"
#: The folder of `raw/` with delivered registers.
KEPT: Final = "registers"


@dataclass(frozen=True, slots=True)
class Into:
    """Where kept rows and rows set apart are written."""

    registers: Path
    quarantine: Path


def check_folder(
    folder: Path, limits: ValidationLimits | None = None, progress: Step | None = None
) -> DeliveryReport:
    """Judge registers in the house's own layout, `<register>/year=<year>/*.parquet`.

    Nothing is written. Raises `UserError` where there are no registers.
    """
    return judge_pieces(folder_pieces(folder), limits or ValidationLimits(), progress=progress)


def check_workspace(workspace: Workspace, progress: Step | None = None) -> DeliveryReport:
    """Judge what `[[register]]` names, or else the registers that lie in the workspace.

    Nothing is written. Raises `UserError` for mistakes in `nabolag.toml` and absent files.
    """
    settings = read_settings(workspace.config)
    deliveries = read_deliveries(workspace.config)
    if not deliveries:
        own = workspace.root / settings.folder
        folder = own if own.is_dir() else workspace.data_root / settings.folder
        return check_folder(folder, settings.limits, progress)
    return _with_deliveries(workspace, deliveries, settings.limits, None, progress)


def check_path(path: Path, progress: Step | None = None) -> DeliveryReport:
    """Judge a workspace, or a folder of registers."""
    if (path / CONFIG_NAME).is_file():
        return check_workspace(Workspace(path), progress)
    return check_folder(path, progress=progress)


def receive(workspace: Workspace, progress: Step | None = None) -> DeliveryReport:
    """Take in what `[[register]]` names: kept rows to `registers/`, the others to `quarantine/`.

    A register's year is replaced whole, and so is its part of quarantine: what was corrected
    is no longer there. Where more rows are wrong than the limit allows, what was taken in
    before stays, and quarantine shows what is wrong. The report is kept as
    `quarantine/report.json`, every delivered file untouched in `raw/registers/`. Everything is
    put in place at once: stopped on the way, what was there stands. Raises `UserError` where
    nothing is delivered.
    """
    settings = read_settings(workspace.config)
    deliveries = read_deliveries(workspace.config)
    if not deliveries:
        raise error("register_deliveries_absent", Place(CONFIG_NAME))
    into = Into(workspace.root / settings.folder, workspace.root / settings.quarantine)
    with workspace.writing():
        settle(into.quarantine, into.registers)
        keep_delivered(workspace, deliveries)
        return _with_deliveries(workspace, deliveries, settings.limits, into, progress)


def last_report(workspace: Workspace) -> tuple[DeliveryReport, Path]:
    """Return the report of what was last taken in, and the folder of quarantine.

    Raises `UserError` where nothing was taken in yet.
    """
    settle_workspace(workspace)
    folder = workspace.root / read_settings(workspace.config).quarantine
    path = folder / REPORT
    if not path.is_file():
        raise error("register_report_absent", Place(str(workspace.root)))
    return DeliveryReport.from_dict(json.loads(path.read_text(encoding="utf-8"))), folder


def settle_workspace(workspace: Workspace) -> None:
    """Finish what a receipt that was stopped was putting in place, if nobody else is writing."""
    settings = read_settings(workspace.config)
    if not (workspace.root / settings.quarantine / NOTE).is_file():
        return
    with suppress(UserError), workspace.writing():
        settle(workspace.root / settings.quarantine, workspace.root / settings.folder)


def keep_delivered(workspace: Workspace, deliveries: Sequence[RegisterDelivery]) -> None:
    """Keep every delivered file untouched, with what it was delivered as."""
    roots = (workspace.root, workspace.data_root)
    for delivery in deliveries:
        for path, name in find_matching(delivery.file, roots):
            origin = {
                "register": delivery.register_name,
                "file": name,
                "corrects": delivery.corrects,
                "code_version": __version__,
            }
            keep_raw(workspace.raw / KEPT, path, origin)


def judge_pieces(
    pieces: Iterable[Piece],
    limits: ValidationLimits,
    into: Into | None = None,
    progress: Step | None = None,
    block: int = BLOCK,
) -> DeliveryReport:
    """Judge delivered files year by year; write them where `into` is given.

    Within a year registers come after those they refer to, so that a row can be told that what
    it refers to was set apart. Memory is that of one block and of one key or reference.
    """
    with tempfile.TemporaryDirectory(prefix="nabolag-corrections-") as scratch:
        units = [corrected(unit, Path(scratch)) for unit in _units(pieces)]
        years, swaps = _judged(units, limits, into, progress, block)
        order = list(CONTRACTS)
        ordered = sorted(
            years, key=lambda y: (order.index(y.register), y.year is None, y.year or 0)
        )
        report = DeliveryReport(tuple(ordered), into is not None)
    if into is not None:
        put_in_place([*swaps, _written(report, into.quarantine / REPORT)], into.quarantine)
    return report


def _written(report: DeliveryReport, place: Path) -> Swap:
    place.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
    draft_of(place).write_text(text + "\n", encoding="utf-8")
    return Swap(place)


def _judged(
    units: Sequence[Unit],
    limits: ValidationLimits,
    into: Into | None,
    progress: Step | None,
    block: int,
) -> tuple[list[YearReport], list[Swap]]:
    """Judge every register of every year, and write drafts where `into` is given."""
    done, years = 0, []
    swaps: list[Swap] = []
    for year in sorted({u.year for u in units}, key=lambda y: (y is None, y or 0)):
        links = {u.spec.name: u for u in units if u.year == year}
        apart: dict[str, pl.DataFrame] = {}
        for unit in in_order(links):
            if progress is not None:
                progress("registers", done, len(units))
            report, apart[unit.spec.name], ready = _one(unit, links, apart, limits, into, block)
            years.append(report)
            swaps += ready
            done += 1
    if progress is not None:
        progress("registers", done, len(units))
    return years, swaps


def in_order(links: Mapping[str, Unit]) -> list[Unit]:
    """Return registers so that each comes after those it refers to."""
    ordered: dict[str, Unit] = {}

    def place(name: str) -> None:
        for link in links[name].spec.foreign_keys:
            if link.register in links and link.register not in ordered:
                place(link.register)
        ordered[name] = links[name]

    for name in links:
        if name not in ordered:
            place(name)
    return list(ordered.values())


def _one(
    unit: Unit,
    links: Mapping[str, Unit],
    apart: Mapping[str, pl.DataFrame],
    limits: ValidationLimits,
    into: Into | None,
    block: int,
) -> tuple[YearReport, pl.DataFrame, list[Swap]]:
    """Judge one register of one year and write drafts of it.

    Returns its report, the keys set apart, and what is to be put in place.
    """
    spec, tally, own = unit.spec, Tally(), unit.corrections
    # A row without a year belongs nowhere; there is nothing that it could refer to.
    others = {n: u for n, u in links.items() if n != spec.name} if unit.year is not None else {}
    kept_to, apart_to = _writers(unit, into)
    kept = set_apart = wrong = 0
    keys: list[pl.DataFrame] = []
    for part in judge(unit, others, apart, tally, refers=limits.refers_to_rejected, block=block):
        kept += part.kept.height
        set_apart += part.apart.height
        wrong += _wrong_corrections(part.apart, own)
        keys.append(part.keys_apart)
        if kept_to is not None and apart_to is not None:
            kept_to.write(_as_stored(part.kept, spec))
            apart_to.write(part.apart)
    report = YearReport(
        register=spec.name,
        year=unit.year,
        delivered=kept + set_apart,
        kept=kept,
        set_apart=set_apart,
        limit=limits.share(spec.name),
        noted=tuple(tally),
        files=tuple(dict.fromkeys(unit.files)),
        corrections=own.rows if own else 0,
        replaced=own.replaced if own else 0,
        corrections_apart=wrong,
    )
    ready = []
    if kept_to is not None and apart_to is not None:
        ready.append(apart_to.finish())
        if report.refused:
            kept_to.discard()
        else:
            ready.append(kept_to.finish())
    rejected = pl.concat(keys, how="diagonal_relaxed") if keys else pl.DataFrame()
    return report, rejected, ready


def _wrong_corrections(apart: pl.DataFrame, corrections: Corrections | None) -> int:
    """Count corrections of a row that are wrong themselves."""
    if corrections is None or apart.is_empty():
        return 0
    of_nothing = pl.col("reasons").list.eval(pl.element().str.starts_with(OF_NOTHING)).list.any()
    mine = pl.col("file").is_in(corrections.files)
    return apart.filter(mine & ~of_nothing).height


def _writers(unit: Unit, into: Into | None) -> tuple[PartsWriter, PartsWriter] | tuple[None, None]:
    if into is None:
        return None, None
    name, year = unit.spec.name, unit.year
    folder = into.registers / name / f"{unit.spec.partition}={year}"
    return PartsWriter(folder), PartsWriter(quarantine_folder(into.quarantine, name, year))


def _as_stored(kept: pl.DataFrame, spec: RegisterSpec) -> pl.DataFrame:
    """Return kept rows in the contract's columns, types and key order."""
    if kept.is_empty():
        return kept
    return kept.select(stored(column, kept.columns) for column in spec.columns).sort(spec.key)


def _units(pieces: Iterable[Piece]) -> list[Unit]:
    grouped: dict[tuple[str, int | None], list[Piece]] = {}
    for piece in pieces:
        grouped.setdefault((piece.spec.name, piece.year), []).append(piece)
    return [Unit(CONTRACTS[name], year, tuple(found)) for (name, year), found in grouped.items()]


def _with_deliveries(
    workspace: Workspace,
    deliveries: Sequence[RegisterDelivery],
    limits: ValidationLimits,
    into: Into | None,
    progress: Step | None,
) -> DeliveryReport:
    roots = (workspace.root, workspace.data_root)
    with tempfile.TemporaryDirectory(prefix="nabolag-registers-") as scratch:
        pieces = []
        levels = count(1)
        for number, delivery in enumerate(deliveries):
            own = Path(scratch) / str(number)
            own.mkdir()
            level = next(levels) if delivery.corrects else 0
            pieces += [
                replace(piece, corrects=level) for piece in delivered_pieces(delivery, roots, own)
            ]
        return judge_pieces(pieces, limits, into, progress)


__all__ = [
    "Into",
    "Step",
    "check_folder",
    "check_path",
    "check_workspace",
    "in_order",
    "judge_pieces",
    "last_report",
    "receive",
    "settle_workspace",
]
