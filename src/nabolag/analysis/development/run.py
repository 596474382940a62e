"""From differences to classes: status, development, risk, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.analysis.arrays import Bools, Floats
from nabolag.analysis.development.figures import Differences, differences
from nabolag.analysis.development.scores import Lines, Scores, lines, scores
from nabolag.analysis.development.spec import (
    AVERAGE,
    EXPOSED,
    GOOD,
    IMPROVING,
    LIKE,
    STABLE,
    UNKNOWN,
    WORSENING,
)
from nabolag.analysis.method import Found
from nabolag.analysis.multiplicity import adjusted, two_sided
from nabolag.core import Finding, Severity

if TYPE_CHECKING:
    from nabolag.analysis.development.spec import Development
    from nabolag.analysis.method import Given

_REACH: Final = 1.959963984540054
#: One row an area. `score`, bounds, `slope` and its bounds are in the areas' own spread.
AREAS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "status": pl.String(),
    "development": pl.String(),
    "at_risk": pl.Boolean(),
    "score": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "q": pl.Float64(),
    "slope": pl.Float64(),
    "slope_lower": pl.Float64(),
    "slope_upper": pl.Float64(),
    "slope_q": pl.Float64(),
    "known": pl.Int64(),
    "years": pl.Int64(),
}


def run(spec: Development, given: Given) -> Found:
    """Return the tables `areas`, `parts` and `scores`, and what was noticed."""
    found, findings = differences(spec, given)
    if not found.years or not found.areas:
        told = Finding("development_no_figures", Severity.WARNING, params={"id": spec.id})
        return Found({"areas": pl.DataFrame(schema=AREAS)}, {"period": ""}, (*findings, told))
    placed = scores(found, spec.known_needed, spec.correlation, spec.least_spread)
    moved = lines(placed, spec.minimum_years)
    areas = _areas(spec, found, placed, moved)
    findings += _without_interval(spec, found)
    facts = {
        "period": str(found.years[-1]),
        "spread": dict(zip(found.indicators, placed.spread.tolist(), strict=True)),
    }
    tables = {"areas": areas, "parts": _parts(spec, found, placed), "scores": _by_year(spec, found,
              placed)}  # fmt: skip
    return Found(tables, facts, tuple(findings))


def _areas(spec: Development, found: Differences, placed: Scores, moved: Lines) -> pl.DataFrame:
    score, error = placed.score[:, -1], placed.error[:, -1]
    q = adjusted(two_sided(_ratio(score, error)))
    slope_q = adjusted(two_sided(_ratio(moved.slope, moved.error)))
    status = _status(score, q, spec)
    development = _development(moved.slope, slope_q, spec)
    return pl.DataFrame(
        {
            "level": [spec.level.value] * len(found.areas),
            "area": list(found.areas),
            "period": [str(found.years[-1])] * len(found.areas),
            "status": status,
            "development": development,
            "at_risk": _at_risk(score, status, development, moved.slope, slope_q, spec),
            "score": score,
            "lower": score - _REACH * error,
            "upper": score + _REACH * error,
            "q": q,
            "slope": moved.slope,
            "slope_lower": moved.slope - _REACH * moved.error,
            "slope_upper": moved.slope + _REACH * moved.error,
            "slope_q": slope_q,
            "known": placed.known,
            "years": moved.years,
        },
        schema=AREAS,
        nan_to_null=True,
    )


def _ratio(value: Floats, error: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.where(error > 0, value / error, np.nan)
        return ratio


def _status(score: Floats, q: Floats, spec: Development) -> npt.NDArray[np.str_]:
    differs = q <= spec.false_discovery
    return np.select(
        [np.isnan(q), ~differs, score >= spec.line, score <= -spec.line],
        [UNKNOWN, LIKE, EXPOSED, GOOD],
        AVERAGE,
    )


def _development(slope: Floats, q: Floats, spec: Development) -> npt.NDArray[np.str_]:
    """Name the movement: worsening is a score that rises."""
    whole = slope * (spec.years - 1)
    moves = (q <= spec.false_discovery) & (np.abs(whole) >= spec.change)
    return np.select([np.isnan(q), ~moves, slope > 0], [UNKNOWN, STABLE, WORSENING], IMPROVING)


def _at_risk(
    score: Floats,
    status: npt.NDArray[np.str_],
    development: npt.NDArray[np.str_],
    slope: Floats,
    q: Floats,
    spec: Development,
) -> Bools:
    """Tell which areas are not exposed but on their way."""
    placed = (status != UNKNOWN) & (status != EXPOSED)
    reaches = (score + slope * spec.ahead >= spec.line) & (q <= spec.false_discovery) & (slope > 0)
    at_risk: Bools = placed & ((development == WORSENING) | reaches)
    return at_risk


def _parts(spec: Development, found: Differences, placed: Scores) -> pl.DataFrame:
    """Return each indicator's standardised difference in the last year, high is worse."""
    wide = pl.DataFrame(placed.parts, schema=list(found.indicators), nan_to_null=True)
    return (
        wide.with_columns(pl.Series("area", list(found.areas)))
        .unpivot(index="area", variable_name="indicator", value_name="difference")
        .drop_nulls("difference")
        .select(pl.lit(spec.level.value).alias("level"), "area",
                pl.lit(str(found.years[-1])).alias("period"), "indicator", "difference")
        .sort("area", "indicator")
    )  # fmt: skip


def _by_year(spec: Development, found: Differences, placed: Scores) -> pl.DataFrame:
    """Return every area's score year by year."""
    areas, years = len(found.areas), len(found.years)
    score, error = placed.score.ravel(), placed.error.ravel()
    return pl.DataFrame(
        {
            "level": [spec.level.value] * (areas * years),
            "area": [a for a in found.areas for _ in range(years)],
            "period": [str(y) for y in found.years] * areas,
            "score": score,
            "lower": score - _REACH * error,
            "upper": score + _REACH * error,
        },
        nan_to_null=True,
    ).drop_nulls("score")


def _without_interval(spec: Development, found: Differences) -> list[Finding]:
    """Say which indicators have figures but no interval, and so no part in the scores."""
    has = np.atleast_1d(np.isfinite(found.apart).any(axis=(0, 2)))
    sure = np.atleast_1d(np.isfinite(found.errors).any(axis=(0, 2)))
    return [
        Finding("development_no_interval", Severity.WARNING,
                params={"id": spec.id, "indicator": iid})
        for iid, there, bounded in zip(found.indicators, has, sure, strict=True)
        if there and not bounded
    ]  # fmt: skip
