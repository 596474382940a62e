"""What an indicator is: catalogue data, typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nabolag.core.area import Level
from nabolag.core.period import Period
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


class Comparability(StrEnum):
    """Whether figures can be held against one another over time and between places."""

    COMPARABLE = "comparable"
    WITH_CARE = "comparable_with_care"
    NOT = "not_comparable"


#: Units whose value is a numerator over a denominator and can be re-aggregated from them.
RATIO_UNITS: frozenset[Unit] = frozenset({Unit.SHARE, Unit.MEAN, Unit.RATE})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far an indicator's figures can be compared, and why not further."""

    status: Comparability
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who could give the figures: a producer with its table, or registers by their contracts.

    `reference` is the line of a document that names this origin, where one does.
    """

    producer: str
    table: str = ""
    registers: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """A change of definition: from `from_period` figures follow `version`, and `what` changed."""

    version: int
    from_period: str
    what: Text
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue. `id` never changes; `version` counts definition changes.

    `numerator`, `denominator` and `population` say in words what is counted. `ring` is the
    determinant layer (income, work, education, health, housing, environment, participation,
    safety, population). `minimum_level` is the smallest geography it may be shown for.
    `decimals` is how many decimals of the shown unit (per cent for a share) are meaningful.
    `sources` are who could give the figures, `comparability` how far they can be compared (not
    stated: `None`), `changed` what each version after the first changed, and from which period.

    `counted_among` is the indicator whose count is this one's denominator. `made_of` holds lists of
    indicators: the counts of each list add up to this one's. Both say what can be subtracted from
    what, which disclosure control must know.
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
    sources: tuple[Origin, ...] = ()
    comparability: Comparison | None = None
    changed: tuple[DefinitionChange, ...] = ()
    counted_among: str = ""
    made_of: tuple[tuple[str, ...], ...] = ()

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

    def breaks(self) -> tuple[DefinitionChange, ...]:
        """Return where the series breaks because its definition changed, in time order."""
        return tuple(sorted(self.changed, key=lambda change: _in_time(change.from_period)))

    def breaks_between(self, one: str, other: str) -> tuple[DefinitionChange, ...]:
        """Return the breaks that part two periods: figures on either side are not comparable.

        A break lies before its `from_period`; a pooled span belongs where it ends.
        """
        first, last = sorted((_in_time(one), _in_time(other)))
        return tuple(b for b in self.breaks() if first < _in_time(b.from_period) <= last)


def _in_time(period: str) -> tuple[int, int]:
    """Return where a period ends in time; what is no period ends before all of them."""
    try:
        parsed = Period.parse(period)
    except ValueError:
        return (0, 0)
    return (parsed.end, parsed.part)
