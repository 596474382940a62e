"""The column schemas of `core` as Polars frames: empty, checked, completed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from nabolag.core import columns

_TYPES: dict[str, pl.DataType] = {
    "str": pl.String(),
    "f64": pl.Float64(),
    "i64": pl.Int64(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
    "bytes": pl.Binary(),
}


def schema_of(names: Mapping[str, str]) -> dict[str, pl.DataType]:
    """Return a Polars schema for one of the column tables in `core.columns`."""
    return {name: _TYPES[kind] for name, kind in names.items()}


OBSERVATIONS = schema_of(columns.OBSERVATIONS)
CELLS = schema_of(columns.CELLS)
CONTRIBUTIONS = schema_of(columns.CONTRIBUTIONS)
AREAS = schema_of(columns.AREAS)
LINKS = schema_of(columns.LINKS)
SHAPES = schema_of(columns.SHAPES)
CATCHMENTS = schema_of(columns.CATCHMENTS)
POINTS = schema_of(columns.POINTS)
ACCUMULATION = schema_of(columns.ACCUMULATION)
REASONS = schema_of(columns.REASONS)


def empty(schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return a frame with the columns and no rows."""
    return pl.DataFrame(schema=dict(schema))


def conform(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the frame with exactly the schema's columns, in order and of its types.

    Columns that are absent are added as null. Raises `ValueError` for columns that the schema
    does not have: what is handed on must be named, never dropped on the way.
    """
    extra = [name for name in frame.columns if name not in schema]
    if extra:
        raise ValueError(f"columns outside the schema: {', '.join(extra)}")
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )
