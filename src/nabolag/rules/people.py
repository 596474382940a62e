"""Rules about education, work and family."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from nabolag.rules.parameters import LowEducationLimits, OutsideWorkLimits
from nabolag.rules.rule import rule
from nabolag.rules.unknown import among, between


@rule(term="lav utdanning", reference="SØF-rapport 04/20 L2396–2400; SSB, NUS2000")
def low_education(level: nw.Expr, age: nw.Expr, p: LowEducationLimits) -> nw.Expr:
    """Tell whether a person has compulsory schooling or less as highest education.

    `level` is the first digit of NUS2000. Unknown level, and ages outside the rule's, give null.
    """
    return among(between(age, p.minimum_age, p.maximum_age), level <= p.highest_level)


@rule(term="enslig forsørger", reference="SSB, Familier og husholdninger (mor/far med barn 0–17)")
def single_parent_household(household_type: nw.Expr, children: nw.Expr) -> nw.Expr:
    """Tell whether a household is one parent with at least one child under 18.

    Null for households without children under 18: they are not in the population.
    """
    return among(children > 0, household_type == "single_parent")


@rule(
    term="utenfor arbeid og utdanning", reference="Meld. St. 28 (2022–2023) L1117–1120, L1380–1382"
)
def outside_work_and_education(
    age: nw.Expr,
    employed: nw.Expr,
    in_education: nw.Expr,
    in_measure: nw.Expr,
    p: OutsideWorkLimits,
) -> nw.Expr:
    """Tell whether a young person is neither employed nor in education.

    Judged at one time of the year (autumn), where the summer rule (L7970–7971) does not come
    in. Ages outside the rule's, and unknown facts, give null.
    """
    active = employed | in_education
    if p.measures_count:
        active = active | in_measure
    return among(between(age, p.minimum_age, p.maximum_age), ~active)
