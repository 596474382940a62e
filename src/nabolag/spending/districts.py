"""A panel of bydeler made from the registers of a workspace: who lives there, and what is spent.

Shares of residents by age are fractions and the other shares per cent, as in the tables of the
report. Immigrants are those from outside the Nordic countries and Western Europe (L987–993); low
education is compulsory schooling at most among those aged 25–66; single parents are households
with children under 18 and one adult, of all households. The report defines neither of the last
two (see decision 0026).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.registers import scan_register
from nabolag.spending.units import flag, low_income, share, spent

#: KOSTRA functions, and per whom they are counted (the first and the last age, both included).
_SERVICES: Final[Mapping[str, tuple[str, int, int]]] = {
    "activities_per_resident": ("231", 0, 150),
    "prevention_per_resident": ("232", 0, 150),
    "child_welfare_per_resident_0_22": ("251", 0, 22),
}
_AGES: Final[Mapping[str, tuple[int, int]]] = {
    "0_5": (0, 5),
    "0_15": (0, 15),
    "0_19": (0, 19),
    "20_66": (20, 66),
    "67plus": (67, 150),
}
#: Groups of countries whose people the report does not count as immigrants.
_NEAR: Final = ("norway", "nordic", "western_europe")
_GROWN: Final = (25, 66)
_COMPULSORY: Final = 2


def districts(
    folder: Path,
    bydeler: Mapping[str, str],
    areas: Collection[str] = (),
    lines: Mapping[int, float] | None = None,
) -> pl.DataFrame:
    """Return every bydel and year with what is spent and who lives there.

    `bydeler` gives the bydel of each grunnkrets, `areas` are the grunnkretser that make up the
    analysis areas, and `lines` the line of low income by year (see `units.schools`). Raises
    `UserError` where a register is absent.
    """
    residents, homes = _residents(folder, bydeler), _homes(folder, bydeler, lines)
    frame = residents.join(homes, on=["year", "unit"], how="left")
    for name, (function, first, last) in _SERVICES.items():
        kroner = spent(folder, function).rename({"spent": name})
        served = pl.col(f"_{first}_{last}")
        frame = frame.join(kroner, on=["year", "unit"], how="left").with_columns(
            share(pl.col(name), served).alias(name)
        )
    inside = {bydeler[code] for code in areas if code in bydeler}
    marked = [flag(pl.col("unit").is_in(sorted(inside))).alias("analysis_bydel")] if inside else []
    return (
        frame.with_columns(*marked, bydel=pl.col("unit"))
        .drop(pl.selectors.starts_with("_"))
        .sort("year", "unit")
        .collect()
    )


def _residents(folder: Path, bydeler: Mapping[str, str]) -> pl.LazyFrame:
    """Count residents by bydel and year: of each age, immigrants, and of little schooling."""
    education = scan_register(folder, "education").select("year", "person_id", "level")
    age = pl.col("year") - 1 - pl.col("birth_year")
    people = (
        scan_register(folder, "person")
        .join(education, on=["year", "person_id"], how="left")
        .with_columns(unit=_bydel(bydeler), age=age)
        .drop_nulls("unit")
    )
    grown = pl.col("age").is_between(*_GROWN) & pl.col("level").is_not_null()
    served = {(first, last) for _, first, last in _SERVICES.values()}
    counted = people.group_by("year", "unit").agg(
        *(pl.col("age").is_between(*ages).sum().alias(f"_n{name}") for name, ages in _AGES.items()),
        *(pl.col("age").is_between(*ages).sum().alias(f"_{ages[0]}_{ages[1]}") for ages in served),
        _all=pl.len(),
        _immigrants=(
            (pl.col("immigration_category") == "B") & ~pl.col("country_group").is_in(_NEAR)
        ).sum(),
        _grown=grown.sum(),
        _low=(grown & (pl.col("level") <= _COMPULSORY)).sum(),
    )
    return counted.with_columns(
        *(share(pl.col(f"_n{name}"), pl.col("_all")).alias(f"share_age_{name}") for name in _AGES),
        share_immigrants=100 * share(pl.col("_immigrants"), pl.col("_all")),
        share_low_education=100 * share(pl.col("_low"), pl.col("_grown")),
    )


def _homes(
    folder: Path, bydeler: Mapping[str, str], lines: Mapping[int, float] | None
) -> pl.LazyFrame:
    """Count households by bydel and year: of low income, and of single parents."""
    return (
        scan_register(folder, "household")
        .join(low_income(folder, lines), on=["year", "household_id"], how="left")
        .with_columns(unit=_bydel(bydeler))
        .drop_nulls("unit")
        .group_by("year", "unit")
        .agg(
            share_low_income=100 * pl.col("low").mean(),
            share_single_parent=100 * (pl.col("household_type") == "single_parent").mean(),
        )
    )


def _bydel(bydeler: Mapping[str, str]) -> pl.Expr:
    return pl.col("grunnkrets").replace_strict(dict(bydeler), default=None, return_dtype=pl.String)
