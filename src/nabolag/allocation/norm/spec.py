"""`[teacher_norm]`: what a post is, what it costs, what need is, and how a norm could follow it."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from pydantic import Field, field_validator

from nabolag.allocation.norm.delivered import TeacherHoursSpec
from nabolag.allocation.norm.stages import STAGES
from nabolag.core import Lang, Level, label
from nabolag.store import Section

#: Need by expected points of national tests, as SØF report 04/20 has it. Parents' education,
#: income and immigrant background are in it (L2125–2147): a named historical choice.
EXPECTED_POINTS: Final = "expected_points"
#: `added`: posts are added where they are missing, and nobody loses any. `shared`: every hour of
#: ordinary teaching is shared anew, so that some groups grow.
Basis: TypeAlias = Literal["added", "shared"]


class TeacherNormSpec(Section):
    """What no document says of the norm is declared here.

    `hours_per_fte` are a teacher's teaching hours a year by main stage and `cost_per_fte` kroner a
    year; `reference` says where they are from. `need` is an indicator of the release, at
    `need_level` around the school, or `expected_points`. The differentiated norm: `strength` is how
    much lower a ceiling is where need is one standard deviation above the average (0.1 is ten per
    cent); no ceiling is above `ceiling` times the equal norm (the common minimum standard) or
    below `floor` times. `budget` is kroner a year; without it, what the equal norm costs in posts
    added, or (hours shared anew) what today's hours cost.
    Schools with fewer pupils than `minimum_pupils` are not in any figure. `table` is a delivered
    table; without it, the register of schools.
    """

    hours_per_fte: dict[str, float]
    cost_per_fte: float = Field(gt=0)
    reference: str = Field(min_length=1)
    need: str = Field(min_length=1)
    need_level: Level = Level.GRUNNKRETS
    strength: float = Field(default=0.1, ge=0, le=1)
    ceiling: float = Field(default=1.1, ge=1, le=2)
    floor: float = Field(default=0.7, gt=0, le=1)
    budget: float | None = Field(default=None, ge=0)
    basis: Basis = "added"
    minimum_pupils: int = Field(default=10, ge=0)
    table: TeacherHoursSpec | None = None

    @field_validator("hours_per_fte")
    @classmethod
    def _every_stage(cls, given: dict[str, float]) -> dict[str, float]:
        if set(given) != set(STAGES):
            raise ValueError(f"hours_per_fte needs {', '.join(STAGES)} and nothing else")
        if any(hours <= 0 for hours in given.values()):
            raise ValueError("hours_per_fte must be above 0")
        return given

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release, without where a table lies."""
        return self.model_dump(mode="json", exclude={"table"})

    def explain(self, lang: Lang) -> str:
        """Return the rule in words."""
        return label("norm.rule", lang)
