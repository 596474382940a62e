"""`kind = "index"`: several indicators as one number, every choice stated and tried otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, Self

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.arrays import Floats
from nabolag.analysis.asked import figures_of, refuse_unknown
from nabolag.analysis.composite.aggregating import (
    Aggregation,
    CannotAggregateError,
    aggregated,
    principal_weights,
)
from nabolag.analysis.composite.normalising import CannotNormaliseError, Normalisation, normalised
from nabolag.analysis.composite.redrawing import Choices, Redrawn, redrawn
from nabolag.analysis.composite.treating import imputed, winsorised
from nabolag.analysis.errors import Basis, with_errors
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.core import (
    Finding,
    Indicator,
    Lang,
    Level,
    Severity,
    Worse,
    error,
    label,
    raise_errors,
)

#: One row an area: its score, its place (1 is the highest score), and what redrawing makes of it.
AREAS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "score": pl.Float64(),
    "rank": pl.Int64(),
    "known": pl.Int64(),
    "reason": pl.String(),
    "rank_low": pl.Int64(),
    "rank_high": pl.Int64(),
    "in_top": pl.Float64(),
}


class Index(AnalysisSpec):
    """An index: each indicator turned so that high is worse, put on one scale, weighed, joined.

    The steps in order: outliers are drawn in (`winsorise`: at most so many figures of an
    indicator), the unknown is filled in (`impute`; not unless it is asked for), figures are put
    on one scale (`normalise`), weighed (`weights`: equal, given by indicator, or from the first
    principal component) and joined (`aggregate`). Without filling in, an area is placed where at
    least `minimum_known` indicators are known (not given: all of them).

    Redrawing (`draws`, `seed`) tries `other_scales` and `other_joins`, weights up to `shift`
    more or less, each indicator left out, and figures moved by chance: `rank_low`–`rank_high`
    holds the middle 90 % of an area's places, `in_top` the share of draws among the first `top`.

    An index is one description of many, its weights a choice. Places of two editions with
    other indicators, scales or areas are not comparable, and are not compared.
    """

    KIND: ClassVar[str] = "index"

    kind: Literal["index"] = "index"
    level: Level
    indicators: tuple[str, ...] = Field(min_length=2)
    period: str = ""
    winsorise: int = Field(default=0, ge=0, le=50)
    impute: Literal["no", "mean", "median"] = "no"
    normalise: Normalisation = "percent_rank"
    weights: Literal["equal", "principal"] | dict[str, float] = "equal"
    aggregate: Aggregation = "arithmetic"
    minimum_known: int | None = Field(default=None, ge=1)
    draws: int = Field(default=1000, ge=100, le=20_000)
    seed: int = 1
    top: int = Field(default=10, ge=1)
    shift: float = Field(default=0.25, ge=0, lt=1)
    other_scales: tuple[Normalisation, ...] = ("percent_rank", "z", "minmax")
    other_joins: tuple[Literal["arithmetic", "geometric"], ...] = ("arithmetic", "geometric")
    basis: tuple[Basis, ...] = Field(default=("bounds", "counts"), min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.indicators)) != len(self.indicators):
            raise ValueError("an indicator is named twice")
        if isinstance(self.weights, dict):
            if set(self.weights) != set(self.indicators):
                raise ValueError("weights must be given for every indicator, and for no other")
            if min(self.weights.values()) < 0 or not sum(self.weights.values()):
                raise ValueError("weights are not below 0, and not all 0")
        if self.minimum_known and self.minimum_known > len(self.indicators):
            raise ValueError("minimum_known is above the number of indicators")
        return self

    @property
    def known_needed(self) -> int:
        """How many indicators must be known for an area to be placed."""
        return self.minimum_known or len(self.indicators)

    def analyse(self, given: Given) -> Found:
        """Return `areas` (`AREAS`), `parts` (each indicator on the scale), and the weights."""
        self._check(given.catalogue)
        figures, period = self._figures(given)
        codes = figures["area"].unique().sort()
        raw, errors = (self._matrix(figures, codes, name) for name in ("exposure", "error"))
        if not len(codes):
            told = Finding("index_no_figures", Severity.WARNING, params={"id": self.id})
            return Found({"areas": pl.DataFrame(schema=AREAS)}, {"period": "", "weights": {},
                         "importance": {}, "placed": 0}, (told,))  # fmt: skip
        treated = self._treated(raw)
        scaled = self._scaled(treated)
        weights = self._weights(scaled)
        score = self._joined(scaled, weights)
        choices = Choices(self.other_scales, self.other_joins, self.shift, self.known_needed)
        drawn = redrawn(treated, errors, weights, choices, self.draws, self.seed)
        areas = self._areas(codes, period, raw, score, drawn)
        facts = {
            "period": period,
            "weights": dict(zip(self.indicators, weights.tolist(), strict=True)),
            "importance": drawn.importance,
            "placed": int(np.isfinite(score).sum()),
        }
        return Found({"areas": areas, "parts": self._parts(codes, period, scaled)}, facts)

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        names = [catalogue[i].label.in_(lang) for i in self.indicators if i in catalogue]
        kind = "given" if isinstance(self.weights, dict) else self.weights
        share = f"{self.shift * 100:g}".replace(".", "." if lang == "en" else ",")
        said = [
            label("index.explain.what", lang, indicators="; ".join(names),
                  level=self.level.plural.in_(lang)),
            label(f"index.normalise.{self.normalise}", lang),
            label(f"index.weights.{kind}", lang),
            label(f"index.aggregate.{self.aggregate}", lang),
            label(f"index.impute.{self.impute}", lang, needed=self.known_needed),
            label("index.explain.redrawn", lang, draws=self.draws, shift=share, top=self.top),
        ]  # fmt: skip
        return " ".join(said)

    def _check(self, catalogue: Mapping[str, Indicator]) -> None:
        refuse_unknown(self.id, self.indicators, catalogue, background=False)
        raise_errors(
            Finding("index_no_direction", Severity.ERROR, params={"indicator": i, "id": self.id})
            for i in self.indicators
            if catalogue[i].worse is Worse.NEITHER
        )

    def _figures(self, given: Given) -> tuple[pl.DataFrame, str]:
        parts = []
        for iid in self.indicators:
            entry = given.catalogue[iid]
            sign = -1 if entry.worse is Worse.LOW else 1
            own = figures_of(given.observations, iid, self.level)
            sure = with_errors(own, entry.unit, self.basis, 0.95)
            parts.append(sure.with_columns(exposure=pl.col("value") * sign))
        figures = pl.concat(parts).drop_nulls("exposure")
        told = figures.group_by("period").agg(pl.col("indicator").n_unique())
        latest = told.filter(pl.col("indicator") >= self.known_needed)["period"].max()
        period = self.period or (str(latest) if latest is not None else "")
        return figures.filter(pl.col("period") == period), period

    def _matrix(self, figures: pl.DataFrame, codes: pl.Series, name: str) -> Floats:
        on = list(self.indicators)
        wide = figures.pivot("indicator", index="area", values=name, on_columns=on).sort("area")
        found: Floats = wide.select(on).cast(pl.Float64).fill_null(np.nan).to_numpy()
        return found

    def _treated(self, raw: Floats) -> Floats:
        columns = [winsorised(x, self.winsorise).values for x in raw.T] if self.winsorise else raw.T
        if self.impute != "no":
            columns = [imputed(x, None, self.impute) for x in columns]
        return np.column_stack(list(columns))

    def _scaled(self, treated: Floats) -> Floats:
        columns = []
        for iid, x in zip(self.indicators, treated.T, strict=True):
            try:
                columns.append(normalised(x, self.normalise))
            except CannotNormaliseError as wrong:
                raise error(str(wrong), id=self.id, indicator=iid, step=self.normalise) from wrong
        return np.column_stack(columns)

    def _weights(self, scaled: Floats) -> Floats:
        if isinstance(self.weights, dict):
            return np.array([self.weights[iid] for iid in self.indicators], dtype=float)
        if self.weights == "principal":
            return principal_weights(scaled)
        return np.full(len(self.indicators), 1.0 / len(self.indicators))

    def _joined(self, scaled: Floats, weights: Floats) -> Floats:
        try:
            return aggregated(scaled, weights, self.aggregate, self.known_needed)
        except CannotAggregateError as wrong:
            raise error(str(wrong), id=self.id, step=self.aggregate) from wrong

    def _areas(
        self, codes: pl.Series, period: str, raw: Floats, score: Floats, drawn: Redrawn
    ) -> pl.DataFrame:
        known = np.isfinite(raw).sum(axis=1)
        frame = pl.DataFrame(
            {
                "level": [self.level.value] * len(codes),
                "area": codes,
                "period": [period] * len(codes),
                "score": score,
                "known": known,
                "reason": ["" if s else "too_little_known" for s in np.isfinite(score)],
                "rank_low": drawn.low,
                "rank_high": drawn.high,
                "in_top": drawn.share_among(self.top),
            },
            nan_to_null=True,
        )
        placed = pl.col("score").is_not_null()
        ranked = frame.with_columns(
            pl.col("score").rank("min", descending=True).cast(pl.Int64).alias("rank"),
            *(
                pl.when(placed).then(pl.col(n)).alias(n)
                for n in ("rank_low", "rank_high", "in_top")
            ),
        )
        return ranked.select(pl.col(name).cast(kind) for name, kind in AREAS.items())

    def _parts(self, codes: pl.Series, period: str, scaled: Floats) -> pl.DataFrame:
        wide = pl.DataFrame(scaled, schema=list(self.indicators), nan_to_null=True)
        return (
            wide.with_columns(codes.alias("area"))
            .unpivot(index="area", variable_name="indicator", value_name="scaled")
            .drop_nulls("scaled")
            .select(pl.lit(self.level.value).alias("level"), "area",
                    pl.lit(period).alias("period"), "indicator", "scaled")
            .sort("area", "indicator")
        )  # fmt: skip
