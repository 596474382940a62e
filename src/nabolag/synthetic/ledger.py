"""The ledger of the demo: the register's lines as a finance office exports them.

Three lines are planted with something wrong: an amount that is no number, a function that no
service has, and a district that does not exist.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from nabolag.registers import scan_register
from nabolag.synthetic.ground import Ground

_COLUMNS: Final = ("År", "Bydel", "Enhet", "Funksjon", "Art", "Beløp")
_CENTRAL: Final = "Felles"


def write_ledger(folder: Path, registers: Path, ground: Ground) -> str:
    """Write `leveranse/regnskap.csv`. Returns its name relative to `folder`."""
    name = "leveranse/regnskap.csv"
    code = ground.spec.code
    lines = scan_register(registers, "account_line").filter(pl.col("municipality") == code)
    table = pl.concat([_apart(lines.collect(), ground), _planted(ground)])
    (folder / name).write_bytes(table.write_csv(separator=";", quote_style="never").encode())
    return name


def _apart(lines: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Return units' lines, and what is left of the municipality's when they are taken away."""
    keys = ["year", "function", "kind"]
    own = lines.filter(pl.col("unit") != "")
    taken = own.group_by(keys).agg(pl.col("amount").sum().alias("taken"))
    rest = lines.filter(pl.col("unit") == "").join(taken, on=keys, how="left")
    left = rest.with_columns(amount=pl.col("amount") - pl.col("taken").fill_null(0)).filter(
        pl.col("amount").round(2) != 0
    )
    names = dict(zip(ground.areas.bydel_codes, ground.areas.bydel_names, strict=True))
    district = pl.col("unit").replace_strict(names, default=_CENTRAL, return_dtype=pl.String)
    both = pl.concat([own, left.select(own.columns)])
    return both.sort("year", "function", "unit", "kind").select(
        pl.col("year").cast(pl.String).alias("År"),
        district.alias("Bydel"),
        pl.col("unit").alias("Enhet"),
        pl.col("function").alias("Funksjon"),
        pl.col("kind").alias("Art"),
        _written(pl.col("amount")).alias("Beløp"),
    )


def _written(amount: pl.Expr) -> pl.Expr:
    """Write kroner and øre with a decimal comma."""
    ore = (amount * 100).round().cast(pl.Int64)
    whole = (ore.abs() // 100).cast(pl.String)
    sign = pl.when(ore < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole, pl.lit(","), (ore.abs() % 100).cast(pl.String).str.zfill(2))


def _planted(ground: Ground) -> pl.DataFrame:
    year, first = str(ground.spec.all_years[-1]), ground.areas.bydel_names[0]
    rows = [
        (year, first, "", "281", "470", "12 O00"),
        (year, _CENTRAL, "", "339", "470", "1250000,00"),
        (year, "Ukjent bydel", "", "231", "470", "84000,50"),
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String()), orient="row")
