"""Registers on disk: `<folder>/<register>/year=<year>/part-0.parquet`."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from nabolag.core import Place, error
from nabolag.registers.contracts import CONTRACTS
from nabolag.registers.spec import RegisterSpec


def register_part(folder: Path, spec: RegisterSpec, value: int, part: int = 0) -> Path:
    """Return where a file of a register lies. `part` counts the blocks of a year."""
    return folder / spec.name / f"{spec.partition}={value}" / f"part-{part:04d}.parquet"


def write_part(frame: pl.DataFrame, folder: Path, spec: RegisterSpec, value: int) -> Path:
    """Write one year of a register, in the contract's columns, types and key order.

    The partition column is written too, so that a file taken out of its folder still says what
    it is. Equal rows give equal bytes.
    """
    path = register_part(folder, spec, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = frame.select(pl.col(c.name).cast(c.dtype) for c in spec.columns).sort(spec.key)
    ordered.write_parquet(path, compression="zstd", statistics=True)
    return path


def scan_register(folder: Path, name: str) -> pl.LazyFrame:
    """Open a register lazily, every year of it. Raises `UserError` where there is none."""
    spec = CONTRACTS[name]
    files = sorted((folder / name).glob(f"{spec.partition}=*/*.parquet"))
    if not files:
        raise error("register_absent", Place(str(folder / name)), register=name)
    return pl.scan_parquet(files, hive_partitioning=False)
