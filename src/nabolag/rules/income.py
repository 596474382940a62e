"""Rules about income and debt. Amounts are in kroner a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import narwhals.stable.v2 as nw

from nabolag.rules.facts import Flag, Number, Whole
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.unknown import among, known, total


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumptionScale(Parameters):
    """Weights of an equivalence scale. A child is younger than `child_below_age`."""

    entry: ClassVar[str] = "consumption_units"

    first_adult: float
    other_adult: float
    child: float
    child_below_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LowIncomeLimits(Parameters):
    """`share_of_median` of the median, over `years` years, draws the line."""

    entry: ClassVar[str] = "low_income"

    share_of_median: float
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLowIncomeLimits(Parameters):
    """`share_of_median` of the median draws the line for a household in one year."""

    entry: ClassVar[str] = "low_income_household"

    share_of_median: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLimits(Parameters):
    """Transfers above `share` of total income are most of it."""

    entry: ClassVar[str] = "mostly_transfers"

    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtLimits(Parameters):
    """Debt of `times_income` times total income or more is high."""

    entry: ClassVar[str] = "high_debt"

    times_income: float


@rule(term="forbruksenheter", reference="SSB, ordforklaring 442448 (EU-skalaen)")
def consumption_units(adults: Whole, children: Whole, p: ConsumptionScale) -> Number:
    """Count the consumption units of a household.

    `children` are younger than `p.child_below_age`, `adults` everybody else. The first person
    weighs as the first adult, also in a household of children only.
    """
    with_adults = (adults - 1) * p.other_adult + children * p.child
    without_adults = (children - 1) * p.child
    beyond_the_first = nw.when(adults >= 1).then(with_adults).otherwise(without_adults)
    return among(known(adults, children), p.first_adult + beyond_the_first)


@rule(term="lavinntekt (EU60)", reference="Meld. St. 28 (2022–2023) L1279–1281, L1306")
def low_income(income: Number, median: Number, p: LowIncomeLimits) -> Flag:
    """Tell whether one year's income is under the line. Strictly under; unknown gives unknown."""
    return income < median * p.share_of_median


@rule(
    term="vedvarende lavinntekt (EU60)",
    reference="Meld. St. 28 (2022–2023) L1279–1281; Status Kommune 2025 L3524, L3527–3533",
)
def persistent_low_income(
    incomes: Sequence[Number], medians: Sequence[Number], p: LowIncomeLimits
) -> Flag:
    """Tell whether income over `p.years` years is under the line of the same years.

    The mean of the person's incomes is held against `p.share_of_median` of the mean of the
    years' medians. The documents say «over ein periode på tre år» without saying how the years
    are put together; the mean is this house's declared reading. A year without a known income
    gives unknown (null), never «not persistent low income». Raises `ValueError` for another
    number of years than the rule's.
    """
    if not len(incomes) == len(medians) == p.years:
        raise ValueError(f"the rule takes {p.years} years, not {len(incomes)} and {len(medians)}")
    return total(incomes) < total(medians) * p.share_of_median


@rule(term="lavinntektshusholdning", reference="SØF-rapport 04/20 L1875–1878, L2688–2690")
def low_income_household(income: Number, median: Number, p: HouseholdLowIncomeLimits) -> Flag:
    """Tell whether a household's income per consumption unit is under the line of one year.

    The report never defines its threshold; ours is declared.
    """
    return income < median * p.share_of_median


@rule(term="over halvparten av inntekten fra overføringer", reference="SØF-rapport 04/20 L1049")
def mostly_transfers(transfers: Number, total_income: Number, p: TransferLimits) -> Flag:
    """Tell whether more than `p.share` of total income is transfers.

    Null where total income is zero or less: there is then no whole to have a share of.
    """
    return among(total_income > 0, transfers > total_income * p.share)


@rule(term="høy gjeldsbelastning", reference="SØF-rapport 04/20 L1047; SSB, ordforklaring 210466")
def high_debt(debt: Number, total_income: Number, p: DebtLimits) -> Flag:
    """Tell whether debt is at least `p.times_income` times total income before tax.

    A household without debt is never among them, whatever its income.
    """
    return (debt > 0) & (debt >= total_income * p.times_income)
