"""How much of an area's spending, or of an initiative's money, the state covers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from nabolag.core import error


@dataclass(frozen=True, slots=True)
class Covered:
    """Kroner from the state and the municipality to an initiative, and what the area spends in all.

    An amount that is not known is `None`, never 0; the shares it goes into are then not known.
    """

    state: float | None = None
    municipality: float | None = None
    spending: float | None = None

    def __post_init__(self) -> None:
        """Refuse amounts that cannot be."""
        for name in ("state", "municipality", "spending"):
            given = getattr(self, name)
            if given is not None and not (isfinite(given) and given >= 0):
                raise error("grants_negative", given=given)
        if self.spending is not None and self.spending < (self.state or 0):
            raise error("grants_more_than_all", state=self.state, spending=self.spending)

    @property
    def of_initiative(self) -> float | None:
        """The state's share of the initiative's money."""
        if self.state is None or self.municipality is None or self.state + self.municipality == 0:
            return None
        return self.state / (self.state + self.municipality)

    @property
    def of_spending(self) -> float | None:
        """The share of the area's spending that the state covers through the initiative."""
        if self.state is None or not self.spending:
            return None
        return self.state / self.spending

    @property
    def initiative_of_spending(self) -> float | None:
        """The initiative's share of the area's spending."""
        if self.state is None or self.municipality is None or not self.spending:
            return None
        return (self.state + self.municipality) / self.spending
