"""Opening a workspace. The store's libraries load here, not when help is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nabolag.store import Workspace


def workspace_at(directory: Path, data: Path | None = None) -> Workspace:
    """Return the workspace in a folder, its deliveries looked for under `data`."""
    from nabolag.store import Workspace  # noqa: PLC0415

    return Workspace(directory, data)
