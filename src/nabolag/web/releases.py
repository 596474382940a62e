"""The release that readers see now. A new one is picked up without a restart, never by halves."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from django.conf import settings

from nabolag.core import error
from nabolag.store import Release, Workspace
from nabolag.store.bundle import CURRENT

_opened: dict[Path, Release] = {}
_lock = Lock()


def workspace() -> Workspace:
    """Return the workspace that is served. Raises `UserError` where none is named."""
    root = settings.NABOLAG_WORKSPACE
    if root is None:
        raise error("web_workspace_absent")
    return Workspace(Path(root))


def current_release() -> Release:
    """Return the current release, opened once and kept until another becomes current.

    The pointer is replaced by rename and a bundle is never changed, so what is read here is
    always whole; a request that has begun keeps the release it began with. Raises `UserError`
    (`release_absent`) before the first build.
    """
    served = workspace()
    folder = served.releases
    pointer = folder / CURRENT
    name = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    known = _opened.get(folder)
    if known is not None and known.id == name:
        return known
    with _lock:
        release = served.release(name or None)
        _opened[folder] = release
    return release
