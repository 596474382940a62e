"""Who is among the most exposed share, indicator by indicator, and for how long."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from nabolag.analysis.codes import position
from nabolag.analysis.periods import step
from nabolag.analysis.spec import AccumulationSpec
from nabolag.core import Finding, Indicator, Severity, Worse

_SHOWN = ["value", "unreliable"]
_DRAWN = ("drawn", "areas", "varies")


def flagged(
    figures: pl.DataFrame, spec: AccumulationSpec, catalogue: Mapping[str, Indicator]
) -> pl.DataFrame:
    """Add `flagged`, `n` (areas judged), `line` (rank of the last flagged) to each figure.

    `figures` are coded observations of everybody at the levels of the specification. An area is
    flagged where its rank from the most exposed is within ⌈top_share · n⌉. With ties included,
    equal figures share the best rank, so at least that many are flagged; excluded, the worst.
    Unknown figures get null, and so does everybody where no line can be drawn: too few areas,
    or all of them equal.
    """
    low = [iid for iid in spec.chosen if catalogue[iid].worse is Worse.LOW]
    known = pl.col("status").is_in(_SHOWN) & pl.col("value").is_finite()
    sign = pl.when(pl.col("indicator").is_in(low)).then(-1.0).otherwise(1.0)
    pool = pool_columns(spec)
    exposed = figures.with_columns(pl.when(known).then(pl.col("value") * sign).alias("exposure"))
    exposure = pl.col("exposure")
    exposed = exposed.with_columns(
        exposure.count().over(pool).cast(pl.Int64).alias("n"),
        pl.col("area").filter(exposure.is_not_null()).n_unique().over(pool).alias("areas"),
        (exposure.max() > exposure.min()).over(pool).fill_null(value=False).alias("varies"),
        exposure.rank("min" if spec.ties == "include" else "max", descending=True)
        .over(pool)
        .cast(pl.Int64)
        .alias("rank"),
    )
    counts = exposed["n"].unique().to_list()
    lines = {n: line_rank(n, spec.top_share) for n in counts}
    drawn = pl.col("varies") & (pl.col("areas") >= spec.areas_needed)
    return exposed.with_columns(
        pl.col("n").replace_strict(lines, return_dtype=pl.Int64).alias("line")
    ).with_columns(
        pl.when(drawn & exposure.is_not_null())
        .then(pl.col("rank") <= pl.col("line"))
        .alias("flagged"),
        drawn.alias("drawn"),
    )


def pool_columns(spec: AccumulationSpec) -> list[str]:
    """Return the columns within which one line is drawn."""
    return ["level", "indicator", *(["period"] if spec.pool == "year" else [])]


def line_rank(n: int, top_share: float) -> int:
    """Return ⌈top_share · n⌉, exactly: 0.1 of 10 areas is one area, not two."""
    return math.ceil(Fraction(str(top_share)) * n)


def with_years(flags: pl.DataFrame) -> pl.DataFrame:
    """Add `years`: periods in a row, ending with this one, in which the area was flagged.

    A period without a figure, or one that is left out, ends the row. 0 where not flagged, null
    where not known. Sorted by level, area, indicator, kind of period, and time.
    """
    at = position(flags, ("level", "area", "indicator"), step)
    placed = flags.with_columns(at.alias("at")).sort("at", maintain_order=True)
    years = pl.when(pl.col("flagged").is_not_null()).then(run_length(pl.col("flagged")))
    return placed.with_columns(years.alias("years")).drop("at")


def run_length(held: pl.Expr, at: str = "at") -> pl.Expr:
    """Return how many rows in a row, ending with this one, hold.

    For a frame sorted by `at`, where a row follows another if its `at` is one more.
    """
    holds = held.fill_null(value=False)
    goes_on = (holds.shift(1) & (pl.col(at).diff() == 1)).fill_null(value=False)
    row = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.when(~(holds & goes_on)).then(row).forward_fill()
    return pl.when(holds).then(row - first + 1).otherwise(0)


def thresholds(flags: pl.DataFrame, spec: AccumulationSpec) -> pl.DataFrame:
    """Return one row a line: level, indicator, period, n, line, flagged, threshold.

    `threshold` is the least exposed value that is flagged, in the indicator's unit; null where no
    line is drawn. With one line for all periods it is repeated for each.
    """
    pool = pool_columns(spec)
    least = pl.col("value").get(pl.col("exposure").arg_min()).alias("threshold")
    above = (
        flags.filter("flagged").group_by(pool).agg(pl.len().cast(pl.Int64).alias("above"), least)
    )
    lines = flags.group_by("level", "indicator", "period", maintain_order=True).agg(
        pl.col("n", "line", *_DRAWN).first()
    )
    return lines.join(above, on=pool, how="left", maintain_order="left").select(
        *("level", "indicator", "period", "n", "line"),
        pl.col("above").fill_null(0).alias("flagged"),
        "threshold",
        *_DRAWN,
    )


def line_findings(lines: pl.DataFrame, spec: AccumulationSpec) -> list[Finding]:
    """Say where no line could be drawn, and where equal figures moved it."""
    some = lines.filter(pl.col("areas") > 0)
    few = some.filter(pl.col("areas") < spec.areas_needed)
    same = some.filter((pl.col("areas") >= spec.areas_needed) & ~pl.col("varies"))
    moved = lines.filter(pl.col("drawn") & (pl.col("flagged") != pl.col("line")))
    needed = {"needed": spec.areas_needed}
    found = []
    for code, rows, more in (
        ("accumulation_few_areas", few, needed),
        ("accumulation_all_equal", same, {}),
        ("accumulation_ties", moved, {}),
    ):
        for (indicator, level), part in rows.group_by(["indicator", "level"], maintain_order=True):
            facts = {"indicator": str(indicator), "level": str(level), **more}
            facts |= {
                "flagged": part["flagged"][0],
                "line": part["line"][0],
                "areas": part["areas"][0],
            }
            severity = Severity.INFO if code == "accumulation_ties" else Severity.WARNING
            examples = tuple(part["period"].head(5).to_list())
            found.append(
                Finding(code, severity, params=facts, count=part.height, examples=examples)
            )
    return found
