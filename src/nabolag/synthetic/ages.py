"""Tables by single age and sex, counted from the registers: who lives where, and what happened.

A statistics office delivers these to a municipality that wants to look ahead. The programme of
new homes is the municipality's own, and invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from nabolag.registers import scan_register
from nabolag.synthetic.ground import Ground

_OLDEST: Final = 105
_SEXES: Final = {"female": "kvinner", "male": "menn"}
#: Women who may be the mother of a child born in the year, by age at its end.
_MOTHERS: Final = (15, 55)
#: What is told of a child whose mother lives in another household.
_MOTHER_ELSEWHERE: Final = 30
_WORDS: Final = {
    "birth": "Fødte",
    "death": "Døde",
    "out_migration": "Flyttet ut",
    "in_migration": "Flyttet inn",
    "internal_move": "Flyttet innen kommunen",
}
#: Areas that are built in, by their place in the list, with homes of each type a year.
_BUILT: Final = ((5, "blokk", 45), (5, "rekkehus", 12), (23, "blokk", 30), (41, "enebolig", 9))
_BUILT_YEARS: Final = range(2, 8)


def write_ages(folder: Path, registers: Path, ground: Ground) -> list[str]:
    """Write population, events and programme by age. Returns names relative to `folder`."""
    tables = folder / "leveranse"
    _csv(tables / "folketall_alder.csv", _population(registers, ground))
    _csv(tables / "hendelser_alder.csv", _events(registers, ground))
    _csv(tables / "boligprogram.csv", _programme(ground))
    names = ("folketall_alder.csv", "hendelser_alder.csv", "boligprogram.csv")
    return [f"leveranse/{name}" for name in names]


def _csv(path: Path, table: pl.DataFrame) -> None:
    path.write_bytes(table.write_csv(separator=";", quote_style="never").encode())


def _here(ground: Ground) -> pl.Expr:
    return pl.col("grunnkrets").str.starts_with(ground.spec.code)


def _population(registers: Path, ground: Ground) -> pl.DataFrame:
    """Return one row an area, year, sex and age in which somebody lives."""
    age = (pl.col("year").cast(pl.Int32) - pl.col("birth_year").cast(pl.Int32) - 1).clip(0, _OLDEST)
    people = scan_register(registers, "person").filter(_here(ground))
    counted = people.group_by("grunnkrets", "year", "sex", age.alias("age")).len().collect()
    return counted.sort("year", "grunnkrets", "sex", "age").select(
        pl.col("grunnkrets").alias("Grunnkrets"),
        pl.col("year").cast(pl.String).alias("År"),
        pl.col("age").cast(pl.String).alias("Alder"),
        pl.col("sex").cast(pl.String).replace_strict(_SEXES).alias("Kjønn"),
        pl.col("len").cast(pl.String).alias("Personer"),
    )


def _events(registers: Path, ground: Ground) -> pl.DataFrame:
    """Return one row an area (or the town), year, sex and age in which something happened."""
    both = pl.concat([_others(registers, ground), _births(registers, ground)])
    # Who came and who was born in the last year is first seen in the January after it.
    happened = both.filter(pl.col("year") < ground.spec.all_years[-1])
    town = happened.with_columns(
        pl.lit("").alias("grunnkrets"), pl.lit(ground.spec.code).alias("kommune")
    )
    own = happened.filter(pl.col("event") != "internal_move").with_columns(
        pl.lit("").alias("kommune")
    )
    every = pl.concat([town, own.select(town.columns)])
    keys = ["kommune", "grunnkrets", "year", "sex", "age"]
    counted = every.group_by(*keys, "event").len()
    wide = counted.pivot("event", on_columns=list(_WORDS), index=keys, values="len").sort(keys)
    columns = [pl.col(c).fill_null(0).cast(pl.String).alias(_WORDS[c]) for c in _WORDS]
    return wide.select(
        pl.col("kommune").alias("Kommune"),
        pl.col("grunnkrets").alias("Grunnkrets"),
        pl.col("year").cast(pl.String).alias("År"),
        pl.col("age").cast(pl.String).alias("Alder"),
        pl.col("sex").cast(pl.String).replace_strict(_SEXES).alias("Kjønn"),
        *columns,
    )


def _age_at_end(born: str = "birth_year") -> pl.Expr:
    return (pl.col("year").cast(pl.Int32) - pl.col(born).cast(pl.Int32)).clip(0, _OLDEST)


def _sexes(registers: Path) -> pl.LazyFrame:
    return scan_register(registers, "person").select("person_id", "sex").unique("person_id")


def _others(registers: Path, ground: Ground) -> pl.DataFrame:
    """Return deaths and moves, at the area left or come to, by the person's own age and sex.

    A move between two of the country's municipalities is a move out of one and into the other.
    """
    code = ground.spec.code
    events = scan_register(registers, "population_event").filter(pl.col("event") != "birth")
    began = pl.col("from_grunnkrets").str.starts_with(code).fill_null(False)
    ended = pl.col("to_grunnkrets").str.starts_with(code).fill_null(False)
    out = events.filter(began & ~ended & (pl.col("event") != "death"))
    into = events.filter(ended & ~began)
    parts = [
        (events.filter(began & (pl.col("event") == "death")), "from_grunnkrets", "death"),
        (out, "from_grunnkrets", "out_migration"),
        (into, "to_grunnkrets", "in_migration"),
        (events.filter(began & ended & (pl.col("event") == "internal_move")), "from_grunnkrets",
         "internal_move"),
    ]  # fmt: skip
    told = [
        part.select("year", "person_id", "birth_year", pl.col(where).alias("grunnkrets"),
                    pl.lit(word).alias("event"))
        for part, where, word in parts
    ]  # fmt: skip
    both = pl.concat(told).join(_sexes(registers), on="person_id", how="inner")
    return both.select("grunnkrets", "year", "sex", _age_at_end().alias("age"), "event").collect()


def _births(registers: Path, ground: Ground) -> pl.DataFrame:
    """Return births by the mother's age: the oldest woman of the child's household who may be."""
    born = scan_register(registers, "population_event").filter(pl.col("event") == "birth")
    child = born.select("year", "person_id", pl.col("to_grunnkrets").alias("grunnkrets"))
    next_year = scan_register(registers, "person").select(
        "household_id", "person_id", "sex", "birth_year", (pl.col("year") - 1).alias("year")
    )
    homes = child.join(
        next_year.select("year", "person_id", "household_id"), on=["year", "person_id"]
    )
    age = _age_at_end()
    women = next_year.filter(pl.col("sex") == "female", age.is_between(*_MOTHERS))
    mothers = homes.join(
        women.select("year", "household_id", "birth_year"), on=["year", "household_id"], how="left"
    )
    chosen = mothers.group_by("year", "person_id", "grunnkrets").agg(pl.col("birth_year").min())
    found = chosen.filter(_here(ground)).with_columns(
        pl.lit("female").cast(pl.String).alias("sex"), pl.lit("birth").alias("event")
    )
    told = _age_at_end().fill_null(_MOTHER_ELSEWHERE).alias("age")
    return found.select("grunnkrets", "year", "sex", told, "event").collect()


def _programme(ground: Ground) -> pl.DataFrame:
    """Return the homes that the municipality plans, by area, year and type."""
    codes, last = ground.areas.codes, ground.spec.all_years[-1]
    rows = [
        (codes[place % len(codes)], str(last + after), kind, str(homes))
        for place, kind, homes in _BUILT
        for after in _BUILT_YEARS
    ]
    heading = ("Grunnkrets", "År", "Boligtype", "Boliger")
    return pl.DataFrame(rows, schema=dict.fromkeys(heading, pl.String), orient="row")
