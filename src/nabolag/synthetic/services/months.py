"""What each month of the year was spent on, as masks of twelve bits (bit 0 is January).

The autumn is given: November agrees with employment and measures, October with education. The
rest of the year is drawn around it; years are not tied together at New Year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.registers.contracts import MONTHS_OF_YEAR
from nabolag.synthetic.areas import Ints
from nabolag.synthetic.work import Activity

#: Ages reached during the year that have months.
FROM_AGE, TO_AGE = 16, 74
_JUNE, _JULY, _AUGUST, _NOVEMBER = 5, 6, 7, 10
_SPRING = (1 << (_JUNE + 1)) - 1
_AUTUMN = MONTHS_OF_YEAR ^ ((1 << _AUGUST) - 1)
_SUMMER = (1 << _JUNE) | (1 << _JULY)
#: Shares: in work the whole year, of those in work in November; who had work before it, of
#: those who were not; a summer job; went on with studies; was seeking work.
_WHOLE_YEAR, _HAD_WORK, _SUMMER_JOB, _WENT_ON, _SOUGHT, _SOUGHT_FIRST = (
    0.84,
    0.20,
    0.35,
    0.70,
    0.30,
    0.5,
)


@dataclass(frozen=True)
class Months:
    """Masks of those whose position is in `who`."""

    who: Ints
    employed: Ints
    education: Ints
    measure: Ints
    unemployed: Ints


def draw_months(activity: Activity, rng: np.random.Generator) -> Months:
    """Draw the months of everybody of working age, around what is known of the autumn."""
    who = np.flatnonzero((activity.age >= FROM_AGE) & (activity.age <= TO_AGE))
    age = activity.age[who]
    works, studies = activity.employed[who], activity.in_education[who]
    employed, late = _employed(works, studies, age, rng)
    education = _education(studies, age, rng)
    starts = 1 << rng.integers(5, _NOVEMBER + 1, len(who))
    measure = np.where(activity.in_measure[who], MONTHS_OF_YEAR & -starts, 0) & ~employed
    free = MONTHS_OF_YEAR & ~(employed | education | measure)
    sought = rng.random(len(who)) < np.where(works, np.where(late, _SOUGHT_FIRST, 0), _SOUGHT)
    grown = (age >= 18) & (age < 67) & ~studies
    return Months(who, employed, education, measure, np.where(sought & grown, free, 0))


def _employed(
    works: np.ndarray, studies: np.ndarray, age: Ints, rng: np.random.Generator
) -> tuple[Ints, np.ndarray]:
    """Return months in work, and who began during the year."""
    n = len(works)
    late = works & (rng.random(n) >= _WHOLE_YEAR)
    month = rng.integers(1, _NOVEMBER, n)
    since = MONTHS_OF_YEAR & -(1 << month)
    until = (1 << month) - 1
    had = ~works & (rng.random(n) < _HAD_WORK) & (age < 67)
    summer = ~works & studies & (rng.random(n) < _SUMMER_JOB)
    without = np.where(had, until, 0) | np.where(summer, _SUMMER, 0)
    return np.where(works, np.where(late, since, MONTHS_OF_YEAR), without), late


def _education(studies: np.ndarray, age: Ints, rng: np.random.Generator) -> Ints:
    """Return months in education; the summer holiday is July alone.

    At 16 the spring was spent in the last year of compulsory school.
    """
    n = len(studies)
    went_on = (rng.random(n) < _WENT_ON) | (age == FROM_AGE)
    whole = MONTHS_OF_YEAR ^ (1 << _JULY)
    left = rng.random(n) < np.select([age == FROM_AGE, age < 20, age < 30], [1, 0.3, 0.08], 0.01)
    return np.where(studies, np.where(went_on, whole, _AUTUMN), np.where(left, _SPRING, 0))
