"""Rules about municipalities: size, growth, elections, and norms for their economy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nabolag.rules.facts import Flag, Number, Whole, Word
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, band, between, choose, known, one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthClasses(Parameters):
    """Growth in per cent: strong above, growth from, decline below; the class between is ours."""

    entry: ClassVar[str] = "growth"

    strong_above: float
    growth_from: float
    decline_below: float
    middle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeMunicipality(Parameters):
    """A municipality with more inhabitants is large."""

    entry: ClassVar[str] = "large_municipality"

    inhabitants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeClasses(Parameters):
    """Least number of inhabitants of each class, and its name."""

    entry: ClassVar[str] = "municipality_size"

    starts: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingUniverse(Parameters):
    """More inhabitants than, codes left out and codes taken in (structure before 2020)."""

    entry: ClassVar[str] = "mapping_universe"

    inhabitants: int
    left_out: tuple[str, ...]
    taken_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilShares(Parameters):
    """Per cent of council members by per cent of immigrants among those who may vote."""

    entry: ClassVar[str] = "council_share"

    starts: tuple[float, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyClasses(Parameters):
    """Dependants to persons of working age: high from, very high above."""

    entry: ClassVar[str] = "dependency"

    high_from: float
    very_high_above: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomyNorms(Parameters):
    """Per cent of operating revenue: net result, debt low and high, and reserve."""

    entry: ClassVar[str] = "municipal_economy"

    net_result_from: float
    debt_low_below: float
    debt_high_above: float
    reserve_low_below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparednessNorms(Parameters):
    """How old, in years, an overall risk analysis may be."""

    entry: ClassVar[str] = "preparedness"

    analysis_years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingKinds(Parameters):
    """Kinds (arter) of the municipal accounts that make up gross operating spending."""

    entry: ClassVar[str] = "operating_spending"

    first: str
    last: str
    also: tuple[str, ...]


@rule(term="vekstklasse for kommunen", reference="Meld. St. 28 (2022–2023) L943–949")
def growth_class(growth_percent: Number, p: GrowthClasses) -> Word:
    """Name the class of a municipality's growth: `strong_growth`, `growth`, `decline` or between.

    The legend's class between −5 and 5 is lost in the source; its name is declared.
    """
    classes = choose(
        [
            (growth_percent > p.strong_above, "strong_growth"),
            (growth_percent >= p.growth_from, "growth"),
            (growth_percent < p.decline_below, "decline"),
        ],
        p.middle,
    )
    return among(known(growth_percent), classes)


@rule(term="stor kommune", reference="Meld. St. 28 (2022–2023) L963–965")
def large_municipality(inhabitants: Whole, p: LargeMunicipality) -> Flag:
    """Tell whether a municipality is large. Exactly on the limit is not said; ours is small."""
    return inhabitants > p.inhabitants


@rule(term="kommunestørrelse", reference="Meld. St. 28 (2022–2023) L3228–3268 (SSB tabell 08486)")
def municipality_size_class(inhabitants: Whole, p: SizeClasses) -> Word:
    """Name the class of size that reported crime is shown by."""
    return band(inhabitants, p.starts, p.names)


@rule(term="kartlagt kommune", reference="Meld. St. 28 (2022–2023) L1077–1081")
def in_mapping_universe(municipality: Word, inhabitants: Whole, p: MappingUniverse) -> Flag:
    """Tell whether a municipality is among those that the committee mapped.

    `municipality` is the code of four digits in the structure before 2020.
    """
    kept = (inhabitants > p.inhabitants) & ~one_of(municipality, p.left_out)
    return kept | one_of(municipality, p.taken_in)


@rule(
    term="representanter med innvandrerbakgrunn, laveste snitt",
    reference="Meld. St. 28 (2022–2023) L2963–2977",
)
def council_share_low(eligible_percent: Number, p: CouncilShares) -> Number:
    """Return the lowest average share of council members reported for such municipalities."""
    return _by_share(eligible_percent, p.starts, p.lowest)


@rule(
    term="representanter med innvandrerbakgrunn, høyeste snitt",
    reference="Meld. St. 28 (2022–2023) L2963–2977",
)
def council_share_high(eligible_percent: Number, p: CouncilShares) -> Number:
    """Return the highest average share that is reported (Oslo, with 22 %, stands apart)."""
    return _by_share(eligible_percent, p.starts, p.highest)


@rule(term="forsørgelsesbyrde, klasse", reference="Status Kommune 2025 L3190–3206")
def dependency_class(
    outside_working_age: Number, of_working_age: Number, p: DependencyClasses
) -> Word:
    """Name the class of the dependency ratio: `very_high`, `high` or `lower` (ours).

    The document prints no limits of age; `working_age` declares ours. Null without anybody of
    working age.
    """
    classes = choose(
        [
            (outside_working_age > of_working_age * p.very_high_above, "very_high"),
            (outside_working_age >= of_working_age * p.high_from, "high"),
        ],
        "lower",
    )
    return among(known(outside_working_age) & (of_working_age > 0), classes)


@rule(
    term="brutto driftsutgifter",
    reference="SØF-rapport 04/20 tabell 14 L2704–2730; SSB, KOSTRA (artene er satt av huset)",
)
def gross_operating_spending(kind: Word, p: OperatingKinds) -> Flag:
    """Tell whether a kind (art) of the accounts is a part of gross operating spending.

    The report names the spending and not the kinds. Statistics Norway describes it as wages,
    purchases, transfers and depreciation, less what is only booked twice; those corrections are
    kinds of their own, with negative amounts.
    """
    return ((kind >= p.first) & (kind <= p.last)) | one_of(kind, p.also)


@rule(
    term="anbefalt netto driftsresultat",
    reference="Status Kommune 2025 L2949–2951 (TBU)",
    status=RuleStatus.RECOMMENDED,
)
def net_result_as_recommended(net_result_percent: Number, p: EconomyNorms) -> Flag:
    """Tell whether a municipality's net operating result is at least what is recommended."""
    return net_result_percent >= p.net_result_from


@rule(term="gjeldsgrad, klasse", reference="Status Kommune 2025 L3002–3006, L3016–3020")
def municipal_debt_class(debt_percent: Number, p: EconomyNorms) -> Word:
    """Name the class of a municipality's debt: `low`, `middle` or `high`."""
    classes = choose(
        [(debt_percent > p.debt_high_above, "high"), (debt_percent < p.debt_low_below, "low")],
        "middle",
    )
    return among(known(debt_percent), classes)


@rule(term="lavt disposisjonsfond", reference="Status Kommune 2025 L3022–3046")
def low_reserve(reserve_percent: Number, p: EconomyNorms) -> Flag:
    """Tell whether a municipality's free reserve is low."""
    return reserve_percent < p.reserve_low_below


@rule(term="for gammel risiko- og sårbarhetsanalyse", reference="Status Kommune 2025 L6463–6465")
def risk_analysis_outdated(age_years: Number, p: PreparednessNorms) -> Flag:
    """Tell whether the overall risk analysis is too old."""
    return age_years > p.analysis_years


def _by_share(share: Number, starts: tuple[float, ...], answers: tuple[float, ...]) -> Number:
    """Under the first limit, from it to the last (both included), and above the last."""
    first, last = starts
    under, within, above = (float(answer) for answer in answers)
    classes = choose([(share < first, under), (between(share, first, last), within)], above)
    return among(known(share), classes)
