"""`[[indicator]]` of `nabolag.toml`: which delivered figures an indicator is made of."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from nabolag.core import Level
from nabolag.core.columns import CELLS
from nabolag.store import Section

#: Levels that a sum is made for without being asked: a workspace's list of areas is taken to be
#: whole up to its municipalities, never up to counties or the country.
ROLL_UP_LEVELS: tuple[Level, ...] = (
    Level.KOMMUNE,
    Level.BYDEL,
    Level.LEVEKARSSONE,
    Level.DELBYDEL,
    Level.DELOMRADE,
    Level.CUSTOM,
)


class Part(Section):
    """A sum of delivered cells: one measure, and for some dimensions only the values named.

    `where = { type = ["Par", "Enslig"], sex = "alle" }`. Dimensions that are not named (and are
    not kept as groups) are summed over.
    """

    measure: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("where", mode="before")
    @classmethod
    def _one_or_many(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: (v,) if isinstance(v, str) else v for name, v in given.items()}

    @field_validator("where")
    @classmethod
    def _only_dimensions(cls, given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        fixed = sorted(set(given) & set(CELLS))
        if fixed:
            raise ValueError(f"{', '.join(fixed)} is not a dimension of the source")
        return given


class BindingSpec(Section):
    """How one indicator is observed from one source.

    Give `numerator` and `denominator` (best: figures can then be summed to larger areas),
    `value` alone (a count, or a share, mean or price as the producer computed it), `value` and
    `denominator` (a mean and how many it is a mean of), or `value` and `numerator`.

    `scale` multiplies `value` on the way in (0.01 where a file holds per cent, 1000 where it
    holds thousand kroner). `groups` are dimensions kept apart; `everybody` says which value of
    such a dimension means all, and `background` which of them describe background (figures by them
    are described, never ranked). `absent` says what it means that a file has no cell for a
    category that it has for other areas: `missing`, or `zero` where the producer lists only
    categories that occur. `blank` says the same of empty cells. `levels` limits which delivered
    levels are used; `roll_up` names the levels that sums are made for (not given: every parent
    level up to the municipality). `precedence` orders bindings of the same indicator, the lowest
    first. `agree_within` is how far a sum may be from the producer's own figure before it is
    reported (a share: fraction of 1; other units: relative).

    `contributors` is the dimension whose values stand behind an amount (schools, employers, units
    of the accounts): each has the rows of the `numerator` that carry its name. A `value` in kroner
    alone is then a sum of what they have, and is summed to larger areas like a count. Rules of
    dominance (`[[disclosure]]`) are tried on what each contributor has.
    """

    id: str
    source: str
    value: Part | None = None
    numerator: Part | None = None
    denominator: Part | None = None
    groups: tuple[str, ...] = ()
    everybody: dict[str, str] = Field(default_factory=dict)
    background: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    roll_up: tuple[Level, ...] | None = None
    scale: float = Field(default=1.0, gt=0)
    absent: Literal["missing", "zero"] = "missing"
    blank: Literal["missing", "zero"] = "missing"
    precedence: int | None = None
    interval: Literal["wilson", "none"] = "wilson"
    agree_within: float = Field(default=0.001, ge=0)
    contributors: str = ""

    @model_validator(mode="after")
    def _enough_parts(self) -> Self:
        if self.value is None and (self.numerator is None or self.denominator is None):
            raise ValueError("give value, or both numerator and denominator")
        if stray := sorted(set(self.everybody) - set(self.groups)):
            raise ValueError(f"everybody names {', '.join(stray)}, which groups does not")
        if stray := sorted(set(self.background) - set(self.groups)):
            raise ValueError(f"background names {', '.join(stray)}, which groups does not")
        return self

    @model_validator(mode="after")
    def _contributors_are_summed(self) -> Self:
        if self.contributors and self.contributors in self.groups:
            raise ValueError(f"contributors names {self.contributors}, which groups keeps apart")
        if self.contributors and self.contributors in self.summed.where:
            raise ValueError(f"contributors names {self.contributors}, which where chooses from")
        return self

    @property
    def roll_up_levels(self) -> tuple[Level, ...]:
        """The levels that sums are made for."""
        return ROLL_UP_LEVELS if self.roll_up is None else self.roll_up

    @property
    def summed(self) -> Part:
        """The part whose rows are the amounts that contributors have."""
        part = self.numerator or self.value
        if part is None:
            raise ValueError("give value, or both numerator and denominator")
        return part

    @property
    def is_value_alone(self) -> bool:
        """Whether nothing but a value is given."""
        return self.numerator is None and self.denominator is None

    @property
    def parts(self) -> dict[str, Part]:
        """The parts that are given, by name."""
        named = {
            "value": self.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
        }
        return {name: part for name, part in named.items() if part is not None}
