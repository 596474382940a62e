"""`kind = "stability"`: accumulation under a thousand draws of what could have been otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.arrays import Floats
from nabolag.analysis.asked import (
    PeriodOrNone,
    figures_of,
    latest_with,
    refuse_twice,
    refuse_undirected,
    refuse_unknown,
)
from nabolag.analysis.errors import Basis, with_errors
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.stability.draws import Redrawn, redraw
from nabolag.analysis.words import declared_percent, indicator_names
from nabolag.core import Finding, Indicator, Lang, Level, Severity, Worse, label

#: One row an area: how often several challenges meet there, and how many there are.
AREAS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "period": pl.String(),
    "challenges": pl.Int64(),
    "known": pl.Int64(),
    "several": pl.Float64(),
    "mean": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "certainty": pl.String(),
}
SURE, LIKELY, UNLIKELY, HARDLY, UNKNOWN = "sure", "likely", "unlikely", "hardly", "unknown"


class Stability(AnalysisSpec):
    """How sure it is that several challenges meet in an area.

    Accumulation draws a line (SØF-rapport 04/20: the 25 % with the highest share, L3413–3431) and
    counts. Here it is done `draws` times, each with the line at another share between `lowest`
    and `highest`, with other weights (Dirichlet, `alike` times each), and with figures moved by
    chance as their intervals or counts allow. `several` is how many challenges are called
    several. `sure` and `hardly` are the shares of draws above and below which it is said to be
    so, and not to be so. None of these limits is in the documents: they are declared.

    An area is placed where at least `minimum_known` indicators are known (not given: more than
    half).
    """

    KIND: ClassVar[str] = "stability"

    kind: Literal["stability"] = "stability"
    level: Level
    indicators: tuple[str, ...] = Field(min_length=2)
    period: PeriodOrNone = ""
    top_share: float = Field(default=0.25, gt=0, lt=1)
    lowest: float = Field(default=0.20, gt=0, lt=1)
    highest: float = Field(default=0.30, gt=0, lt=1)
    alike: float = Field(default=20.0, gt=0)
    several: int = Field(default=2, ge=1)
    sure: float = Field(default=0.9, gt=0.5, le=1)
    hardly: float = Field(default=0.1, ge=0, lt=0.5)
    minimum_known: int | None = Field(default=None, ge=1)
    basis: tuple[Basis, ...] = Field(default=("bounds", "counts"), min_length=1)
    draws: int = Field(default=1000, ge=100, le=100_000)
    seed: int = 1

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_twice("indicators", self.indicators)
        if not self.lowest <= self.top_share <= self.highest:
            raise ValueError("top_share must lie between lowest and highest")
        if self.several > len(self.indicators):
            raise ValueError("several is above the number of indicators")
        return self

    @property
    def known_needed(self) -> int:
        """How many indicators must be known for an area to be placed."""
        return self.minimum_known or len(self.indicators) // 2 + 1

    def analyse(self, given: Given) -> Found:
        """Return `areas` (`AREAS`) and `flags`: each indicator's share of draws, by area."""
        refuse_unknown(self.id, self.indicators, given.catalogue, background=False)
        refuse_undirected(self.id, self.indicators, given.catalogue)
        figures, period = self._figures(given)
        if figures.is_empty():
            told = Finding("stability_no_figures", Severity.WARNING, params={"id": self.id})
            return Found({"areas": pl.DataFrame(schema=AREAS)}, {"period": ""}, (told,))
        codes = figures["area"].unique().sort()
        exposure = self._matrix(figures, codes, "exposure")
        error = self._matrix(figures, codes, "error")
        how = Redrawn(self.draws, self.seed, self.lowest, self.highest, self.alike, self.several)
        drawn = redraw(exposure, error, how)
        # The plain count: one draw with the declared line, equal weights and no chance.
        still = Redrawn(1, self.seed, self.top_share, self.top_share, 1e9, self.several)
        plain = redraw(exposure, np.zeros_like(error), still)
        known = np.isfinite(exposure).sum(axis=1)
        areas = pl.DataFrame(
            {
                "level": [self.level.value] * len(codes),
                "area": codes,
                "period": [period] * len(codes),
                "challenges": plain.flagged.sum(axis=1).astype(np.int64),
                "known": known,
                "several": drawn.several,
                "mean": drawn.count,
                "low": drawn.low,
                "high": drawn.high,
                "certainty": self._certainty(drawn.several, known),
            },
            schema=AREAS,
        )
        facts = {"period": period, "without_error": self._without_error(figures)}
        return Found({"areas": areas, "flags": self._flags(codes, exposure, drawn.flagged, period)},
                     facts)  # fmt: skip

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        shares: dict[str, Any] = {
            name: declared_percent(getattr(self, name), lang)
            for name in ("lowest", "highest", "sure", "hardly")
        }
        return label(
            "stability.explain",
            lang,
            indicators=indicator_names(self.indicators, catalogue, lang),
            level=self.level.plural.in_(lang),
            draws=self.draws,
            several=self.several,
            known=self.known_needed,
            **shares,
        )

    def _figures(self, given: Given) -> tuple[pl.DataFrame, str]:
        """Return `area`, `indicator`, `exposure` and `error` of one period."""
        parts = [
            with_errors(
                figures_of(given.observations, iid, self.level),
                given.catalogue[iid].unit,
                self.basis,
                0.95,
            ).with_columns(
                exposure=pl.col("value") * (-1 if given.catalogue[iid].worse is Worse.LOW else 1)
            )
            for iid in self.indicators
        ]
        figures = pl.concat(parts).drop_nulls("exposure")
        period = self.period or latest_with(figures, self.known_needed)
        kept = figures.filter(pl.col("period") == period)
        return kept.select("area", "indicator", "exposure", "error"), period

    def _matrix(self, figures: pl.DataFrame, codes: pl.Series, column: str) -> Floats:
        wide = figures.pivot("indicator", index="area", values=column,
                             on_columns=list(self.indicators))  # fmt: skip
        ordered = pl.DataFrame({"area": codes}).join(wide, on="area", maintain_order="left",
                                                     how="left")  # fmt: skip
        found: Floats = (
            ordered.select(self.indicators).cast(pl.Float64).fill_null(np.nan).to_numpy()
        )
        return found

    def _certainty(self, several: Floats, known: Floats) -> list[str]:
        named = np.select(
            [known < self.known_needed, several >= self.sure, several >= 0.5,
             several > self.hardly],
            [UNKNOWN, SURE, LIKELY, UNLIKELY],
            HARDLY,
        )  # fmt: skip
        return [str(one) for one in named]

    def _flags(
        self, codes: pl.Series, exposure: Floats, flagged: Floats, period: str
    ) -> pl.DataFrame:
        shares = np.where(np.isfinite(exposure), flagged, np.nan)
        wide = pl.DataFrame(shares, schema=list(self.indicators), nan_to_null=True)
        return (
            wide.with_columns(codes.alias("area"))
            .unpivot(index="area", variable_name="indicator", value_name="flagged")
            .drop_nulls("flagged")
            .select(pl.lit(self.level.value).alias("level"), "area",
                    pl.lit(period).alias("period"), "indicator", "flagged")
            .sort("area", "indicator")
        )  # fmt: skip

    def _without_error(self, figures: pl.DataFrame) -> list[str]:
        """Return the indicators whose figures have neither interval nor counts."""
        told = figures.group_by("indicator").agg(pl.col("error").count())
        bare = set(told.filter(pl.col("error") == 0)["indicator"])
        return [iid for iid in self.indicators if iid in bare]
