"""What is asked of the engine, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, Self

import polars as pl
from pydantic import Field, field_validator, model_validator

from nabolag.core import Finding, Indicator, Level
from nabolag.indicators.engine.measures import Measure
from nabolag.rules import RuleNumbers
from nabolag.store import Section

#: How many of the population lack a fact, where any do: the figure's keys, the rows of the
#: population, and those of them whose numerator or denominator is unknown.
COVERAGE: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "area": pl.String(),
    "indicator": pl.String(),
    "period": pl.String(),
    "group": pl.String(),
    "population": pl.Float64(),
    "unknown": pl.Float64(),
}


class Defined(Protocol):
    """Indicators and how they are counted (`catalogue.Definitions` is one)."""

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators by id."""
        ...

    @property
    def measures(self) -> Mapping[str, Measure]:
        """The measures of those that are counted from registers, by id."""
        ...

    @property
    def numbers(self) -> RuleNumbers:
        """The numbers of the rules that measures call."""
        ...


class Counting(Section):
    """What to count.

    `years` are the years figures are wanted for and `levels` the levels; a level is reached by
    the area register's links. Breakdowns are made for `group_levels` (not given: every level
    asked but grunnkretser), and for the measures' own `groups` unless `breakdowns` is false.
    `age_bands` are the lowest ages of the bands. `geography` is the border year the registers'
    areas are written in.

    More than `unreliable_above` of the population unknown makes a figure unreliable, more than
    `missing_above` makes it missing. The documents set neither: both are declared here.
    `interval` is how bounds of shares are made; means get the standard error's. `confidence` is
    their level.
    """

    years: tuple[int, ...]
    levels: tuple[Level, ...]
    geography: str = ""
    group_levels: tuple[Level, ...] | None = None
    breakdowns: bool = True
    age_bands: tuple[int, ...] = (0, 6, 16, 20, 25, 45, 67, 80)
    unreliable_above: float = Field(default=0.1, ge=0, le=1)
    missing_above: float = Field(default=0.5, ge=0, le=1)
    interval: Literal["wilson", "exact", "none"] = "wilson"
    confidence: float = Field(default=0.95, gt=0, lt=1)

    @field_validator("age_bands")
    @classmethod
    def _rising(cls, given: tuple[int, ...]) -> tuple[int, ...]:
        if not given or given[0] != 0 or list(given) != sorted(set(given)):
            raise ValueError("age bands are lowest ages, rising, the first 0")
        return given

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        if self.unreliable_above > self.missing_above:
            raise ValueError("unreliable_above must not be above missing_above")
        return self

    @property
    def levels_of_groups(self) -> tuple[Level, ...]:
        """The levels breakdowns are made for."""
        if self.group_levels is not None:
            return self.group_levels
        return tuple(level for level in self.levels if level is not Level.GRUNNKRETS)


@dataclass(frozen=True, slots=True)
class Measured:
    """Observations (`core.columns.OBSERVATIONS`), `COVERAGE`, and what was noticed."""

    observations: pl.DataFrame
    coverage: pl.DataFrame
    findings: tuple[Finding, ...] = ()


class YearKeeper(Protocol):
    """Where finished years lie, so that a build that was stopped goes on where it was."""

    def kept(self, year: int) -> Measured | None:
        """Return a year that is finished, `None` where it is not."""
        ...

    def keep(self, year: int, measured: Measured) -> None:
        """Keep a finished year, whole or not at all."""
        ...
