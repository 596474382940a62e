"""Bundles: immutable folders of Parquet and JSON with a manifest, written whole or not at all.

A bundle is written under a temporary name beside its place, flushed to disk and renamed. The
pointer `CURRENT` is replaced by rename afterwards. A process that dies leaves either the old
state or the new, and at worst a temporary folder that the next writer clears away.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import Place, error

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
_TEMPORARY = ".writing-"
_STALE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished bundle on disk. Reading never changes it."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The bundle's name: a time and the first characters of its content hash."""
        return self.path.name

    def frame(self, name: str) -> pl.DataFrame:
        """Read one table of the bundle."""
        return pl.read_parquet(self.path / f"{name}.parquet")

    def scan(self, name: str) -> pl.LazyFrame:
        """Read one table lazily."""
        return pl.scan_parquet(self.path / f"{name}.parquet")

    def document(self, name: str) -> Any:
        """Read one JSON document of the bundle."""
        return json.loads((self.path / f"{name}.json").read_text(encoding="utf-8"))

    def has(self, name: str) -> bool:
        """Tell whether a table or document of that name is in the bundle."""
        return f"{name}.parquet" in self.manifest["files"] or (
            f"{name}.json" in self.manifest["files"]
        )

    def verify(self) -> list[str]:
        """Return the names of files that are absent or differ from the manifest's hash."""
        return [
            name
            for name, facts in self.manifest["files"].items()
            if not (self.path / name).is_file() or sha256(self.path / name) != facts["sha256"]
        ]


def write_bundle(
    folder: Path,
    frames: Mapping[str, pl.DataFrame],
    documents: Mapping[str, Any],
    facts: Mapping[str, Any],
    now: datetime | None = None,
    before_current: Callable[[Bundle], None] | None = None,
) -> Bundle:
    """Write tables and documents as one immutable bundle under `folder` and make it current.

    `facts` go into the manifest as they are. `before_current` is told of the bundle when it is
    whole and nobody has been led to it; should it raise, the bundle stays unread. Returns the
    finished bundle. The content hash covers tables and documents, not the time, so equal content
    has equal hash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(folder)
    draft = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=folder))
    for name, frame in frames.items():
        frame.write_parquet(draft / f"{name}.parquet")
    for name, document in documents.items():
        _write_json(draft / f"{name}.json", document)
    manifest = _manifest(draft, facts, now or datetime.now(UTC))
    _write_json(draft / MANIFEST, manifest)
    for path in draft.iterdir():
        _flush(path)
    final = folder / manifest["id"]
    if final.exists():
        shutil.rmtree(draft)
    else:
        draft.rename(final)
    _sync(folder)
    bundle = Bundle(final, manifest)
    if before_current is not None:
        before_current(bundle)
    point_to(folder, bundle.id)
    return bundle


def current_bundle(folder: Path) -> Bundle | None:
    """Return the bundle that `CURRENT` points to, or `None` where nothing is written yet."""
    pointer = folder / CURRENT
    if not pointer.is_file():
        return None
    return open_bundle(folder, pointer.read_text(encoding="utf-8").strip())


def open_bundle(folder: Path, name: str) -> Bundle:
    """Open one bundle by name. Raises `UserError` where it is absent or has no manifest."""
    path = folder / name
    if not (path / MANIFEST).is_file():
        raise error("bundle_absent", Place(str(path)), id=name)
    return Bundle(path, json.loads((path / MANIFEST).read_text(encoding="utf-8")))


def list_bundles(folder: Path) -> list[Bundle]:
    """Return every finished bundle, oldest first."""
    if not folder.is_dir():
        return []
    names = sorted(p.name for p in folder.iterdir() if (p / MANIFEST).is_file())
    return [open_bundle(folder, name) for name in names if not name.startswith(_TEMPORARY)]


def point_to(folder: Path, name: str) -> None:
    """Make a bundle current, by rename, so that a reader sees the old or the new."""
    handle, draft = tempfile.mkstemp(prefix=_TEMPORARY, dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(folder / CURRENT)
    _sync(folder)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _manifest(draft: Path, facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    files = {
        path.name: {"sha256": sha256(path), "bytes": path.stat().st_size}
        for path in sorted(draft.iterdir())
    }
    joined = "".join(f"{name}{entry['sha256']}" for name, entry in files.items())
    content = hashlib.sha256(joined.encode()).hexdigest()
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    return {
        "id": f"{stamp}-{content[:12]}",
        "created_at": now.isoformat(timespec="seconds"),
        "content_sha256": content,
        "files": files,
        **facts,
    }


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _write_json(path: Path, document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_abandoned(folder: Path) -> None:
    """Remove drafts that a killed process left behind more than a day ago."""
    for path in folder.glob(f"{_TEMPORARY}*"):
        if time.time() - path.stat().st_mtime < _STALE_SECONDS:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
