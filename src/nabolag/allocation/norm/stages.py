"""What the teacher norm is judged on: one row a school, main stage and school year."""

from __future__ import annotations

from typing import Final

import polars as pl

from nabolag.registers.services import MAIN_STAGES
from nabolag.store import conform, empty

#: Main stages (hovedtrinn) as rules name them, with a grade of each, and the register's names.
STAGES: Final = ("1-4", "5-7", "8-10")
GRADE_OF: Final = dict(zip(STAGES, (1, 5, 8), strict=True))
#: `year` is the one in which the school year begins. `pupil_hours` and `teaching_hours` are the
#: two parts of group size 2, already less and with what its definition says. `owner` is `public`,
#: `private` or empty for unknown; `combined` says that a school has both primary and lower
#: secondary grades; `points` are the expected points of national tests. `level` and `area` say
#: where the school lies.
SCHOOLS: Final[dict[str, pl.DataType]] = {
    "school": pl.String(),
    "name": pl.String(),
    "year": pl.Int64(),
    "stage": pl.String(),
    "owner": pl.String(),
    "combined": pl.Boolean(),
    "level": pl.String(),
    "area": pl.String(),
    "pupils": pl.Float64(),
    "pupil_hours": pl.Float64(),
    "teaching_hours": pl.Float64(),
    "points": pl.Float64(),
}
KEY: Final = ("school", "year", "stage")
_LOWER_FROM = 8


def of_register(schools: pl.DataFrame) -> pl.DataFrame:
    """Return the register of schools (`registers.SCHOOL`) as `SCHOOLS`, unknown hours left out.

    A stage that a school has and whose hours are not known is there with nulls.
    """
    pieces = [
        schools.filter(_has(stage)).select(
            pl.col("school_id").cast(pl.String).alias("school"),
            "name",
            pl.col("year").cast(pl.Int64),
            pl.lit(stage).alias("stage"),
            "owner",
            ((pl.col("first_grade") < _LOWER_FROM) & (pl.col("last_grade") >= _LOWER_FROM)).alias(
                "combined"
            ),
            pl.lit("grunnkrets").alias("level"),
            pl.col("grunnkrets").alias("area"),
            pl.col("pupils").cast(pl.Float64),
            pl.col(f"pupil_hours_{suffix}").alias("pupil_hours"),
            pl.col(f"group_hours_{suffix}").alias("teaching_hours"),
            pl.col("expected_points").alias("points"),
        )
        for stage, suffix in zip(STAGES, MAIN_STAGES, strict=True)
    ]
    found = pl.concat(pieces) if pieces else empty(SCHOOLS)
    return conform(found, SCHOOLS).sort(KEY)


def _has(stage: str) -> pl.Expr:
    first, last = (int(grade) for grade in stage.split("-"))
    return (pl.col("first_grade") <= last) & (pl.col("last_grade") >= first)
