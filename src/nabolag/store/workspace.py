"""A workspace: one folder with `nabolag.toml`, `raw/`, `snapshots/` and `releases/`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from nabolag.core import Place, error
from nabolag.store.bundle import Bundle, current_bundle, list_bundles, open_bundle
from nabolag.store.config import CONFIG_NAME, read_toml
from nabolag.store.delivered import find_delivered
from nabolag.store.release import Release

DATA_ENVIRONMENT = "NABOLAG_DATA"


@dataclass(frozen=True)
class Workspace:
    """A folder that holds one municipality's (or region's) set-up, data and releases.

    `root` is the folder. Files named in `nabolag.toml` are relative to the data root: the
    `data` given here, else the environment's `NABOLAG_DATA`, else `root` itself.
    """

    root: Path
    data: Path | None = None

    @cached_property
    def config(self) -> dict[str, Any]:
        """The parsed `nabolag.toml`. Raises `UserError` where it cannot be read."""
        return read_toml(self.root / CONFIG_NAME)

    @cached_property
    def data_root(self) -> Path:
        """Where delivered files are looked for. Raises `UserError` where it is no folder."""
        named = self.data or (
            Path(os.environ[DATA_ENVIRONMENT]) if os.environ.get(DATA_ENVIRONMENT) else None
        )
        if named is None:
            return self.root
        if not named.is_dir():
            raise error("data_root_absent", Place(str(named)))
        return named

    def delivered(self, relative: str) -> Path:
        """Return a delivered file's path. Raises `UserError` naming the folders searched.

        The workspace's own folder is searched first, so that a demo or a local file needs no
        data root.
        """
        return find_delivered(relative, (self.root, self.data_root))

    @property
    def raw(self) -> Path:
        """Where deliveries are kept untouched."""
        return self.root / "raw"

    @property
    def snapshots(self) -> Path:
        """Where immutable snapshots lie. Inside the house only."""
        return self.root / "snapshots"

    @property
    def releases(self) -> Path:
        """Where what may leave lies."""
        return self.root / "releases"

    def snapshot(self) -> Bundle | None:
        """Return the current snapshot."""
        return current_bundle(self.snapshots)

    def release(self, name: str | None = None) -> Release:
        """Return the current release, or one by name. Raises `UserError` before the first build."""
        bundle = open_bundle(self.releases, name) if name else current_bundle(self.releases)
        if bundle is None:
            raise error("release_absent", Place(str(self.root)))
        return Release(bundle)

    def release_ids(self) -> list[str]:
        """Return the names of every release, oldest first."""
        return [bundle.id for bundle in list_bundles(self.releases)]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workspace for one writer. Raises `UserError` while another one builds.

        Readers never wait. The lock goes with the process, however it ends.
        """
        with _lock_in(self.root) as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                raise error("workspace_busy", Place(str(self.root))) from busy
            yield


def _lock_in(folder: Path) -> IO[str]:
    """Open the lock of a workspace. Raises `UserError` where its folder cannot be written in."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / ".lock").open("w")
    except OSError as wrong:
        raise error("folder_unwritable", Place(str(folder))) from wrong
    if os.access(folder, os.W_OK):
        return handle
    handle.close()
    raise error("folder_unwritable", Place(str(folder)))
