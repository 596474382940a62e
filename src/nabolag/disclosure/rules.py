"""`[[disclosure]]` of `nabolag.toml`: what a data owner asks to be hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from nabolag.core import Indicator, Worse, source_ids
from nabolag.store import Section

Zero: TypeAlias = Literal["by_direction", "show", "hide"]
#: How strict each choice of `zero` is; where several rules hold, the strictest counts.
ZERO_STRICTNESS: dict[str, int] = {"show": 0, "by_direction": 1, "hide": 2}
STRICT = 5
#: The base of rounding where none is declared: that of Statistics Norway's SmallCountRounding
#: (`roundBase = 3`, PLSrounding in the package's reference manual, 2025).
BASE = 3
#: How many steps the interval of a hidden count must have left where nothing is declared.
WIDTH = 2
#: Where several rules cover a figure, the largest of each of these holds.
_LARGEST = (
    "numerator",
    "complement",
    "denominator",
    "unreliable_denominator",
    "group_denominator",
    "drawn_denominator",
    "coverage",
    "dominance_n",
    "dominance_p",
    "width",
    "base",
)
#: Of these the smallest that is switched on.
_SMALLEST = ("whole_series", "dominance_k")


class DisclosureRule(Section):
    """Thresholds for figures about people. A figure is hidden where a count is below one.

    `numerator`: those who have the trait; for a count, the count itself. `complement`: those who
    do not (denominator − numerator). `denominator`: everybody counted among. 0 switches a
    threshold off. `unreliable_denominator`: below it, a figure is shown as uncertain.

    `zero` says what an exact 0 reveals. `by_direction`: that *nobody* has a challenge may be
    shown, that *everybody* has it may not, because it says something of each one; where neither
    direction is worse, both are hidden. `show`: exact zeros may be shown on either side. `hide`:
    neither may. The zero of a count, that nobody is there, is hidden only by `hide`.

    `group_denominator` and `drawn_denominator` are thresholds on everybody counted among where the
    figure is of a group, or of an area of one's own; the larger of them and `denominator` holds.

    `whole_series`: where so many years of an area's series are hidden, all of them are. `coverage`:
    where less than this share of a level's areas may be shown, none is, for that indicator, period
    and group. `dominance_n` and `dominance_k`: an amount is hidden where its `n` largest
    contributors have more than `k` per cent of it; `dominance_p`: where the largest could be worked
    out to within `p` per cent by the second largest. All are off at 0. Dominance is tried where the
    contributors are declared (`[[indicator]] contributors`), also where `about_people` is false.

    `width` is how many steps the interval of a hidden count must have left.

    `method` says what is done with small counts. `suppress` hides them. `round` (see `rounding`)
    makes each inner count below `base` 0 or the base, by lots that `seed` decides, and adds all
    others up anew; then the first three thresholds and `zero` are not asked, since no small count
    is left, and amounts and means are hidden as before. All rules that cover a figure must say the
    same. The seed stays in the house: with it, a guess at the numbers could be tried.

    `version` says which edition of the owner's requirements the rule is written from.

    `sources` and `indicators` limit what the rule covers; empty is all. Where several rules cover
    a figure, the strictest of each threshold holds. `about_people = false` exempts figures that
    are no counts of people (an area's size, a price), and must say why in `because`.
    """

    owner: str = ""
    sources: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    numerator: int = Field(default=STRICT, ge=0)
    complement: int = Field(default=STRICT, ge=0)
    denominator: int = Field(default=STRICT, ge=0)
    unreliable_denominator: int = Field(default=0, ge=0)
    zero: Zero = "by_direction"
    group_denominator: int = Field(default=0, ge=0)
    drawn_denominator: int = Field(default=0, ge=0)
    whole_series: int = Field(default=0, ge=0)
    coverage: float = Field(default=0.0, ge=0, le=1)
    dominance_n: int = Field(default=0, ge=0)
    dominance_k: float = Field(default=0.0, ge=0, le=100)
    dominance_p: float = Field(default=0.0, ge=0, le=100)
    width: int = Field(default=WIDTH, ge=1)
    method: Literal["suppress", "round"] = "suppress"
    base: int = Field(default=BASE, ge=3)
    seed: int | None = Field(default=None, ge=0)
    version: str = ""
    about_people: bool = True
    because: str = ""

    @model_validator(mode="after")
    def _exemption_is_argued(self) -> Self:
        if not self.about_people and not self.because:
            raise ValueError("about_people = false needs a because")
        if not self.about_people and not self.indicators:
            raise ValueError("about_people = false needs the indicators it is for")
        if bool(self.dominance_n) != bool(self.dominance_k):
            raise ValueError("dominance_n and dominance_k belong together")
        return self

    @model_validator(mode="after")
    def _rounding_is_declared_whole(self) -> Self:
        if self.method == "suppress":
            if self.seed is not None or "base" in self.model_fields_set:
                raise ValueError('base and seed are for method = "round"')
            return self
        if self.seed is None:
            raise ValueError('method = "round" needs a seed, which decides what is rounded up')
        if self.zero == "hide":
            raise ValueError('zero = "hide" does not go with method = "round": a 0 may be a small')
        if not self.about_people:
            raise ValueError('about_people = false does not go with method = "round"')
        return self

    @property
    def asks_dominance(self) -> bool:
        """Tell whether an amount is hidden where few have most of it."""
        return self.dominance_n > 0 or self.dominance_p > 0

    @property
    def dominance_reach(self) -> float:
        """How far above a dominated amount a reader's upper end must lie, as a share of the amount.

        The upper protection levels of the two rules (Hundepool et al., Statistical Disclosure
        Control, chapter 4), `100/k − 1` and `p/100`, as they are where the largest have all of it:
        never less than what others who have something in it call for.
        """
        by_k = 100 / self.dominance_k - 1 if self.dominance_n else 0.0
        return max(by_k, self.dominance_p / 100)

    def covers(self, indicator: str, source: str) -> bool:
        """Tell whether the rule covers a figure, by any of the sources it has."""
        in_sources = not self.sources or any(one in self.sources for one in source_ids(source))
        return in_sources and (not self.indicators or indicator in self.indicators)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description, without the seed."""
        return self.model_dump(mode="json", exclude={"seed"})


def told_rules(rules: Iterable[Mapping[str, Any]]) -> list[DisclosureRule]:
    """Return the thresholds that a release tells of (`as_dict`), without how figures were rounded.

    What is rounded is finished, and the seed has not left the house.
    """
    finished = ("method", "base")
    return [
        DisclosureRule(**{k: v for k, v in rule.items() if k not in finished}) for rule in rules
    ]


#: What holds where nothing is declared.
DEFAULT_RULE = DisclosureRule()


def covering_rules(
    indicator: str, source: str, rules: Sequence[DisclosureRule]
) -> list[DisclosureRule]:
    """Return the rules that cover a figure: an exemption alone, the default where there is none."""
    covering = [rule for rule in rules if rule.covers(indicator, source)] or [DEFAULT_RULE]
    exempting = [rule for rule in covering if not rule.about_people]
    return exempting[:1] or covering


def rule_for(indicator: str, source: str, rules: Sequence[DisclosureRule]) -> DisclosureRule:
    """Return the rule that holds for a figure: the strictest of those that cover it.

    An exemption (`about_people = false`) stands alone, since it names its indicators. Where no
    rule covers the figure, `DEFAULT_RULE` does.
    """
    covering = covering_rules(indicator, source, rules)
    if not covering[0].about_people:
        return covering[0]
    strict: dict[str, Any] = {
        name: max(getattr(rule, name) for rule in covering) for name in _LARGEST
    }
    for name in _SMALLEST:
        on = [getattr(rule, name) for rule in covering if getattr(rule, name)]
        strict[name] = min(on, default=0)
    if all(rule.method == "round" for rule in covering):
        strict["method"], strict["seed"] = "round", covering[0].seed
    else:
        del strict["base"]
    return DisclosureRule(
        owner=", ".join(dict.fromkeys(rule.owner for rule in covering if rule.owner)),
        version=", ".join(dict.fromkeys(rule.version for rule in covering if rule.version)),
        zero=max((rule.zero for rule in covering), key=lambda zero: ZERO_STRICTNESS[zero]),
        **strict,
    )


def zeros_hidden(indicator: Indicator, rule: DisclosureRule) -> tuple[bool, bool]:
    """Tell whether an exact zero is hidden, for the numerator and for the complement."""
    if rule.zero != "by_direction":
        return (rule.zero == "hide",) * 2
    return indicator.worse is not Worse.HIGH, indicator.worse is not Worse.LOW
