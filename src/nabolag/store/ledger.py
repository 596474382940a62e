"""The ledger: everything that has left the house, in order, each entry sealed by the one before.

What has been published stays known, also when its file is gone. So the ledger keeps, beside each
entry, the figures that were shown (`<number>.parquet`), and new releases are held against all of
them. It is only ever added to. Every entry carries a hash of itself and of the entry before it, so
that a line that is changed, left out or moved is seen.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import polars as pl

from nabolag.core import Finding, Place, Severity, error
from nabolag.core.columns import OBSERVATION_KEY

FILE: Final = "LEDGER.jsonl"
_START: Final = "0" * 64
#: What is kept of each figure that was shown.
SHOWN: Final = (
    *OBSERVATION_KEY, "value", "numerator", "denominator", "lower", "upper", "status",
)  # fmt: skip
#: A release of this workspace, a file made of one, or something published elsewhere.
EntryKind: TypeAlias = Literal["release", "file", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that left: when, what kind, under which name, and a hash of its content."""

    number: int
    at: str
    kind: EntryKind
    id: str
    content: str
    previous: str
    about: Mapping[str, Any] = field(default_factory=dict)
    figures: int = 0
    hash: str = ""

    def sealed(self) -> Entry:
        """Return the entry with its own hash."""
        return Entry(**{**asdict(self), "hash": self.seal()})

    def seal(self) -> str:
        """Return the hash of everything in the entry but the hash."""
        plain = {name: value for name, value in asdict(self).items() if name != "hash"}
        written = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a workspace, in a folder of its own."""

    folder: Path

    @property
    def path(self) -> Path:
        """The file of entries."""
        return self.folder / FILE

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries in order. Raises `UserError` for a line that cannot be read.

        A last line that was never finished, because the writer was stopped, is no entry.
        """
        if not self.path.is_file():
            return ()
        whole = self.path.read_text(encoding="utf-8").split("\n")[:-1]
        return tuple(self._read(row, line) for row, line in enumerate(whole, start=1))

    def append(
        self,
        kind: EntryKind,
        name: str,
        content: str,
        shown: pl.DataFrame | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Add an entry, with the figures that it shows. Nothing that stands there is changed.

        The figures are written first and the line last, so that an entry that is there is whole.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        before = self.entries()
        entry = Entry(
            number=len(before) + 1,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            kind=kind,
            id=name,
            content=content,
            previous=before[-1].hash if before else _START,
            about=dict(about or {}),
            figures=shown.height if shown is not None else 0,
        ).sealed()
        if shown is not None:
            draft = self.folder / f".{entry.number}.writing"
            shown.select(SHOWN).write_parquet(draft, compression="zstd")
            draft.replace(self._figures(entry))
        self._write(entry)
        return entry

    def shown(self, entry: Entry) -> pl.DataFrame:
        """Return the figures that an entry showed, none where it has none of its own."""
        if not entry.figures:
            return pl.DataFrame()
        path = self._figures(entry)
        if not path.is_file():
            raise error("ledger_figures_absent", Place(str(path)), number=entry.number)
        return pl.read_parquet(path)

    def has(self, content: str) -> bool:
        """Tell whether something with this content has left already."""
        return any(entry.content == content for entry in self.entries())

    def verify(self) -> list[Finding]:
        """Return what is wrong: a line changed, left out or moved, or figures that are gone."""
        found, previous = [], _START
        for place, entry in enumerate(self.entries(), start=1):
            params = {"number": entry.number, "id": entry.id}
            at = Place(str(self.path), place)
            if entry.seal() != entry.hash:
                found.append(Finding("ledger_line_changed", Severity.ERROR, at, params))
            if entry.previous != previous or entry.number != place:
                found.append(Finding("ledger_chain_broken", Severity.ERROR, at, params))
            if entry.figures and not self._figures(entry).is_file():
                found.append(Finding("ledger_figures_absent", Severity.ERROR, at, params))
            previous = entry.hash
        return found

    def _figures(self, entry: Entry) -> Path:
        return self.folder / f"{entry.number:05d}.parquet"

    def _read(self, row: int, line: str) -> Entry:
        try:
            return Entry(**json.loads(line))
        except (ValueError, TypeError) as wrong:
            raise error("ledger_line_unreadable", Place(str(self.path), row)) from wrong

    def _write(self, entry: Entry) -> None:
        line = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True) + "\n"
        with self.path.open("ab+") as file:
            file.seek(0)
            whole = file.read()
            # What a stopped writer left of a line was never an entry.
            file.truncate(whole.rfind(b"\n") + 1)
            file.seek(0, os.SEEK_END)
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
