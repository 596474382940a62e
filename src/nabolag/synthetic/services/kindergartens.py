"""Kindergartens: where they lie, how many children go there, and who works there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.synthetic.areas import Bools, Floats, Ints
from nabolag.synthetic.chances import chance_of
from nabolag.synthetic.ground import Ground
from nabolag.synthetic.services.places import degrees, nearest, spread
from nabolag.synthetic.state import Town

#: Identities begin here after the municipality's first, so that no school has the same.
FIRST_ID = 50_000_000
_USUAL_CHILDREN, _CHILD_SHARE, _PRIVATE = 48, 0.052, 0.45
#: Share who go to kindergarten by age reached during the year, from one to five.
_ATTENDS = np.array([0.84, 0.93, 0.97, 0.97, 0.98])
#: Children under three count twice; one teacher for seven of them, or fourteen older.
_YOUNG, _YOUNG_COUNTS, _YOUNG_A_TEACHER, _OLDER_A_TEACHER = 3, 2.0, 7, 14
_CORRECTED_A_STAFF, _LEADERS = 5.8, 0.75


@dataclass(frozen=True)
class Kindergartens:
    """The kindergartens of a municipality. `serves` is each area's (position)."""

    ids: Ints
    area: Ints
    point: Floats
    private: Bools
    serves: Ints


@dataclass(frozen=True)
class Attendance:
    """Children of each kindergarten, and those under three among them."""

    children: Ints
    young: Ints

    @property
    def corrected(self) -> Floats:
        """Children corrected for age: the youngest count twice."""
        return np.asarray(self.children + (_YOUNG_COUNTS - 1) * self.young, dtype=np.float64)


def build_kindergartens(ground: Ground, rng: np.random.Generator) -> Kindergartens:
    """Place kindergartens so that each has about as many children as usual."""
    spec, areas = ground.spec, ground.areas
    area = spread(areas, max(1, round(spec.persons * _CHILD_SHARE / _USUAL_CHILDREN)))
    n = len(area)
    return Kindergartens(
        ids=spec.first_id + FIRST_ID + 1 + np.arange(n),
        area=area,
        point=degrees(spec, areas.middle[area] + rng.normal(0, 0.05, (n, 2))),
        private=rng.random(n) < _PRIVATE,
        serves=nearest(areas, area),
    )


def attend(town: Town, kindergartens: Kindergartens, year: int) -> Attendance:
    """Send children from one to five to the nearest kindergarten; a few stay at home."""
    people = town.people
    age = year - people.birth
    who = np.flatnonzero((age >= 1) & (age <= len(_ATTENDS)))
    goes = who[chance_of(people.pid[who], 21) < _ATTENDS[age[who] - 1]]
    where = kindergartens.serves[town.person_area()[goes]]
    n = len(kindergartens.ids)
    young = np.bincount(where[age[goes] < _YOUNG], minlength=n)
    return Attendance(np.bincount(where, minlength=n), young)


def kindergarten_frame(
    ground: Ground,
    kindergartens: Kindergartens,
    there: Attendance,
    year: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Return the register of kindergartens."""
    n = len(kindergartens.ids)
    staff = there.corrected / _CORRECTED_A_STAFF * np.exp(rng.normal(0, 0.04, n))
    need = there.young / _YOUNG_A_TEACHER + (there.children - there.young) / _OLDER_A_TEACHER
    teachers = np.minimum(need * rng.uniform(0.92, 1.2, n), staff).round(2)
    return pl.DataFrame(
        {
            "year": np.full(n, year, dtype=np.int16),
            "kindergarten_id": kindergartens.ids,
            "name": [f"{ground.areas.names[area]} barnehage" for area in kindergartens.area],
            "grunnkrets": [ground.areas.codes[area] for area in kindergartens.area],
            "lon": kindergartens.point[:, 0],
            "lat": kindergartens.point[:, 1],
            "owner": np.where(kindergartens.private, "private", "municipal"),
            "children": there.children,
            "children_1_5": there.children,
            "children_corrected": there.corrected,
            "basic_staff_fte": np.maximum(staff, teachers).round(2),
            "teacher_fte": teachers,
            "pedagogical_leader_fte": (teachers * _LEADERS).round(2),
            "norm_met": teachers >= need.round(2),
        }
    )
