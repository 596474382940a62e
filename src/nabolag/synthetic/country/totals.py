"""Published population by municipality, sex and age, and the tables a country is made to meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from nabolag.core import Place, error
from nabolag.registers.contracts import SEXES
from nabolag.synthetic.areas import Ints
from nabolag.synthetic.demand import AGES

COLUMNS = ("year", "municipality", "sex", "age", "persons")
_PREFIX = "municip_nor"
_RAW = ("granularity_geo", "location_code", "age", "sex", "calyear", "pop_jan1_n", "imputed")


def read_population(
    path: Path, years: Iterable[int], municipalities: Sequence[str] | None = None
) -> pl.DataFrame:
    """Read population on 1 January from the file of csdata (Statistics Norway 07459).

    Returns year, municipality, sex, age (105 is 105 or more) and persons. A year counts only
    where the producer has figures, not where later years are filled in with the last known.
    Raises `UserError` where columns or years are absent.
    """
    raw = pl.scan_parquet(path)
    absent = [name for name in _RAW if name not in raw.collect_schema().names()]
    if absent:
        raise error("synthetic_totals_columns", Place(str(path)), columns=", ".join(absent))
    wanted = sorted(set(years))
    table = (
        raw.filter(pl.col("granularity_geo").cast(pl.String) == "municip")
        .filter(pl.col("sex").cast(pl.String).is_in(list(SEXES)))
        .filter(pl.col("calyear").is_in(wanted) & ~pl.col("imputed"))
        .select(
            pl.col("calyear").cast(pl.Int16).alias("year"),
            pl.col("location_code").cast(pl.String).str.strip_prefix(_PREFIX).alias("municipality"),
            pl.col("sex").cast(pl.String),
            pl.col("age").cast(pl.Int16),
            pl.col("pop_jan1_n").cast(pl.Int64).alias("persons"),
        )
        .collect()
    )
    if municipalities is not None:
        table = table.filter(pl.col("municipality").is_in(list(municipalities)))
        lost = sorted(set(municipalities) - set(table["municipality"]))
        if lost:
            raise error("synthetic_totals_municipality", Place(str(path)), codes=", ".join(lost))
    missing = sorted(set(wanted) - set(table["year"]))
    if missing:
        shown = ", ".join(map(str, missing))
        raise error("synthetic_totals_years", Place(str(path)), years=shown)
    return table.sort(COLUMNS[:4])


def cells_of(totals: pl.DataFrame, years: Sequence[int]) -> dict[str, list[Ints]]:
    """Return a table of sex × age for each municipality and year, in the order of the codes.

    Where the year after the last is not given, the last year's table is used again: people then
    move as usual, and the size and shape stay. Any other absent year raises `ValueError`, and so
    does a municipality that nobody lives in.
    """
    absent = [name for name in COLUMNS if name not in totals.columns]
    if absent:
        raise ValueError(f"totals lack {', '.join(absent)}")
    found = {}
    for (code,), own in sorted(totals.group_by("municipality"), key=lambda pair: str(pair[0][0])):
        tables = _tables(own)
        wanted = [*years]
        if wanted[-1] not in tables:
            wanted[-1] = wanted[-2]
        lost = [year for year in wanted if year not in tables or not tables[year].any()]
        if lost:
            raise ValueError(f"nobody lives in {code} in {', '.join(map(str, lost))}")
        found[str(code)] = [tables[year] for year in wanted]
    return found


def _tables(own: pl.DataFrame) -> dict[int, Ints]:
    """Return sex × age by year for one municipality; the last age holds all who are older."""
    sex = own["sex"].replace_strict({name: i for i, name in enumerate(SEXES)}).to_numpy()
    age = own["age"].clip(0, AGES - 1).to_numpy().astype(np.int64)
    year = own["year"].to_numpy()
    persons = own["persons"].to_numpy()
    tables = {}
    for one in np.unique(year):
        now = year == one
        cell = sex[now] * AGES + age[now]
        counts = np.bincount(cell, persons[now], 2 * AGES)
        tables[int(one)] = np.asarray(counts, dtype=np.int64).reshape(2, AGES)
    return tables
