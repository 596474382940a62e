"""Registers as the engine reads them: one register, one year at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.registers import CONTRACTS, RegisterSpec
from nabolag.store.engine import Engine, Lazy

_TYPES: dict[pl.DataType, nw.dtypes.DType] = {
    pl.Int8(): nw.Int8(),
    pl.Int16(): nw.Int16(),
    pl.Int32(): nw.Int32(),
    pl.Int64(): nw.Int64(),
    pl.Float64(): nw.Float64(),
    pl.String(): nw.String(),
    pl.Boolean(): nw.Boolean(),
}


class Registers(Protocol):
    """The registers that are there, and the engine that reads them."""

    @property
    def engine(self) -> Engine:
        """The engine."""
        ...

    def years(self, name: str) -> frozenset[int]:
        """Return the years a register has; none where there is no such register."""
        ...

    def of(self, name: str, year: int) -> Lazy:
        """Return one year of a register, with every column of its contract."""
        ...


@dataclass(frozen=True)
class RegisterFiles:
    """Registers in a folder, as `registers.write_part` lays them: a folder for each year."""

    engine: Engine
    folder: Path
    _files: dict[str, dict[int, list[Path]]] = field(default_factory=dict, repr=False)

    def years(self, name: str) -> frozenset[int]:
        """Return the years that have files."""
        return frozenset(self._found(name))

    def of(self, name: str, year: int) -> Lazy:
        """Open the files of one year. Raises `KeyError` where there are none."""
        return _whole(self.engine.scan(self._found(name)[year]), CONTRACTS[name])

    def _found(self, name: str) -> dict[int, list[Path]]:
        if name not in self._files:
            found: dict[int, list[Path]] = {}
            partition = CONTRACTS[name].partition
            for file in sorted((self.folder / name).glob(f"{partition}=*/*.parquet")):
                found.setdefault(int(file.parent.name.partition("=")[2]), []).append(file)
            self._files[name] = found
        return self._files[name]


@dataclass(frozen=True)
class RegisterFrames:
    """Registers that already are frames of the engine, every year in one."""

    engine: Engine
    frames: Mapping[str, Lazy]
    _years: dict[str, frozenset[int]] = field(default_factory=dict, repr=False)

    def years(self, name: str) -> frozenset[int]:
        """Return the years that have rows."""
        if name not in self.frames:
            return frozenset()
        if name not in self._years:
            seen = self.engine.collect(self.frames[name].select("year").unique())
            self._years[name] = frozenset(int(year) for year in seen["year"])
        return self._years[name]

    def of(self, name: str, year: int) -> Lazy:
        """Return the rows of one year."""
        frame = self.frames[name].filter(nw.col("year") == year)
        return _whole(frame, CONTRACTS[name])


def _whole(frame: Lazy, spec: RegisterSpec) -> Lazy:
    """Add as unknown the nullable columns that an earlier version of the contract had not."""
    present = set(frame.collect_schema().names())
    absent = [c for c in spec.columns if c.nullable and c.name not in present]
    if not absent:
        return frame
    return frame.with_columns(
        nw.lit(None).cast(_TYPES[column.dtype]).alias(column.name) for column in absent
    )
