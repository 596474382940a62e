"""Catchments as tables: which areas' pupils belong to which school, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from nabolag.core import Finding, Level, Severity
from nabolag.geography.register import AreaRegister
from nabolag.store import conform
from nabolag.store.frames import CATCHMENTS
from nabolag.store.statuses import MISSING, VALUE, known

_AREA = ["level", "area"]
_TOLERANCE = 1e-6
_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Catchments:
    """Checked catchments (columns of `CATCHMENTS`) and what was noticed.

    In each year the shares of an area sum to 1 or less. Areas below 1 are told of: their other
    pupils belong to no school in the table, and are not spread over those that are.
    """

    table: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    def of(self, year: int) -> pl.DataFrame:
        """Return `school`, `level`, `area`, `share` of a year."""
        return self.table.filter(self.holds(year)).select("school", *_AREA, "share")

    def holds(self, year: int) -> pl.Expr:
        """Tell which rows of the table hold in a year."""
        return _holds(year)

    def pupils(self, counts: pl.DataFrame, year: int, by: Sequence[str] = ()) -> pl.DataFrame:
        """Return how many of each area belong to each school: `school`, `by`, `persons`, `rank`.

        `counts` holds `level`, `area`, `persons`, maybe `rank` (of the status; without it a null
        is missing), and columns `by`, such as age. The strongest status of a school's areas is
        the school's: with a hidden part it has no number. Those who belong to no school are on a
        row without one, so that nobody is lost.
        """
        unsaid = pl.when(pl.col("persons").is_null()).then(MISSING).otherwise(VALUE)
        ranked = counts if "rank" in counts.columns else counts.with_columns(rank=unsaid)
        own = self.of(year).filter(pl.col("share") > 0)
        here = ranked.join(own, on=_AREA, how="left", maintain_order="left")
        told = here.group_by(*_AREA, *by, maintain_order=True).agg(
            pl.col("persons", "rank").first(), pl.col("share").sum().alias("_placed")
        )
        rest = told.filter(pl.col("_placed") < 1 - _TOLERANCE).select(
            *by,
            "rank",
            school=pl.lit(None, pl.String),
            persons=pl.col("persons") * (1 - pl.col("_placed")),
        )
        placed = here.filter(pl.col("school").is_not_null()).select(
            *by, "rank", "school", persons=pl.col("persons") * pl.col("share")
        )
        sums = (
            pl.concat([placed, rest])
            .group_by("school", *by, maintain_order=True)
            .agg(pl.col("persons").sum(), pl.col("rank").max())
        )
        shown = pl.when(known("rank")).then("persons").alias("persons")
        return sums.select("school", *by, shown, "rank").sort("school", *by, nulls_last=True)


def catchments_of(
    table: pl.DataFrame, register: AreaRegister, years: tuple[int, int]
) -> Catchments:
    """Return checked catchments out of `school`, `level`, `area`, maybe `share` and years.

    One table is one division: what several schools have of an area is held together.

    Without a share an area belongs whole to a school; where several schools then share it, they
    do so in equal parts, which is told. `years` are the first and last year that are checked.
    Errors in `findings`: shares outside 0–1, and sums above 1 in a year (pupils counted twice).
    """
    frame = conform(table, CATCHMENTS)
    frame = frame.with_columns(_equal_where_unsaid(frame))
    findings = [
        *_about("catchment_share", Severity.ERROR, frame.filter(~pl.col("share").is_between(0, 1))),
        *_about("catchment_unknown", Severity.ERROR, _unknown(frame, register)),
        *_about("catchment_equal", Severity.WARNING, _unsaid(conform(table, CATCHMENTS))),
        *_by_year(frame, register, years),
    ]
    return Catchments(frame, tuple(findings))


def _equal_where_unsaid(frame: pl.DataFrame) -> pl.Series:
    spell = [*_AREA, "from_year", "to_year"]
    n = pl.len().over(spell)
    unsaid = pl.col("share").is_null().all().over(spell)
    said = pl.col("share").fill_null(0.0)
    return frame.select(pl.when(unsaid).then(1 / n).otherwise(said).alias("share")).to_series()


def _unsaid(frame: pl.DataFrame) -> pl.DataFrame:
    spell = [*_AREA, "from_year", "to_year"]
    return frame.filter(pl.col("share").is_null().all().over(spell), pl.len().over(spell) > 1)


def _unknown(frame: pl.DataFrame, register: AreaRegister) -> pl.DataFrame:
    known = register.areas.select("level", area="code")
    return frame.join(known, on=_AREA, how="anti")


def _by_year(frame: pl.DataFrame, register: AreaRegister, years: tuple[int, int]) -> list[Finding]:
    """Report areas that are given away twice or left out in some year, with the years."""
    every = _around(frame, register)
    over, short = [], []
    for year in range(years[0], years[1] + 1):
        sums = frame.filter(_holds(year)).group_by(_AREA).agg(pl.col("share").sum())
        here = every.join(sums, on=_AREA, how="left").with_columns(
            pl.col("share").fill_null(0.0), year=pl.lit(year)
        )
        over.append(here.filter(pl.col("share") > 1 + _TOLERANCE))
        short.append(here.filter(pl.col("share") < 1 - _TOLERANCE))
    return [
        *_about("catchment_overlap", Severity.ERROR, pl.concat(over)),
        *_about("catchment_gap", Severity.WARNING, pl.concat(short)),
    ]


def _around(frame: pl.DataFrame, register: AreaRegister) -> pl.DataFrame:
    """Return the areas that a table should speak of: those in the same municipalities."""
    levels = frame["level"].unique().to_list()
    gone = register.marks.filter(pl.col("retired") | pl.col("shapeless"))
    living = register.areas.join(gone, on=["level", "code"], how="anti")
    every = living.filter(pl.col("level").is_in(levels)).select("level", area="code")
    up = register.closed_links.filter(pl.col("parent_level") == Level.KOMMUNE.value)
    placed = up.rename({"code": "area"}).select(*_AREA, "parent_code")
    towns = frame.join(placed, on=_AREA, how="inner").select("parent_code").unique()
    if towns.is_empty():
        return every
    return every.join(placed.join(towns, on="parent_code", how="semi"), on=_AREA, how="semi")


def _holds(year: int) -> pl.Expr:
    begun = (pl.col("from_year") <= year).fill_null(value=True)
    return begun & (pl.col("to_year") >= year).fill_null(value=True)


def _about(code: str, severity: Severity, rows: pl.DataFrame) -> list[Finding]:
    if rows.is_empty():
        return []
    areas = rows.select(_AREA).unique().sort(_AREA)
    span = ""
    if "year" in rows.columns:
        seen = [str(year) for year in rows["year"].unique().sort()]
        span = seen[0] if len(seen) == 1 else f"{seen[0]}–{seen[-1]}"
    params = {"level": ", ".join(areas["level"].unique().sort().to_list()), "years": span}
    examples = tuple(areas["area"].head(_EXAMPLES))
    return [Finding(code, severity, params=params, count=areas.height, examples=examples)]
