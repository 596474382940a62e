"""From protected figures to tables of inequality, one set of areas and one period at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from nabolag.analysis.asked import figures_of
from nabolag.analysis.errors import with_errors
from nabolag.analysis.inequality.bounds import (
    MEASURES,
    Interval,
    by_drawing,
    by_errors,
    by_leaving_out,
)
from nabolag.analysis.inequality.gini import gini_within
from nabolag.analysis.inequality.measures import GRADIENTS, Ordered, ordered
from nabolag.analysis.inequality.parts import theil_parts
from nabolag.analysis.method import Given
from nabolag.analysis.sets import PARTS as SHARED_PARTS
from nabolag.analysis.sets import SET, part_rows
from nabolag.geography import ancestors_of

if TYPE_CHECKING:
    from nabolag.analysis.inequality.spec import Inequality

_TEXT, _NUMBER, _COUNT = pl.String(), pl.Float64(), pl.Int64()
#: `level`, `area` are the area within which areas are compared. `reason` says why a measure is
#: not known: `too_few_areas`, `too_few_known`, `cannot_be_computed`. `unknown` counts areas left
#: out because they have no figure, weight, or (along) no figure to be ordered by.
MEASURED: Final[dict[str, pl.DataType]] = {
    **SET, "measure": _TEXT, "value": _NUMBER, "lower": _NUMBER, "upper": _NUMBER,
    "areas": _COUNT, "unknown": _COUNT, "reason": _TEXT,
}  # fmt: skip
#: Points of the Lorenz curve (`along` empty), or of the concentration curve.
CURVE: Final[dict[str, pl.DataType]] = {
    **SET, "along": _TEXT, "people": _NUMBER, "share": _NUMBER,
}  # fmt: skip
#: What each area of `part_level` adds to Theil's T from within; empty: what lies between them.
#: `gini` is the Gini coefficient within it, where at least five of its areas have a figure.
PARTS: Final[dict[str, pl.DataType]] = {**SHARED_PARTS, "gini": _NUMBER}
#: Fewer areas than this are not measured.
FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Places:
    """The areas inside one area, with one indicator's figures of one period.

    `rows` has `area`, `value`, `weight`, `error`, `by` and `nest`; null where not known.
    """

    level: str
    area: str
    indicator: str
    period: str
    rows: pl.DataFrame

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the set is, as the first columns of every table."""
        return self.level, self.area, self.indicator, self.period

    def known(self, *, along: bool) -> pl.DataFrame:
        """Return the areas that can be measured."""
        needed = ["value", "weight", *(["by"] if along else [])]
        return self.rows.drop_nulls(needed).filter(pl.col("weight") > 0)


def places(spec: Inequality, given: Given) -> list[Places]:
    """Return every set of areas that is asked about, in order of place, indicator and period."""
    return [one for iid in spec.indicators for one in _of_indicator(spec, given, iid)]


def _of_indicator(spec: Inequality, given: Given, indicator: str) -> Iterator[Places]:
    figures = figures_of(given.observations, indicator, spec.level)
    if spec.periods:
        figures = figures.filter(pl.col("period").is_in(spec.periods))
    unit = given.catalogue[indicator].unit
    rows = with_errors(figures, unit, spec.basis, spec.bounds_confidence)
    weight = pl.col("denominator") if spec.weight == "denominator" else pl.lit(1.0)
    rows = rows.with_columns(pl.when(pl.col("value").is_finite()).then("value"), weight=weight)
    rows = _with_parent(rows, given, spec, "within")
    rows = _with_parent(rows, given, spec, "nest") if spec.nest else rows.with_columns(nest=None)
    rows = _ordered_by(rows, spec, given).drop_nulls("within")
    kept = rows.select("within", "period", "area", "value", "weight", "error", "by", "nest")
    parts = kept.sort("within", "period", "area").partition_by(
        "within", "period", as_dict=True, maintain_order=True
    )
    for (inside, period), part in parts.items():
        yield Places(spec.within.value, str(inside), indicator, str(period), part)


def _with_parent(rows: pl.DataFrame, given: Given, spec: Inequality, name: str) -> pl.DataFrame:
    above = ancestors_of(given.links, getattr(spec, name)).rename(
        {"code": "area", "parent_code": name}
    )
    return rows.join(above, on=["level", "area"], how="left", maintain_order="left")


def _ordered_by(rows: pl.DataFrame, spec: Inequality, given: Given) -> pl.DataFrame:
    if not spec.along:
        return rows.with_columns(by=pl.lit(None, pl.Float64))
    along = figures_of(given.observations, spec.along, spec.level)
    by = along.select("area", "period", pl.col("value").alias("by"))
    return rows.join(by, on=["area", "period"], how="left", maintain_order="left")


def measured(spec: Inequality, sets: Sequence[Places]) -> pl.DataFrame:
    """Return every measure of every set. Schema `MEASURED`."""
    gradients = tuple(GRADIENTS) if spec.along else ()
    rows = [
        _measure(spec, one, name, along=name in GRADIENTS)
        for one in sets
        for name in (*spec.measures, *gradients)
    ]
    return pl.DataFrame(rows, schema=MEASURED, orient="row")


def _measure(spec: Inequality, one: Places, name: str, *, along: bool) -> tuple[Any, ...]:
    known = one.known(along=along)
    counts = (known.height, one.rows.height - known.height)
    reason = too_little(spec, *counts)
    if reason:
        return (*one.key, name, None, None, None, *counts, reason)
    rows = _arranged(known, along=along)
    value = float(MEASURES[name](rows))
    if not np.isfinite(value):
        return (*one.key, name, None, None, None, *counts, "cannot_be_computed")
    bounds = (_known(bound) for bound in _bounds(spec, name, rows, known))
    return (*one.key, name, value, *bounds, *counts, "")


def too_little(spec: Inequality, known: int, unknown: int) -> str:
    """Return why nothing is measured of a set, empty where it is."""
    if known < FEWEST:
        return "too_few_areas"
    return "too_few_known" if known < spec.minimum_known * (known + unknown) else ""


def _arranged(known: pl.DataFrame, *, along: bool) -> Ordered:
    by = known["by"].to_numpy() if along else None
    return ordered(known["value"].to_numpy(), known["weight"].to_numpy(), by)


def _bounds(spec: Inequality, name: str, rows: Ordered, known: pl.DataFrame) -> Interval:
    if spec.bounds == "jackknife":
        return by_leaving_out(name, rows, spec.confidence)
    if spec.bounds == "bootstrap":
        return by_drawing(name, rows, spec.confidence, spec.draws, spec.seed)
    error = known["error"].fill_null(np.nan).to_numpy()
    return by_errors(name, rows, error[rows.order], spec.confidence)


def _known(bound: float) -> float | None:
    return bound if np.isfinite(bound) else None


def curves(spec: Inequality, sets: Sequence[Places]) -> pl.DataFrame:
    """Return the curve of each set: how much the first so many have together. Schema `CURVE`."""
    along = bool(spec.along)
    parts = [pl.DataFrame(schema=CURVE)]
    for one in sets:
        known = one.known(along=along)
        if too_little(spec, known.height, one.rows.height - known.height):
            continue
        rows = _arranged(known, along=along)
        total = float((rows.weight * rows.value).sum())
        if total > 0:
            people = np.concatenate([[0.0], np.cumsum(rows.share)])
            share = np.concatenate([[0.0], np.cumsum(rows.weight * rows.value) / total])
            points = pl.DataFrame({"people": people, "share": share})
            key = dict(zip((*SET, "along"), (*one.key, spec.along), strict=True))
            named = [pl.lit(text, pl.String()).alias(name) for name, text in key.items()]
            parts.append(points.with_columns(named).select(*CURVE))
    return pl.concat(parts)


def nested(nest: str, sets: Sequence[Places]) -> pl.DataFrame:
    """Return Theil's T between and within the areas of the level `nest`. Schema `PARTS`.

    Only for sets where every area with a figure lies in one of them, and T is defined.
    """
    rows: list[tuple[Any, ...]] = []
    for one in sets:
        known = one.known(along=False)
        values = known["value"].to_numpy()
        if known.height < FEWEST or known["nest"].null_count() or (values < 0).any():
            continue
        nests, group = np.unique(known["nest"].to_numpy(), return_inverse=True)
        weights = known["weight"].to_numpy()
        found = theil_parts(values, weights, group)
        many = np.bincount(group) >= FEWEST
        own = np.where(many, gini_within(values, group, weights), np.nan)
        ginis = [None, *(_known(float(of)) for of in own)]
        parts = part_rows(one.key, nest, nests, found.between, found.part * found.within)
        rows += [(*part, gini) for part, gini in zip(parts, ginis, strict=True)]
    return pl.DataFrame(rows, schema=PARTS, orient="row")
