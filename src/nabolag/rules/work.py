"""Rules about being in work, education or a measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import narwhals.stable.v2 as nw

from nabolag.rules.facts import Flag, Whole
from nabolag.rules.months import MONTHS, in_any, in_month
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, between, choose, known, total


class _Outside(Protocol):
    @property
    def minimum_age(self) -> int: ...

    @property
    def maximum_age(self) -> int: ...

    @property
    def measures_count(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWorkLimits(Parameters):
    """Among which ages, and whether a labour-market measure counts as activity."""

    entry: ClassVar[str] = "outside_work"

    minimum_age: int
    maximum_age: int
    measures_count: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWorkAdultLimits(Parameters):
    """The same, for those past their youth."""

    entry: ClassVar[str] = "outside_work_adults"

    minimum_age: int
    maximum_age: int
    measures_count: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeetLimits(Parameters):
    """Who may be NEET, and which months are spring, summer and autumn (first and last)."""

    entry: ClassVar[str] = "neet"

    minimum_age: int
    maximum_age: int
    measures_count: bool
    spring: tuple[int, int]
    summer: tuple[int, int]
    autumn: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class YoungUnemployedLimits(Parameters):
    """Among which ages, and in which month (1–12)."""

    entry: ClassVar[str] = "young_unemployed"

    minimum_age: int
    maximum_age: int
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YouthGuaranteeTerms(Parameters):
    """From `minimum_age` filled until `below_age` is filled."""

    entry: ClassVar[str] = "youth_guarantee"

    minimum_age: int
    below_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingAge(Parameters):
    """Ages among which employment is counted."""

    entry: ClassVar[str] = "working_age"

    minimum_age: int
    maximum_age: int


@rule(
    term="utenfor arbeid og utdanning, 20–29 år",
    reference="Meld. St. 28 (2022–2023) L1380–1382; SØF-rapport 04/20 L1053–1063",
)
def outside_work_and_education(
    age: Whole, employed: Flag, in_education: Flag, in_measure: Flag, p: OutsideWorkLimits
) -> Flag:
    """Tell whether a young person is neither employed nor in education.

    Judged at one time of the year (autumn), where the summer rule (L7970–7971) does not come
    in. Ages outside the rule's, and unknown facts, give null.
    """
    return _outside(age, employed, in_education, in_measure, p)


@rule(
    term="utenfor arbeid og utdanning, 30–59 år",
    reference="SØF-rapport 04/20 L1053–1063 (tabell 1)",
)
def outside_work_and_education_adults(
    age: Whole, employed: Flag, in_education: Flag, in_measure: Flag, p: OutsideWorkAdultLimits
) -> Flag:
    """Tell whether a person of 30–59 years is neither employed nor in education."""
    return _outside(age, employed, in_education, in_measure, p)


@rule(
    term="NEET, 15–29 år",
    reference="Meld. St. 28 (2022–2023) L1117–1120; Status Kommune 2025 L3820–3824, L3872–3873",
)
def neet(age: Whole, employed: Flag, in_education: Flag, in_measure: Flag, p: NeetLimits) -> Flag:
    """Tell whether a person is not in employment, education or training, at one time of the year.

    The figure from the labour force survey (7.4 % in 2021, L1117) is lower than one counted in
    registers with the same rule; the two are not to be mixed.
    """
    return _outside(age, employed, in_education, in_measure, p)


@rule(
    term="NEET i måneden",
    reference="Meld. St. 28 (2022–2023) L1117–1120, L7970–7971 (sommerregelen)",
)
def neet_in_month(
    month: Whole,
    age: Whole,
    employed_months: Whole,
    education_months: Whole,
    measure_months: Whole,
    p: NeetLimits,
) -> Flag:
    """Tell whether a person is NEET in a month (1–12). Months are bits, bit 0 is January.

    Summer months do not count for those in education both in spring and in autumn.
    """
    flags = _neet_by_month(employed_months, education_months, measure_months, p)
    chosen = choose([(month == number, flag) for number, flag in flags.items()])
    facts = known(employed_months, education_months, measure_months)
    return among(facts & between(age, p.minimum_age, p.maximum_age), chosen)


@rule(
    term="måneder som NEET",
    reference="Meld. St. 28 (2022–2023) L1117–1120, L7970–7971 (sommerregelen)",
)
def neet_months(
    age: Whole,
    employed_months: Whole,
    education_months: Whole,
    measure_months: Whole,
    p: NeetLimits,
) -> Whole:
    """Count a year's months as NEET, the summer rule applied. Months are bits."""
    flags = _neet_by_month(employed_months, education_months, measure_months, p)
    months = total([flag.cast(nw.Int64) for flag in flags.values()])
    facts = known(employed_months, education_months, measure_months)
    return among(facts & between(age, p.minimum_age, p.maximum_age), months)


@rule(term="ungdomsledig", reference="SØF-rapport 04/20 L1064–1068 (tabell 1)")
def young_unemployed(age: Whole, unemployed_months: Whole, p: YoungUnemployedLimits) -> Flag:
    """Tell whether a young person is unemployed in the month that is looked at (months are bits).

    The report gives neither ages nor month; both are declared.
    """
    unemployed = in_month(unemployed_months, p.month)
    return among(between(age, p.minimum_age, p.maximum_age), unemployed)


@rule(
    term="ungdomsgarantien",
    reference="Meld. St. 28 (2022–2023) L7810–7814, L7830–7833",
    status=RuleStatus.IN_FORCE,
    in_force="2023-07-01",
)
def youth_guarantee(age: Whole, needs_support: Flag, p: YouthGuaranteeTerms) -> Flag:
    """Tell whether the youth guarantee covers a person who needs work-oriented support."""
    return (age >= p.minimum_age) & (age < p.below_age) & needs_support


@rule(term="sysselsatt, 20–66 år", reference="Status Kommune 2025 L4026")
def employed_of_working_age(age: Whole, employed: Flag, p: WorkingAge) -> Flag:
    """Tell whether a person of working age is employed. Other ages give null."""
    return among(between(age, p.minimum_age, p.maximum_age), employed)


def _outside(
    age: nw.Expr, employed: nw.Expr, in_education: nw.Expr, in_measure: nw.Expr, p: _Outside
) -> nw.Expr:
    active = employed | in_education
    if p.measures_count:
        active = active | in_measure
    return among(between(age, p.minimum_age, p.maximum_age), ~active)


def _neet_by_month(
    employed: nw.Expr, education: nw.Expr, measure: nw.Expr, p: NeetLimits
) -> dict[int, nw.Expr]:
    """Return, for each month, whether a person is in nothing that counts (all masks known)."""
    student = in_any(education, *p.spring) & in_any(education, *p.autumn)
    first, last = p.summer
    flags = {}
    for month in MONTHS:
        active = in_month(employed, month) | in_month(education, month)
        if p.measures_count:
            active = active | in_month(measure, month)
        if first <= month <= last:
            active = active | student
        flags[month] = ~active
    return flags
