"""How unequal areas are, and gradients along another figure, as an analysis that is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from nabolag.analysis.asked import PeriodText, refuse_twice, refuse_unknown
from nabolag.analysis.errors import Basis
from nabolag.analysis.inequality.bounds import Bounds
from nabolag.analysis.inequality.gaps import gaps
from nabolag.analysis.inequality.near import near_pairs
from nabolag.analysis.inequality.tables import curves, measured, nested, places
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.neighbours import Way
from nabolag.analysis.sets import noticed
from nabolag.analysis.words import declared_percent, indicator_names
from nabolag.core import Indicator, Lang, Level, label

Spread = Literal["gini", "theil", "p90_p10", "s80_s20"]


class Inequality(AnalysisSpec):
    """How unequally figures are spread over the areas of a level, inside each area of `within`.

    It is inequality between areas, never between persons. Areas weigh as their denominators do
    (`weight = "equal"`: alike). `along` is an indicator that areas are ordered by, for slope,
    relative and concentration index; `nest` a level between, for the parts of Theil's T;
    `compose` a grouping (such as `age`) by which the distance of each area to `within` is split
    into rates and composition. `neighbours` splits the Gini coefficient by whether the areas of a
    pair share a border, or are among each other's `nearest` ones (`count` of them), with a p-value
    by `permutations`. `bounds` says what kind of doubt is measured (see
    `inequality.bounds`). A measure stands only where at least `minimum_known` of the areas, and
    at least five, have a figure. Background neither orders areas nor composes them.
    """

    KIND: ClassVar[str] = "inequality"

    kind: Literal["inequality"] = "inequality"
    level: Level
    within: Level = Level.KOMMUNE
    indicators: tuple[str, ...] = Field(min_length=1)
    periods: tuple[PeriodText, ...] = ()
    weight: Literal["denominator", "equal"] = "denominator"
    measures: tuple[Spread, ...] = ("gini", "theil", "p90_p10", "s80_s20")
    along: str = ""
    nest: Level | None = None
    compose: str = ""
    neighbours: Way | None = None
    count: int = Field(default=6, ge=1, le=100)
    permutations: int = Field(default=999, ge=99, le=99_999)
    bounds: Bounds = "errors"
    basis: tuple[Basis, ...] = Field(default=("bounds", "counts"), min_length=1)
    bounds_confidence: float = Field(default=0.95, gt=0, lt=1)
    confidence: float = Field(default=0.95, gt=0, lt=1)
    draws: int = Field(default=1000, ge=100, le=100_000)
    seed: int = 1
    minimum_known: float = Field(default=0.9, gt=0, le=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in ("indicators", "measures", "basis"):
            refuse_twice(name, getattr(self, name))
        if not (self.measures or self.along):
            raise ValueError("give measures, or an indicator to look along")
        if self.nest in (self.level, self.within):
            raise ValueError("nest must be a level between level and within")
        return self

    def analyse(self, given: Given) -> Found:
        """Return `measures`, `curve`, `parts`, `gaps` and `pairs`; see those modules."""
        refuse_unknown(self.id, self.indicators, given.catalogue, background=True)
        ordering = [self.along] if self.along else []
        refuse_unknown(self.id, ordering, given.catalogue, background=False)
        sets = places(self, given)
        table = measured(self, sets)
        tables = {"measures": table}
        tables |= {"curve": curves(self, sets)}
        if self.nest is not None:
            tables |= {"parts": nested(self.nest.value, sets)}
        if self.compose:
            tables |= {"gaps": gaps(self, given)}
        findings = noticed(self, {one.indicator for one in sets}, table)
        if self.neighbours is not None:
            tables["pairs"], alone = near_pairs(self, given, sets)
            findings += alone
        return Found(tables, {}, tuple(findings))

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words."""
        share = declared_percent(self.confidence, lang)
        level = self.level.plural.in_(lang)
        said = [label("inequality.explain.what", lang, level=level)]
        said.append(label(f"inequality.explain.weight_{self.weight}", lang))
        said += [label(f"inequality.explain.{name}", lang) for name in self.measures]
        if self.along:
            name = indicator_names([self.along], catalogue, lang)
            said.append(label("inequality.explain.along", lang, along=name))
        if self.nest is not None:
            nest = self.nest.plural.in_(lang)
            said.append(label("inequality.explain.nest", lang, nest=nest))
        if self.compose:
            said.append(label("inequality.explain.compose", lang))
        if self.neighbours is not None:
            near = label(f"space.neighbours.{self.neighbours}", lang, count=self.count)
            times = {"permutations": self.permutations, "seed": self.seed}
            said.append(label("inequality.explain.pairs", lang, near=near, **times))
        words: dict[str, Any] = {"share": share, "draws": self.draws, "seed": self.seed}
        said.append(label(f"inequality.explain.bounds_{self.bounds}", lang, **words))
        known = declared_percent(self.minimum_known, lang)
        said.append(label("inequality.explain.known", lang, share=known))
        return " ".join(said)
