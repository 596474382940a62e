"""Rules about income. Incomes are after tax, in kroner, per consumption unit."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from nabolag.rules.parameters import ConsumptionScale, LowIncomeLimits
from nabolag.rules.rule import rule
from nabolag.rules.unknown import among, known, total


@rule(term="forbruksenheter", reference="SSB, ordforklaring 442448 (EU-skalaen)")
def consumption_units(adults: nw.Expr, children: nw.Expr, p: ConsumptionScale) -> nw.Expr:
    """Count the consumption units of a household.

    `children` are younger than `p.child_below_age`, `adults` everybody else. The first person
    weighs as the first adult, also in a household of children only.
    """
    with_adults = (adults - 1) * p.other_adult + children * p.child
    without_adults = (children - 1) * p.child
    beyond_the_first = nw.when(adults >= 1).then(with_adults).otherwise(without_adults)
    return among(known(adults, children), p.first_adult + beyond_the_first)


@rule(term="lavinntekt (EU60)", reference="Meld. St. 28 (2022–2023) L1279–1281, L1306")
def low_income(income: nw.Expr, median: nw.Expr, p: LowIncomeLimits) -> nw.Expr:
    """Tell whether one year's income is under the line. Strictly under; unknown gives unknown."""
    return income < median * p.share_of_median


@rule(term="vedvarende lavinntekt (EU60)", reference="Meld. St. 28 (2022–2023) L1279–1281")
def persistent_low_income(
    incomes: Sequence[nw.Expr], medians: Sequence[nw.Expr], p: LowIncomeLimits
) -> nw.Expr:
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
