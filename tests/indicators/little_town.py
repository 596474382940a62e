"""A town of thirteen persons, written by hand, whose every figure can be reckoned on paper.

Two grunnkretser in one municipality; six households, two schools, three kindergartens; the year
2020 with the incomes of the two years before. Ages on 1 January 2020 stand beside each person.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from nabolag.registers import CONTRACTS
from nabolag.store.frames import LINKS

YEAR, TOWN, WEST, EAST = 2020, "0301", "03010101", "03010102"
#: person, household, sex, birth year (age), role, immigration category, country group
PERSONS = (
    (1, 1, "male", 1979, "partner", "A", "norway"),  # 40
    (2, 1, "female", 1981, "partner", "A", "norway"),  # 38
    (3, 1, "male", 2004, "child", "A", "norway"),  # 15
    (4, 1, "female", 2014, "child", "A", "norway"),  # 5
    (5, 1, "male", 2002, "child", "A", "norway"),  # 17
    (6, 2, "female", 1989, "single_parent", "A", "norway"),  # 30
    (7, 2, "male", 2012, "child", "C", "asia"),  # 7
    (13, 2, "female", 2016, "child", "A", "norway"),  # 3
    (8, 3, "male", 1949, "single", "A", "norway"),  # 70
    (9, 4, "female", 1935, "single", "A", "norway"),  # 84
    (10, 5, "male", 1994, "partner", "B", "nordic"),  # 25
    (11, 5, "female", 1997, "partner", "A", "norway"),  # 22
    (12, 6, "male", 1990, "single", "B", "asia"),  # 29
)
#: household (and its dwelling), where, type, persons, children, youngest, tenure
HOUSEHOLDS = (
    (1, WEST, "couple_with_children", 5, 3, 5, "owner"),
    (2, WEST, "single_parent", 3, 2, 3, "tenant"),
    (3, WEST, "single", 1, 0, 70, "cooperative"),
    (4, EAST, "single", 1, 0, 84, "owner"),
    (5, EAST, "couple", 2, 0, 22, "tenant"),
    (6, EAST, "single", 1, 0, 29, "tenant"),
)
#: dwelling, rooms, square metres, owner. 1: 18 m² a person; 2: 30; 3: one person in one room, 24.
DWELLINGS = (
    (1, 4, 90.0, "private"),
    (2, 2, 90.0, "municipal"),
    (3, 1, 24.0, "cooperative"),
    (4, 3, 80.0, "private"),
    (5, None, None, "private"),
    (6, 2, 30.0, "private"),
)
#: Consumption units; income after tax per unit is thousand kroner by year below.
UNITS = {1: 2.5, 2: 1.6, 3: 1.0, 4: 1.0, 5: 1.5, 6: 1.0}
PER_UNIT = {
    2018: {1: 200, 2: 100, 3: 100, 4: 250, 5: 400, 6: 90},
    2019: {1: 200, 2: 100, 3: 100, 4: 250, 5: 400, 6: 200},
    2020: {1: 200, 2: 100, 3: 100, 4: 250, 5: 400, 6: 90},
}
#: household: total income, transfers, debt, housing costs, all 2020
MONEY: dict[int, tuple[float | None, ...]] = {
    1: (700_000, 50_000, 2_100_000, 130_000),  # debt is three times income; costs 26 per cent
    2: (200_000, 120_000, 599_999, 40_000),  # costs exactly 25 per cent of 160 000
    3: (120_000, 120_000, 0, 30_000),
    4: (300_000, 150_000, 0, 10_000),  # exactly half is transfers
    5: (800_000, 0, 1_000_000, 100_000),
    6: (None, None, None, None),
}
#: person: level of education, in education, start and completion of upper secondary
EDUCATION = {
    1: (7, False, None, None), 2: (3, False, None, None), 3: (None, True, None, None),
    4: (None, False, None, None), 5: (2, True, 2019, None), 6: (2, False, None, None),
    7: (None, True, None, None), 8: (2, False, None, None), 9: (None, False, None, None),
    10: (6, False, 2015, 2018), 11: (4, True, 2015, None), 12: (1, False, 2015, 2020),
    13: (None, False, None, None),
}  # fmt: skip
EMPLOYED, IN_MEASURE = {1, 10}, {6}
MONTHS_OF_ASSISTANCE = {6: 7, 8: 6, 12: 3}
#: November is bit 10.
UNEMPLOYED = {3: 0, 5: 0, 10: 1, 11: 0, 12: 1024 + 2048}
GRADE_POINTS = {3: (10, 50.0), 5: (10, 40.0), 7: (2, None)}
#: function, kind, kroner. Income (600) and interest (500) are no spending; 690 corrects.
ACCOUNTS = (("231", "010", 30_000), ("231", "590", 2_000), ("231", "690", -6_000),
            ("231", "600", -5_000), ("231", "500", 999), ("232", "010", 8_100),
            ("232", "470", 1_000), ("386", "010", 77_000))  # fmt: skip
EVENTS = ((10, "internal_move", EAST, WEST), (11, "out_migration", EAST, None),
          (12, "in_migration", None, EAST), (99, "birth", None, WEST))  # fmt: skip
#: The year before: 6 came from the other side of town, 8 from a town nobody here knows, 12 from
#: abroad and then within the town; 5 left for a place that is not told and came back.
EVENTS_BEFORE = ((6, "internal_move", EAST, WEST), (8, "internal_move", "99990101", WEST),
                 (12, "in_migration", None, WEST), (12, "internal_move", WEST, EAST),
                 (5, "internal_move", None, WEST), (77, "out_migration", WEST, None))  # fmt: skip


def registers() -> dict[str, pl.DataFrame]:
    """Return every register of the town, in its contract."""
    rows: dict[str, list[dict[str, Any]]] = {
        "person": [_person(year, *p) for year in PER_UNIT for p in PERSONS if p[3] < year],
        "household": [_household(year, *h) for year in PER_UNIT for h in HOUSEHOLDS],
        "dwelling": [_dwelling(*d) for d in DWELLINGS],
        "income_year": [_income(year, h) for year in PER_UNIT for h in UNITS],
        "education": [_of(p, level=e[0], in_education=e[1], upper_secondary_start=e[2],
                          upper_secondary_completed=e[3]) for p, e in EDUCATION.items()],
        "employment": [_of(p[0], employed=p[0] in EMPLOYED, in_measure=p[0] in IN_MEASURE)
                       for p in PERSONS],
        "activity": [_of(p, unemployed_months=months) for p, months in UNEMPLOYED.items()],
        "social_assistance": [_of(p, months=m, amount=1.0)
                              for p, m in MONTHS_OF_ASSISTANCE.items()],
        "pupil": [_of(p, school_id=1, grade=g, grade_points=points)
                  for p, (g, points) in GRADE_POINTS.items()],
        "population_event": [_of(p, event=e, birth_year=1990, from_grunnkrets=f, to_grunnkrets=t)
                             | {"year": year}
                             for year, events in ((YEAR, EVENTS), (YEAR - 1, EVENTS_BEFORE))
                             for p, e, f, t in events],
        "school": [_school(1, WEST, 300, 12_000.0, 3_000.0, 2_000.0, 15_000.0, 20.0, 19.0)
                   | _stages((60_000, 4_000), (63_000, 3_000), (80_000, 4_000)),
                   _school(2, EAST, 100, 5_000.0, 2_000.0, 1_000.0, 7_000.0, 10.0, 8.0)
                   | {"first_grade": 8} | _stages(None, None, (60_000, 5_000))],
        "kindergarten": [_kindergarten(1, 120.0, 20.0, 8.0, True),
                         _kindergarten(2, 60.0, 12.0, 6.0, False),
                         _kindergarten(3, 30.0, 4.0, 1.0, None)],
        "account_line": [{"year": YEAR, "municipality": TOWN, "unit": "", "function": f, "kind": k,
                          "amount": float(a)} for f, k, a in ACCOUNTS],
    }  # fmt: skip
    return {name: _conform(name, given) for name, given in rows.items()}


def links() -> pl.DataFrame:
    """Return where the two grunnkretser, and the town, lie."""
    rows = [("grunnkrets", code, "kommune", TOWN) for code in (WEST, EAST)]
    rows.append(("kommune", TOWN, "land", "0"))
    return pl.DataFrame(rows, schema=LINKS, orient="row")


def _conform(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    types = {column.name: column.dtype for column in CONTRACTS[name].columns}
    return pl.DataFrame([dict.fromkeys(types) | row for row in rows], schema=types)


def _of(person: int, **facts: Any) -> dict[str, Any]:
    return {"year": YEAR, "person_id": person, **facts}


def _person(year: int, *stated: Any) -> dict[str, Any]:
    names = ("person_id", "household_id", "sex", "birth_year", "role", "immigration_category",
             "country_group")  # fmt: skip
    found = dict(zip(names, stated, strict=True))
    return found | {"year": year, "grunnkrets": WEST if found["household_id"] <= 3 else EAST}


def _household(year: int, *stated: Any) -> dict[str, Any]:
    names = ("household_id", "grunnkrets", "household_type", "persons", "children",
             "youngest_age", "tenure")  # fmt: skip
    found = dict(zip(names, stated, strict=True))
    return found | {"year": year, "dwelling_id": found["household_id"]}


def _dwelling(dwelling: int, rooms: int | None, area: float | None, owner: str) -> dict[str, Any]:
    where = WEST if dwelling <= 3 else EAST
    return {"year": YEAR, "dwelling_id": dwelling, "grunnkrets": where, "building": "block",
            "rooms": rooms, "area_m2": area, "owner": owner}  # fmt: skip


def _income(year: int, household: int) -> dict[str, Any]:
    after_tax = PER_UNIT[year][household] * 1000.0 * UNITS[household]
    found = {"year": year, "household_id": household, "income_after_tax": after_tax,
             "consumption_units": UNITS[household]}  # fmt: skip
    names = ("total_income", "transfers", "debt", "housing_costs")
    return found | (dict(zip(names, MONEY[household], strict=True)) if year == YEAR else {})


def _school(school: int, where: str, pupils: int, *hours_and_staff: float) -> dict[str, Any]:
    names = ("hours_ordinary", "hours_other", "hours_assistants", "hours_teachers",
             "teacher_fte", "qualified_teacher_fte")  # fmt: skip
    return {"year": YEAR, "school_id": school, "name": "", "grunnkrets": where,
            "owner": "public", "first_grade": 1, "last_grade": 10, "pupils": pupils,
            **dict(zip(names, hours_and_staff, strict=True))}  # fmt: skip


def _stages(*hours: tuple[float, float] | None) -> dict[str, Any]:
    """Pupil hours and teaching hours by main stage. 60 000 of 4 000 is exactly 15 pupils."""
    both = {"pupil_hours": 0, "group_hours": 1}
    return {f"{name}_{stage}": None if given is None else float(given[part])
            for stage, given in zip(("1_4", "5_7", "8_10"), hours, strict=True)
            for name, part in both.items()}  # fmt: skip


def _kindergarten(kindergarten: int, corrected: float, basic: float, teachers: float,
                  norm: bool | None) -> dict[str, Any]:  # fmt: skip
    return {"year": YEAR, "kindergarten_id": kindergarten, "name": "", "grunnkrets": WEST,
            "owner": "municipal", "children": 30, "children_1_5": kindergarten,
            "children_corrected": corrected,
            "basic_staff_fte": basic, "teacher_fte": teachers, "pedagogical_leader_fte": 1.0,
            "norm_met": norm}  # fmt: skip
