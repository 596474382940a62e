"""How group size follows need: straight lines, before and after the norm, and within schools.

Descriptions of what is seen together, as tables B1–B7 of SØF report 04/20; never causes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.allocation.norm.stages import STAGES

Floats = npt.NDArray[np.float64]
_FEWEST: Final = 10
#: One row a stage, sample and term. `estimate` is null where there are too few schools.
BEFORE_AFTER: Final[dict[str, pl.DataType]] = {
    "sample": pl.String(),
    "stage": pl.String(),
    "column": pl.String(),
    "term": pl.String(),
    "estimate": pl.Float64(),
    "error": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "rows": pl.Int64(),
    "schools": pl.Int64(),
}
#: One row a stage, third of schools by points and time: all pupil hours over all teaching hours.
THIRDS: Final[dict[str, pl.DataType]] = {
    "sample": pl.String(),
    "stage": pl.String(),
    "third": pl.String(),
    "schools": pl.Int64(),
    "before": pl.Float64(),
    "after": pl.Float64(),
    "change": pl.Float64(),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was laid: estimates and errors by term, rows and schools behind it."""

    estimates: dict[str, float]
    errors: dict[str, float]
    rows: int
    schools: int


def slope(group: Floats, standard: Floats) -> tuple[float | None, float | None]:
    """Return how much larger groups are where need is a standard deviation higher; correlation.

    Null where fewer than ten schools are known, or need or group size is the same everywhere.
    """
    known = np.isfinite(group) & np.isfinite(standard)
    y, x = group[known], standard[known]
    if len(y) < _FEWEST or np.ptp(x) == 0:
        return None, None
    steep = float(np.cov(x, y, bias=True)[0, 1] / x.var())
    return steep, float(np.corrcoef(x, y)[0, 1]) if np.ptp(y) > 0 else None


def links(table: pl.DataFrame) -> pl.DataFrame:
    """Return the link between need and group size by stage: today, equal norm, differentiated.

    `table` is that of `Differentiated`. Columns: `stage`, `when`, `slope`, `correlation` and
    `schools`.
    """
    rows = []
    for stage in STAGES:
        part = table.filter(pl.col("stage") == stage)
        standard = part["standard"].fill_null(np.nan).to_numpy()
        for when in ("now", "equal", "new"):
            group = part[f"group_{when}"].fill_null(np.nan).to_numpy()
            steep, together = slope(group, standard)
            rows.append((stage, when, steep, together, int(np.isfinite(standard).sum())))
    names = {"stage": pl.String(), "when": pl.String(), "slope": pl.Float64(),
             "correlation": pl.Float64(), "schools": pl.Int64()}  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def before_after(schools: pl.DataFrame, first_year: int, sample: str) -> pl.DataFrame:
    """Return, for each stage, how group size follows expected points before and after.

    `schools` has `SCHOOLS` and `group_size`; `first_year` is the norm's. Columns `before` and
    `after` lay one line each; `both` lays one with a term for the years after and its product with
    points, which is how much the link changed. All have pupils (in hundreds) and whether the school
    is combined beside them, where they differ. Errors are clustered on schools.
    """
    rows = [
        row
        for stage in STAGES
        for row in _of_stage(_usable(schools, stage), first_year, sample, stage)
    ]
    return pl.DataFrame(rows, schema=BEFORE_AFTER, orient="row")


def thirds(schools: pl.DataFrame, first_year: int, sample: str) -> pl.DataFrame:
    """Return group sizes before and after in thirds of schools by their mean expected points.

    Only schools that are there both before and after, so that the change is within schools.
    """
    pieces = [pl.DataFrame(schema=THIRDS)]
    after = pl.col("year") >= first_year
    for stage in STAGES:
        rows = _usable(schools, stage).with_columns(after.alias("after"))
        both = rows.filter((pl.col("after").any() & (~pl.col("after")).any()).over("school"))
        if both["school"].n_unique() < _FEWEST:
            continue
        mean = both.group_by("school").agg(pl.col("points").mean()).sort("points", "school")
        place = (pl.int_range(pl.len()) * 3 // pl.len()).alias("place")
        names = ("lowest", "middle", "highest")
        third = mean.with_columns(place).with_columns(
            pl.col("place").replace_strict(dict(enumerate(names)), return_dtype=pl.String)
            .alias("third")
        ).select("school", "third")  # fmt: skip
        size = pl.col("pupil_hours").sum() / pl.col("teaching_hours").sum()
        sized = both.join(third, on="school").group_by("third", "after").agg(
            size.alias("size"), pl.col("school").n_unique().alias("schools")
        )  # fmt: skip
        pieces.append(_wide(sized, names, sample, stage))
    return pl.concat(pieces)


def _wide(sized: pl.DataFrame, names: Sequence[str], sample: str, stage: str) -> pl.DataFrame:
    held = sized.select("third", "after", "size", "schools").rows()
    found = {(third, after): (size, schools) for third, after, size, schools in held}
    rows = [
        (sample, stage, name, found[name, True][1], found[name, False][0], found[name, True][0],
         found[name, True][0] - found[name, False][0])
        for name in names
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=THIRDS, orient="row")


def _usable(schools: pl.DataFrame, stage: str) -> pl.DataFrame:
    needed = ["group_size", "points", "pupils", "teaching_hours", "pupil_hours"]
    return schools.filter(pl.col("stage") == stage).drop_nulls(needed).sort("school", "year")


def _of_stage(
    rows: pl.DataFrame, first_year: int, sample: str, stage: str
) -> Iterator[tuple[Any, ...]]:
    after = pl.col("year") >= first_year
    parts = {"before": rows.filter(~after), "after": rows.filter(after), "both": rows}
    both_times = all(parts[name]["school"].n_unique() >= _FEWEST for name in ("before", "after"))
    for column, part in parts.items():
        enough = both_times if column == "both" else part["school"].n_unique() >= _FEWEST
        if not enough:
            counted = (part.height, part["school"].n_unique())
            yield (sample, stage, column, "points", None, None, None, None, *counted)
            continue
        terms = ("points", "after", "points_after") if column == "both" else ("points",)
        line = lay(part, first_year, terms)
        for term in terms:
            steep, wrong = line.estimates[term], line.errors[term]
            reach = _t_value(line.schools) * wrong
            yield (sample, stage, column, term, steep, wrong, steep - reach, steep + reach,
                   line.rows, line.schools)  # fmt: skip


def lay(rows: pl.DataFrame, first_year: int, terms: Sequence[str]) -> Line:
    """Lay a line by least squares, with errors clustered on schools (CR1).

    Points are centred, so that the term for the years after is at average points.
    """
    points = rows["points"].to_numpy()
    points = points - points.mean()
    after = (rows["year"].to_numpy() >= first_year).astype(float)
    known = {"points": points, "after": after, "points_after": points * after}
    beside = [rows["pupils"].to_numpy() / 100, rows["combined"].fill_null(False).to_numpy() * 1.0]
    columns = [known[term] for term in terms] + [one for one in beside if np.ptp(one) > 0]
    x = np.column_stack([*columns, np.ones(rows.height)])
    y = rows["group_size"].to_numpy()
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    school = rows["school"].rank("dense").to_numpy().astype(int) - 1
    schools = int(school.max()) + 1
    scores = np.zeros((schools, x.shape[1]))
    np.add.at(scores, school, x * (y - x @ beta)[:, None])
    bread = np.linalg.pinv(x.T @ x)
    n, k = x.shape
    scale = schools / (schools - 1) * (n - 1) / (n - k)
    errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread) * scale)
    return Line(
        {term: float(beta[at]) for at, term in enumerate(terms)},
        {term: float(errors[at]) for at, term in enumerate(terms)},
        n,
        schools,
    )


def _t_value(schools: int) -> float:
    from scipy import stats  # noqa: PLC0415

    return float(stats.t.ppf(0.975, schools - 1))
