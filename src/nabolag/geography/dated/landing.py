"""Where the areas of figures land: which way each goes, and which codes have no way."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from nabolag.core import Finding, Level, Severity
from nabolag.geography.dated.areas import shown
from nabolag.geography.dated.crosswalk import Crosswalk
from nabolag.geography.dated.frames import CROSSWALK

_PLACE = ["geography", "level", "area"]
_TARGET = ["geography", "level", "to_code"]
_ON = ["geography", "level"]


@dataclass(frozen=True, slots=True)
class Landing:
    """The ways of the codes that figures have.

    `alone` are those that become one area which has no other part (`geography`, `level`, `area`,
    `to_code`); `together` the others, with weights and `wanted`, how many old areas the new one
    is made of; `left` the codes without a way.
    """

    alone: pl.DataFrame
    together: pl.DataFrame
    left: pl.DataFrame
    findings: tuple[Finding, ...]

    @property
    def ways(self) -> pl.DataFrame:
        """Every code that has a way, and where it leads (`to_code`)."""
        names = [*_PLACE, "to_code"]
        return pl.concat([self.alone.select(names), self.together.select(names)])


def landing(figures: pl.DataFrame, crosswalk: Crosswalk) -> Landing:
    """Find the way of each code in figures with `geography`, `level` and `area`."""
    codes = figures.select(_PLACE).unique().sort(_PLACE)
    abroad = codes.filter(pl.col("geography") != crosswalk.to_geography)
    starts = crosswalk.table.select(_ON).unique()
    placed = abroad.join(starts, on=_ON, how="semi")
    table = crosswalk.table.rename({"from_code": "area"})
    unknown = placed.join(table.select(_PLACE).unique(), on=_PLACE, how="anti")
    old, left = _of_other_years(unknown, crosswalk)
    table = pl.concat([table.with_columns(_old=pl.lit(value=False)), old])
    ways = _counted(table)
    sole = (pl.col("_out") == 1) & (pl.col("wanted") <= 1) & (pl.col("_in") == 1)
    findings = _told(abroad, placed, old, left, crosswalk)
    return Landing(
        alone=ways.filter(sole).select(*_PLACE, "to_code"),
        together=ways.filter(~sole).drop("_out", "_in"),
        left=left,
        findings=tuple(findings),
    )


def _counted(table: pl.DataFrame) -> pl.DataFrame:
    """Add how many ways lead out of and into each area; codes of other years are not waited for."""
    return table.with_columns(
        pl.len().over(_PLACE).alias("_out"),
        pl.len().over(_TARGET).alias("_in"),
        (~pl.col("_old")).sum().over(_TARGET).alias("wanted"),
    )


def _of_other_years(
    unknown: pl.DataFrame, crosswalk: Crosswalk
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the ways of codes that another year has (the nearest earlier), and the others."""
    table = crosswalk.table.rename({"from_code": "area"})
    nothing = table.clear().with_columns(_old=pl.lit(value=True))
    if unknown.is_empty() or crosswalk.old_codes != "use":
        return nothing, unknown
    other = table.rename({"geography": "_year"})
    found = unknown.join(other, on=["level", "area"], how="inner").filter(
        pl.col("_year") < pl.col("geography")
    )
    last = pl.col("_year") == pl.col("_year").max().over(_PLACE)
    ways = found.filter(last)
    left = unknown.join(ways.select(_PLACE).unique(), on=_PLACE, how="anti")
    names = ["area" if name == "from_code" else name for name in CROSSWALK]
    return ways.select(names).with_columns(_old=pl.lit(value=True)), left


def _told(
    abroad: pl.DataFrame,
    placed: pl.DataFrame,
    old: pl.DataFrame,
    left: pl.DataFrame,
    crosswalk: Crosswalk,
) -> list[Finding]:
    unplaced = abroad.join(placed, on=_PLACE, how="anti").filter(
        pl.col("level") != Level.LAND.value
    )
    return [
        *_about("recode_no_way", Severity.WARNING, unplaced, crosswalk),
        *_about("recode_code_old", Severity.WARNING, old, crosswalk),
        *_about("recode_code_unknown", Severity.ERROR, left, crosswalk),
    ]


def _about(
    code: str, severity: Severity, rows: pl.DataFrame, crosswalk: Crosswalk
) -> list[Finding]:
    """Return one finding a level and geography, with the years in which the codes were in use."""
    found = []
    for part in rows.partition_by(_ON, maintain_order=True):
        areas = part.select("area", name=pl.lit("")).unique().sort("area")
        params = {
            "level": part["level"][0],
            "geography": part["geography"][0],
            "to": crosswalk.to_geography,
            "known_in": _years_of(part, crosswalk),
        }
        examples = shown(areas, "area")
        found.append(Finding(code, severity, params=params, count=areas.height, examples=examples))
    return found


def _years_of(part: pl.DataFrame, crosswalk: Crosswalk) -> str:
    """Return «1901: 1964–2012 (→ 5503)» of the codes, or a dash where no year has them."""
    held = crosswalk.table.join(
        part.select("level", from_code="area").unique(), on=["level", "from_code"], how="semi"
    )
    spans = held.group_by("from_code", maintain_order=True).agg(
        pl.col("geography").min().alias("first"),
        pl.col("geography").max().alias("last"),
        pl.col("to_code").unique().sort().str.join(", ").alias("to"),
    )
    told = [f"{c}: {first}–{last} → {to}" for c, first, last, to in spans.iter_rows()]
    return "; ".join(sorted(told)) or "–"
