"""`[accumulation]` of `nabolag.toml`: which challenges count, and where the line goes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from nabolag.analysis.asked import PeriodText, refuse_twice
from nabolag.core import Finding, Indicator, Kind, Level, Severity, raise_errors
from nabolag.store import Section

#: Named historical choices of indicators. `sof_2020` are the four of SØF-rapport 04/20
#: (L2688–2690), immigrant share among them, for comparison with that report only.
PRESETS: dict[str, tuple[str, ...]] = {
    "sof_2020": (
        "immigrants_sof",
        "low_income_households",
        "single_parent_households",
        "low_education",
    ),
}


class AccumulationSpec(Section):
    """Which challenges count, where the line goes, and among whom it is drawn.

    SØF-rapport 04/20 flags an area that is among the 25 % with the highest share, indicator by
    indicator, and counts the flags: 0, 1, 2–3, 4 (L3413–3431). What the report
    leaves unsaid is stated here: `pool` (a line for each period, or one for all periods
    together), `ties` (areas equal at the line all flagged, or none of them), and `period`
    (figures of the classified period only, or the latest one that is at most `max_age` years
    older). Where low values are the challenge, the lowest are flagged.

    A line is drawn among areas of one level, at least `minimum_areas` of them (not given: as many
    as `top_share` needs for one area above the line). An area without flags is called class 0
    only where at least `minimum_known` indicators are known (not given: more than half).
    `periods` limits what is classified. `leave_out` names areas (`level:code`) that are no places
    and must not count among them («uten registrert adresse»). `preset` takes the indicators of a
    named report.
    """

    indicators: tuple[str, ...] = ()
    levels: tuple[Level, ...] = Field(min_length=1)
    top_share: float = Field(default=0.25, gt=0, lt=1)
    pool: Literal["year", "all_years"] = "year"
    ties: Literal["include", "exclude"] = "include"
    period: Literal["same", "latest_within"] = "same"
    max_age: int = Field(default=0, ge=0)
    periods: tuple[PeriodText, ...] = ()
    leave_out: tuple[str, ...] = ()
    minimum_areas: int | None = Field(default=None, ge=2)
    minimum_known: int | None = Field(default=None, ge=1)
    preset: Literal["sof_2020"] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if bool(self.indicators) == (self.preset is not None):
            raise ValueError("give either indicators or a preset")
        refuse_twice("indicators", self.indicators)
        if (self.period == "latest_within") != (self.max_age > 0):
            raise ValueError('period = "latest_within" and max_age of at least 1 go together')
        for name in self.leave_out:
            if name.partition(":")[0] not in {level.value for level in self.levels}:
                raise ValueError(f"{name} is not level:code of a level that is classified")
        return self

    @property
    def chosen(self) -> tuple[str, ...]:
        """The indicators that count, in order."""
        return self.indicators or PRESETS[self.preset or ""]

    @property
    def areas_needed(self) -> int:
        """The smallest number of areas among which a line is drawn."""
        return self.minimum_areas or math.ceil(1 / Fraction(str(self.top_share)))

    @property
    def known_needed(self) -> int:
        """How many indicators must be known before «no challenges» may be said."""
        return self.minimum_known or len(self.chosen) // 2 + 1

    def check(self, catalogue: Mapping[str, Indicator]) -> None:
        """Raise `UserError` for indicators that are unknown or may not be an input.

        Background is described, never an input: the mapping was made whatever the ethnic
        background (Meld. St. 28 L124–130). Only a preset may hold it.
        """
        codes = {iid: self._problem(catalogue.get(iid)) for iid in self.chosen}
        raise_errors(
            Finding(code, Severity.ERROR, params={"indicator": iid})
            for iid, code in codes.items()
            if code
        )

    def _problem(self, indicator: Indicator | None) -> str:
        """Return the code of what is wrong with an input, empty where nothing is."""
        if indicator is None:
            return "accumulation_unknown_indicator"
        if self.preset is not None or indicator.may_flag:
            return ""
        if indicator.kind is Kind.BACKGROUND:
            return "accumulation_background"
        return "accumulation_no_challenge"

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release's description, defaults filled in."""
        plain = self.model_dump(mode="json")
        return plain | {
            "indicators": list(self.chosen),
            "minimum_areas": self.areas_needed,
            "minimum_known": self.known_needed,
        }
