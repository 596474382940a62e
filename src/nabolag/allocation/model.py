"""How a budget is shared, as data: base amounts, rates, pots, criteria with weights, rounding.

*Tildeling = Grunntilskudd + elevsats · elever + levekårstildeling + spesielle tildelinger*
(SØF-rapport 04/20, L6348). The base amounts, the rate and the special amounts come first; what is
left of the budget are the pots, each shared by size and by need.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from nabolag.allocation.numbers import Exact, total, written
from nabolag.allocation.rounding import Rounding
from nabolag.core import error
from nabolag.store import Section

#: `share`: in proportion to how many have the need. `gap`: by the distance to the unit that is
#: best off. `index`: criteria as one number between 0 and 1, times size. `zone`: a weight for the
#: zone a unit lies in, times size.
Rule: TypeAlias = Literal["share", "gap", "index", "zone"]
RULES: tuple[Rule, ...] = ("share", "gap", "index", "zone")
Ids: TypeAlias = Annotated[
    tuple[str, ...], BeforeValidator(lambda x: (x,) if isinstance(x, str) else x)
]


class Criterion(Section):
    """A need that part of a pot follows. Several names are multiplied with one another.

    `weight` is its part of what the pot shares by need; without one, it is the user's to give.
    `worse` says whether high or low figures are need. `background`: immigrant background and the
    like, which only a model named historical may use.
    """

    need: Ids = Field(min_length=1)
    weight: Exact | None = Field(default=None, ge=0, le=1)
    worse: Literal["high", "low"] = "high"
    background: bool = False

    @property
    def id(self) -> str:
        """The criterion's name: its needs, joined where several are multiplied."""
        return "*".join(self.need)


class Zone(Section):
    """What zones mean. With `threshold`, a unit counts where its share in the zone reaches it.

    Otherwise the need names the unit's zone by number, and `weights` holds each zone's weight.
    """

    threshold: Exact | None = Field(default=None, gt=0, le=1)
    weights: dict[str, Exact] = Field(default_factory=dict)


class Pot(Section):
    """A part of what is left when base amounts are paid: `share` of it, shared by size and need.

    `pupils` is the part shared by size alone (the column `size`); the rest follows `rule` and the
    criteria. `times_size`: distances of the gap rule count once for each pupil, not for each unit.
    """

    id: str = Field(default="need", pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    share: Exact = Field(default=Fraction(1), ge=0, le=1)
    pupils: Exact = Field(default=Fraction(0), ge=0, le=1)
    size: str = "size"
    rule: Rule = "share"
    criteria: tuple[Criterion, ...] = ()
    zone: Zone | None = None
    times_size: bool = False

    @property
    def by_need(self) -> Fraction:
        """The part of the pot that follows need."""
        return 1 - self.pupils

    @property
    def weights(self) -> tuple[Fraction, ...]:
        """The criteria's weights, 0 where none is given."""
        return tuple(one.weight or Fraction(0) for one in self.criteria)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        names = [one.id for one in self.criteria]
        for name in names:
            if names.count(name) > 1:
                raise error("allocation_criterion_twice", pot=self.id, need=name)
        if self.pupils < 1 and not self.criteria:
            raise error("allocation_criteria_absent", pot=self.id)
        given = [one.weight for one in self.criteria if one.weight is not None]
        if self.criteria and len(given) == len(names) and total(given) != 1:
            left = written(1 - total(given))
            raise error("allocation_weights_sum", pot=self.id, sum=written(total(given)), left=left)
        if self.rule == "zone" and (self.zone is None or len(names) != 1):
            raise error("allocation_zone_unclear", pot=self.id)
        if self.rule == "share" and any(one.worse == "low" for one in self.criteria):
            lows = ", ".join(one.id for one in self.criteria if one.worse == "low")
            raise error("allocation_share_of_low", pot=self.id, needs=lows)
        return self


class Guarantee(Section):
    """No unit gets less than `share` of what it has today; the others share what is left."""

    share: Exact = Field(gt=0)


class Model(Section):
    """A model of sharing. `base` is kroner a unit, `per_pupil` kroner for each of `size`.

    `missing` says what is done where a unit's need is not known: `refuse`, or `bounds`, which
    answers with the least and the most that everybody may get. Nobody silently gets 0.
    """

    base: int = Field(default=0, ge=0)
    per_pupil: Exact = Field(default=Fraction(0), ge=0)
    size: str = "size"
    pots: tuple[Pot, ...] = Field(min_length=1)
    guarantee: Guarantee | None = None
    rounding: Rounding = "largest_remainder"
    missing: Literal["refuse", "bounds"] = "refuse"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [pot.id for pot in self.pots]
        if len(set(ids)) != len(ids):
            raise error("allocation_pot_twice", pots=", ".join(ids))
        shared = total(pot.share for pot in self.pots)
        if shared != 1:
            raise error("allocation_pots_sum", sum=written(shared))
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """Every need the model reads, once each, where it has any weight to give or to be given."""
        used = (c for pot in self.pots if pot.by_need for c in pot.criteria if c.weight != 0)
        return tuple(dict.fromkeys(name for criterion in used for name in criterion.need))

    @property
    def sizes(self) -> tuple[str, ...]:
        """Every column of size the model reads."""
        return tuple(dict.fromkeys([self.size, *(pot.size for pot in self.pots)]))

    @property
    def background(self) -> tuple[str, ...]:
        """The needs that are background."""
        parts = (c for pot in self.pots for c in pot.criteria if c.background)
        return tuple(dict.fromkeys(name for criterion in parts for name in criterion.need))

    @property
    def unweighted(self) -> tuple[str, ...]:
        """Criteria whose weight nobody has given."""
        return tuple(c.id for pot in self.pots for c in pot.criteria if c.weight is None)

    def complete(self) -> None:
        """Raise `UserError` for weights, thresholds and zone weights that a user must give."""
        if self.unweighted:
            raise error("allocation_weights_absent", needs=", ".join(self.unweighted))
        for pot in self.pots:
            zone = pot.zone
            if zone is not None and zone.threshold is None and not zone.weights:
                raise error("allocation_zone_weights_absent", pot=pot.id)
