"""Registers on disk: `<folder>/<register>/year=<year>/part-0.parquet`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from nabolag.core import Place, error
from nabolag.registers.contracts import CONTRACTS
from nabolag.registers.spec import Column, RegisterSpec


def register_part(folder: Path, spec: RegisterSpec, value: int, part: int = 0) -> Path:
    """Return where a file of a register lies. `part` counts the blocks of a year."""
    return folder / spec.name / f"{spec.partition}={value}" / f"part-{part:04d}.parquet"


def write_part(
    frame: pl.DataFrame, folder: Path, spec: RegisterSpec, value: int, part: int = 0
) -> Path:
    """Write one year of a register, in the contract's columns, types and key order.

    The partition column is written too, so that a file taken out of its folder still says what
    it is. Equal rows give equal bytes. Nullable columns that the frame lacks are written as
    unknown; any other column that is absent raises `ValueError`.
    """
    absent = [c.name for c in spec.columns if not c.nullable and c.name not in frame.columns]
    if absent:
        raise ValueError(f"register {spec.name} lacks {', '.join(absent)}")
    path = register_part(folder, spec, value, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = frame.select(stored(c, frame.columns) for c in spec.columns).sort(spec.key)
    ordered.write_parquet(path, compression="zstd", statistics=True)
    return path


def scan_register(folder: Path, name: str) -> pl.LazyFrame:
    """Open a register lazily, every year of it. Raises `UserError` where there is none.

    Columns are the contract's, in its types. Nullable columns that a file lacks, because it was
    written under an earlier version of the contract, are unknown.
    """
    spec = CONTRACTS[name]
    files = sorted((folder / name).glob(f"{spec.partition}=*/*.parquet"))
    if not files:
        raise error("register_absent", Place(str(folder / name)), register=name)
    return pl.concat(_as_contract(pl.scan_parquet(f, hive_partitioning=False), spec) for f in files)


def stored(column: Column, present: Collection[str]) -> pl.Expr:
    """Return a column in its stored type, unknown where the frame has no such column."""
    value = pl.col(column.name) if column.name in present else pl.lit(None)
    return value.cast(column.dtype).alias(column.name)


def _as_contract(frame: pl.LazyFrame, spec: RegisterSpec) -> pl.LazyFrame:
    """Leave a file alone that is as the contract says, which most are."""
    schema = frame.collect_schema()
    if dict(schema) == spec.schema:
        return frame
    # A column that must be there is asked for by name, so that its absence is never a null.
    present = [*schema.names(), *(c.name for c in spec.columns if not c.nullable)]
    return frame.select(stored(column, present) for column in spec.columns)
