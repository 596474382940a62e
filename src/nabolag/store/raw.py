"""What producers delivered, kept untouched and addressed by content."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from nabolag.store.bundle import sha256

#: What the file that tells where a delivery comes from is called, after the delivery's name.
ORIGIN: Final = ".origin.json"


def keep_raw(
    folder: Path, delivered: Path, origin: Mapping[str, Any] | None = None
) -> tuple[str, Path]:
    """Copy a delivered file into `raw/` once. Returns its SHA-256 and its place there.

    The place is `raw/<first 12 of the hash>-<name>`; a file already there is left alone. Where
    it comes from (`origin`) is written beside it, as `<place>.origin.json`, and follows what
    the workspace says of it now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = sha256(delivered)
    place = folder / f"{digest[:12]}-{delivered.name}"
    if not place.exists():
        with delivered.open("rb") as source:
            _write_whole(place, source)
    if origin is not None:
        text = json.dumps({**origin, "sha256": digest}, ensure_ascii=False, indent=1)
        _write_whole(place.with_name(place.name + ORIGIN), BytesIO(text.encode()))
    return digest, place


def _write_whole(place: Path, content: BinaryIO) -> None:
    """Write under a temporary name, flush and rename."""
    handle, draft = tempfile.mkstemp(prefix=".writing-", dir=place.parent)
    with os.fdopen(handle, "wb") as target:
        shutil.copyfileobj(content, target)
        target.flush()
        os.fsync(target.fileno())
    Path(draft).replace(place)
