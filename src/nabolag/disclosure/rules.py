"""`[[disclosure]]` of `nabolag.toml`: what a data owner asks to be hidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from nabolag.core import source_ids
from nabolag.store import Section

Zero: TypeAlias = Literal["by_direction", "show", "hide"]
#: How strict each choice of `zero` is; where several rules hold, the strictest counts.
ZERO_STRICTNESS: dict[str, int] = {"show": 0, "by_direction": 1, "hide": 2}
STRICT = 5


class DisclosureRule(Section):
    """Thresholds for figures about people. A figure is hidden where a count is below one.

    `numerator`: those who have the trait; for a count, the count itself. `complement`: those who
    do not (denominator − numerator). `denominator`: everybody counted among. 0 switches a
    threshold off. `unreliable_denominator`: below it, a figure is shown as uncertain.

    `zero` says what an exact 0 reveals. `by_direction`: that *nobody* has a challenge may be
    shown, that *everybody* has it may not, because it says something of each one; where neither
    direction is worse, both are hidden. `show`: exact zeros may be shown on either side. `hide`:
    neither may. The zero of a count, that nobody is there, is hidden only by `hide`.

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
    about_people: bool = True
    because: str = ""

    @model_validator(mode="after")
    def _exemption_is_argued(self) -> Self:
        if not self.about_people and not self.because:
            raise ValueError("about_people = false needs a because")
        if not self.about_people and not self.indicators:
            raise ValueError("about_people = false needs the indicators it is for")
        return self

    def covers(self, indicator: str, source: str) -> bool:
        """Tell whether the rule covers a figure, by any of the sources it has."""
        in_sources = not self.sources or any(one in self.sources for one in source_ids(source))
        return in_sources and (not self.indicators or indicator in self.indicators)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description."""
        return self.model_dump(mode="json")


#: What holds where nothing is declared.
DEFAULT_RULE = DisclosureRule()


def rule_for(indicator: str, source: str, rules: Sequence[DisclosureRule]) -> DisclosureRule:
    """Return the rule that holds for a figure: the strictest of those that cover it.

    An exemption (`about_people = false`) stands alone, since it names its indicators. Where no
    rule covers the figure, `DEFAULT_RULE` does.
    """
    covering = [rule for rule in rules if rule.covers(indicator, source)] or [DEFAULT_RULE]
    exempting = [rule for rule in covering if not rule.about_people]
    if exempting:
        return exempting[0]
    uncertain = max(rule.unreliable_denominator for rule in covering)
    return DisclosureRule(
        owner=", ".join(dict.fromkeys(rule.owner for rule in covering if rule.owner)),
        numerator=max(rule.numerator for rule in covering),
        complement=max(rule.complement for rule in covering),
        denominator=max(rule.denominator for rule in covering),
        unreliable_denominator=uncertain,
        zero=max((rule.zero for rule in covering), key=lambda zero: ZERO_STRICTNESS[zero]),
    )
