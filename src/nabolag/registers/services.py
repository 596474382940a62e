"""Contracts of services and money: pupils, schools, kindergartens, lines of the accounts.

The variables are those that SØF-rapport 04/20 builds its resource measures on (sources D1, D2,
D3 and D6; definitions L1387–1417, L1476–1509, L1609–1613, L2125–2147, L2666–2674).
"""

from __future__ import annotations

from typing import Final

from nabolag.registers.fields import (
    GRUNNKRETS,
    LATER_PERSON,
    LATITUDE,
    LONGITUDE,
    PERSON_ID,
    SCHOOL_ID,
    YEAR,
)
from nabolag.registers.spec import Column, ForeignKey, NotAbove, OnlyWhere, RegisterSpec

SCHOOL_OWNERS: Final = ("public", "private")
KINDERGARTEN_OWNERS: Final = ("municipal", "private")
FIRST_GRADE, LAST_GRADE = 1, 10
MAIN_STAGES = ("1_4", "5_7", "8_10")


def _grade(name: str) -> Column:
    return Column(name, "i8", unit="grade", minimum=FIRST_GRADE, maximum=LAST_GRADE)


def _hours(name: str) -> Column:
    return Column(name, "f64", unit="hours a year", minimum=0, maximum=1e6, varies=True)


def _stage_hours(name: str, maximum: float) -> tuple[Column, ...]:
    """Return a column of hours for each main stage (hovedtrinn), unknown where there is none."""
    return tuple(
        Column(
            f"{name}_{stage}",
            "f64",
            unit="hours a year",
            minimum=0,
            maximum=maximum,
            nullable=True,
            varies=True,
        )
        for stage in MAIN_STAGES
    )


def _fte(name: str) -> Column:
    return Column(name, "f64", unit="full-time equivalents", minimum=0, maximum=1000, varies=True)


PUPIL: Final = RegisterSpec(
    name="pupil",
    columns=(
        YEAR,
        PERSON_ID,
        SCHOOL_ID,
        _grade("grade"),
        # Mean of the final marks times ten, given at the end of grade 10.
        Column(
            "grade_points", "f64", unit="points", minimum=0, maximum=60, nullable=True, private=True
        ),
    ),
    key=("year", "person_id"),
    foreign_keys=(
        LATER_PERSON,
        ForeignKey(("year", "school_id"), "school", ("year", "school_id")),
    ),
    only_where=(OnlyWhere("grade_points", "grade", (LAST_GRADE,)),),
    reference="Udir, GSI (1 October); SSB, NUDB; Udir, Grunnskolepoeng",
)

SCHOOL: Final = RegisterSpec(
    name="school",
    columns=(
        YEAR,
        SCHOOL_ID,
        Column("name", "str"),
        GRUNNKRETS,
        LONGITUDE,
        LATITUDE,
        Column("owner", "str", values=SCHOOL_OWNERS),
        _grade("first_grade"),
        _grade("last_grade"),
        Column("pupils", "i32", unit="pupils", minimum=0, maximum=5000, varies=True),
        _hours("hours_ordinary"),
        # Special needs teaching, most of it, and special Norwegian (L1476–1509).
        _hours("hours_other"),
        _hours("hours_assistants"),
        _hours("hours_teachers"),
        # The two parts of group size 2 (L5485–5505): pupil hours in ordinary teaching less those of
        # special education and special Norwegian; hours of ordinary teaching, and of division into
        # Sami alternatives and the other written form.
        *_stage_hours("pupil_hours", 1e7),
        *_stage_hours("group_hours", 1e6),
        _fte("teacher_fte"),
        _fte("qualified_teacher_fte"),
        # On national tests, from the homes of the tested pupils; the scale has mean 50.
        Column("expected_points", "f64", unit="points", minimum=0, maximum=100, nullable=True),
    ),
    key=("year", "school_id"),
    not_above=(
        NotAbove("first_grade", "last_grade"),
        NotAbove("qualified_teacher_fte", "teacher_fte"),
    ),
    reference="Udir, GSI (1 October, the school year that begins then); Udir, Skolebidrag",
)

KINDERGARTEN: Final = RegisterSpec(
    name="kindergarten",
    columns=(
        YEAR,
        Column("kindergarten_id", "i64", minimum=1),
        Column("name", "str"),
        GRUNNKRETS,
        LONGITUDE,
        LATITUDE,
        Column("owner", "str", values=KINDERGARTEN_OWNERS),
        Column("children", "i32", unit="children", minimum=0, maximum=1000, varies=True),
        # Of those, children who reach an age from one to five in the year.
        Column(
            "children_1_5",
            "i32",
            unit="children",
            minimum=0,
            maximum=1000,
            nullable=True,
            varies=True,
        ),
        # By age and by hours of attendance (L1609–1613).
        Column(
            "children_corrected",
            "f64",
            unit="children, corrected",
            minimum=0,
            maximum=5000,
            varies=True,
        ),
        _fte("basic_staff_fte"),
        _fte("teacher_fte"),
        _fte("pedagogical_leader_fte"),
        Column("norm_met", "bool", nullable=True),
    ),
    key=("year", "kindergarten_id"),
    # Both are parts of the basic staff (L1715–1719).
    not_above=(
        NotAbove("children_1_5", "children"),
        NotAbove("teacher_fte", "basic_staff_fte"),
        NotAbove("pedagogical_leader_fte", "basic_staff_fte"),
    ),
    reference="Udir, BASIL (15 December)",
)

ACCOUNT_LINE: Final = RegisterSpec(
    name="account_line",
    columns=(
        YEAR,
        Column("municipality", "str", pattern=r"^\d{4}$"),
        # Empty text is the municipality as a whole; else a bydel, a school or a kindergarten.
        Column("unit", "str", empty_text=True),
        Column("function", "str", pattern=r"^\d{3}$"),
        Column("kind", "str", pattern=r"^\d{3}$"),
        # Income and corrections are negative.
        Column("amount", "f64", unit="NOK", minimum=-1e11, maximum=1e11, varies=True),
    ),
    key=("year", "municipality", "unit", "function", "kind"),
    reference="SSB, KOSTRA accounts: function (funksjon) and kind (art); current NOK",
)
