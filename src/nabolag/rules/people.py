"""Rules about families, education, background and moving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import narwhals.stable.v2 as nw

from nabolag.rules.facts import Flag, Whole, Word
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.unknown import among, between, choose, known, one_of, total


@dataclass(frozen=True, slots=True, kw_only=True)
class LowEducationLimits(Parameters):
    """`highest_level` (first digit of NUS2000) that counts as low, and among which ages."""

    entry: ClassVar[str] = "low_education"

    highest_level: int
    minimum_age: int
    maximum_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpToUpperSecondaryLimits(Parameters):
    """The same, where upper secondary counts too."""

    entry: ClassVar[str] = "up_to_upper_secondary"

    highest_level: int
    minimum_age: int
    maximum_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionLimits(Parameters):
    """How many years after the start completion of upper secondary is judged."""

    entry: ClassVar[str] = "upper_secondary_completion"

    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCountries(Parameters):
    """Groups of countries that do not count."""

    entry: ClassVar[str] = "immigrant_background"

    not_counted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAge(Parameters):
    """A child is younger than `below_age`."""

    entry: ClassVar[str] = "child"

    below_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBands(Parameters):
    """Youngest and oldest age of each band; the oldest is `None` where there is no upper end."""

    entry: ClassVar[str] = "age_bands"

    bands: Mapping[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnoverTerms(Parameters):
    """Whether moves inside the area count too."""

    entry: ClassVar[str] = "turnover"

    within_counts: bool


@rule(term="lav utdanning", reference="SØF-rapport 04/20 L2396–2400; SSB, NUS2000")
def low_education(level: Whole, age: Whole, p: LowEducationLimits) -> Flag:
    """Tell whether a person has compulsory schooling or less as highest education.

    `level` is the first digit of NUS2000. Unknown level, and ages outside the rule's, give null.
    """
    return among(between(age, p.minimum_age, p.maximum_age), level <= p.highest_level)


@rule(
    term="grunnskole eller videregående som høyeste utdanning",
    reference="SØF-rapport 04/20, tabell 11–13 (L2350–2380)",
)
def up_to_upper_secondary(level: Whole, age: Whole, p: UpToUpperSecondaryLimits) -> Flag:
    """Tell whether a person has upper secondary or less as highest education.

    The reading of low education that the report's kindergarten tables print; its text
    (L2396–2400) says compulsory schooling only, which is `low_education`.
    """
    return among(between(age, p.minimum_age, p.maximum_age), level <= p.highest_level)


@rule(
    term="ikke fullført videregående innen fem år",
    reference="SØF-rapport 04/20 L1051–1052 (tabell 1); Meld. St. 28 (2022–2023) L1634–1636",
)
def not_completed_upper_secondary(
    year: Whole, upper_secondary_start: Whole, upper_secondary_completed: Whole, p: CompletionLimits
) -> Flag:
    """Tell whether a person has not completed upper secondary `p.years` years after the start.

    `upper_secondary_completed` is null for those who have not. Null for everybody who did not
    start exactly `p.years` years before `year`: a cohort is judged once.
    """
    deadline = upper_secondary_start + p.years
    in_time = known(upper_secondary_completed) & (upper_secondary_completed <= deadline)
    return among(deadline == year, choose([(in_time, nw.lit(False))], nw.lit(True)))


@rule(term="enslig forsørger", reference="SSB, Familier og husholdninger (mor/far med barn 0–17)")
def single_parent_household(household_type: Word, children: Whole) -> Flag:
    """Tell whether a household is one parent with at least one child under 18.

    Null for households without children under 18: they are not in the population.
    """
    return among(children > 0, household_type == "single_parent")


@rule(term="barn med enslig forsørger", reference="SØF-rapport 04/20 L1046 (tabell 1)")
def child_of_single_parent(age: Whole, household_type: Word, p: ChildAge) -> Flag:
    """Tell whether a child lives with a single parent. Null for those who are not children."""
    return among(age < p.below_age, household_type == "single_parent")


@rule(
    term="aldersgruppe", reference="Status Kommune 2025 L3274, L3320, L3872–3876, L4026, L4262–4269"
)
def in_age_band(band: Word, age: Whole, p: AgeBands) -> Flag:
    """Tell whether an age is in a band that the figures of the municipal sector are drawn for.

    Bands: `neet` 15–29, `disability` 18–44, `working_age` 20–66, `elderly` 67 and older,
    `oldest` 80 and older, `kindergarten` 1–5, `child_welfare_0_22` and `child_welfare_0_24` (the
    document prints both and not the year between). Null for any other band.
    """
    cases = [
        (band == name, age >= low if high is None else between(age, low, high))
        for name, (low, high) in p.bands.items()
    ]
    return choose(cases)


@rule(term="innvandrer utenfor Norden og Vest-Europa", reference="SØF-rapport 04/20 L987–993")
def immigrant_from_afar(immigration_category: Word, country_group: Word, p: NearCountries) -> Flag:
    """Tell whether a resident is an immigrant from outside the Nordic countries and Western Europe.

    Background: it describes, and is never an input to a flag by default.
    """
    return (immigration_category == "B") & ~one_of(country_group, p.not_counted)


@rule(
    term="flyttinger til og fra området",
    reference="SØF-rapport 04/20 L4132, L4144; NIBR-rapport 2019:6 L1558 (nevnt, ikke definert)",
)
def turnover(moved_in: Flag, moved_out: Flag, moved_within: Flag, p: TurnoverTerms) -> Whole:
    """Count a person's moves into and out of the area in a year.

    No document defines turnover; whether moves inside the area count is declared.
    """
    counted = [moved_in, moved_out, moved_within] if p.within_counts else [moved_in, moved_out]
    return total([flag.cast(nw.Int64) for flag in counted])
