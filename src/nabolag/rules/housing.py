"""Rules about dwellings, what they cost, and being without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import narwhals.stable.v2 as nw

from nabolag.rules.facts import Flag, Number, Whole, Word
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, choose, known, one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdingLimits(Parameters):
    """`m2_per_person`: a household with less is crowded, if it also has too few rooms.

    `one_known_suffices`: whether one condition decides where the other cannot be known.
    """

    entry: ClassVar[str] = "crowding"

    m2_per_person: float
    one_known_suffices: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingCostLimits(Parameters):
    """Housing costs above `share_of_income` of income after tax are a high burden."""

    entry: ClassVar[str] = "housing_costs"

    share_of_income: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HomelessLimits(Parameters):
    """Release within `months_before_release` months without a dwelling counts as homeless."""

    entry: ClassVar[str] = "homeless"

    months_before_release: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTerms(Parameters):
    """Terms of loans for rental dwellings: referral right (tilvisingsrett) and leases."""

    entry: ClassVar[str] = "referral_right"

    percent_of_dwellings: int
    years: int
    minimum_lease_years: int


@rule(term="få rom", reference="Meld. St. 28 (2022–2023) L2245–2247; Status Kommune 2025 L3523")
def few_rooms(persons: Whole, rooms: Whole) -> Flag:
    """Tell whether a household has fewer rooms than persons, or is one person in one room."""
    return (rooms < persons) | ((persons == 1) & (rooms == 1))


@rule(
    term="få kvadratmeter",
    reference="Meld. St. 28 (2022–2023) L2247–2248; Status Kommune 2025 L3523",
)
def little_space(persons: Whole, area_m2: Number, p: CrowdingLimits) -> Flag:
    """Tell whether a household has less than `p.m2_per_person` square metres a person."""
    return area_m2 < persons * p.m2_per_person


@rule(term="trangbodd", reference="Meld. St. 28 (2022–2023) L2245–2248")
def crowded(persons: Whole, rooms: Whole, area_m2: Number, p: CrowdingLimits) -> Flag:
    """Tell whether a household lives in a crowded dwelling.

    Both conditions must hold: fewer rooms than persons (or one person in one room), and less
    than `p.m2_per_person` square metres a person. Unknown rooms or area give unknown (null),
    never False, so that such households leave the denominator too – unless
    `p.one_known_suffices`, as in Statistics Norway's published figures: then the known
    condition decides alone.
    """
    few, little = few_rooms(persons, rooms), little_space(persons, area_m2, p)
    both = among(known(persons, rooms, area_m2), few & little)
    if not p.one_known_suffices:
        return both
    return choose([(known(persons, rooms, area_m2), both), (known(few), few)], little)


@rule(term="leier boligen", reference="Meld. St. 28 (2022–2023), SSB Boforhold (eieform)")
def rents(tenure: Word) -> Flag:
    """Tell whether a household rents its dwelling. Unknown tenure gives unknown."""
    return tenure == "tenant"


@rule(term="høy boutgiftsbelastning", reference="Meld. St. 28 (2022–2023) L2209–2212")
def high_housing_costs(
    housing_costs: Number, income_after_tax: Number, p: HousingCostLimits
) -> Flag:
    """Tell whether housing costs are more than `p.share_of_income` of income after tax.

    Strictly more. Costs beside no income at all are a high burden; no costs never are.
    """
    return (housing_costs > 0) & (housing_costs > income_after_tax * p.share_of_income)


@rule(term="bostedsløs", reference="Meld. St. 28 (2022–2023) L2023–2031")
def homeless(own_dwelling: Flag, stays: Word, months_to_release: Number, p: HomelessLimits) -> Flag:
    """Tell whether a person is homeless.

    `stays` is where a person without a dwelling is: `temporary` (hospice, crisis centre,
    boarding house, camping cabin), `with_others` (for a time with friends, acquaintances or
    relatives), `outdoors`, or `institution` and `prison`. From the last two a person counts when
    release is at most `p.months_before_release` months away. Any other word gives false.
    """
    released = one_of(stays, ("institution", "prison")) & (
        months_to_release <= p.months_before_release
    )
    without = one_of(stays, ("temporary", "with_others", "outdoors")) | released
    return ~own_dwelling & without


@rule(
    term="tilvisingsrett",
    reference="Meld. St. 28 (2022–2023) L4709–4714, L4717",
    status=RuleStatus.IN_FORCE,
)
def referral_dwellings(private: Flag, dwellings: Whole, p: ReferralTerms) -> Whole:
    """Count the dwellings that the municipality may refer tenants to, in a project with a loan.

    Only private borrowers give the right; in a municipality's own project it is 0. A part of a
    dwelling counts as a whole one (declared).
    """
    share = (dwellings.cast(nw.Int64) * p.percent_of_dwellings + 99) // 100
    return among(known(private, dwellings), choose([(private, share)], 0))


@rule(
    term="siste år med tilvisingsrett",
    reference="Meld. St. 28 (2022–2023) L4711–4714",
    status=RuleStatus.IN_FORCE,
)
def referral_ends(start_year: Whole, p: ReferralTerms) -> Whole:
    """Return the year in which the referral right ends, `p.years` years after it began."""
    return start_year.cast(nw.Int64) + p.years


@rule(
    term="leiekontrakt på det åpne markedet",
    reference="Meld. St. 28 (2022–2023) L4714–4717",
    status=RuleStatus.IN_FORCE,
)
def lease_long_enough(lease_years: Number, p: ReferralTerms) -> Flag:
    """Tell whether a lease of one of the other dwellings is as long as the terms require."""
    return lease_years >= p.minimum_lease_years
