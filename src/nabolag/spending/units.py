"""Panels of units made from the registers of a workspace: schools and kindergartens by year.

A row is a unit in a year, in the variables of the models. What the registers do not hold
(administrative staff, counsellors, hours of attendance) is not made up: a model that asks for it
says that the column is not there. Nothing here leaves the house; what leaves are estimates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.registers import scan_register

#: KOSTRA functions of the two services.
SCHOOL_FUNCTION, KINDERGARTEN_FUNCTION = "202", "201"
#: The EU's line (60 per cent of the median); the report defines none (D4, D5).
LOW_INCOME_SHARE: Final = 0.6
_LAST_PRIMARY, _LAST_SMALL = 7, 4
_STAGES: Final = ("1_4", "5_7", "8_10")


def schools(
    folder: Path,
    areas: Collection[str] = (),
    districts: Mapping[str, str] | None = None,
    lines: Mapping[int, float] | None = None,
) -> pl.DataFrame:
    """Return every school and year with its resources, spending and pupils.

    `areas` are the grunnkretser that make up the analysis areas, `districts` the bydel of each
    grunnkrets where there are bydeler. `lines` are kroner for each consumption unit below which
    a household has low income, by year; without it 60 per cent of the year's median. Schools
    without pupils are left out. Raises `UserError` where a register is absent.
    """
    made = pl.col("pupils").cast(pl.Float64)
    small = [pl.col(f"group_hours_{stage}").fill_null(0) for stage in _STAGES]
    frame = (
        scan_register(folder, "school")
        .filter(pl.col("pupils") > 0)
        .with_columns(unit=pl.col("school_id").cast(pl.String))
        .join(_pupils(folder, lines), on=["year", "school_id"], how="left")
        .join(spent(folder, SCHOOL_FUNCTION), on=["year", "unit"], how="left")
        .select(
            "year",
            "unit",
            *_placed(areas, districts),
            private=flag(pl.col("owner") == "private"),
            pupils=made,
            schools_per_pupil=1 / made,
            lower_secondary_school=flag(pl.col("first_grade") > _LAST_PRIMARY),
            combined_school=flag(
                (pl.col("first_grade") <= _LAST_PRIMARY) & (pl.col("last_grade") > _LAST_PRIMARY)
            ),
            share_grade1_4_pupils=pl.col("small") / pl.col("counted"),
            share_hours_grade1_4=share(small[0], pl.sum_horizontal(small)),
            expected_scale_points=pl.col("expected_points"),
            qualified_share=share(pl.col("qualified_teacher_fte"), pl.col("teacher_fte")),
            other_hours_share=share(
                pl.col("hours_other"), pl.col("hours_ordinary") + pl.col("hours_other")
            ),
            assistant_ratio=share(pl.col("hours_assistants"), pl.col("hours_teachers")),
            ordinary_hours_per_pupil=pl.col("hours_ordinary") / made,
            other_hours_per_pupil=pl.col("hours_other") / made,
            spending_per_pupil=pl.col("spent") / made,
            **{
                f"group_size_{stage}": share(
                    pl.col(f"pupil_hours_{stage}"), pl.col(f"group_hours_{stage}")
                )
                for stage in _STAGES
            },
            **{
                f"pupils_{trait}": 100 * pl.col(trait) / pl.col("counted")
                for trait in ("low_income", "single_parent", "immigrant_background")
            },
        )
    )
    return frame.sort("year", "unit").collect()


def kindergartens(
    folder: Path, areas: Collection[str] = (), districts: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Return every kindergarten and year with its staff and spending; see `schools`."""
    staff, leaders = pl.col("basic_staff_fte"), pl.col("pedagogical_leader_fte")
    corrected = pl.col("children_corrected")
    return (
        scan_register(folder, "kindergarten")
        .filter(pl.col("children") > 0)
        .with_columns(unit=pl.col("kindergarten_id").cast(pl.String))
        .join(spent(folder, KINDERGARTEN_FUNCTION), on=["year", "unit"], how="left")
        .select(
            "year",
            "unit",
            *_placed(areas, districts),
            private_kindergarten=flag(pl.col("owner") == "private"),
            kindergarten_size=pl.col("children").cast(pl.Float64),
            children_per_staff=share(corrected, staff),
            attendance_per_other_staff=share(corrected, staff - leaders),
            leaders_share=share(leaders, staff),
            kindergarten_teachers_share=100 * share(pl.col("teacher_fte"), staff),
            norm_met=flag(pl.col("norm_met")),
            spending_per_child=pl.col("spent") / corrected,
            kindergartens_per_child=1 / corrected,
        )
        .sort("year", "unit")
        .collect()
    )


def flag(condition: pl.Expr) -> pl.Expr:
    """Return 1 where a condition holds, 0 where it does not, nothing where it is unknown."""
    return condition.cast(pl.Float64)


def share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Return a part of a whole, unknown where the whole is nothing."""
    return pl.when(whole > 0).then(part / whole)


def _placed(areas: Collection[str], districts: Mapping[str, str] | None) -> list[pl.Expr]:
    """Return where a unit lies. A bydel where there is one, else the municipality (L1683–1687)."""
    place = pl.col("grunnkrets")
    municipality = place.str.slice(0, 4)
    found = [municipality.alias("municipality"), place]
    if districts is not None:
        bydel = place.replace_strict(dict(districts), default=None, return_dtype=pl.String)
        found += [bydel.alias("bydel"), bydel.fill_null(municipality).alias("district")]
    if areas:
        found.append(flag(place.is_in(list(areas))).alias("analysis_area"))
    return found


def spent(folder: Path, function: str) -> pl.LazyFrame:
    """Return kroner by year and unit, every kind of line together."""
    return (
        scan_register(folder, "account_line")
        .filter((pl.col("function") == function) & (pl.col("unit") != ""))
        .group_by("year", "unit")
        .agg(spent=pl.col("amount").sum())
    )


def _pupils(folder: Path, lines: Mapping[int, float] | None) -> pl.LazyFrame:
    """Count pupils by school and year: all, in grades 1–4, and by what their home is like."""
    people = scan_register(folder, "person").select(
        "year", "person_id", "household_id", "immigration_category"
    )
    homes = scan_register(folder, "household").select("year", "household_id", "household_type")
    income = low_income(folder, lines)
    placed = (
        scan_register(folder, "pupil")
        .join(people, on=["year", "person_id"], how="left")
        .join(homes, on=["year", "household_id"], how="left")
        .join(income, on=["year", "household_id"], how="left")
    )
    return placed.group_by("year", "school_id").agg(
        counted=pl.len(),
        small=(pl.col("grade") <= _LAST_SMALL).sum(),
        low_income=pl.col("low").sum(),
        single_parent=(pl.col("household_type") == "single_parent").sum(),
        immigrant_background=(pl.col("immigration_category") != "A").sum(),
    )


def low_income(folder: Path, lines: Mapping[int, float] | None) -> pl.LazyFrame:
    """Tell of each household and year whether its income lies below the line."""
    own = pl.col("income_after_tax") / pl.col("consumption_units")
    income = scan_register(folder, "income_year").with_columns(own=own)
    if lines is None:
        persons = scan_register(folder, "household").select("year", "household_id", "persons")
        each = income.join(persons, on=["year", "household_id"]).select(
            "year", pl.col("own").repeat_by("persons")
        )
        middle = (
            each.explode("own").group_by("year").agg(line=LOW_INCOME_SHARE * pl.col("own").median())
        )
    else:
        middle = pl.LazyFrame(
            {"year": list(lines), "line": [float(one) for one in lines.values()]},
            schema_overrides={"year": pl.Int16, "line": pl.Float64},
        )
    told = income.join(middle, on="year", how="left")
    return told.select("year", "household_id", low=pl.col("own") < pl.col("line"))
