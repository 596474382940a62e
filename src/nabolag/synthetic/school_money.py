"""The table of a school office: pupils, their needs, and what each school has today."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from nabolag.registers import scan_register
from nabolag.synthetic.files import in_comma
from nabolag.synthetic.ground import Ground

#: What is shared, in kroner, and how today's amounts are made: a part by pupils, the rest alike.
BUDGET: Final = 40_000_000
TODAY_BY_PUPILS: Final = 70
FILE: Final = "skoler_tildeling.csv"
#: Below this share of the municipality's middle income per consumption unit a home has low income.
_LOW_LINE = 0.6


def write_school_money(folder: Path, registers: Path, ground: Ground) -> str:
    """Write the table of the last year's public schools. Returns its name relative to `folder`.

    Today's amounts are planted: 70 per cent by pupils, 30 per cent alike, in whole kroner.
    """
    table = _schools(registers, ground).join(_pupils(registers, ground), on="school_id", how="left")
    amounts = _today(table["pupils"].to_list())
    told = table.with_columns(pl.Series("today", amounts)).select(
        pl.col("school_id").cast(pl.String).alias("Skolenummer"),
        pl.col("name").alias("Skole"),
        pl.col("grunnkrets").alias("Grunnkrets"),
        pl.col("pupils").alias("Elever"),
        pl.col("low_income").fill_null(0).alias("Elever i lavinntekt"),
        _share("low_income").alias("Andel i lavinntekt"),
        pl.col("single_parent").fill_null(0).alias("Elever med én forsørger"),
        _share("single_parent").alias("Andel med én forsørger"),
        in_comma(pl.col("expected_points"), 1).fill_null("").alias("Forventede skalapoeng"),
        pl.col("today").alias("Tildeling i dag"),
    )
    path = folder / "leveranse" / FILE
    path.write_bytes(told.write_csv(separator=";", quote_style="never").encode())
    return f"leveranse/{FILE}"


def _schools(registers: Path, ground: Ground) -> pl.DataFrame:
    year, code = ground.spec.all_years[-1], ground.spec.code
    held = scan_register(registers, "school").filter(
        pl.col("year") == year,
        pl.col("grunnkrets").str.starts_with(code),
        pl.col("owner") == "public",
    )
    columns = ("school_id", "name", "grunnkrets", "pupils", "expected_points")
    return held.select(columns).sort("school_id").collect()


def _pupils(registers: Path, ground: Ground) -> pl.DataFrame:
    """Count, for each school, pupils of homes with low income and with one provider."""
    year, code = ground.spec.all_years[-1], ground.spec.code

    def of_year(name: str) -> pl.LazyFrame:
        return scan_register(registers, name).filter(pl.col("year") == year)

    homes = of_year("household").filter(pl.col("grunnkrets").str.starts_with(code))
    per_unit = pl.col("income_after_tax") / pl.col("consumption_units")
    money = homes.join(of_year("income_year"), on="household_id").select(
        "household_id", "household_type", per_unit.alias("per_unit")
    )
    persons = of_year("person").select("person_id", "household_id")
    line = persons.join(money, on="household_id").select(pl.col("per_unit").median() * _LOW_LINE)
    counted = of_year("pupil").join(persons, on="person_id").join(money, on="household_id")
    return (
        counted.group_by("school_id")
        .agg(
            (pl.col("per_unit") < line.collect().item()).sum().alias("low_income"),
            (pl.col("household_type") == "single_parent").sum().alias("single_parent"),
        )
        .collect()
    )


def _share(name: str) -> pl.Expr:
    return in_comma(pl.col(name).fill_null(0) / pl.col("pupils"), 4)


def _today(pupils: list[int]) -> list[int]:
    """Return whole kroner that add up to the budget; the first schools get the kroner left over."""
    everybody, schools = sum(pupils), len(pupils)
    by_pupils, alike = BUDGET * TODAY_BY_PUPILS // 100, BUDGET * (100 - TODAY_BY_PUPILS) // 100
    amounts = [by_pupils * n // everybody + alike // schools for n in pupils]
    for place in range(BUDGET - sum(amounts)):
        amounts[place % schools] += 1
    return amounts
