"""`[housing_allowance]`: which households, which areas, and what a reform would change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as Date  # noqa: N812 - the section has a key of that name
from typing import Any, Literal

from pydantic import Field, model_validator

from nabolag.core import Lang, Level, label
from nabolag.rules import HousingAllowanceTerms
from nabolag.store import Section, Words


class Reform(Section):
    """What a reform changes; everything else stays. Only changes for the better for households.

    `income_limit_raise` is a share (0.1 is ten per cent) for households of `sizes`, or of every
    size; `cost_ceiling_raise` likewise. `own_share_less` is kroner a month. `budget` is kroner a
    year: then the income limit is raised as far as what is paid more to `sizes` allows
    (`raised_for`), as in the report (L6569–6576). `reference` says where the reform is from.
    """

    reference: str = Field(min_length=1)
    income_limit_raise: float = Field(default=0.0, ge=0, le=5)
    cost_ceiling_raise: float = Field(default=0.0, ge=0, le=5)
    own_share_less: float = Field(default=0.0, ge=0)
    paid_percent: float | None = Field(default=None, ge=0, le=100)
    sizes: tuple[int, ...] = ()
    budget: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _changes_something(self) -> Reform:
        if self.budget is not None and self.income_limit_raise:
            raise ValueError("give either budget or income_limit_raise")
        raised = (
            self.budget or self.income_limit_raise or self.cost_ceiling_raise or self.own_share_less
        )
        if not raised and self.paid_percent is None:
            raise ValueError("a reform changes at least one thing")
        return self

    def applied(self, terms: HousingAllowanceTerms, largest: int) -> HousingAllowanceTerms:
        """Return the terms after the reform. Tables are laid out to `largest` persons first."""
        return replace(
            terms,
            income_limits=self._raised(terms.income_limits, self.income_limit_raise, largest),
            cost_ceilings=self._raised(terms.cost_ceilings, self.cost_ceiling_raise, largest),
            own_share_start=tuple(
                max(start - self.own_share_less, 0.0) for start in terms.own_share_start
            ),
            paid_percent=terms.paid_percent if self.paid_percent is None else self.paid_percent,
        )

    def _raised(self, table: tuple[float, ...], share: float, largest: int) -> tuple[float, ...]:
        whole = table + (table[-1],) * max(0, largest - len(table))
        return tuple(
            amount * (1 + share) if not self.sizes or persons in self.sizes else amount
            for persons, amount in enumerate(whole, start=1)
        )


class HousingAllowanceSpec(Section):
    """What is simulated. `year` is that of the registers; without it, the latest there is.

    `inside` are the areas of `level` that are looked at together (analysis areas), against the rest
    of the municipality. `sizes` are the household sizes of the table. `income` is the amount of the
    register that stands for the income that counts: the register has no basis of assessment.
    `at` is the day whose terms hold; without it, 1 January of the year. `each` tells of every area
    of `level` too.
    """

    level: Level
    inside: tuple[str, ...] = Field(min_length=1)
    inside_name: Words
    reform: Reform
    year: int | None = None
    at: Date | None = None
    sizes: tuple[int, ...] = Field(default=(4, 5, 6), min_length=1)
    income: Literal["total_income", "income_after_tax"] = "total_income"
    each: bool = False

    @model_validator(mode="after")
    def _sizes_are_sizes(self) -> HousingAllowanceSpec:
        if any(size < 1 for size in self.sizes) or len(set(self.sizes)) != len(self.sizes):
            raise ValueError("sizes are numbers of persons from 1, each once")
        return self

    def day(self, year: int) -> Date:
        """Return the day whose terms hold."""
        return self.at or Date(year, 1, 1)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the release."""
        return self.model_dump(mode="json", exclude={"inside_name"})

    def explain(self, lang: Lang) -> str:
        """Return the rule in words."""
        return label("allowance.rule", lang)
