"""Schools: where they lie, who goes there, what pupils achieve and how much teaching there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.registers.services import MAIN_STAGES
from nabolag.synthetic.areas import Bools, Floats, Ints
from nabolag.synthetic.chances import chance_of
from nabolag.synthetic.ground import Ground
from nabolag.synthetic.services.places import degrees, nearest, spread
from nabolag.synthetic.state import CHILD, NORWEGIAN, Town

FIRST_AGE, GRADES = 6, 10
_LAST_PRIMARY = 7
_USUAL_PUPILS, _PUPIL_SHARE, _LOWER = 260, 0.12, 0.3
#: From this size a municipality has a private school, which draws by education.
_PRIVATE_FROM, _PRIVATE, _PRIVATE_HIGHER = 30_000, 0.02, 0.05
#: Marks: the mean, what the person and the home mean for them, and chance.
POINTS, POINTS_SKILL, POINTS_HOME, POINTS_CHANCE = 41.5, 4.0, 4.5, 3.0
_NO_MARKS = 0.03
#: Spread of the schools' own contributions, in points.
CONTRIBUTION = 1.0
_TESTED = (5, 8, 9)
_HOURS, _HOURS_SCHOOL, _HOURS_A_TEACHER = 47.0, 2_400.0, 700.0
#: A pupil's hours a year in ordinary teaching by main stage, and the share of them that special
#: education takes where nobody is poor and where everybody is.
_STAGE_HOURS, _TAKEN_OUT, _TAKEN_OUT_POOR = (790.0, 830.0, 930.0), 0.03, 0.12
_STAGE_ENDS = (4, 7)
#: How unevenly a school spreads its teaching over main stages.
_UNEVEN = 0.1


@dataclass(frozen=True)
class Schools:
    """The schools of a municipality. `primary` and `lower` are each area's (positions).

    `contribution` is what a school adds to its pupils' marks, in points: planted.
    """

    ids: Ints
    area: Ints
    point: Floats
    first: Ints
    last: Ints
    private: Bools
    primary: Ints
    lower: Ints
    contribution: Floats

    def __len__(self) -> int:
        """Return the number of schools."""
        return len(self.ids)


@dataclass(frozen=True)
class Pupils:
    """Who goes to school (positions among people), which school (position), which grade."""

    who: Ints
    school: Ints
    grade: Ints
    home: Floats
    points: Floats


def build_schools(ground: Ground, rng: np.random.Generator) -> Schools:
    """Place schools so that each has about as many pupils as usual."""
    spec, areas = ground.spec, ground.areas
    wanted = max(1, round(spec.persons * _PUPIL_SHARE / _USUAL_PUPILS))
    if wanted == 1 or areas.count < 3:
        primary = lower = spread(areas, 1)
        area, first, last = primary, np.array([1]), np.array([GRADES])
        serves = np.zeros((2, areas.count), dtype=np.int64)
    else:
        primary = spread(areas, max(1, round(wanted * (1 - _LOWER))))
        lower = spread(areas, max(1, round(wanted * _LOWER)))
        area = np.concatenate([primary, lower])
        first = np.repeat([1, _LAST_PRIMARY + 1], [len(primary), len(lower)])
        last = np.repeat([_LAST_PRIMARY, GRADES], [len(primary), len(lower)])
        serves = np.stack([nearest(areas, primary), nearest(areas, lower) + len(primary)])
    private = np.zeros(len(area), dtype=bool)
    if spec.persons >= _PRIVATE_FROM:
        area = np.append(area, int(areas.weight.argmax()))
        first, last = np.append(first, 1), np.append(last, GRADES)
        private = np.append(private, [True])
    n = len(area)
    return Schools(
        ids=spec.first_id + 1 + np.arange(n),
        area=area,
        point=degrees(spec, areas.middle[area] + rng.normal(0, 0.05, (n, 2))),
        first=first,
        last=last,
        private=private,
        primary=serves[0],
        lower=serves[1],
        contribution=rng.normal(0, CONTRIBUTION, n).round(3),
    )


def enrol(
    town: Town, ground: Ground, schools: Schools, year: int, rng: np.random.Generator
) -> Pupils:
    """Send everybody of school age to the nearest school of their grade, or the private one."""
    people = town.people
    reached = year - people.birth
    who = np.flatnonzero((reached >= FIRST_AGE) & (reached < FIRST_AGE + GRADES))
    grade = reached[who] - FIRST_AGE + 1
    area = town.person_area()[who]
    school = np.where(grade <= _LAST_PRIMARY, schools.primary[area], schools.lower[area])
    if schools.private.any():
        share = _PRIVATE + np.where(people.final[who] >= 6, _PRIVATE_HIGHER, 0)
        own = chance_of(people.pid[who], 11) < share
        school = np.where(own, int(schools.private.argmax()), school)
    home = _home(town, who)
    years_in = year - ground.spec.first_year
    points = (
        POINTS
        + POINTS_SKILL * people.skill[who]
        + POINTS_HOME * home
        + schools.contribution[school]
        + ground.truth.settings.points_shift[area, years_in]
        + rng.normal(0, POINTS_CHANCE, len(who))
    )
    unknown = (grade < GRADES) | (chance_of(people.pid[who], 12) < _NO_MARKS)
    points = np.where(unknown, np.nan, points.clip(10, 60).round(1))
    return Pupils(who, school, grade, home, points)


def _home(town: Town, who: Ints) -> Floats:
    """Return what the home means for marks: the adults' education, around zero."""
    people, n = town.people, len(town.home_of)
    adult = people.role != CHILD
    value = np.select([people.final <= 2, people.final >= 6], [-0.6, 0.6], 0.0)
    adults = np.maximum(np.bincount(people.household[adult], minlength=n), 1)
    mean = np.bincount(people.household[adult], value[adult], n) / adults
    return np.asarray(mean[people.household[who]])


def pupil_frame(town: Town, schools: Schools, pupils: Pupils, year: int) -> pl.DataFrame:
    """Return the register of pupils."""
    return pl.DataFrame(
        {
            "year": np.full(len(pupils.who), year, dtype=np.int16),
            "person_id": town.people.pid[pupils.who],
            "school_id": schools.ids[pupils.school],
            "grade": pupils.grade,
            "grade_points": pupils.points,
        }
    ).with_columns(pl.col("grade_points").fill_nan(None))


@dataclass(frozen=True)
class Makeup:
    """Pupils of each school and the shares among them that teaching and spending depend on."""

    pupils: Ints
    low_income: Floats
    single_parent: Floats
    immigrant: Floats


def make_up(
    town: Town, schools: Schools, pupils: Pupils, low: Bools, single_parent: Bools
) -> Makeup:
    """Count the pupils of each school; `low` and `single_parent` are by household."""
    n = len(schools)
    household = town.people.household[pupils.who]
    count = np.bincount(pupils.school, minlength=n)

    def share(which: Bools) -> Floats:
        return np.asarray(np.bincount(pupils.school[which], minlength=n) / np.maximum(count, 1))

    origin = town.people.origin[pupils.who]
    return Makeup(
        count,
        share(low[household]),
        share(single_parent[household]),
        share(origin != NORWEGIAN),
    )


def school_names(ground: Ground, schools: Schools) -> list[str]:
    """Return the schools' names: the area they lie in, and what they are."""
    names = [ground.areas.names[area] for area in schools.area]
    kind = np.select([schools.private, schools.first > 1], ["friskole", "ungdomsskole"], "skole")
    return [f"{name} {word}" for name, word in zip(names, kind, strict=True)]


def school_frame(
    ground: Ground,
    schools: Schools,
    pupils: Pupils,
    made: Makeup,
    year: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Return the register of schools: teaching follows the number of pupils and their needs."""
    n, count = len(schools), made.pupils
    ordinary = np.where(count > 0, count * _HOURS + _HOURS_SCHOOL, 0)
    need = 6 + 45 * made.low_income + 20 * made.immigrant
    other = count * need * np.exp(rng.normal(0, 0.05, n))
    assistants = count * (12 + 40 * made.low_income) * np.exp(rng.normal(0, 0.08, n))
    fte = (ordinary + other) / _HOURS_A_TEACHER
    qualified = fte * np.clip(0.97 - 0.25 * made.low_income + rng.normal(0, 0.02, n), 0.5, 1)
    stages = _by_stage(schools, pupils, made, ordinary.round(), rng)
    return pl.DataFrame(
        {
            "year": np.full(n, year, dtype=np.int16),
            "school_id": schools.ids,
            "name": school_names(ground, schools),
            "grunnkrets": [ground.areas.codes[area] for area in schools.area],
            "lon": schools.point[:, 0],
            "lat": schools.point[:, 1],
            "owner": np.where(schools.private, "private", "public"),
            "first_grade": schools.first,
            "last_grade": schools.last,
            "pupils": count,
            "hours_ordinary": ordinary.round(),
            "hours_other": other.round(),
            "hours_assistants": assistants.round(),
            "hours_teachers": ordinary.round() + other.round(),
            "teacher_fte": fte.round(2),
            "qualified_teacher_fte": np.minimum(qualified, fte).round(2),
            "expected_points": _expected(schools, pupils),
            **stages,
        }
    ).with_columns(pl.col("expected_points", *stages).fill_nan(None))


def _by_stage(
    schools: Schools, pupils: Pupils, made: Makeup, ordinary: Floats, rng: np.random.Generator
) -> dict[str, Floats]:
    """Return hours by main stage, unknown where a school has none: the parts of group size 2.

    The teaching hours of the stages are together the school's ordinary ones.
    """
    n, stages = len(schools), len(MAIN_STAGES)
    stage = np.digitize(pupils.grade, _STAGE_ENDS, right=True)
    cells = np.bincount(pupils.school * stages + stage, minlength=n * stages)
    count = cells.reshape(n, stages).astype(float)
    taken = _TAKEN_OUT + (_TAKEN_OUT_POOR - _TAKEN_OUT) * made.low_income
    pupil_hours = (count * np.array(_STAGE_HOURS) * (1 - taken)[:, None]).round()
    weight = count * np.array(_STAGE_HOURS) * np.exp(rng.normal(0, _UNEVEN, count.shape))
    share = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1)
    # Rounded as they add up, so that the last takes what is left.
    ends = (share.cumsum(axis=1) * ordinary[:, None]).round()
    group_hours = np.diff(ends, axis=1, prepend=0)
    first, last = np.array([1, 5, 8]), np.array([4, 7, GRADES])
    has = (schools.first[:, None] <= last) & (schools.last[:, None] >= first)
    known = {"pupil_hours": pupil_hours, "group_hours": group_hours}
    return {
        f"{name}_{one}": np.where(has[:, number], hours[:, number], np.nan)
        for name, hours in known.items()
        for number, one in enumerate(MAIN_STAGES)
    }


def _expected(schools: Schools, pupils: Pupils) -> Floats:
    """Return the result on national tests that pupils' homes lead one to expect (mean 50)."""
    tested = np.isin(pupils.grade, _TESTED)
    n = len(schools)
    count = np.bincount(pupils.school[tested], minlength=n)
    mean = np.bincount(pupils.school[tested], pupils.home[tested], n) / np.maximum(count, 1)
    return np.where(count >= 5, (50 + 10 * mean).round(1), np.nan)
