"""Ranks with their confidence, as an analysis that is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.asked import (
    PeriodText,
    figures_of,
    periods_of,
    refuse_twice,
    refuse_unknown,
)
from nabolag.analysis.errors import Basis, with_errors
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.ranks.sets import Sure, rank_sets
from nabolag.analysis.words import declared_percent
from nabolag.core import Finding, Indicator, Lang, Level, Severity, label
from nabolag.store import conform

RANKS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "indicator": pl.String(),
    "period": pl.String(),
    "value": pl.Float64(),
    "status": pl.String(),
    "reason": pl.String(),
    "error": pl.Float64(),
    "basis": pl.String(),
    "rank": pl.Int64(),
    "lower": pl.Int64(),
    "upper": pl.Int64(),
    "all_lower": pl.Int64(),
    "all_upper": pl.Int64(),
    "may_be_top": pl.Boolean(),
    "is_top": pl.Boolean(),
}


class Ranks(AnalysisSpec):
    """Each area's place among the areas of its level, and which places it may truly have.

    Place 1 is the highest figure (`first = "low"`: the lowest). `lower`–`upper` holds one area's
    true place, `all_lower`–`all_upper` every area's at once, each with `confidence`; `top` asks
    who may be among so many first. Errors come from the figures' bounds, which are stated to
    hold with `bounds_confidence`, or from the counts behind shares, in the order of `basis`. An
    area without a figure or without an error has no place, and the places of the others are
    among those that have. `periods` are the figures' (none given: the latest). Background is
    not ranked.
    """

    KIND: ClassVar[str] = "ranks"

    kind: Literal["ranks"] = "ranks"
    level: Level
    indicators: tuple[str, ...] = Field(min_length=1)
    periods: tuple[PeriodText, ...] = ()
    first: Literal["high", "low"] = "high"
    top: int = Field(default=5, ge=1)
    basis: tuple[Basis, ...] = Field(default=("bounds", "counts"), min_length=1)
    bounds_confidence: float = Field(default=0.95, gt=0, lt=1)
    confidence: float = Field(default=0.95, gt=0, lt=1)
    draws: int = Field(default=1000, ge=100, le=100_000)
    seed: int = 1
    stepdown: bool = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_twice("indicators", self.indicators)
        refuse_twice("basis", self.basis)
        return self

    def analyse(self, given: Given) -> Found:
        """Return `ranks` (schema `RANKS`), and in the facts what stands behind each indicator."""
        refuse_unknown(self.id, self.indicators, given.catalogue, background=False)
        tables, facts, findings = [pl.DataFrame(schema=RANKS)], [], []
        for iid in self.indicators:
            figures = figures_of(given.observations, iid, self.level)
            periods = periods_of(figures, self.periods)
            if not periods:
                findings.append(self._finding("ranks_no_figures", iid))
            for period in periods:
                rows = figures.filter(pl.col("period") == period).sort("area")
                table = self.ranked(rows, given.catalogue[iid])
                tables.append(table)
                facts.append(_counted(table, iid, period))
                findings += self._noticed(facts[-1])
        return Found({"ranks": pl.concat(tables)}, {"sets": facts}, tuple(findings))

    def ranked(self, figures: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
        """Rank one period's figures (schema `OBSERVATIONS`), one row an area. Schema `RANKS`."""
        rows = with_errors(figures, indicator.unit, self.basis, self.bounds_confidence)
        rows = rows.with_row_index("row")
        known = rows.filter(pl.col("error").is_not_null(), pl.col("value").is_finite())
        sign = 1.0 if self.first == "high" else -1.0
        sets = rank_sets(
            sign * known["value"].to_numpy(),
            known["error"].to_numpy(),
            Sure(self.confidence, self.draws, self.seed, self.stepdown),
        )
        found = pl.DataFrame(
            {
                "row": known["row"],
                **{name: np.asarray(getattr(sets, name), np.int64) for name in _PLACES},
                "may_be_top": sets.may_be_among(self.top),
                "is_top": sets.are_among(self.top),
            }
        )
        # The figures' own bounds give way to the bounds of the places.
        bare = rows.drop("lower", "upper")
        kept = bare.join(found, on="row", how="left", maintain_order="left")
        return conform(kept.select(*RANKS), RANKS)

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words."""
        share = declared_percent(self.confidence, lang)
        said = [
            label(f"ranks.explain.first_{self.first}", lang, level=self.level.plural.in_(lang)),
            *(label(f"ranks.explain.basis_{one}", lang) for one in self.basis),
            label("ranks.explain.sets", lang, share=share, draws=self.draws, seed=self.seed),
            label(f"ranks.explain.stepdown_{str(self.stepdown).lower()}", lang),
            label("ranks.explain.top", lang, top=self.top),
            label("ranks.explain.unknown", lang),
        ]
        return " ".join(said)

    def _noticed(self, counted: Mapping[str, Any]) -> list[Finding]:
        """Say how many areas have no place, and why."""
        return [
            self._finding(f"ranks_{why}", counted["indicator"], counted["period"], counted[why])
            for why in ("unknown", "no_error")
            if counted[why]
        ]

    def _finding(self, code: str, indicator: str, period: str = "", n: int = 0) -> Finding:
        params = {"id": self.id, "indicator": indicator, "level": self.level.value}
        severity = Severity.INFO if code == "ranks_unknown" else Severity.WARNING
        return Finding(code, severity, params=params | {"period": period}, count=max(n, 1))


_PLACES: Final = ("rank", "lower", "upper", "all_lower", "all_upper")


def _counted(table: pl.DataFrame, indicator: str, period: str) -> dict[str, Any]:
    valued = table["value"].is_not_null()
    return {
        "indicator": indicator,
        "period": period,
        "ranked": int(table["rank"].count()),
        "unknown": int((~valued).sum()),
        "no_error": int((valued & table["rank"].is_null()).sum()),
        "may_be_top": int(table["may_be_top"].sum()),
        "is_top": int(table["is_top"].sum()),
    }
