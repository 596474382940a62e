"""Rules about kindergarten: what parents pay, and grants to recruit children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nabolag.rules.facts import Flag, Number, Whole
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, at_most, between, choose, known


@dataclass(frozen=True, slots=True, kw_only=True)
class KindergartenPayment(Parameters):
    """Share of income, maximum price (kroner a month) and reductions for siblings (per cent)."""

    entry: ClassVar[str] = "kindergarten_payment"

    income_percent: float
    max_price_a_month: float
    months_a_year: int
    second_child_percent: float
    third_child_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreTimeTerms(Parameters):
    """Who has free core time (gratis kjernetid), below which income, and how many hours a week."""

    entry: ClassVar[str] = "kindergarten_core_time"

    hours_a_week: int
    minimum_age: int
    maximum_age: int
    income_below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitmentGrantTerms(Parameters):
    """How many minority-language children without a place open for an application."""

    entry: ClassVar[str] = "recruitment_grant"

    minimum_children: int


@rule(
    term="foreldrebetaling i barnehage",
    reference="Meld. St. 28 (2022–2023) L6105–6124",
    status=RuleStatus.IN_FORCE,
)
def kindergarten_payment(
    taxable_income: Number, child_number: Whole, p: KindergartenPayment
) -> Number:
    """Return what a household pays for one full-time place in a year.

    At most `p.income_percent` of its total taxable income and never more than the maximum price.
    `child_number` is 1 for the first child in kindergarten at the same time, 2 for the second …
    The reduction for siblings is taken of the price after the ceiling (declared).
    """
    highest = p.max_price_a_month * p.months_a_year
    price = at_most(taxable_income * (p.income_percent / 100), highest)
    price = choose([(price < 0, 0.0)], price)
    left = choose(
        [
            (child_number >= 3, 1 - p.third_child_percent / 100),
            (child_number == 2, 1 - p.second_child_percent / 100),
        ],
        1.0,
    )
    return among(known(taxable_income, child_number), price * left)


@rule(
    term="gratis kjernetid i barnehage",
    reference="Meld. St. 28 (2022–2023) L6124–6128",
    status=RuleStatus.IN_FORCE,
)
def kindergarten_core_time(age: Whole, taxable_income: Number, p: CoreTimeTerms) -> Whole:
    """Return the free hours a week of a child. The income limit is decided yearly."""
    covered = between(age, p.minimum_age, p.maximum_age) & (taxable_income < p.income_below)
    return among(known(age, taxable_income), choose([(covered, p.hours_a_week)], 0))


@rule(
    term="tilskudd til økt barnehagedeltakelse for minoritetsspråklige barn",
    reference="Meld. St. 28 (2022–2023) L6151–6164",
    status=RuleStatus.IN_FORCE,
)
def recruitment_grant(children_without_place: Whole, p: RecruitmentGrantTerms) -> Flag:
    """Tell whether a municipality may apply: enough minority-language children without a place."""
    return children_without_place >= p.minimum_children
