"""What an indicator is: catalogue data, typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nabolag.core.area import Level
from nabolag.core.text import Text


class Kind(StrEnum):
    """What role an indicator may play. Background is described, never an input by default."""

    CHALLENGE = "challenge"
    ASSET = "asset"
    BACKGROUND = "background"


class Worse(StrEnum):
    """Which end of the scale is the harder life: `high`, `low` or `neither`."""

    HIGH = "high"
    LOW = "low"
    NEITHER = "neither"


class Unit(StrEnum):
    """What a value is counted in. `SHARE` is a fraction of 1, shown as per cent."""

    SHARE = "share"
    COUNT = "count"
    NOK = "nok"
    NOK_PER_M2 = "nok_per_m2"
    MEAN = "mean"
    RATE = "rate"
    YEARS = "years"
    POINTS = "points"


#: Units whose value is a numerator over a denominator and can be re-aggregated from them.
RATIO_UNITS: frozenset[Unit] = frozenset({Unit.SHARE, Unit.MEAN, Unit.RATE})


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue. `id` never changes; `version` counts definition changes.

    `numerator`, `denominator` and `population` say in words what is counted. `ring` is the
    determinant layer (income, work, education, health, housing, environment, participation,
    safety, population). `minimum_level` is the smallest geography it may be shown for.
    `decimals` is how many decimals of the shown unit (per cent for a share) are meaningful.
    """

    id: str
    label: Text
    definition: Text
    unit: Unit
    kind: Kind
    worse: Worse
    ring: str
    numerator: Text | None = None
    denominator: Text | None = None
    population: Text | None = None
    short: Text | None = None
    reference: str = ""
    minimum_level: Level | None = None
    decimals: int = 1
    version: int = 1

    @property
    def is_ratio(self) -> bool:
        """True where values are re-aggregated from numerators and denominators."""
        return self.unit in RATIO_UNITS

    @property
    def may_flag(self) -> bool:
        """True where the indicator may be an input to a flag or an index by default."""
        return self.kind is Kind.CHALLENGE and self.worse is not Worse.NEITHER

    @property
    def heading(self) -> Text:
        """The short label where there is one, else the full label."""
        return self.short or self.label
