"""Rows that were set apart: every column as delivered, the reasons, the file and the row.

`<folder>/<register>/year=<year>/part-0000.parquet`, the year `unknown` where none can be read.
Quarantine holds what people delivered about people: it stays in the house.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.registers.contracts import CONTRACTS
from nabolag.registers.judge import apart_schema

UNKNOWN: Final = "unknown"
_REASON: Final = re.compile(r"^(\w+): (.*)$")


def quarantine_folder(folder: Path, register: str, year: int | None) -> Path:
    """Return where the rows set apart of a register's year lie."""
    return folder / register / f"year={UNKNOWN if year is None else year}"


def read_quarantine(folder: Path, register: str) -> pl.DataFrame:
    """Return all rows set apart of a register, every year. No rows where there are none."""
    spec = CONTRACTS[register]
    files = sorted((folder / register).glob("year=*/*.parquet"))
    empty = pl.DataFrame(schema=apart_schema(spec))
    return pl.concat([empty, *(pl.read_parquet(f, hive_partitioning=False) for f in files)])


def rejected_reasons(folder: Path) -> pl.DataFrame:
    """Return one line a row and reason, without any value: register, year, file, row, column, code.

    The list tells whoever delivered what to mend, and nothing about anybody.
    """
    schema = {
        "register": pl.String(),
        "year": pl.String(),
        "file": pl.String(),
        "row": pl.Int64(),
        "column": pl.String(),
        "code": pl.String(),
    }
    found = [pl.DataFrame(schema=schema)]
    for name in CONTRACTS:
        for path in sorted((folder / name).glob("year=*/*.parquet")):
            year = path.parent.name.removeprefix("year=")
            found.append(_listed(path, name, year).select(list(schema)))
    return pl.concat(found)


def _listed(path: Path, register: str, year: str) -> pl.DataFrame:
    reason = pl.col("reasons").str.extract_groups(_REASON.pattern)
    return (
        pl.read_parquet(path, columns=["reasons", "file", "row"], hive_partitioning=False)
        .explode("reasons")
        .select(
            pl.lit(register).alias("register"),
            pl.lit(year).alias("year"),
            "file",
            "row",
            reason.struct[1].alias("column"),
            reason.struct[0].alias("code"),
        )
    )


class PartsWriter:
    """Writes blocks of a register's year beside the folder they will replace.

    `finish` puts the new parts in place of all earlier ones, so that a delivery that corrects
    a year empties what it left in quarantine; without parts the folder is gone. `discard`
    leaves what was there. Readers see the old parts or the new, never a mixture of both.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._draft = folder.with_name(f".writing-{folder.name}")
        shutil.rmtree(self._draft, ignore_errors=True)
        self._parts = 0

    def write(self, frame: pl.DataFrame) -> None:
        """Write one more part, if it has rows."""
        if frame.is_empty():
            return
        self._draft.mkdir(parents=True, exist_ok=True)
        path = self._draft / f"part-{self._parts:04d}.parquet"
        frame.write_parquet(path, compression="zstd", statistics=True)
        self._parts += 1

    def finish(self) -> None:
        """Replace what was there."""
        old = self._folder.with_name(f".old-{self._folder.name}")
        shutil.rmtree(old, ignore_errors=True)
        if self._folder.exists():
            self._folder.rename(old)
        if self._parts:
            self._draft.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Leave what was there."""
        shutil.rmtree(self._draft, ignore_errors=True)
