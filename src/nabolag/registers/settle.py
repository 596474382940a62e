"""Putting what was taken in in its place: all of it, or nothing, also where the power goes.

Parts are written beside the folders they will replace. When all are written, a note of what is to
be put in place is written, and from then on they are. Where there is no note, what was being
written counts for nothing; where there is one, `settle` goes on where it was stopped.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

_DRAFT: Final = ".writing-"
_OLD: Final = ".old-"
#: The note of what is to be put in place, in the folder of quarantine.
NOTE: Final = ".taking-in.json"


@dataclass(frozen=True, slots=True)
class Swap:
    """A folder or file, and what will stand in its place: its draft, or nothing."""

    place: Path
    filled: bool = True

    @property
    def draft(self) -> Path:
        """What is written beside it."""
        return draft_of(self.place)

    def do(self) -> None:
        """Put the draft in its place. May be done again where it was stopped."""
        old = self.place.with_name(f"{_OLD}{self.place.name}")
        if self.place.exists() and (self.draft.exists() or not self.filled):
            _remove(old)
            self.place.rename(old)
        if self.draft.exists():
            self.draft.rename(self.place)
        _remove(old)


class PartsWriter:
    """Writes blocks of a register's year beside the folder they will replace.

    Without parts the folder will be gone, so that a delivery that corrects a year empties what
    it left in quarantine. `discard` leaves what was there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _remove(draft_of(folder))
        self._parts = 0

    def write(self, frame: pl.DataFrame) -> None:
        """Write one more part, if it has rows."""
        if frame.is_empty():
            return
        draft = draft_of(self._folder)
        draft.mkdir(parents=True, exist_ok=True)
        path = draft / f"part-{self._parts:04d}.parquet"
        frame.write_parquet(path, compression="zstd", statistics=True)
        self._parts += 1

    def finish(self) -> Swap:
        """Return what is to be put in place."""
        return Swap(self._folder, filled=bool(self._parts))

    def discard(self) -> None:
        """Leave what was there."""
        _remove(draft_of(self._folder))


def draft_of(place: Path) -> Path:
    """Return where what will stand in a place is written."""
    return place.with_name(f"{_DRAFT}{place.name}")


def put_in_place(swaps: Iterable[Swap], quarantine: Path) -> None:
    """Put everything in its place, from now on whatever happens."""
    quarantine.mkdir(parents=True, exist_ok=True)
    swaps = tuple(swaps)
    for swap in swaps:
        _flush(swap.draft)
    listed = [[os.path.relpath(swap.place, quarantine), swap.filled] for swap in swaps]
    note = draft_of(quarantine / NOTE)
    note.write_text(json.dumps(listed), encoding="utf-8")
    _flush(note)
    note.rename(quarantine / NOTE)
    settle(quarantine)


def settle(quarantine: Path, *folders: Path) -> None:
    """Finish what was being put in place, or clear away what was only being written.

    `folders` are those whose registers' years may have drafts. To be called by the one who
    writes in the workspace.
    """
    note = quarantine / NOTE
    if note.is_file():
        for place, filled in json.loads(note.read_text(encoding="utf-8")):
            Swap(Path(os.path.normpath(quarantine / place)), filled=bool(filled)).do()
        note.unlink()
    for folder in (quarantine, *folders):
        for draft in (*folder.glob(f"{_DRAFT}*"), *folder.glob(f"*/{_DRAFT}*")):
            _remove(draft)


def _flush(path: Path) -> None:
    """See to it that a file, or every file of a folder, is on the disk."""
    for file in path.iterdir() if path.is_dir() else [path] if path.exists() else []:
        with file.open("rb") as handle:
            os.fsync(handle.fileno())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
