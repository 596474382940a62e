"""Rules about schemes between state and municipality: settlement, grants, agreements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nabolag.rules.facts import Flag, Number, Whole, Word
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, between, choose, known, one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementCriterion(Parameters):
    """Share of immigrants (per cent) above which settlement is to be avoided, with challenges."""

    entry: ClassVar[str] = "settlement_caution"

    immigrant_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationGrantTerms(Parameters):
    """How many years after the year of settlement the grant is paid."""

    entry: ClassVar[str] = "integration_grant"

    years_after_settlement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityBonusTerms(Parameters):
    """Extra grant (per cent) to local facilities, where, and in which years one may apply."""

    entry: ClassVar[str] = "facility_bonus"

    percent: int
    first_application_year: int
    last_application_year: int
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CultureBuildingTerms(Parameters):
    """The grant is at most one part of `parts` of approved cost."""

    entry: ClassVar[str] = "culture_building"

    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTerms(Parameters):
    """How many years an agreement on an area initiative (områdesatsing) lasts."""

    entry: ClassVar[str] = "agreement_length"

    minimum_years: int
    maximum_years: int


@rule(
    term="varsomhet ved bosetting av flyktninger",
    reference="Meld. St. 28 (2022–2023) L7472–7476",
    status=RuleStatus.IN_FORCE,
)
def settlement_caution(
    immigrant_percent: Number, has_challenges: Flag, p: SettlementCriterion
) -> Flag:
    """Tell whether settling refugees in an area was to be avoided: both conditions must hold.

    A criterion for settlement alone. It never enters a score or a flag of an area.
    """
    return (immigrant_percent > p.immigrant_percent) & has_challenges


@rule(
    term="år med integreringstilskudd",
    reference="Meld. St. 28 (2022–2023) L7445–7450",
    status=RuleStatus.IN_FORCE,
)
def integration_grant_year(year: Whole, settled_year: Whole, p: IntegrationGrantTerms) -> Flag:
    """Tell whether the grant is paid in a year: that of settlement and the next ones."""
    return (year >= settled_year) & (year <= settled_year + p.years_after_settlement)


@rule(
    term="ekstra tilskudd til nærmiljøanlegg",
    reference="Meld. St. 28 (2022–2023) L5604–5614",
    status=RuleStatus.IN_FORCE,
)
def facility_bonus(
    municipality: Word, in_agreement: Flag, application_year: Whole, p: FacilityBonusTerms
) -> Whole:
    """Return the extra grant in per cent: only areas of an agreement, only in the years of it."""
    open_year = between(application_year, p.first_application_year, p.last_application_year)
    entitled = one_of(municipality, p.municipalities) & in_agreement & open_year
    facts = known(municipality, in_agreement, application_year)
    return among(facts, choose([(entitled, p.percent)], 0))


@rule(
    term="høyeste tilskudd til kulturbygg",
    reference="Meld. St. 28 (2022–2023) L5711–5712",
    status=RuleStatus.IN_FORCE,
)
def culture_building_ceiling(approved_cost: Number, p: CultureBuildingTerms) -> Number:
    """Return the highest grant to a building for culture, in kroner."""
    return approved_cost / p.parts


@rule(
    term="avtalens varighet",
    reference="Meld. St. 28 (2022–2023) L9364–9369",
    status=RuleStatus.IN_FORCE,
)
def agreement_length_follows(years: Number, p: AgreementTerms) -> Flag:
    """Tell whether an agreement is as long as agreements were, or are announced to be."""
    return between(years, p.minimum_years, p.maximum_years)
