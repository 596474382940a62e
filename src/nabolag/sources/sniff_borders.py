"""What a delivered border file shows: layers, coordinate system, columns. A look, no import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nabolag.core import Level, Place, UserError, code_fits, error
from nabolag.sources.sniff_columns import (
    ColumnSeen,
    level_of,
    look_at_column,
    says_name,
    town_column,
)
from nabolag.sources.vector_crs import fitting_systems
from nabolag.sources.vector_file import VectorFile, layers_of, read_vector

BORDER_SUFFIXES = (".geojson", ".topojson", ".gml", ".gpkg")


@dataclass(frozen=True, slots=True)
class BordersSeen:
    """What one layer shows.

    `code` and `label` are the columns that seem to hold code and name (empty where none does),
    `pad` the length codes should have. `crs` is what the file states; `fits` the systems its
    coordinates can be in, where it states none. `several` says that codes repeat, `town` is the
    column that holds the municipality's number.
    """

    name: str
    layer: str
    layers: tuple[str, ...]
    rows: int
    crs: str
    fits: tuple[str, ...]
    columns: tuple[ColumnSeen, ...]
    level: Level
    code: str
    pad: int
    label: str
    several: bool
    names: dict[str, str]
    town: str = ""


def look_at_borders(path: Path, name: str) -> tuple[BordersSeen, ...]:
    """Look at every layer with shapes. Raises `UserError` where the file cannot be read."""
    if path.stat().st_size == 0:
        raise error("source_empty", Place(name))
    layers = layers_of(path, name)
    seen = []
    wrong: list[UserError] = []
    for layer, columns in layers.items():
        try:
            file = read_vector(path, name, dict.fromkeys(columns, "*"), layer)
        except UserError as refusal:
            wrong.append(refusal)
            continue
        seen.append(_seen(file, tuple(layers)))
    if not seen:
        raise wrong[0] if wrong else error("geometry_no_rows", Place(name), layer="")
    return tuple(seen)


def _seen(file: VectorFile, layers: tuple[str, ...]) -> BordersSeen:
    columns = tuple(look_at_column(column, file.frame[column]) for column in file.frame.columns[1:])
    code = _code_column(columns, file.frame)
    label = _name_column(columns, file.frame)
    made = code.codes(file.frame[code.name].to_list()) if code else []
    level = level_of(f"{code.name} {file.layer} {file.name}", made) if code else Level.CUSTOM
    names = dict(zip(made, file.frame[label].to_list(), strict=True)) if code and label else {}
    return BordersSeen(
        name=file.name,
        layer=file.layer if len(layers) > 1 else "",
        layers=layers,
        rows=file.frame.height,
        crs=file.crs,
        fits=() if file.crs else fitting_systems(file),
        columns=columns,
        level=level,
        code=code.name if code else "",
        pad=code.pad if code else 0,
        label=label,
        several=len(set(made)) < len(made),
        names=names or dict.fromkeys(made, ""),
        town=town_column(file.frame, [c.name for c in columns], code.name) if code else "",
    )


def _code_column(columns: Sequence[ColumnSeen], frame: pl.DataFrame) -> ColumnSeen | None:
    """Return the column whose codes tell most rows apart and can be of a level."""
    codes = [column for column in columns if column.kind == "code" and _can_be(column, frame)]
    return max(codes, key=lambda column: frame[column.name].n_unique(), default=None)


def _can_be(column: ColumnSeen, frame: pl.DataFrame) -> bool:
    if column.before or column.suffix:
        return False  # What a border file's codes must lose is left to a person.
    made = column.codes(frame[column.name].to_list())
    return all(code_fits(level_of(column.name, made), code) for code in made)


def _name_column(columns: Sequence[ColumnSeen], frame: pl.DataFrame) -> str:
    """Return the column of names that tells most rows apart."""
    names = [column for column in columns if column.kind == "name"]
    best = max(
        names,
        key=lambda column: (says_name(column.name), frame[column.name].n_unique()),
        default=None,
    )
    return best.name if best else ""
