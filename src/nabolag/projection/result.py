"""What a projection found: who lives where in each year and scenario, and how it adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from nabolag.core import Finding, Lang, Level
from nabolag.projection.axes import SEXES, Ages, Floats, Ints, Places
from nabolag.projection.backtest import Backtest
from nabolag.projection.explaining import explained
from nabolag.projection.spec import ProjectionSpec

#: Who lives in an area. `kind` is `registered` or `projected`; `scenario` is empty for registered
#: people, `sex` for both together. `persons` are on 1 January of `year`; `lower` and `upper` hold
#: the share of draws that is declared. Inside the house there is no `status` but `value`.
PEOPLE: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "year": pl.Int64(),
    "kind": pl.String(),
    "scenario": pl.String(),
    "sex": pl.String(),
    "ages_from": pl.Int64(),
    "ages_to": pl.Int64(),
    "persons": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "status": pl.String(),
}
FLOWS: Final = ("births", "deaths", "arrived", "left")


@dataclass(frozen=True)
class Path:
    """One scenario: people by year × area × sex × age group, and flows by year × area.

    The first year is the base. `whole` are people of the larger areas by single age.
    """

    people: Floats
    whole: Floats
    flows: Floats


@dataclass(frozen=True)
class Summed:
    """Areas of a level above: its codes, and which of them each projected area counts towards."""

    level: Level
    codes: tuple[str, ...]
    inside: Ints

    def of(self, values: Floats, axis: int) -> Floats:
        """Return the sums of areas; areas that lie in none are in none."""
        moved = np.moveaxis(values, axis, 0)
        found = np.zeros((len(self.codes), *moved.shape[1:]))
        there = self.inside >= 0
        np.add.at(found, self.inside[there], moved[there])
        return np.moveaxis(found, 0, axis)


@dataclass(frozen=True)
class ProjectionResult:
    """A whole projection. `draws` are totals of each drawn run (draw × year × area)."""

    spec: ProjectionSpec
    places: Places
    base: int
    groups: tuple[Ages, ...]
    history_years: tuple[int, ...]
    history: Floats
    paths: Mapping[str, Path]
    levels: tuple[Summed, ...]
    draws: Floats | None = None
    backtest: Backtest | None = None
    findings: tuple[Finding, ...] = ()
    homes: Floats | None = None
    event_years: tuple[int, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """The base year, and every year that is projected."""
        return tuple(range(self.base, self.base + self.spec.years + 1))

    @property
    def table(self) -> pl.DataFrame:
        """Everybody by level, area, year, scenario, sex and age group (`PEOPLE`)."""
        return pl.concat([self._of_level(one) for one in self.levels])

    def explain(self, lang: Lang) -> str:
        """Return the method in words, with its parameters."""
        return explained(self.spec, self.base, self.event_years, lang)

    def flows_table(self) -> pl.DataFrame:
        """Return births, deaths and moves of each level, area, year and scenario."""
        made = []
        for one in self.levels:
            for scenario, path in self.paths.items():
                flows = one.of(path.flows, 1)
                years = np.repeat(self.years[:-1], len(one.codes))
                columns = {name: flows[..., at].ravel() for at, name in enumerate(FLOWS)}
                made.append(pl.DataFrame({
                    "level": [one.level.value] * len(years), "area": list(one.codes) * len(flows),
                    "year": years, "scenario": [scenario] * len(years), **columns,
                }))  # fmt: skip
        return pl.concat(made)

    def ages_table(self) -> pl.DataFrame:
        """Return the larger areas by single age and sex, for work inside the house."""
        made = []
        for scenario, path in self.paths.items():
            at = np.indices(path.whole.shape).reshape(4, -1)
            made.append(pl.DataFrame({
                "level": [self.spec.larger.value] * at.shape[1],
                "area": np.array(self.places.larger, dtype=object)[at[1]].tolist(),
                "year": at[0] + self.base,
                "scenario": [scenario] * at.shape[1],
                "sex": np.array(SEXES, dtype=object)[at[2]].tolist(),
                "age": at[3],
                "persons": path.whole.ravel(),
            }))  # fmt: skip
        return pl.concat(made)

    def _of_level(self, one: Summed) -> pl.DataFrame:
        held = [self._rows(one, self.history, self.history_years, "registered", "")]
        for scenario, path in self.paths.items():
            bounds = self._bounds(one) if scenario == "main" else None
            held.append(
                self._rows(one, path.people[1:], self.years[1:], "projected", scenario, bounds)
            )
        return pl.concat(held)

    def _bounds(self, one: Summed) -> tuple[Floats, Floats] | None:
        if self.draws is None:
            return None
        totals = one.of(self.draws[:, 1:], 2)
        tail = (1 - self.spec.bounds.share) / 2
        low, high = np.quantile(totals, [tail, 1 - tail], axis=0)
        return low, high

    def _rows(
        self,
        one: Summed,
        people: Floats,
        years: Sequence[int],
        kind: str,
        scenario: str,
        bounds: tuple[Floats, Floats] | None = None,
    ) -> pl.DataFrame:
        """Return one scenario of one level, both sexes together and each for itself."""
        by_sex = one.of(people, 1)
        every = np.concatenate([by_sex.sum(axis=2, keepdims=True), by_sex], axis=2)
        at = np.indices(every.shape).reshape(4, -1)
        low, high = _limits(every.shape, bounds, self._whole)
        text = dict.fromkeys(("level", "kind", "scenario", "status"))
        made = pl.DataFrame({
            "area": np.array(one.codes, dtype=object)[at[1]].tolist(),
            "year": np.array(years, dtype=np.int64)[at[0]],
            "sex": np.array(("", *SEXES), dtype=object)[at[2]].tolist(),
            "ages_from": np.array([g.start for g in self.groups])[at[3]],
            "ages_to": np.array([g.to for g in self.groups])[at[3]],
            "persons": every.ravel(), "lower": low.ravel(), "upper": high.ravel(),
        })  # fmt: skip
        words = (one.level.value, kind, scenario, "value")
        named = [pl.lit(word).alias(name) for name, word in zip(text, words, strict=True)]
        return made.with_columns(pl.col("lower", "upper").fill_nan(None), *named).select(*PEOPLE)

    @property
    def _whole(self) -> int:
        """Which group holds everybody."""
        return self.groups.index(max(self.groups, key=lambda g: g.to - g.start))


def _limits(
    shape: tuple[int, ...], bounds: tuple[Floats, Floats] | None, whole: int
) -> tuple[Floats, Floats]:
    """Return bounds laid where they belong: on everybody of both sexes."""
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    if bounds is not None:
        low[:, :, 0, whole], high[:, :, 0, whole] = bounds
    return low, high
