"""Lines of the accounts: which areas they are about, and which areas have none.

A line without a unit is the municipality's; one whose unit is a bydel is the bydel's, and a part
of the municipality's, as lines of schools and kindergartens are. Accounts are delivered
municipality by municipality: one without lines has not told what it spends, which is not the same
as to have spent nothing. Nothing is said of areas that accounts are never about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from nabolag.core import Level
from nabolag.indicators.engine.areas import Ground
from nabolag.indicators.engine.finishing import AREA_NOT_DELIVERED, Finish
from nabolag.indicators.engine.gathering import PART_OF
from nabolag.indicators.engine.measures import Counted, Measure
from nabolag.indicators.engine.scan import Group, UnitPlan

_TOWN, _BYDEL = Level.KOMMUNE, Level.BYDEL
_AREA: Final = ["level", "area"]


def of_towns(sums: pl.DataFrame) -> pl.DataFrame:
    """Return the sums of municipalities' own lines."""
    return sums.filter(~pl.col("area").str.contains(PART_OF, literal=True))


@dataclass(frozen=True)
class Accounts:
    """Where accounts of a year may lie, among the levels asked for."""

    ground: Ground
    levels: Sequence[Level]
    year: int

    def figures(
        self,
        plan: UnitPlan,
        sums: Mapping[Group, pl.DataFrame],
        medians: Mapping[str, Mapping[Group, pl.DataFrame]],
        finish: Finish,
    ) -> list[pl.DataFrame]:
        """Return the figures of areas whose accounts are delivered, before they are judged.

        A median of lines is only given of municipalities' own.
        """
        towns = {group: of_towns(added) for group, added in sums.items()}
        whole = self._whole(next(iter(towns.values())))
        figures = [
            frame.join(whole, on=_AREA, how="semi")
            for frame in _among(finish, self._parents).figures(plan, towns, medians)
        ]
        if _BYDEL in self.levels:
            bydeler = {group: self._of_bydeler(added) for group, added in sums.items()}
            found = _among(finish, [_BYDEL]).figures(plan, bydeler, {})
            figures += [
                self._told(frame).filter(~pl.col("indicator").is_in(plan.medians))
                for frame in found
            ]
        return figures

    def settled(
        self, observations: pl.DataFrame, measures: Mapping[str, Measure], finish: Finish
    ) -> pl.DataFrame:
        """Say of every area that accounts can be about what is missing, and nothing of others."""
        names = [name for name, measure in measures.items() if measure.unit is Counted.ACCOUNT]
        if not names:
            return observations
        places = self._places()
        about = pl.col("indicator").is_in(names)
        own = observations.filter(about).join(places, on=_AREA, how="semi")
        absent = (
            finish.missing(names, AREA_NOT_DELIVERED)
            .join(places, on=_AREA, how="semi")
            .join(own, on=["indicator", *_AREA], how="anti")
        )
        return pl.concat([observations.filter(~about), own, absent])

    @property
    def _parents(self) -> dict[Level, pl.DataFrame]:
        """For each level that municipalities lie in, the area of each (`parent`)."""
        found = self.ground.parents(_TOWN, self.levels)
        return {level: inside for level, inside in found.items() if not inside.is_empty()}

    @property
    def _bydeler(self) -> pl.DataFrame:
        """Every bydel (`area`) and its municipality (`parent`)."""
        return self.ground.parents(_BYDEL, [_TOWN])[_TOWN]

    def _places(self) -> pl.DataFrame:
        reached = [level.value for level in (*self._parents, _BYDEL)]
        return self.ground.areas(self.levels, self.year).filter(pl.col("level").is_in(reached))

    def _whole(self, towns: pl.DataFrame) -> pl.DataFrame:
        """Return the areas all of whose municipalities have lines, in whatever function."""
        expected = self.ground.areas([_TOWN], self.year).select("area")
        has = pl.col("area").is_in(towns["area"].drop_nulls().to_list())
        found = [
            inside.join(expected, on="area", how="semi")
            .group_by("parent", maintain_order=True)
            .agg(has.all().alias("whole"))
            .filter("whole")
            .select(pl.lit(level.value).alias("level"), pl.col("parent").alias("area"))
            for level, inside in self._parents.items()
        ]
        return pl.concat(found)

    def _of_bydeler(self, sums: pl.DataFrame) -> pl.DataFrame:
        """Return the sums of bydelers' lines. Other units are in their municipality's alone."""
        written = self._bydeler.select(
            pl.concat_str("parent", "area", separator=PART_OF), bydel="area"
        )
        return (
            sums.join(written, left_on="area", right_on="parent")
            .with_columns(pl.lit(_BYDEL.value).alias("level"), pl.col("bydel").alias("area"))
            .drop("bydel")
        )

    def _told(self, figures: pl.DataFrame) -> pl.DataFrame:
        """Keep bydeler of municipalities that tell of any bydel what is asked for."""
        told = pl.col("population").sum().over("indicator", "parent") > 0
        return figures.join(self._bydeler, on="area").filter(told).drop("parent")


def _among(finish: Finish, levels: Sequence[Level] | Mapping[Level, object]) -> Finish:
    """Return the same finish for some of the levels asked for."""
    asked = finish.asked
    some = {
        "levels": tuple(levels),
        "group_levels": tuple(level for level in asked.levels_of_groups if level in levels),
    }
    return replace(finish, asked=asked.model_copy(update=some))
