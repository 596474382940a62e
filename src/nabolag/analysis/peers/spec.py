"""Nearest neighbours by stated traits: the areas that are most alike, and in what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.asked import PeriodOrNone, refuse_twice, refuse_unknown
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.peers.nearest import nearest, trait_table
from nabolag.analysis.peers.trends import Against, Compared, trends
from nabolag.analysis.words import declared_percent, indicator_names
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

    `indicators` are laid beside the groups in `against`, period by period (see `trends`): the
    nearest, the municipality and the country of the workspace, or all that lie in the same area
    of a level, such as `fylke`, or `custom` for groups of one's own (KOSTRA groups). A group's
    figure stands where at least `minimum_known` of its members are known.
    """

    KIND: ClassVar[str] = "peers"

    kind: Literal["peers"] = "peers"
    level: Level
    traits: tuple[str, ...] = Field(min_length=1)
    count: int = Field(default=5, ge=1, le=50)
    period: PeriodOrNone = ""
    indicators: tuple[str, ...] = ()
    against: tuple[Against, ...] = ("nearest",)
    minimum_known: float = Field(default=0.5, gt=0, le=1)

    @model_validator(mode="after")
    def _once(self) -> Self:
        for name in ("traits", "indicators", "against"):
            refuse_twice(name, getattr(self, name))
        if self.level in self.against:
            raise ValueError("against never names the areas' own level")
        return self

    def analyse(self, given: Given) -> Found:
        """Return `neighbours` (see `nearest`), `traits` (see `trait_table`) and `trends`.

        `trends` (`TRENDS`) is there where there are `indicators`.
        """
        self._check(given.catalogue)
        traits, period = trait_table(given.observations, self)
        whole = traits.drop_nulls(list(self.traits))
        findings = [] if whole.height > 1 else [self._too_few(period)]
        near = nearest(whole, self.traits, self.count)
        tables = {"neighbours": near, "traits": traits}
        stamped = {
            name: table.with_columns(level=pl.lit(self.level.value), period=pl.lit(period))
            for name, table in tables.items()
        }
        if self.indicators:
            how = Compared(self.level, self.against, self.minimum_known)
            stamped["trends"] = trends(given, how, self.indicators, near)
            findings += self._without(stamped["trends"])
        return Found(stamped, {"period": period, "compared": whole.height}, tuple(findings))

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words."""
        names = indicator_names(self.traits, catalogue, lang)
        said = label("peers.explain", lang, traits=names, level=self.level.plural.in_(lang))
        if not self.indicators:
            return said
        share = declared_percent(self.minimum_known, lang)
        return f"{said} {label('peers.explain_trends', lang, share=share)}"

    def _check(self, catalogue: Mapping[str, Indicator]) -> None:
        refuse_unknown(self.id, self.traits, catalogue, background=True)
        refuse_unknown(self.id, self.indicators, catalogue, background=False)
        raise_errors(
            Finding("peers_origin", Severity.ERROR, params={"indicator": trait, "id": self.id})
            for trait in self.traits
            if trait in ORIGIN
        )

    def _without(self, table: pl.DataFrame) -> list[Finding]:
        """Say which groups have no figure for any area."""
        known = set(table.drop_nulls("reference")["against"])
        return [
            Finding("peers_no_group", Severity.WARNING,
                    params={"id": self.id, "against": str(against), "level": self.level.value})
            for against in self.against if str(against) not in known
        ]  # fmt: skip

    def _too_few(self, period: str) -> Finding:
        params = {"id": self.id, "level": self.level.value, "period": period}
        return Finding("peers_too_few", Severity.WARNING, params=params)
