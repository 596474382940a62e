"""What the tests of delivered tables share: a specification in few words, and a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nabolag.core import Finding, UserError
from nabolag.sources.tables import SourceSpec, TableRead, read_table
from nabolag.store import parse_section


def spec(**over: Any) -> SourceSpec:
    """Return a small valid specification: delbydel, year, one measure in the column «tall»."""
    data = {
        "id": "test",
        "file": "levert.csv",
        "producer": "Eksempel kommune",
        "title": "Levert",
        "area": {"level": "delbydel", "column": "kode"},
        "period": {"column": "år"},
        "measure": {"id": "tall", "column": "tall"},
        **over,
    }
    return parse_section(SourceSpec, data, "nabolag.toml", "source[1]")


def write(folder: Path, content: str | bytes, name: str = "levert.csv") -> Path:
    """Write a delivered file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes, **over: Any) -> TableRead:
    """Write a file and read it."""
    return read_table(spec(**over), write(folder, content), "levert.csv")


def refused(folder: Path, content: str | bytes, **over: Any) -> tuple[Finding, ...]:
    """Write a file, read it, and return the findings it is refused with."""
    try:
        result = read(folder, content, **over)
    except UserError as wrong:
        return wrong.findings
    raise AssertionError(f"was read: {result.cells}")
