"""What producers delivered, kept untouched and addressed by content."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from nabolag.store.bundle import sha256


def keep_raw(folder: Path, delivered: Path) -> tuple[str, Path]:
    """Copy a delivered file into `raw/` once. Returns its SHA-256 and its place there.

    The place is `raw/<first 12 of the hash>-<name>`; a file already there is left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = sha256(delivered)
    place = folder / f"{digest[:12]}-{delivered.name}"
    if not place.exists():
        handle, draft = tempfile.mkstemp(prefix=".writing-", dir=folder)
        with os.fdopen(handle, "wb") as target, delivered.open("rb") as source:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        Path(draft).replace(place)
    return digest, place
