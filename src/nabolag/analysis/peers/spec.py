"""Nearest neighbours by stated traits: the areas that are most alike, and in what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.peers.nearest import nearest, trait_table
from nabolag.core import Finding, Indicator, Lang, Level, Severity, label, raise_errors

#: Who people are by origin: told of an area where it is told at all, no reason for likeness.
ORIGIN: Final = frozenset({"immigrants", "immigrants_sof"})


class Peers(AnalysisSpec):
    """The areas of a level that are most like each other in some traits.

    Likeness is the distance between standardised traits (mean 0, standard deviation 1 among the
    level's areas with all traits known), as the square root of the mean squared difference. An
    area that lacks a trait is not compared, and says which. `traits` are indicators; origin is
    refused. `period` is the figures' period (not given: the latest for which every trait has
    figures). `count` is how many neighbours are kept.
    """

    KIND: ClassVar[str] = "peers"

    kind: Literal["peers"] = "peers"
    level: Level
    traits: tuple[str, ...] = Field(min_length=1)
    count: int = Field(default=5, ge=1, le=50)
    period: str = ""

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(set(self.traits)) != len(self.traits):
            raise ValueError("a trait is named twice")
        return self

    def analyse(self, given: Given) -> Found:
        """Return `neighbours` (see `nearest`) and `traits` (see `trait_table`)."""
        self._check(given.catalogue)
        traits, period = trait_table(given.observations, self)
        whole = traits.drop_nulls(list(self.traits))
        findings = [] if whole.height > 1 else [self._too_few(period)]
        tables = {"neighbours": nearest(whole, self.traits, self.count), "traits": traits}
        stamped = {
            name: table.with_columns(level=pl.lit(self.level.value), period=pl.lit(period))
            for name, table in tables.items()
        }
        return Found(stamped, {"period": period, "compared": whole.height}, tuple(findings))

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words."""
        names = [catalogue[trait].label.in_(lang) for trait in self.traits if trait in catalogue]
        return label(
            "peers.explain", lang, traits="; ".join(names), level=self.level.plural.in_(lang)
        )

    def _check(self, catalogue: Mapping[str, Indicator]) -> None:
        unknown = [t for t in self.traits if t not in catalogue]
        refused = [t for t in self.traits if t in ORIGIN]
        raise_errors(
            Finding(code, Severity.ERROR, params={"indicator": trait, "id": self.id})
            for code, named in (("peers_unknown_trait", unknown), ("peers_origin", refused))
            for trait in named
        )

    def _too_few(self, period: str) -> Finding:
        params = {"id": self.id, "level": self.level.value, "period": period}
        return Finding("peers_too_few", Severity.WARNING, params=params)
