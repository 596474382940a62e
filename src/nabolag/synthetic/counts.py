"""What a statistics office would count out of the records: numerators and denominators."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import date

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.rules import (
    crowded,
    crowding_limits,
    low_education,
    low_education_limits,
    low_income_limits,
    outside_work_and_education,
    outside_work_limits,
    persistent_low_income,
    rents,
    single_parent_household,
)

#: Every count of an area and year. Denominators hold only those whose facts are known.
COUNTS = (
    "persons",
    "aged_0_17",
    "aged_67_plus",
    "immigrants",
    "income_persons",
    "low_income",
    "households",
    "income_sum",
    "home_known",
    "crowded",
    "tenure_known",
    "tenants",
    "with_children",
    "single_parents",
    "education_known",
    "low_education",
    "aged_20_29",
    "outside",
)

Frames = Mapping[str, pl.DataFrame]


class Counter:
    """Counts one year at a time, in order; remembers incomes as long as low income needs.

    The median that low income is held against is that of every resident of the municipality
    in the year, since there is no country around it.
    """

    def __init__(self) -> None:
        self._incomes: deque[tuple[pl.DataFrame, float]] = deque(maxlen=3)

    def count(self, frames: Frames, year: int) -> pl.DataFrame:
        """Return one row a grunnkrets with `COUNTS`; null where a count cannot be made yet."""
        at = date(year, 1, 1)
        income = frames["person"].join(
            frames["income_year"].with_columns(
                per_unit=pl.col("income_after_tax") / pl.col("consumption_units")
            ),
            on=["year", "household_id"],
            how="left",
        )
        median = income["per_unit"].median()
        self._incomes.append((income.select("person_id", "per_unit"), _number(median)))
        parts = [
            _people(frames["person"], year),
            self._low_income(frames["person"], at),
            _households(frames, at),
            _education(frames, at, year),
            _work(frames, at, year),
        ]
        table = parts[0]
        for part in parts[1:]:
            table = table.join(part, on="grunnkrets", how="left")
        return table.select(pl.lit(year).alias("year"), "grunnkrets", *COUNTS).sort("grunnkrets")

    def _low_income(self, person: pl.DataFrame, at: date) -> pl.DataFrame:
        limits = low_income_limits(at)
        table = person.select("grunnkrets", "person_id")
        if len(self._incomes) < limits.years:
            unknown = pl.lit(None, dtype=pl.Int64)
            areas = table.select(pl.col("grunnkrets").unique())
            return areas.with_columns(income_persons=unknown, low_income=unknown)
        for number, (incomes, _) in enumerate(self._incomes):
            renamed = incomes.rename({"per_unit": f"income{number}"})
            table = table.join(renamed, on="person_id", how="left")
        years = range(len(self._incomes))
        low = persistent_low_income(
            [nw.col(f"income{number}") for number in years],
            [nw.lit(median) for _, median in self._incomes],
            limits,
        )
        return _tally(_judge(table, low=low), {"low_income": "low"}, {"income_persons": "low"})


def _judge(table: pl.DataFrame, **rules: nw.Expr) -> pl.DataFrame:
    """Add a column for each rule's answer."""
    return nw.from_native(table).with_columns(**rules).to_native()


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise ValueError("no incomes to take the median of")
    return float(value)


def _tally(table: pl.DataFrame, true: Mapping[str, str], known: Mapping[str, str]) -> pl.DataFrame:
    """Count, by grunnkrets, rows where a flag is true and rows where it is known."""
    return table.group_by("grunnkrets").agg(
        *(pl.col(flag).sum().cast(pl.Int64).alias(name) for name, flag in true.items()),
        *(pl.col(flag).is_not_null().sum().cast(pl.Int64).alias(n) for n, flag in known.items()),
    )


def _people(person: pl.DataFrame, year: int) -> pl.DataFrame:
    age = year - 1 - pl.col("birth_year")
    return person.group_by("grunnkrets").agg(
        pl.len().cast(pl.Int64).alias("persons"),
        (age < 18).sum().cast(pl.Int64).alias("aged_0_17"),
        (age >= 67).sum().cast(pl.Int64).alias("aged_67_plus"),
        (pl.col("immigration_category") == "B").sum().cast(pl.Int64).alias("immigrants"),
    )


def _households(frames: Frames, at: date) -> pl.DataFrame:
    dwelling = frames["dwelling"].select("year", "dwelling_id", "rooms", "area_m2")
    income = frames["income_year"].select("year", "household_id", "income_after_tax")
    table = (
        frames["household"]
        .join(dwelling, on=["year", "dwelling_id"], how="left")
        .join(income, on=["year", "household_id"], how="left")
    )
    table = _judge(
        table,
        crowded=crowded(nw.col("persons"), nw.col("rooms"), nw.col("area_m2"), crowding_limits(at)),
        tenant=rents(nw.col("tenure")),
        single_parent=single_parent_household(nw.col("household_type"), nw.col("children")),
    )
    sums = table.group_by("grunnkrets").agg(
        pl.len().cast(pl.Int64).alias("households"),
        pl.col("income_after_tax").sum().alias("income_sum"),
    )
    flags = _tally(
        table,
        {"crowded": "crowded", "tenants": "tenant", "single_parents": "single_parent"},
        {"home_known": "crowded", "tenure_known": "tenant", "with_children": "single_parent"},
    )
    return sums.join(flags, on="grunnkrets", how="left")


def _education(frames: Frames, at: date, year: int) -> pl.DataFrame:
    limits = low_education_limits(at)
    table = frames["education"].join(
        frames["person"].select("person_id", "birth_year", "grunnkrets"),
        on="person_id",
        how="left",
    )
    low = low_education(nw.col("level"), year - nw.col("birth_year"), limits)
    return _tally(_judge(table, low=low), {"low_education": "low"}, {"education_known": "low"})


def _work(frames: Frames, at: date, year: int) -> pl.DataFrame:
    limits = outside_work_limits(at)
    table = (
        frames["employment"]
        .join(frames["education"], on=["year", "person_id"], how="left")
        .join(
            frames["person"].select("person_id", "birth_year", "grunnkrets"),
            on="person_id",
            how="left",
        )
    )
    outside = outside_work_and_education(
        year - nw.col("birth_year"),
        nw.col("employed"),
        nw.col("in_education"),
        nw.col("in_measure"),
        limits,
    )
    return _tally(_judge(table, outside=outside), {"outside": "outside"}, {"aged_20_29": "outside"})


def household_types(household: pl.DataFrame) -> pl.DataFrame:
    """Count households by grunnkrets and type, every type in every area.

    A parent alone counts as such with children under 18; with grown children only, as other.
    """
    children, kind = pl.col("children") > 0, pl.col("household_type")
    named = (
        pl.when(kind.is_in(["single", "couple"]))
        .then(kind)
        .when(children & kind.is_in(["couple_with_children", "single_parent"]))
        .then(kind)
        .when(children)
        .then(pl.lit("other_with_children"))
        .otherwise(pl.lit("other"))
    )
    counted = (
        household.with_columns(type=named)
        .group_by("year", "grunnkrets", "type")
        .agg(pl.len().cast(pl.Int64).alias("households"))
    )
    every = (
        counted.select("year", "grunnkrets")
        .unique()
        .join(pl.DataFrame({"type": list(DELIVERED_TYPES)}), how="cross")
    )
    full = every.join(counted, on=["year", "grunnkrets", "type"], how="left")
    return full.with_columns(pl.col("households").fill_null(0)).sort("year", "grunnkrets", "type")


DELIVERED_TYPES = (
    "single",
    "couple",
    "couple_with_children",
    "single_parent",
    "other_with_children",
    "other",
)
