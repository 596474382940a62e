"""`kind = "regions"`: proposals for contiguous analysis areas that meet stated criteria."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from nabolag.analysis.asked import figures_of, periods_of, refuse_twice, refuse_unknown
from nabolag.analysis.method import AnalysisSpec, Found, Given
from nabolag.analysis.neighbours import by_border, by_distance
from nabolag.analysis.regions.layout import LAYOUT, layout, overlap, summed
from nabolag.analysis.regions.merging import Wanted, regions
from nabolag.analysis.words import declared, declared_percent, indicator_names
from nabolag.core import (
    Finding,
    Indicator,
    Lang,
    Level,
    Severity,
    Unit,
    Worse,
    label,
    raise_errors,
)
from nabolag.geography.register import AreaRegister

#: One row a small area that is part of a proposal. The area's row says which region it is in.
MEMBERS: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "region": pl.String(),
    "residents": pl.Float64(),
}
#: One row a region. `met` of the criteria are met, `unmet` are not; `chosen` where enough are.
REGIONS: Final[dict[str, pl.DataType]] = {
    "region": pl.String(),
    "areas": pl.Int64(),
    "residents": pl.Float64(),
    "too_small": pl.Boolean(),
    "met": pl.Int64(),
    "unmet": pl.Int64(),
    "chosen": pl.Boolean(),
}
#: One row a region and trait.
VALUES: Final[dict[str, pl.DataType]] = {
    "region": pl.String(),
    "indicator": pl.String(),
    "period": pl.String(),
    "value": pl.Float64(),
    "areas": pl.Int64(),
    "known": pl.Int64(),
    "criterion": pl.Float64(),
    "met": pl.Boolean(),
}
PROPOSED, DRAWN = "proposed", "drawn"
#: R2 before R10.
_NUMBER: Final = pl.col("region").str.slice(1).cast(pl.Int64)


class Regions(AnalysisSpec):
    """Proposals for analysis areas, built of neighbouring areas of `level` that are alike.

    `traits` (in standard deviations among the areas, people weighing) are what regions should be
    alike in; `minimum` is the least number of `population` in a region, `most` the greatest
    number of regions. `criteria` says for some traits from which value on a region counts as
    exposed, in the trait's own direction; `meets` is how many of them (not given: all).
    SØF-rapport 04/20 gives no thresholds for how analysis areas were chosen (L139–L147): these
    are declared. Areas that are not known in all traits, or have no neighbour, are left out and
    told of. Compared with the workspace's own areas (`[[custom_area]]`). Only a proposal.
    """

    KIND: ClassVar[str] = "regions"

    kind: Literal["regions"] = "regions"
    level: Level
    traits: tuple[str, ...] = Field(min_length=1)
    population: str = "population"
    minimum: int = Field(ge=1)
    most: int | None = Field(default=None, ge=1)
    criteria: dict[str, float] = Field(default_factory=dict)
    meets: int | None = Field(default=None, ge=1)
    neighbours: Literal["border", "nearest"] = "border"
    count: int = Field(default=6, ge=1, le=100)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_twice("traits", self.traits)
        if not set(self.criteria) <= set(self.traits):
            raise ValueError("criteria name something that is not in traits")
        if self.meets is not None and self.meets > len(self.criteria):
            raise ValueError("meets is above the number of criteria")
        if self.level is Level.CUSTOM:
            raise ValueError("regions are built of areas of another level than custom")
        return self

    @property
    def needed(self) -> int:
        """How many criteria a region must meet."""
        return self.meets or len(self.criteria)

    def analyse(self, given: Given) -> Found:
        """Return `regions`, `members`, `values`, `layout` and `overlap`."""
        self._check(given.catalogue)
        periods = self._periods(given)
        areas, left_out = self._areas(given, periods)
        members, small = self._merged(given, areas)
        values = self._values(given, periods, members)
        table = self._regions(members, values)
        chosen = table.filter("chosen")["region"] if self.criteria else table["region"]
        drawn = self._drawn(given)
        sets = self._sets(members, chosen, drawn)
        people = areas.select("area", "residents")
        tables = {
            "regions": table,
            "members": members,
            "values": values,
            "layout": layout(given, self.level, periods, sets) if sets.height else
                      pl.DataFrame(schema=LAYOUT),
            "overlap": overlap(members.select("area", "region"), drawn, people),
        }  # fmt: skip
        facts = {"periods": periods, "left_out": left_out, "too_small": small}
        return Found(tables, facts, self._told(table, left_out))

    def explain(self, catalogue: Mapping[str, Indicator], lang: Lang) -> str:
        """Return the rule in words, with its parameters."""
        said = [
            label("regions.explain", lang, level=self.level.plural.in_(lang),
                  traits=indicator_names(self.traits, catalogue, lang),
                  minimum=declared(self.minimum, lang)),
            *([label("regions.explain_most", lang, most=self.most)] if self.most else []),
        ]  # fmt: skip
        limits = []
        for iid, limit in self.criteria.items():
            if iid in catalogue:
                key = "least" if catalogue[iid].worse is not Worse.LOW else "most"
                written = declared(limit, lang)
                if catalogue[iid].unit is Unit.SHARE:
                    written = label(
                        "publish.unit.share", lang, number=declared_percent(limit, lang)
                    )
                limits.append(label(f"regions.criterion_{key}", lang, limit=written,
                                    indicator=catalogue[iid].label.in_(lang)))  # fmt: skip
        if limits:
            said.append(label("regions.explain_criteria", lang, criteria="; ".join(limits),
                              needed=self.needed))  # fmt: skip
        return " ".join(said)

    def _check(self, catalogue: Mapping[str, Indicator]) -> None:
        refuse_unknown(self.id, self.traits, catalogue, background=False)
        refuse_unknown(self.id, [self.population], catalogue, background=True)
        bad = [iid for iid in self.criteria if catalogue[iid].worse is Worse.NEITHER]
        found = [Finding("regions_no_direction", Severity.ERROR,
                         params={"id": self.id, "indicator": iid}) for iid in bad]  # fmt: skip
        if catalogue[self.population].unit is not Unit.COUNT:
            params = {"id": self.id, "indicator": self.population}
            found.append(Finding("regions_no_count", Severity.ERROR, params=params))
        raise_errors(found)

    def _periods(self, given: Given) -> dict[str, str]:
        """Return the latest period of each trait that has figures."""
        latest = {iid: periods_of(figures_of(given.observations, iid, self.level), ())
                  for iid in self.traits}  # fmt: skip
        return {iid: periods[0] for iid, periods in latest.items() if periods}

    def _areas(self, given: Given, periods: Mapping[str, str]) -> tuple[pl.DataFrame, list[str]]:
        """Return the areas that are known in all traits with their residents, and the others."""
        counted = figures_of(given.observations, self.population, self.level)
        period = next(iter(periods_of(counted, ())), "")
        areas = (
            given.areas.filter(pl.col("level") == self.level.value)
            .select(area="code").unique().sort("area")
            .join(counted.filter(pl.col("period") == period).select("area", residents="value"),
                  on="area", how="left", maintain_order="left")
        )  # fmt: skip
        for iid in self.traits:
            own = figures_of(given.observations, iid, self.level).filter(
                pl.col("period") == periods.get(iid, "")
            )
            areas = areas.join(own.select("area", pl.col("value").alias(iid)), on="area",
                               how="left", maintain_order="left")  # fmt: skip
        known = pl.all_horizontal(pl.col("residents", *self.traits).is_not_null())
        return areas.filter(known), areas.filter(~known)["area"].to_list()

    def _merged(self, given: Given, areas: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        codes = areas["area"]
        if self.neighbours == "nearest":
            near = by_distance(given.shapes, self.level, codes, self.count)
        else:
            register = AreaRegister(given.areas, given.links, given.shapes)
            near = by_border(register, self.level, codes)
        people = areas["residents"].to_numpy()
        values = areas.select(self.traits).cast(pl.Float64).to_numpy()
        found = regions(_standard(values, people), people, near, Wanted(self.minimum, self.most))
        names = [f"R{number + 1}" for number in found]
        members = areas.select(
            pl.lit(self.level.value).alias("level"), "area",
            pl.Series("region", names, dtype=pl.String), "residents",
        ).select(pl.col(name).cast(kind) for name, kind in MEMBERS.items())  # fmt: skip
        sizes = members.group_by("region").agg(pl.col("residents").sum())
        return members, sizes.filter(pl.col("residents") < self.minimum).height

    def _values(
        self, given: Given, periods: Mapping[str, str], members: pl.DataFrame
    ) -> pl.DataFrame:
        sets = members.select("area", set="region")
        parts = []
        for iid, period in periods.items():
            limit = self.criteria.get(iid)
            high = given.catalogue[iid].worse is not Worse.LOW
            met = pl.lit(None, pl.Boolean)
            if limit is not None:
                met = pl.col("value") >= limit if high else pl.col("value") <= limit
            made = summed(given, self.level, iid, period, sets).with_columns(
                pl.lit(iid).alias("indicator"), pl.lit(period).alias("period"),
                pl.lit(limit, pl.Float64).alias("criterion"), met.alias("met"), region="set",
            )  # fmt: skip
            parts.append(made.select(pl.col(name).cast(kind) for name, kind in VALUES.items()))
        if not parts:
            return pl.DataFrame(schema=VALUES)
        return pl.concat(parts).sort(_NUMBER, maintain_order=True)

    def _regions(self, members: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
        met = values.group_by("region").agg(
            pl.col("met").sum().cast(pl.Int64).alias("met"),
            (~pl.col("met")).sum().cast(pl.Int64).alias("unmet"),
        )
        return (
            members.group_by("region")
            .agg(pl.len().cast(pl.Int64).alias("areas"), pl.col("residents").sum())
            .join(met, on="region", how="left")
            .with_columns(
                (pl.col("residents") < self.minimum).alias("too_small"),
                pl.col("met").fill_null(0), pl.col("unmet").fill_null(0),
            )
            .with_columns(
                ((pl.col("met") >= self.needed) & bool(self.criteria) & ~pl.col("too_small"))
                .alias("chosen")
            )
            .sort(_NUMBER)
            .select(pl.col(name).cast(kind) for name, kind in REGIONS.items())
        )  # fmt: skip

    def _drawn(self, given: Given) -> pl.DataFrame:
        """Return `drawn` and `area`: the workspace's own areas that hold areas of the level."""
        return given.links.filter(
            pl.col("level") == self.level.value, pl.col("parent_level") == Level.CUSTOM.value
        ).select(drawn="parent_code", area="code")

    def _sets(self, members: pl.DataFrame, chosen: pl.Series, drawn: pl.DataFrame) -> pl.DataFrame:
        """Return `set` and `area`: the regions that meet the criteria, and the drawn areas."""
        proposed = members.filter(pl.col("region").is_in(chosen.to_list()))
        own = [proposed.select("area", set=pl.lit(PROPOSED))] if self.criteria else []
        return pl.concat([*own, drawn.select("area", set=pl.lit(DRAWN)).unique()])

    def _told(self, table: pl.DataFrame, left_out: list[str]) -> tuple[Finding, ...]:
        found = []
        params: dict[str, Any] = {"id": self.id, "level": self.level.value}
        if table.is_empty():
            found.append(Finding("regions_nothing", Severity.WARNING, params=params))
        if left_out:
            shown, n = tuple(left_out[:8]), len(left_out)
            found.append(Finding("regions_left_out", Severity.INFO, params=params, count=n,
                                 examples=shown))  # fmt: skip
        small = table.filter("too_small")
        if small.height:
            shown = tuple(small["region"].head(8))
            told = params | {"minimum": f"{self.minimum:g}"}
            found.append(Finding("regions_too_small", Severity.WARNING, params=told,
                                 count=small.height, examples=shown))  # fmt: skip
        return tuple(found)


def _standard(values: Any, people: Any) -> Any:
    """Return traits in standard deviations, people weighing; one without spread parts nobody."""
    if not len(values):
        return values
    weight = np.maximum(people, 1e-9)
    middle = np.average(values, axis=0, weights=weight)
    spread = np.sqrt(np.average((values - middle) ** 2, axis=0, weights=weight))
    return np.where(spread > 0, (values - middle) / np.where(spread > 0, spread, 1.0), 0.0)
