"""Rules about State housing allowance (bostøtte): income, cost, own share, what is paid.

The documents give the form and the share that is paid. Ceilings, own share and income limits are
given by none of them: those of the house are an example, and a workspace states its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import narwhals.stable.v2 as nw

from nabolag.rules.facts import Flag, Number, Whole
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, at_most, choose, known

_MONTHS = 12
_SOURCE = "SØF-rapport 04/20 L6554–6567"


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingAllowanceTerms(Parameters):
    """What housing allowance is computed with; kroner a month where nothing else is said.

    `cost_ceilings` and `income_limits` are by number of persons, from one; the last holds for
    larger households too. The own share is a schedule of income: from `own_share_from` to
    `own_share_to` (null in the last: no end) it is `own_share_start` and `own_share_percent` of
    what income is above the start. `capital_free` is a year's capital income that does not count.
    """

    entry: ClassVar[str] = "housing_allowance"

    paid_percent: float
    capital_free: float
    cost_ceilings: tuple[float, ...]
    income_limits: tuple[float, ...]
    own_share_from: tuple[float, ...]
    own_share_to: tuple[float | None, ...]
    own_share_start: tuple[float, ...]
    own_share_percent: tuple[float, ...]

    @classmethod
    def mistakes(cls, values: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what is wrong with tables that are each made of numbers: code and facts."""
        for name in ("cost_ceilings", "income_limits"):
            yield from _falling(name, values[name])
        if not 0 <= values["paid_percent"] <= 100:
            yield "not_a_percentage", {"key": "paid_percent", "given": values["paid_percent"]}
        yield from _schedule(*(values[f"own_share_{part}"] for part in _PARTS))


_PARTS = ("from", "to", "start", "percent")


def _falling(name: str, table: Sequence[float]) -> Iterator[tuple[str, dict[str, Any]]]:
    if not table or any(one < 0 for one in table):
        yield "table_empty", {"key": name}
    for persons, (low, high) in enumerate(pairwise(table), start=1):
        if high < low:
            yield "table_falls", {"key": name, "persons": persons + 1, "given": high, "before": low}


def _schedule(
    begins: Sequence[float],
    ends: Sequence[float | None],
    starts: Sequence[float],
    rates: Sequence[float],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield gaps, overlaps and falls of a schedule, and lists of unequal length."""
    lengths = [len(part) for part in (begins, ends, starts, rates)]
    if len(set(lengths)) != 1 or not lengths[0]:
        yield "bands_unequal", {"given": ", ".join(map(str, lengths))}
        return
    for number, (low, high) in enumerate(zip(begins, ends, strict=True), start=1):
        if high is not None and high <= low:
            yield "band_backwards", {"band": number, "given": high, "before": low}
        if high is None and number < lengths[0]:
            yield "band_endless", {"band": number}
    for number, (end, following) in enumerate(zip(ends, begins[1:], strict=False), start=1):
        if end is None or end == following:
            continue
        code = "bands_gap" if following > end else "bands_overlap"
        yield code, {"band": number, "next": number + 1, "end": end, "begin": following}
    yield from _falls(begins, starts, rates)


def _falls(
    begins: Sequence[float], starts: Sequence[float], rates: Sequence[float]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where a higher income would have a lower own share."""
    bands = list(zip(begins, starts, rates, strict=True))
    for number, ((low, start, rate), (begin, following, _)) in enumerate(pairwise(bands), start=1):
        reached = start + (begin - low) * rate / 100
        if following < reached:
            facts = {"next": number + 1, "given": following, "before": round(reached, 2)}
            yield "own_share_falls", facts


@rule(
    term="inntekt som teller i bostøtte",
    reference="SØF-rapport 04/20 L6544–6552",
    status=RuleStatus.IN_FORCE,
)
def allowance_income(
    taxable_income: Number,
    capital_income: Number,
    other_income: Number,
    p: HousingAllowanceTerms,
) -> Number:
    """Return the income that counts, kroner a month.

    `taxable_income` is gross and of the month; `other_income` is income from business, from
    abroad and from letting, and the wealth supplement, of the month. `capital_income` is the
    year's: what is above `p.capital_free` counts, by a twelfth (declared). Child benefit and
    cash-for-care are no part of it.
    """
    above = capital_income - p.capital_free
    counted = choose([(above > 0, above)], 0.0) / _MONTHS
    return taxable_income + other_income + among(known(capital_income), counted)


@rule(term="godkjente boutgifter", reference=_SOURCE, status=RuleStatus.IN_FORCE)
def allowance_cost(housing_cost: Number, persons: Whole, p: HousingAllowanceTerms) -> Number:
    """Return the approved housing cost: never above the ceiling of so many persons."""
    ceiling = by_persons(persons, p.cost_ceilings)
    return among(known(ceiling), at_most(housing_cost, ceiling))


@rule(term="egenandel i bostøtte", reference=_SOURCE, status=RuleStatus.IN_FORCE)
def allowance_own_share(income: Number, p: HousingAllowanceTerms) -> Number:
    """Return what a household pays itself before anything is covered; it rises with income.

    Income below the schedule's start counts as its start.
    """
    first = p.own_share_from[0]
    counted = choose([(income < first, first)], income)
    bands = zip(p.own_share_from, p.own_share_start, p.own_share_percent, strict=True)
    shares = [
        (counted >= low, start + (counted - low) * (rate / 100)) for low, start, rate in bands
    ]
    return among(known(income), choose(list(reversed(shares))))


@rule(term="innenfor inntektsgrensen for bostøtte", reference=_SOURCE, status=RuleStatus.IN_FORCE)
def within_allowance_limit(income: Number, persons: Whole, p: HousingAllowanceTerms) -> Flag:
    """Tell whether a household's income is within the limit of so many persons."""
    return income <= by_persons(persons, p.income_limits)


@rule(term="bostøtte", reference=_SOURCE, status=RuleStatus.IN_FORCE)
def housing_allowance(
    housing_cost: Number, income: Number, persons: Whole, p: HousingAllowanceTerms
) -> Number:
    """Return housing allowance in kroner a month: (approved cost − own share) · 73.7 per cent.

    Never below 0, and 0 above the income limit. The share has a footnote that the source lacks.
    """
    left = allowance_cost(housing_cost, persons, p) - allowance_own_share(income, p)
    paid = choose([(left > 0, left * (p.paid_percent / 100))], 0.0)
    within = within_allowance_limit(income, persons, p)
    return among(known(left, within), choose([(within, paid)], 0.0))


def by_persons(persons: Whole, table: Sequence[float]) -> Number:
    """Return the entry of a table for so many persons; null for fewer than one."""
    cases = [(persons >= number, value) for number, value in enumerate(table, start=1)]
    return choose([(condition, nw.lit(value)) for condition, value in reversed(cases)])
