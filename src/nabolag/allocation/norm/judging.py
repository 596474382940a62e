"""Is the norm met, what is missing, and what would it cost: each school, stage and year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.allocation.norm.stages import GRADE_OF, SCHOOLS
from nabolag.rules import InForce, RuleNumbers, TeacherNorm
from nabolag.store import conform, empty

#: GSI counts on 1 October: the norm of that day is the school year's.
COUNTED_MONTH: Final = 10
#: `standing` says why there is or is no judgement. `maximum` is the norm's ceiling.
JUDGED: Final[dict[str, pl.DataType]] = {
    **SCHOOLS,
    "standing": pl.String(),
    "group_size": pl.Float64(),
    "maximum": pl.Float64(),
    "met": pl.Boolean(),
    "missing_hours": pl.Float64(),
    "missing_fte": pl.Float64(),
}
#: The norm is judged; the school is private (L5410: «offentlige grunnskoler»); the norm does not
#: hold in the year; hours are not known.
IS_JUDGED, PRIVATE, NOT_IN_FORCE, UNKNOWN = "judged", "private", "not_in_force", "unknown"
#: Group sizes are compared as they are printed, so that 15 exactly is within 15.
_EXACT = 9


def judge(
    schools: pl.DataFrame, hours_per_fte: Mapping[str, float], numbers: RuleNumbers
) -> pl.DataFrame:
    """Return `schools` (`SCHOOLS`) with what the norm of each year says of them (`JUDGED`)."""
    pieces = [
        _judged(part, stage, numbers.on(date(year, COUNTED_MONTH, 1)), hours_per_fte[stage])
        for (year, stage), part in _by_year_and_stage(schools)
    ]
    return pl.concat(pieces) if pieces else empty(JUDGED)


def _by_year_and_stage(schools: pl.DataFrame) -> list[tuple[tuple[int, str], pl.DataFrame]]:
    split = schools.partition_by("year", "stage", as_dict=True, maintain_order=True)
    return [((int(year), str(stage)), part) for (year, stage), part in split.items()]


def ceiling_of(stage: str, norm: TeacherNorm) -> float:
    """Return the norm's ceiling for a main stage."""
    return norm.maximum_grades_1_4 if GRADE_OF[stage] <= 4 else norm.maximum_grades_5_10


def _judged(part: pl.DataFrame, stage: str, rules: InForce, hours: float) -> pl.DataFrame:
    sized = part.with_columns(
        (pl.col("pupil_hours") / pl.col("teaching_hours")).alias("group_size"),
    ).with_columns(
        pl.when(pl.col("teaching_hours") > 0).then(pl.col("group_size").round(_EXACT)),
    )
    known = pl.col("pupil_hours").is_not_null() & pl.col("teaching_hours").is_not_null()
    if rules.lacks("teacher_norm_met"):
        standing = pl.when(known).then(pl.lit(NOT_IN_FORCE)).otherwise(pl.lit(UNKNOWN))
        return conform(sized.with_columns(standing.alias("standing")), JUDGED)
    norm = TeacherNorm.at(rules.at, rules.book)
    standing = (
        pl.when(~known).then(pl.lit(UNKNOWN))
        .when(pl.col("owner") == "private").then(pl.lit(PRIVATE))
        .otherwise(pl.lit(IS_JUDGED))
    )  # fmt: skip
    grade = nw.lit(GRADE_OF[stage])
    hours_known = [nw.col("pupil_hours"), nw.col("teaching_hours")]
    answered = nw.from_native(sized, eager_only=True).with_columns(
        met=rules.call("teacher_norm_met", [grade, nw.col("group_size")]),
        missing_hours=rules.call("teacher_hours_missing", [grade, *hours_known]),
    )
    judged = pl.col("standing") == IS_JUDGED
    # A stage with pupils and no teaching has no group size, and does not meet the norm.
    met = pl.col("met").fill_null(pl.col("missing_hours") == 0)
    table = answered.to_native().with_columns(standing.alias("standing"))
    return conform(
        table.with_columns(
            pl.when(judged).then(pl.lit(ceiling_of(stage, norm))).alias("maximum"),
            pl.when(judged).then(met).alias("met"),
            pl.when(judged).then(pl.col("missing_hours")).alias("missing_hours"),
            pl.when(judged).then(pl.col("missing_hours") / hours).alias("missing_fte"),
        ),
        JUDGED,
    )


def summary(judged: pl.DataFrame, cost_per_fte: float) -> pl.DataFrame:
    """Return each year and stage: how many meet the norm, what is missing, and what it costs.

    The group size is all pupil hours over all teaching hours, never a mean of schools' sizes.
    """
    is_judged = pl.col("standing") == IS_JUDGED
    hours = pl.col("pupil_hours").is_not_null() & pl.col("teaching_hours").is_not_null()
    return (
        judged.group_by("year", "stage", maintain_order=True)
        .agg(
            pl.len().alias("schools"),
            is_judged.sum().alias("judged"),
            pl.col("met").sum().alias("met"),
            (pl.col("standing") == UNKNOWN).sum().alias("unknown"),
            pl.col("maximum").max().alias("maximum"),
            (pl.col("pupil_hours").filter(hours).sum()
             / pl.col("teaching_hours").filter(hours).sum()).alias("group_size"),
            pl.when(is_judged.any()).then(pl.col("missing_fte").sum()).alias("missing_fte"),
        )
        .with_columns((pl.col("missing_fte") * cost_per_fte).alias("cost"))
        .with_columns(pl.col("group_size").fill_nan(None))
        .sort("year", "stage")
    )  # fmt: skip
