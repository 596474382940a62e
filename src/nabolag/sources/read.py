"""One door to every table format: a path and its options in, columns of text out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol

from nabolag.core import Place, error
from nabolag.sources.file_form import Format, ReadOptions, format_of
from nabolag.sources.grid import RawTable


class ReadAs(Protocol):
    """A section that says how a file is written; `format` where its suffix does not tell."""

    @property
    def format(self) -> Format | None:
        """The declared format."""

    @property
    def read(self) -> ReadOptions:
        """How the file is written."""


Reader = Callable[[Path, ReadOptions, str], RawTable]

#: Where each format's reader stands; imported when first used.
_READERS: dict[Format, tuple[str, str]] = {
    "csv": ("delimited", "read_delimited"),
    "excel": ("spreadsheet", "read_spreadsheet"),
    "jsonstat": ("jsonstat", "read_jsonstat"),
    "px": ("px", "read_px"),
    "parquet": ("columnar", "read_parquet"),
    "json": ("records", "read_json_records"),
    "geojson": ("records", "read_geojson_properties"),
}


def read_raw(path: Path, spec: ReadAs, name: str) -> RawTable:
    """Read a file in its declared format, or the one its suffix tells.

    Raises `UserError` where the file is empty, broken or of no known format.
    """
    kind = format_of(name, spec.format)
    if kind is None:
        raise error("source_format_unknown", Place(name), known=", ".join(_READERS))
    if path.stat().st_size == 0:
        raise error("source_empty", Place(name))
    module, function = _READERS[kind]
    reader: Reader = getattr(import_module(f"nabolag.sources.{module}"), function)
    return renamed(reader(path, spec.read, name), spec, name)


def renamed(table: RawTable, spec: ReadAs, name: str) -> RawTable:
    """Give columns their declared names, where the file has them under the other name."""
    here = {old: new for old, new in spec.read.rename.items() if old in table.columns}
    taken = [new for new in here.values() if new in table.columns]
    if taken:
        raise error("source_column_twice", Place(name, None, taken[0]))
    header = tuple(here.get(column, column) for column in table.header)
    return replace(table, frame=table.frame.rename(here), header=header)
