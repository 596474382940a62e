"""Finding delivered files: under which folder they lie, and whether they can be read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nabolag.core import Place, UserError, error


def find_delivered(relative: str, roots: Iterable[Path]) -> Path:
    """Return a delivered file under the first folder that has it.

    Raises `UserError` where no folder has it, where a folder stands in its place, and where
    it may not be read.
    """
    searched = tuple(dict.fromkeys(roots))
    for root in searched:
        path = root / relative
        if path.is_file():
            require_readable(path, relative)
            return path
    raise absent(relative, searched)


def require_readable(path: Path, name: str) -> None:
    """Raise `UserError` where a file may not be read. `name` is the file as messages show it."""
    if not os.access(path, os.R_OK):
        raise error("file_unreadable", Place(name))


def absent(relative: str, searched: Iterable[Path]) -> UserError:
    """Return the error for a file that is in none of the folders."""
    roots = tuple(dict.fromkeys(searched))
    if any((root / relative).is_dir() for root in roots):
        return error("file_is_folder", Place(relative), name=relative.rstrip("/"))
    return error("delivered_file_absent", Place(relative), root=", ".join(map(str, roots)))
