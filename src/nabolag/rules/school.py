"""Rules about school: after-school care (SFO), homework help, group size, completion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import narwhals.stable.v2 as nw

from nabolag.rules.facts import Flag, Number, Whole, Word
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.status import RuleStatus
from nabolag.rules.unknown import among, band, between, choose, known, one_of

_FIRST, _LAST = 1, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SfoTerms(Parameters):
    """Which grades have free hours, reduced payment for low income, and free special-needs care."""

    entry: ClassVar[str] = "sfo"

    free_hours_a_week: int
    free_grades: tuple[int, ...]
    reduced_grades: tuple[int, ...]
    special_needs_grades: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeworkHelpTerms(Parameters):
    """Free homework help, hours a week."""

    entry: ClassVar[str] = "homework_help"

    hours_a_week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherNorm(Parameters):
    """Highest group size 2 by main stage."""

    entry: ClassVar[str] = "teacher_norm"

    maximum_grades_1_4: float
    maximum_grades_5_10: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionTimes(Parameters):
    """Years from the start within which general and vocational programmes are completed."""

    entry: ClassVar[str] = "upper_secondary_standard"

    general_years: int
    vocational_years: int


@rule(
    term="gratis SFO-timer",
    reference="Meld. St. 28 (2022–2023) L6316–6324",
    status=RuleStatus.IN_FORCE,
)
def sfo_free_hours(grade: Whole, p: SfoTerms) -> Whole:
    """Return the free hours a week of every pupil in a grade."""
    return among(known(grade), choose([(one_of(grade, p.free_grades), p.free_hours_a_week)], 0))


@rule(
    term="redusert betaling i SFO ved lav inntekt",
    reference="Meld. St. 28 (2022–2023) L6309–6313",
    status=RuleStatus.IN_FORCE,
)
def sfo_reduced_payment(grade: Whole, low_income: Flag, p: SfoTerms) -> Flag:
    """Tell whether a family with low income pays less. The text gives no income limit: a fact."""
    return one_of(grade, p.reduced_grades) & low_income


@rule(
    term="gratis SFO for barn med særskilte behov",
    reference="Meld. St. 28 (2022–2023) L6313–6316",
    status=RuleStatus.IN_FORCE,
)
def sfo_free_for_special_needs(grade: Whole, special_needs: Flag, p: SfoTerms) -> Flag:
    """Tell whether after-school care is free because of special needs."""
    return one_of(grade, p.special_needs_grades) & special_needs


@rule(
    term="gratis leksehjelp",
    reference="Meld. St. 28 (2022–2023) L1589–1594",
    status=RuleStatus.IN_FORCE,
)
def homework_help_hours(grade: Whole, p: HomeworkHelpTerms) -> Whole:
    """Return the hours a week that a pupil in compulsory school (grades 1–10) has a right to.

    Null for other grades. The offer is voluntary for the pupil.
    """
    return among(between(grade, _FIRST, _LAST), nw.lit(p.hours_a_week))


@rule(term="hovedtrinn", reference="SØF-rapport 04/20 L5473–5483")
def main_stage(grade: Whole) -> Word:
    """Name the main stage of a grade: `1-4`, `5-7` or `8-10`. Null for other grades."""
    return among(grade <= _LAST, band(grade, (1, 5, 8), ("1-4", "5-7", "8-10")))


def group_size_parts(
    pupil_hours: Number,
    special_hours: Number,
    norwegian_hours: Number,
    teaching_hours: Number,
    language_hours: Number,
) -> tuple[Number, Number]:
    """Return the two parts of group size 2: net pupil hours, and teaching hours.

    Pupil hours in ordinary teaching less those of special education and of special Norwegian;
    ordinary teaching hours and hours for division into Sami alternatives and the other written
    form. The formula's letters and the sign between its last two terms are garbled in the source
    (L5492–5494); the reading follows its words (L5499–5505).
    """
    return pupil_hours - special_hours - norwegian_hours, teaching_hours + language_hours


@rule(term="gruppestørrelse 2", reference="SØF-rapport 04/20 L5485–5505")
def group_size_2(
    pupil_hours: Number,
    special_hours: Number,
    norwegian_hours: Number,
    teaching_hours: Number,
    language_hours: Number,
) -> Number:
    """Return group size 2 of a school and main stage: its two parts, one over the other.

    Null without any teaching hours.
    """
    pupil, teaching = group_size_parts(
        pupil_hours, special_hours, norwegian_hours, teaching_hours, language_hours
    )
    return among(teaching > 0, pupil / teaching)


@rule(
    term="lærernormen",
    in_force="2018-08-01",
    reference="SØF-rapport 04/20 L5410–5418, L5470–5477",
    status=RuleStatus.IN_FORCE,
)
def teacher_norm_met(grade: Whole, group_size: Number, p: TeacherNorm) -> Flag:
    """Tell whether a main stage's group size 2 is within the norm. `grade` is any of the stage's.

    A ceiling on the average, not on a class. One line of the source prints «1.–4. trinn» for
    5.–10. (L5418); another has it right (L5473–5477).
    """
    highest = choose([(grade <= 4, p.maximum_grades_1_4)], p.maximum_grades_5_10)
    return among(between(grade, _FIRST, _LAST), group_size <= highest)


@rule(
    term="undervisningstimer som mangler for å oppfylle lærernormen",
    in_force="2018-08-01",
    reference="SØF-rapport 04/20 L5410–5418, L5470–5477, L5513–5518",
)
def teacher_hours_missing(
    grade: Whole, pupil_hours: Number, teaching_hours: Number, p: TeacherNorm
) -> Number:
    """Return how many more teaching hours a main stage needs to be within the norm, 0 for none.

    `pupil_hours` and `teaching_hours` are the two parts of group size 2, and `grade` is any of the
    stage's. Whichever subject or grade the hours are given in, they count.
    """
    highest = choose([(grade <= 4, p.maximum_grades_1_4)], p.maximum_grades_5_10)
    missing = pupil_hours / highest - teaching_hours
    sound = between(grade, _FIRST, _LAST) & known(missing)
    return among(sound, choose([(missing > 0, missing)], 0.0))


@rule(
    term="fullført videregående på normert tid pluss to år",
    reference="Status Kommune 2025 L3759–3763, L3778",
)
def completed_upper_secondary(
    year: Whole,
    upper_secondary_start: Whole,
    upper_secondary_completed: Whole,
    vocational: Flag,
    p: CompletionTimes,
) -> Flag:
    """Tell whether a pupil completed within two years after standard time (5 or 6 years).

    `upper_secondary_completed` is null for those who have not. Null for everybody whose
    deadline is not `year`: a cohort is judged once.
    """
    years = choose([(vocational, p.vocational_years)], p.general_years)
    deadline = upper_secondary_start + among(known(vocational), years)
    in_time = known(upper_secondary_completed) & (upper_secondary_completed <= deadline)
    return among(deadline == year, choose([(in_time, nw.lit(True))], nw.lit(False)))
