"""Rules about benefits, and what is kept outside when they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import narwhals.stable.v2 as nw

from nabolag.rules.facts import Flag, Number, Whole
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, between, choose, known


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTermLimits(Parameters):
    """How many months a year of social assistance are long-term."""

    entry: ClassVar[str] = "long_term_social_assistance"

    minimum_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialAssistanceTerms(Parameters):
    """Whether child benefit is kept outside when social assistance is computed."""

    entry: ClassVar[str] = "social_assistance"

    child_benefit_outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildBenefitRates(Parameters):
    """Kroner a month: for each child by age, and the extended benefit of a single provider."""

    entry: ClassVar[str] = "child_benefit"

    under_6: float
    aged_6_17: float
    extended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionBenefitTerms(Parameters):
    """How many times the basic amount (G, kroner a year) the introduction benefit is."""

    entry: ClassVar[str] = "introduction_benefit"

    times_basic_amount: float
    basic_amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DentalTerms(Parameters):
    """Per cent covered in two bands of age; the second begins where the first ends."""

    entry: ClassVar[str] = "dental"

    minimum_age: int
    maximum_age: int
    percent: float
    next_maximum_age: int | None = None
    next_percent: float | None = None


@rule(
    term="langvarig sosialhjelp",
    reference="Meld. St. 28 (2022–2023) L7956 (langtidsmottakarar, uten tall)",
)
def long_term_social_assistance(assistance_months: Whole, p: LongTermLimits) -> Flag:
    """Tell whether a recipient has had social assistance for many months of the year.

    Null for those who had none known: they are not recipients. The number is declared.
    """
    return assistance_months >= p.minimum_months


@rule(
    term="inntekt som regnes med i sosialhjelp",
    reference="Meld. St. 28 (2022–2023) L3432–3434",
    status=RuleStatus.IN_FORCE,
)
def social_assistance_income(
    income: Number, child_benefit: Number, p: SocialAssistanceTerms
) -> Number:
    """Return the income that counts when social assistance is computed.

    `income` includes child benefit. The State's guiding rates are adjusted yearly (L3453–3455)
    and stand in no document here.
    """
    if p.child_benefit_outside:
        return income - child_benefit
    return among(known(child_benefit), income)


@rule(
    term="barnetrygd",
    reference="Meld. St. 28 (2022–2023) L3434–3447",
    status=RuleStatus.IN_FORCE,
)
def child_benefit(
    children_under_6: Whole, children_6_17: Whole, single_provider: Flag, p: ChildBenefitRates
) -> Number:
    """Return child benefit in kroner a month. The documents give no rates; ours are declared.

    A single provider with at least one child has the extended benefit too.
    """
    ordinary = children_under_6 * p.under_6 + children_6_17 * p.aged_6_17
    extended = single_provider & (children_under_6 + children_6_17 > 0)
    facts = known(children_under_6, children_6_17, single_provider)
    return among(facts, ordinary + choose([(extended, p.extended)], 0.0))


@rule(
    term="introduksjonsstønad",
    reference="Meld. St. 28 (2022–2023) L7531–7536, L7554–7556",
    status=RuleStatus.IN_FORCE,
    in_force="2021-01-01",
)
def introduction_benefit(months: Number, p: IntroductionBenefitTerms) -> Number:
    """Return the introduction benefit in kroner for a number of months in the programme."""
    return months * (p.times_basic_amount * p.basic_amount / 12)


@rule(
    term="dekning av tannbehandling for unge voksne",
    reference="Meld. St. 28 (2022–2023) L7341–7352",
    status=RuleStatus.IN_FORCE,
)
def dental_share(age: Whole, p: DentalTerms) -> Number:
    """Return the per cent of the cost that the public dental service covers.

    Null for ages that the rule does not speak of. For those aged 21–22 in 2022 the document says
    «styrkt» without a number, which is declared.
    """
    first = between(age, p.minimum_age, p.maximum_age)
    cases: list[tuple[nw.Expr, nw.Expr | float | str]] = [(first, p.percent)]
    if p.next_maximum_age is not None and p.next_percent is not None:
        following = between(age, p.maximum_age + 1, p.next_maximum_age)
        cases.append((following, p.next_percent))
    return choose(cases)
