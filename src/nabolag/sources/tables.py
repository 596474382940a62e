"""Read a delivered table after its `[[source]]`: the whole file or an error, never half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import Finding, Place, Provenance, Severity, Status, Text, raise_errors
from nabolag.core.columns import CELLS
from nabolag.sources import complaints
from nabolag.sources.cells import Mapped, map_table
from nabolag.sources.checks import duplicates
from nabolag.sources.column_rules import Lookup
from nabolag.sources.complaints import LeftOut
from nabolag.sources.grid import RawTable
from nabolag.sources.producers.keep import Kept, answer_file
from nabolag.sources.producers.protocol import digest_of
from nabolag.sources.producers.registry import producer_named
from nabolag.sources.read import read_raw, renamed
from nabolag.sources.spec import SourceSpec
from nabolag.store import absent, find_delivered, require_readable, sha256

_GLOB_SIGNS = "*?["


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one delivered file was: its name (relative), hash, size, rows and how it was read."""

    name: str
    sha256: str
    bytes: int
    rows: int
    blank_rows: int
    read: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What was read and what became of it.

    `rows` counts rows below the header; `rows_kept` those that gave cells. `statuses` and
    `marks` count cells by status and by the producer's mark (marks that stand alone).
    """

    files: tuple[FileFacts, ...]
    rows: int
    rows_kept: int
    cells: int
    left_out: tuple[LeftOut, ...]
    statuses: Mapping[str, int]
    marks: Mapping[str, int]
    #: Of a fetch: what was asked of whom and when, and the producer's footnotes.
    origin: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for a manifest."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table read whole: `cells` has `core.columns.CELLS` and then the source's dimensions."""

    source: str
    cells: pl.DataFrame
    findings: tuple[Finding, ...]
    facts: TableFacts

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The source's own dimension columns."""
        return tuple(name for name in self.cells.columns if name not in CELLS)


def read_table(spec: SourceSpec, path: Path, name: str, roots: Sequence[Path] = ()) -> TableRead:
    """Read one delivered file. `name` is its path relative to the data root, for messages.

    `roots` are folders in which lookup files are searched; by default the folder that `name`
    is relative to. Raises `UserError` with every error found; then nothing was imported.
    """
    return read_files(spec, [(path, name)], roots or _root_of(path, name))


def read_source(spec: SourceSpec, *roots: Path) -> TableRead:
    """Find a source's file or files under the first root that has them, and read them all."""
    return read_files(spec, find_files(spec, *roots), roots)


def find_files(spec: SourceSpec, *roots: Path) -> list[tuple[Path, str]]:
    """Return the files a source names (see `find_matching`)."""
    return find_matching(spec.file, roots)


def find_matching(names: Sequence[str], roots: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return the files of these names, each with its name relative to the root it lies under.

    Raises `UserError` for a name that no root holds, a pattern that fits no file, and a file
    that may not be read.
    """
    found: dict[str, Path] = {}
    for wanted in names:
        here = next((hits for root in roots if (hits := _hits(root, wanted))), None)
        if here is None:
            raise absent(wanted, roots)
        for name, path in here.items():
            require_readable(path, name)
        found.update(here)
    return [(path, name) for name, path in found.items()]


def read_files(
    spec: SourceSpec, files: Sequence[tuple[Path, str]], roots: Sequence[Path]
) -> TableRead:
    """Read several files of one source as one table. Keys may not repeat across files."""
    tables = [read_raw(path, spec, name) for path, name in files]
    return _assembled(spec, files, tables, roots, {})


def read_fetched(spec: SourceSpec, kept: Kept, root: Path, roots: Sequence[Path]) -> TableRead:
    """Read the kept answers of a fetch as one table; `root` is what names are relative to.

    Nothing is asked: the same answers give the same table. The producer knows how its answers
    are read, unless the source says `format`. Raises `UserError` where an answer is damaged.
    """
    files, tables = [], []
    producer = producer_named(kept.plan["producer"], kept.ask, kept.plan["address"])
    for answer in kept.each():
        path = kept.folder / answer_file(answer.request)
        name = path.relative_to(root).as_posix()
        files.append((path, name))
        own = read_raw(path, spec, name) if spec.format else producer.read([answer])
        tables.append(own if spec.format else renamed(own, spec, name))
    origin = {**kept.plan, "folder": kept.folder.relative_to(root).as_posix()}
    return _assembled(spec, files, tables, roots, origin)


def _assembled(
    spec: SourceSpec,
    files: Sequence[tuple[Path, str]],
    tables: Sequence[RawTable],
    roots: Sequence[Path],
    origin: Mapping[str, Any],
) -> TableRead:
    read_lookup = _LookupTables(roots)
    mapped = [
        map_table(table, spec, name, read_lookup)
        for table, (_, name) in zip(tables, files, strict=True)
    ]
    findings = [finding for part in mapped for finding in part.findings]
    names = [name for _, name in files]
    cells = _joined(mapped, names)
    said = names[0] if len(names) == 1 else spec.named
    findings += duplicates(cells, spec.dimension_names, said)
    raise_errors(findings)
    findings += _blanks_as_zero(cells, said)
    cells = cells.drop([c for c in cells.columns if c.startswith("_")])
    facts = replace(_facts(files, tables, mapped, cells), origin=origin)
    findings += _preset_note(spec, said)
    unused = dict.fromkeys(column for part in mapped for column in part.unused)
    findings += complaints.files_note(names, said)
    findings += complaints.left_out(facts.left_out, said)
    findings += complaints.unused_note(list(unused), said)
    findings += _marks_met(cells, said)
    return TableRead(spec.id, cells, tuple(findings), facts)


def provenance(spec: SourceSpec, read: TableRead, code_version: str = "") -> Provenance:
    """Return where the figures of a table come from.

    With several files, `file` names them all, and `sha256` is the hash of one file or empty:
    the hash of each stands in the facts. Of a fetch, `file` is the folder of its answers and
    `sha256` one hash of them all; what the source does not say itself, the answers tell.
    """
    files, origin = read.facts.files, read.facts.origin
    hashes = [file.sha256 for file in files]
    notes = origin.get("notes") or []
    return Provenance(
        source=spec.id,
        producer=spec.producer,
        title=spec.title,
        table=spec.table or origin.get("table", ""),
        file=origin.get("folder", "") or ", ".join(file.name for file in files),
        sha256=hashes[0] if len(hashes) == 1 else digest_of(hashes) if origin else "",
        query=origin.get("query", ""),
        retrieved_at=spec.retrieved or origin.get("retrieved_at", ""),
        updated_at=spec.updated or origin.get("updated", "") or files[0].read.get("updated", ""),
        licence=spec.licence or origin.get("licence", ""),
        url=spec.url or origin.get("url", ""),
        geography=spec.geography,
        code_version=code_version,
        note=spec.note or (Text.same("\n".join(notes)) if notes else None),
    )


class _LookupTables:
    """Reads lookup tables once, from the first root that holds them."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(roots)
        self._tables: dict[str, RawTable] = {}

    def __call__(self, lookup: Lookup) -> RawTable:
        """Return the table a lookup names. Raises `UserError` where no root holds it."""
        key = lookup.model_dump_json()
        if key not in self._tables:
            path = find_delivered(lookup.file, self._roots)
            self._tables[key] = read_raw(path, lookup, lookup.file)
        return self._tables[key]


def _root_of(path: Path, name: str) -> tuple[Path, ...]:
    """Return the folder that `name` is relative to."""
    depth = len(Path(name).parts)
    if path.parts[-depth:] != Path(name).parts:
        return (path.parent,)
    return (Path(*path.parts[:-depth]),)


def _hits(root: Path, wanted: str) -> dict[str, Path]:
    if not any(sign in wanted for sign in _GLOB_SIGNS):
        return {wanted: root / wanted} if (root / wanted).is_file() else {}
    found = sorted(path for path in root.glob(wanted) if path.is_file())
    return {path.relative_to(root).as_posix(): path for path in found}


def _joined(mapped: Sequence[Mapped], names: Sequence[str]) -> pl.DataFrame:
    if len(mapped) == 1:
        return mapped[0].cells
    return pl.concat(
        part.cells.with_columns(pl.lit(name).alias("_file"))
        for part, name in zip(mapped, names, strict=True)
    )


def _facts(
    files: Sequence[tuple[Path, str]],
    tables: Sequence[RawTable],
    mapped: Sequence[Mapped],
    cells: pl.DataFrame,
) -> TableFacts:
    told = tuple(
        FileFacts(
            name=name,
            sha256=sha256(path),
            bytes=path.stat().st_size,
            rows=table.frame.height,
            blank_rows=table.blank_rows,
            read=dict(table.facts),
        )
        for (path, name), table in zip(files, tables, strict=True)
    )
    left = _together(reason for part in mapped for reason in part.left_out)
    rows = sum(file.rows for file in told)
    return TableFacts(
        files=told,
        rows=rows,
        rows_kept=rows - sum(part.rows for part in left),
        cells=cells.height,
        left_out=left,
        statuses=_counted(cells["status"]),
        marks=_counted(cells.filter(pl.col("status") != "value")["mark"]),
    )


def _together(parts: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Add up what the same reason left out of several files."""
    rows: Counter[Text] = Counter()
    sums: dict[Text, dict[str, float]] = {}
    for part in parts:
        rows[part.reason] += part.rows
        of_reason = sums.setdefault(part.reason, {})
        for measure, total in part.sums.items():
            of_reason[measure] = of_reason.get(measure, 0.0) + total
    return tuple(LeftOut(reason, n, sums[reason]) for reason, n in rows.items())


def _counted(values: pl.Series) -> dict[str, int]:
    return dict(sorted(Counter(values.to_list()).items()))


def _blanks_as_zero(cells: pl.DataFrame, name: str) -> list[Finding]:
    """Return a warning where blank cells were declared to be the number 0."""
    zeros = cells.filter((pl.col("_text") == "") & (pl.col("mark") == "") & (pl.col("value") == 0))
    by_measure = zeros.group_by("measure", maintain_order=True).agg(pl.len(), pl.col("row").head(5))
    return [
        Finding(
            "source_blank_zero",
            Severity.WARNING,
            Place(name, row["row"][0]),
            {"measure": row["measure"]},
            row["len"],
            tuple(map(str, row["row"])),
        )
        for row in by_measure.iter_rows(named=True)
    ]


def _preset_note(spec: SourceSpec, name: str) -> list[Finding]:
    """Return a warning where no real file has been read after the preset that is used."""
    if not spec.preset:
        return []
    from nabolag.sources.adapters.presets import unverified  # noqa: PLC0415

    return unverified(spec.preset, name)


def _code_of_mark(mark: str, status: str) -> str:
    """Return the finding that says what a mark, or a blank cell, was taken for."""
    if mark:
        return f"source_mark_{status}"
    return "source_blank" if status == Status.MISSING else f"source_blank_{status}"


def _marks_met(cells: pl.DataFrame, name: str) -> list[Finding]:
    """Return a note for every mark met: what it is taken for, and how often it stands there."""
    met = (
        cells.filter((pl.col("mark") != "") | (pl.col("status") != "value"))
        .group_by("mark", "status")
        .len()
        .sort("mark", "status")
    )
    return [
        Finding(
            _code_of_mark(row["mark"], row["status"]),
            Severity.INFO,
            Place(name),
            {"mark": row["mark"]},
            row["len"],
        )
        for row in met.iter_rows(named=True)
    ]


__all__ = [
    "FileFacts",
    "LeftOut",
    "SourceSpec",
    "TableFacts",
    "TableRead",
    "find_files",
    "find_matching",
    "provenance",
    "read_fetched",
    "read_files",
    "read_source",
    "read_table",
]
