"""Autumn of each year: who is in education, who works, and with which education so far."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from nabolag.synthetic.areas import Bools, Floats, Ints
from nabolag.synthetic.state import IMMIGRANT, Town
from nabolag.synthetic.truth import Settings

#: Share employed by age band, for somebody with upper secondary school.
_BANDS = np.array([16, 20, 25, 30, 55, 62, 67, 75])
_EMPLOYED = (0.36, 0.84, 0.90, 0.88, 0.82, 0.58, 0.14, 0.01)
_LOW, _HIGH, _STUDENT, _CAME = -0.62, 0.30, -0.45, -0.22
#: How much of who works is the same person from year to year.
_LASTING = 0.85
_IN_MEASURE = 0.06
#: Chance of being in education by age, for those who will reach less or more than bachelor.
_STUDY_FROM = np.array([16, 19, 22, 25, 30, 40, 67])
_STUDY = np.array(
    [
        [0.84, 0.14, 0.05, 0.03, 0.01, 0.004, 0.0],
        [0.95, 0.34, 0.16, 0.07, 0.03, 0.01, 0.001],
        [0.98, 0.74, 0.62, 0.22, 0.06, 0.02, 0.001],
    ]
)


@dataclass(frozen=True)
class Activity:
    """Facts of the autumn for each person (only those of 16 or more mean anything).

    `unaided` tells who would have been employed without any planted initiative.
    """

    age: Ints
    level: Ints
    in_education: Bools
    employed: Bools
    in_measure: Bools
    unaided: Bools

    @property
    def of_age(self) -> Bools:
        """Tell who is 16 or more, and therefore in the registers."""
        return self.age >= 16


def autumn(
    town: Town, year: int, years_in: int, settings: Settings, rng: np.random.Generator
) -> Activity:
    """Draw education and employment of the autumn; age is what is reached during the year.

    `years_in` counts years from the first: which column of the settings holds.
    """
    people = town.people
    n, age = len(people), year - people.birth
    group = np.select([people.final <= 2, people.final <= 5], [0, 1], 2)
    band = (np.searchsorted(_STUDY_FROM, age, side="right") - 1).clip(0)
    in_education = (rng.random(n) < _STUDY[group, band]) & (age >= 16)
    area = town.person_area()
    index = _work_index(age) + settings.work[area]
    index = index + np.select([people.final <= 2, people.final >= 6], [_LOW, _HIGH], 0.0)
    index = index + np.where(in_education, _STUDENT, 0.0)
    index = index + np.where(people.origin == IMMIGRANT, _CAME, 0.0)
    chance = _LASTING * people.drive + np.sqrt(1 - _LASTING**2) * rng.normal(size=n)
    grown = (age >= 16) & (age < 75)
    unaided = (chance < index) & grown
    employed = (chance < index + settings.work_shift[area, years_in]) & grown
    idle = ~employed & ~in_education & (age >= 18) & (age < 67)
    in_measure = idle & (rng.random(n) < _IN_MEASURE)
    level = attained(people.final, age)
    return Activity(age, level, in_education, employed, in_measure, unaided)


def _work_index(age: Ints) -> Floats:
    normal = NormalDist()
    table = np.array([normal.inv_cdf(share) for share in _EMPLOYED])
    return np.asarray(table[(np.searchsorted(_BANDS, age, side="right") - 1).clip(0)])


def attained(final: Ints, age: Ints) -> Ints:
    """Return the level reached so far: nobody has a degree before the age it takes."""
    reachable = np.select([age < 19, age < 22, age < 25, age < 29], [2, 4, 6, 7], 8)
    return np.asarray(np.minimum(final, reachable))
