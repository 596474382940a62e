"""`kind = "space"`: whether areas are like their neighbours, and where like ones lie together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.arrays import Bools
from nabolag.analysis.asked import (
    PeriodOrNone,
    figures_of,
    periods_of,
    refuse_twice,
    refuse_unknown,
)
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.multiplicity import adjusted
from nabolag.analysis.neighbours import Neighbours, Way, neighbours_of
from nabolag.analysis.space.moran import Permuted, global_moran, local_moran
from nabolag.analysis.words import declared_percent, indicator_names
from nabolag.core import Finding, Indicator, Lang, Level, Severity, label

#: One row an area and indicator. `around` is the mean of the neighbours whose figures are known.
AREAS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "indicator": pl.String(),
    "value": pl.Float64(),
    "around": pl.Float64(),
    "neighbours": pl.Int64(),
    "neighbours_unknown": pl.Int64(),
    "deviation": pl.Float64(),
    "deviation_around": pl.Float64(),
    "moran": pl.Float64(),
    "p": pl.Float64(),
    "q": pl.Float64(),
    "cluster": pl.String(),
}
#: One row an indicator: Moran's I, and how many areas lie in which kind of cluster.
MORAN: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "period": pl.String(),
    "indicator": pl.String(),
    "areas": pl.Int64(),
    "alone": pl.Int64(),
    "unknown": pl.Int64(),
    "moran": pl.Float64(),
    "expected": pl.Float64(),
    "p": pl.Float64(),
}
CLUSTERS: Final = ("high_high", "low_low", "high_low", "low_high")
CHANCE, ALONE, UNKNOWN = "chance", "alone", "unknown"
_NUMBERS: Final = (
    "around", "neighbours", "neighbours_unknown", "deviation", "deviation_around", "moran", "p",
)  # fmt: skip
#: Fewer areas than this are too few to say anything about how they lie.
_FEWEST: Final = 5


class Space(AnalysisSpec):
    """Whether figures of neighbouring areas are alike, and where like ones lie together.

    `neighbours`: areas that share a `border`, or the `nearest` ones by their centroids (`count`
    of them). Areas whose figure is not known are nobody's neighbours, and the others weigh the
    more; an area without a neighbour left is set aside and told of. P-values are found by
    `permutations` of the figures, `refined` for areas that may be found (`seed`). Of the areas
    said to lie in a cluster at most `false_discovery` should be chance.
    """

    KIND: ClassVar[str] = "space"

    kind: Literal["space"] = "space"
    level: Level
    indicators: tuple[str, ...] = Field(min_length=1)
    period: PeriodOrNone = ""
    neighbours: Way = "border"
    count: int = Field(default=6, ge=1, le=100)
    permutations: int = Field(default=999, ge=99, le=99_999)
    refined: int = Field(default=19_999, ge=99, le=999_999)
    false_discovery: float = Field(default=0.05, gt=0, lt=0.5)
    seed: int = 1

    @model_validator(mode="after")
    def _once(self) -> Self:
        refuse_twice("indicators", self.indicators)
        return self

    def analyse(self, given: Given) -> Found:
        """Return `areas` (`AREAS`) and `moran` (`MORAN`)."""
        refuse_unknown(self.id, self.indicators, given.catalogue, background=False)
        codes = given.areas.filter(pl.col("level") == self.level.value)["code"].unique().sort()
        near = neighbours_of(given, self.level, codes, self.neighbours, self.count)
        tables: list[pl.DataFrame] = []
        told: list[dict[str, Any]] = []
        findings = [] if len(near.own) else [self._finding("space_no_neighbours")]
        for indicator in self.indicators if len(near.own) else ():
            figures = figures_of(given.observations, indicator, self.level)
            for period in periods_of(figures, (self.period,) if self.period else ()):
                held = figures.filter(pl.col("period") == period)
                placed = _placed(held, codes)
                area, row = self._indicator(placed, near, {"indicator": indicator,
                                                           "period": period})  # fmt: skip
                tables += [area]
                told += [row]
            if not told or told[-1]["indicator"] != indicator:
                findings.append(self._finding("space_no_figures", indicator=indicator))
            elif "moran" not in told[-1]:
                findings.append(self._finding("space_too_few", indicator=indicator))
        areas = pl.concat(tables) if tables else pl.DataFrame(schema=AREAS)
        found = {"areas": areas, "moran": pl.DataFrame(told, schema=MORAN)}
        return Found(found, {}, tuple(findings))

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        names = indicator_names(self.indicators, catalogue, lang)
        rate = declared_percent(self.false_discovery, lang)
        near = label(f"space.neighbours.{self.neighbours}", lang, count=self.count)
        return label(
            "space.explain", lang, indicators=names, near=near, rate=rate,
            level=self.level.plural.in_(lang), permutations=self.permutations,
            refined=max(self.refined, self.permutations), seed=self.seed,
        )  # fmt: skip

    def _indicator(
        self, placed: pl.DataFrame, near: Neighbours, stamp: Mapping[str, str]
    ) -> tuple[pl.DataFrame, dict[str, Any]]:
        """Return every area's row and the whole's, for one indicator in one period."""
        value = placed["value"].to_numpy()
        known = np.isfinite(value)
        used = _with_neighbours(near, known)
        told: dict[str, Any] = {
            "level": self.level.value, **stamp, "areas": int(used.sum()),
            "alone": int((known & ~used).sum()), "unknown": int((~known).sum()),
        }  # fmt: skip
        columns = {name: np.full(len(value), np.nan) for name in _NUMBERS}
        if used.sum() >= _FEWEST:
            how = Permuted(self.permutations, self.refined, self.false_discovery, self.seed)
            inner = near.among(used)
            whole = global_moran(value[used], inner, how)
            local = local_moran(value[used], inner, how)
            told |= {"moran": whole.moran, "expected": whole.expected, "p": whole.p}
            found = (inner.mean(value[used]), inner.count, near.count[used] - inner.count,
                     local.deviation, local.around, local.moran, local.p)  # fmt: skip
            for name, numbers in zip(_NUMBERS, found, strict=True):
                columns[name][used] = numbers
        area = placed.with_columns(
            pl.lit(self.level.value).alias("level"),
            *(pl.lit(text).alias(name) for name, text in stamp.items()),
            *(pl.Series(name, numbers) for name, numbers in columns.items()),
            pl.Series("q", adjusted(columns["p"])),
        ).with_columns(_cluster(pl.Series(known), pl.Series(used), self.false_discovery))
        return _typed(area), told

    def _finding(self, code: str, **more: str) -> Finding:
        params = {"id": self.id, "level": self.level.value, **more}
        return Finding(code, Severity.WARNING, params=params)


def _placed(figures: pl.DataFrame, codes: pl.Series) -> pl.DataFrame:
    """Return `area` and `value` for every area of the level, in order, NaN where not known."""
    own = figures.select("area", "value").unique("area")
    whole = pl.DataFrame({"area": codes}).join(own, on="area", how="left", maintain_order="left")
    return whole.with_columns(pl.col("value").fill_null(np.nan))


def _with_neighbours(near: Neighbours, known: Bools) -> Bools:
    """Return which known areas have a known neighbour that has one itself."""
    used = known
    while True:
        count = np.bincount(near.own[used[near.own] & used[near.other]], minlength=near.size)
        fewer = used & (count > 0)
        if (fewer == used).all():
            return fewer
        used = fewer


def _typed(area: pl.DataFrame) -> pl.DataFrame:
    unknown = pl.col(pl.Float64).fill_nan(None)
    return area.with_columns(unknown).select(pl.col(n).cast(kind) for n, kind in AREAS.items())


def _cluster(known: pl.Series, used: pl.Series, line: float) -> pl.Expr:
    high, around = pl.col("deviation") > 0, pl.col("deviation_around") > 0
    sure = pl.col("q") <= line
    return (
        pl.when(~known).then(pl.lit(UNKNOWN))
        .when(~used).then(pl.lit(ALONE))
        .when(pl.col("q").is_nan()).then(pl.lit(UNKNOWN))
        .when(~sure).then(pl.lit(CHANCE))
        .when(high & around).then(pl.lit("high_high"))
        .when(~high & ~around).then(pl.lit("low_low"))
        .when(high).then(pl.lit("high_low"))
        .otherwise(pl.lit("low_high"))
        .alias("cluster")
    )  # fmt: skip
