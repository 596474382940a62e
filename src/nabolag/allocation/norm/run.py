"""The teacher norm as a whole: from hours and need to tables that may leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from nabolag.allocation.norm.differentiating import Differentiated, Differentiation, differentiate
from nabolag.allocation.norm.judging import IS_JUDGED, judge, summary
from nabolag.allocation.norm.linking import before_after, links, thirds
from nabolag.allocation.norm.spec import EXPECTED_POINTS, TeacherNormSpec
from nabolag.core import Finding, Severity, UserError
from nabolag.rules import RuleNumbers, TeacherNorm

#: The strengths that are held against one another.
STRENGTHS: Final = (0.0, 0.05, 0.1, 0.15, 0.2)
#: One row a strength: the lowest and the highest ceiling as a share of the equal norm, and posts in
#: the third with most need, in the middle, in the third with least, and where need is not known.
COMPARED: Final[dict[str, pl.DataType]] = dict.fromkeys(
    ("strength", "lowest", "highest", "most_need", "middle", "least_need", "unknown"), pl.Float64()
)


@dataclass(frozen=True, slots=True)
class NormResult:
    """What the norm comes to in every year, and a differentiated one in the latest.

    `schools` are judged stages with `need` (one's own schools); `years` the summary; `before_after`
    and `thirds` tables of the link with expected points. `left_out` counts schools that are too
    small to be shown and are in no figure.
    """

    schools: pl.DataFrame
    years: pl.DataFrame
    before_after: pl.DataFrame
    thirds: pl.DataFrame
    findings: tuple[Finding, ...]
    left_out: int


def teacher_norm(
    spec: TeacherNormSpec,
    schools: pl.DataFrame,
    need: pl.DataFrame,
    numbers: RuleNumbers,
    own: pl.DataFrame | None = None,
) -> NormResult:
    """Judge every school, stage and year.

    `schools` follow `SCHOOLS`; `need` has `level`, `area` and `need` of the latest figures around
    schools, and is not asked where need is expected points. `own` (`school`) are the schools that
    are shown; the others are only in the table before and after.
    """
    shown = schools if own is None else schools.join(own.select("school"), on="school", how="semi")
    small = (pl.col("pupils") < spec.minimum_pupils).fill_null(False)
    fewer = shown.filter(small)["school"].n_unique()
    judged = judge(shown.filter(~small), spec.hours_per_fte, numbers)
    every = judge(schools.filter(~small), spec.hours_per_fte, numbers)
    first = first_year(numbers)
    samples = {"own": judged} | ({"all": every} if every.height > judged.height else {})
    tables = [
        [make(table, first, name) for name, table in samples.items()]
        for make in (before_after, thirds)
    ]
    return NormResult(
        schools=with_need(judged, need, spec),
        years=summary(judged, spec.cost_per_fte),
        before_after=pl.concat(tables[0]),
        thirds=pl.concat(tables[1]),
        findings=tuple(_noticed(judged, fewer)),
        left_out=fewer,
    )


def first_year(numbers: RuleNumbers) -> int:
    """Return the first year of the norm, as the numbers have it."""
    begins = TeacherNorm.history(numbers.book)[0].since
    return begins.year if begins else 0


def with_need(judged: pl.DataFrame, need: pl.DataFrame, spec: TeacherNormSpec) -> pl.DataFrame:
    """Add `need`, high where need is high: the indicator's figure, or points turned about."""
    if spec.need == EXPECTED_POINTS:
        return judged.with_columns((-pl.col("points")).alias("need"))
    around = need.select("school", "need").unique("school")
    return judged.join(around, on="school", how="left", maintain_order="left")


def latest(schools: pl.DataFrame) -> int | None:
    """Return the latest year in which anybody is judged."""
    years = schools.filter(pl.col("standing") == IS_JUDGED)["year"]
    return int(years.max()) if years.len() else None  # type: ignore[arg-type]


def differentiated(schools: pl.DataFrame, how: Differentiation, year: int) -> Differentiated:
    """Return a differentiated norm for a year. Raises `UserError` as `differentiate`."""
    return differentiate(schools.filter(pl.col("year") == year), how)


def strengths(
    schools: pl.DataFrame, how: Differentiation, year: int, tried: Sequence[float] = STRENGTHS
) -> pl.DataFrame:
    """Return what a norm comes to at several strengths, everything else as chosen (`COMPARED`).

    Posts are divided by thirds of school stages by need, within each main stage. A strength whose
    cost cannot be within the budget has nulls.
    """
    rows = [_compared(schools, replace(how, strength=strength), year) for strength in tried]
    return pl.DataFrame(rows, schema=COMPARED, orient="row")


def _compared(schools: pl.DataFrame, how: Differentiation, year: int) -> tuple[float | None, ...]:
    try:
        table = differentiated(schools, how, year).table
    except UserError:
        return (how.strength, *([None] * (len(COMPARED) - 1)))
    relative = table["ceiling"] / table["equal"]
    known = table.filter(pl.col("standard").is_not_null())
    order = (pl.col("standard").rank("ordinal") * 3 / pl.len()).over("stage").ceil()
    posts = known.with_columns(third=order).group_by("third").agg(pl.col("fte_new").sum())
    by = dict(posts.select("third", "fte_new").rows())
    unknown = table.filter(pl.col("standard").is_null())["fte_new"].sum()
    return (
        how.strength,
        float(relative.min()),  # type: ignore[arg-type]
        float(relative.max()),  # type: ignore[arg-type]
        by.get(3.0, 0.0),
        by.get(2.0, 0.0),
        by.get(1.0, 0.0),
        float(unknown),
    )


def how_of(spec: dict[str, Any], **changed: Any) -> Differentiation:
    """Return what a release declares of a differentiated norm, with other choices laid over."""
    names = Differentiation.__dataclass_fields__
    return Differentiation(**{**{name: spec[name] for name in names}, **changed})


def _noticed(judged: pl.DataFrame, fewer: int) -> list[Finding]:
    found = []
    unknown = judged.filter(pl.col("standing") == "unknown")
    if unknown.height:
        shown = unknown.select("school", "year", "stage").head(8).rows()
        texts = tuple(f"{school} {year} {stage}" for school, year, stage in shown)
        found.append(
            Finding("norm_hours_unknown", Severity.WARNING, count=unknown.height, examples=texts)
        )
    if fewer:
        found.append(Finding("norm_small_schools", Severity.INFO, count=fewer))
    return found


__all__ = [
    "COMPARED", "STRENGTHS", "NormResult", "differentiated", "first_year", "how_of", "latest",
    "links", "strengths", "teacher_norm", "with_need",
]  # fmt: skip
