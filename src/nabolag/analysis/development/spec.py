"""`kind = "development"`: how an area is placed, which way it moves, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from nabolag.analysis.asked import PeriodOrNone, refuse_twice, refuse_undirected, refuse_unknown
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.words import declared, declared_percent, indicator_names
from nabolag.core import Indicator, Lang, Level, label

#: Status and development as codes; words stand in the labels.
GOOD, AVERAGE, EXPOSED = "good", "average", "exposed"
LIKE, UNKNOWN = "like", "unknown"
IMPROVING, STABLE, WORSENING = "improving", "stable", "worsening"


class Development(AnalysisSpec):
    """Each area's status and development, compared with its municipality (or the country).

    NIBR 2019:6 tells of a system that follows all areas and calls them in good development, at
    risk, or exposed (L2556–2563); it gives no thresholds. All are declared here.

    Every indicator is turned so that high is worse, compared with the municipality's figure of
    the same year, and measured in `spread`: the root mean square of the areas' differences in the
    latest year, but never less than `least_spread` of the figure it is compared with, so that a
    town whose areas hardly differ is not pulled apart. The score is the mean over the indicators
    known, from `minimum_known` of them. Its uncertainty is made of the figures' intervals;
    `correlation` says how much errors of different indicators in one area go together (0: not at
    all, 1: fully). Figures without interval are no part of it.

    An area *differs* where chance would give as much in at most `false_discovery` of the areas
    said to differ (Benjamini–Hochberg). One that does not *cannot be told apart from the
    municipality*. One that differs by at least `line` is exposed or good, by less average. Its
    development is the score's straight line through the last `years` years, from `minimum_years`
    of them; it improves or worsens where the line differs from level (the same control) and by
    at least `change` over the years. Years before a change of definition are left out.

    An area is *at risk* where it is not exposed and worsens, or where its line reaches `line`
    within `ahead` years and its development differs from level.
    """

    KIND: ClassVar[str] = "development"

    kind: Literal["development"] = "development"
    level: Level
    indicators: tuple[str, ...] = Field(min_length=1)
    against: Literal["municipality", "country"] = "municipality"
    period: PeriodOrNone = ""
    line: float = Field(default=0.8, gt=0)
    least_spread: float = Field(default=0.25, ge=0, le=2)
    change: float = Field(default=0.25, ge=0)
    years: int = Field(default=6, ge=3, le=30)
    minimum_years: int = Field(default=4, ge=3)
    minimum_known: int | None = Field(default=None, ge=1)
    correlation: float = Field(default=0.3, ge=0, le=1)
    false_discovery: float = Field(default=0.05, gt=0, lt=0.5)
    ahead: int = Field(default=3, ge=0, le=20)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_twice("indicators", self.indicators)
        if self.minimum_years > self.years:
            raise ValueError("minimum_years must not be above years")
        if self.minimum_known is not None and self.minimum_known > len(self.indicators):
            raise ValueError("minimum_known is above the number of indicators")
        if self.level is Level.KOMMUNE and self.against == "municipality":
            raise ValueError('municipalities are compared with the country: against = "country"')
        return self

    @property
    def known_needed(self) -> int:
        """How many indicators must be known for an area to be placed."""
        return self.minimum_known or len(self.indicators) // 2 + 1

    def analyse(self, given: Given) -> Found:
        """Return `areas` (one row each), `parts` (each indicator's share) and `scores` by year."""
        from nabolag.analysis.development.run import run  # noqa: PLC0415

        refuse_unknown(self.id, self.indicators, given.catalogue, background=False)
        refuse_undirected(self.id, self.indicators, given.catalogue)
        return run(self, given)

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        return label(
            "development.explain",
            lang,
            indicators=indicator_names(self.indicators, catalogue, lang),
            level=self.level.plural.in_(lang),
            least=declared_percent(self.least_spread, lang),
            against=label(f"development.against.{self.against}", lang),
            known=self.known_needed,
            rate=declared_percent(self.false_discovery, lang),
            years=self.years,
            minimum_years=self.minimum_years,
            ahead=self.ahead,
            line=declared(self.line, lang),
            change=declared(self.change, lang),
            correlation=declared(self.correlation, lang),
        )
