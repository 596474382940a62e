"""Rows that were set apart: every column as delivered, the reasons, the file and the row.

`<folder>/<register>/year=<year>/part-0000.parquet`, the year `unknown` where none can be read.
Quarantine holds what people delivered about people: it stays in the house.
"""

from __future__ import annotations

import re
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
