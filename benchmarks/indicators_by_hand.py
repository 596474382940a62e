"""The figures of the benchmark written by hand: one SQL statement, and pandas.

Both say the same as the catalogue's measures of the same names, with the numbers of the rules
written in. The statement adds up each unit once by grunnkrets and year, every larger area from
those sums, and gives shares their Wilson bounds, as somebody would who wrote it with care.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

_ADULT = "age BETWEEN 20 AND 66"
_POOR = "income_0 + income_1 + income_2 < 0.6 * (median_0 + median_1 + median_2)"
_THREE = "income_0 + income_1 + income_2 IS NOT NULL AND median_0 + median_1 + median_2 IS NOT NULL"
_ACTIVE = "(employed OR in_education OR in_measure)"
#: Name: who has the trait, and who is counted among (both conditions on the facts' columns).
PERSON_SHARES: Final = {
    "low_income_persistent": (_POOR, _THREE),
    "low_income_children": (f"age <= 17 AND {_POOR}", f"age <= 17 AND {_THREE}"),
    "low_income_persistent_67_plus": (f"age >= 67 AND {_POOR}", f"age >= 67 AND {_THREE}"),
    "low_income_persons": ("income_0 < 0.6 * median_0", "income_0 IS NOT NULL"),
    "social_assistance_share": ("months >= 1", "true"),
    "aged_0_17": ("age <= 17", "true"),
    "aged_67_plus": ("age >= 67", "true"),
    "aged_80_plus": ("age >= 80", "true"),
    "immigrants": ("immigration_category = 'B'", "true"),
    "children_of_single_parents": (
        "age < 18 AND household_type = 'single_parent'",
        "age < 18 AND household_type IS NOT NULL",
    ),
    "employed_share": (f"{_ADULT} AND employed", f"{_ADULT} AND employed IS NOT NULL"),
    "outside_work_education_20_29": (
        f"age BETWEEN 20 AND 29 AND NOT {_ACTIVE}",
        f"age BETWEEN 20 AND 29 AND {_ACTIVE} IS NOT NULL",
    ),
    "outside_work_education_30_59": (
        f"age BETWEEN 30 AND 59 AND NOT {_ACTIVE}",
        f"age BETWEEN 30 AND 59 AND {_ACTIVE} IS NOT NULL",
    ),
    "low_education": (
        "age BETWEEN 25 AND 66 AND level <= 2",
        "age BETWEEN 25 AND 66 AND level IS NOT NULL",
    ),
    "higher_education": (
        "age BETWEEN 25 AND 66 AND level BETWEEN 6 AND 8",
        "age BETWEEN 25 AND 66 AND level IS NOT NULL",
    ),
    "dependency_ratio": ("age < 20 OR age > 66", _ADULT),
}
HOUSEHOLD_SHARES: Final = {
    "crowded_households": (
        "rooms IS NOT NULL AND area_m2 < persons * 25 AND (rooms < persons OR "
        "(persons = 1 AND rooms = 1))",
        "rooms IS NOT NULL AND area_m2 IS NOT NULL",
    ),
    "tenant_households": ("tenure = 'tenant'", "tenure IS NOT NULL"),
    "owner_households": ("tenure = 'owner'", "tenure IS NOT NULL"),
    "cooperative_households": ("tenure = 'cooperative'", "tenure IS NOT NULL"),
    "high_housing_costs": (
        "housing_costs > 0 AND housing_costs > income_after_tax * 0.25",
        "housing_costs IS NOT NULL AND income_after_tax IS NOT NULL",
    ),
    "single_person_households": ("persons = 1", "true"),
    "households_with_children": ("children > 0", "true"),
    "mostly_transfers_households": (
        "total_income > 0 AND transfers > total_income * 0.5",
        "total_income > 0 AND transfers IS NOT NULL",
    ),
    "high_debt_households": (
        "debt > 0 AND debt >= total_income * 3",
        "debt <= 0 OR (debt IS NOT NULL AND total_income IS NOT NULL)",
    ),
    "low_income_households": ("income_0 < 0.6 * median_0", "income_0 IS NOT NULL"),
}
_NOT_BOUNDED = ("dependency_ratio",)
#: Name: what is added up, and what it is divided by.
PERSON_MEANS: Final = {
    "grunnskolepoeng": (
        "CASE WHEN grade = 10 THEN grade_points END",
        "CASE WHEN grade = 10 AND grade_points IS NOT NULL THEN 1 END",
    )
}
HOUSEHOLD_MEANS: Final = {
    "space_per_person": ("area_m2", "CASE WHEN area_m2 IS NOT NULL THEN persons END"),
    "mean_household_income": ("total_income", "CASE WHEN total_income IS NOT NULL THEN 1 END"),
}
NAMES: Final = (
    *PERSON_SHARES, *PERSON_MEANS, "population", "median_income",
    *HOUSEHOLD_SHARES, *HOUSEHOLD_MEANS, "households",
)  # fmt: skip
#: The columns that the figures are made of, keys and places among them.
COLUMNS: Final = {
    "person": ["person_id", "birth_year", "grunnkrets", "household_id", "immigration_category"],
    "education": ["person_id", "level", "in_education"],
    "employment": ["person_id", "employed", "in_measure"],
    "social_assistance": ["person_id", "months"],
    "pupil": ["person_id", "grade", "grade_points"],
    "household": ["household_id", "grunnkrets", "dwelling_id", "household_type", "persons",
                  "children", "tenure"],
    "dwelling": ["dwelling_id", "rooms", "area_m2"],
    "income_year": ["household_id", "income_after_tax", "consumption_units", "total_income",
                    "transfers", "debt", "housing_costs"],
}  # fmt: skip


def statement(folder: Path, first: int, last: int) -> str:
    """Return one SQL statement for every figure of the years from `first` to `last`."""
    return f"""
    WITH {", ".join(_register(folder, name, first, last) for name in COLUMNS)},
    home AS (
        SELECT h.*, d.rooms, d.area_m2, i.income_after_tax, i.total_income, i.transfers, i.debt,
               i.housing_costs, i.income_after_tax / i.consumption_units AS income_0
        FROM household h
        LEFT JOIN income_year i ON i.year = h.year AND i.household_id = h.household_id
        LEFT JOIN dwelling d ON d.year = h.year AND d.dwelling_id = h.dwelling_id),
    own AS MATERIALIZED (
        SELECT p.year, p.person_id, p.grunnkrets, p.year - p.birth_year - 1 AS age,
               p.immigration_category, h.household_type, h.income_0
        FROM person p
        LEFT JOIN home h ON h.year = p.year AND h.household_id = p.household_id),
    middle AS MATERIALIZED (SELECT year, median(income_0) AS median_0 FROM own GROUP BY year),
    middles AS (
        SELECT m.year, m.median_0, a.median_0 AS median_1, b.median_0 AS median_2
        FROM middle m LEFT JOIN middle a ON a.year = m.year - 1
        LEFT JOIN middle b ON b.year = m.year - 2),
    somebody AS (
        SELECT o.*, a.income_0 AS income_1, b.income_0 AS income_2, m.median_0, m.median_1,
               m.median_2, e.level, e.in_education, w.employed, w.in_measure, s.months, u.grade,
               u.grade_points
        FROM own o
        JOIN middles m ON m.year = o.year
        LEFT JOIN own a ON a.person_id = o.person_id AND a.year = o.year - 1
        LEFT JOIN own b ON b.person_id = o.person_id AND b.year = o.year - 2
        LEFT JOIN education e ON e.year = o.year AND e.person_id = o.person_id
        LEFT JOIN employment w ON w.year = o.year AND w.person_id = o.person_id
        LEFT JOIN social_assistance s ON s.year = o.year AND s.person_id = o.person_id
        LEFT JOIN pupil u ON u.year = o.year AND u.person_id = o.person_id),
    persons AS ({_sums("somebody", PERSON_SHARES, PERSON_MEANS)}),
    households AS ({
        _sums(
            "(SELECT h.*, m.median_0 FROM home h JOIN middle m USING (year))",
            HOUSEHOLD_SHARES,
            HOUSEHOLD_MEANS,
        )
    }),
    up AS ({_UP}),
    long AS ({_long("persons", PERSON_SHARES, PERSON_MEANS, "population")}
        UNION ALL {_long("households", HOUSEHOLD_SHARES, HOUSEHOLD_MEANS, "households")}),
    {_FIGURES}"""  # noqa: S608


def _register(folder: Path, name: str, first: int, last: int) -> str:
    files = [str(folder / name / f"year={year}" / "*.parquet") for year in range(first, last + 1)]
    return f"{name} AS (SELECT year, {', '.join(COLUMNS[name])} FROM read_parquet({files}))"  # noqa: S608


def _sums(rows: str, shares: dict[str, Any], means: dict[str, Any]) -> str:
    """Add up one unit by year and grunnkrets."""
    parts = [f"count(*) FILTER ({has}) AS {name}_n, count(*) FILTER ({among}) AS {name}_d"
             for name, (has, among) in shares.items()]  # fmt: skip
    parts += [f"sum({value}) AS {name}_n, sum({by}) AS {name}_d"
              for name, (value, by) in means.items()]  # fmt: skip
    listed = ", ".join(parts)
    return f"SELECT year, grunnkrets, count(*) AS everybody_n, {listed} FROM {rows} GROUP BY ALL"  # noqa: S608


#: Every area and the areas it lies in, itself among them.
_UP = """
    SELECT code, 'grunnkrets' AS level, code AS area FROM links WHERE level = 'grunnkrets'
    UNION ALL SELECT code, 'kommune', parent_code FROM links WHERE level = 'grunnkrets'
    UNION ALL SELECT code, 'fylke', code[1:2] FROM links WHERE level = 'grunnkrets'
    UNION ALL SELECT code, 'land', '0' FROM links WHERE level = 'grunnkrets'"""
_FIGURES = """
    quotients AS (
        SELECT *, CASE WHEN d IS NULL THEN n WHEN d > 0 THEN n / d END AS value FROM long),
    middles_of_areas AS (
        SELECT o.year, up.level, up.area, median(o.income_0) AS value, count(o.income_0) AS d
        FROM own o JOIN up ON up.code = o.grunnkrets GROUP BY ALL)
    SELECT level, area, indicator, year::VARCHAR AS period, value, n AS numerator,
           d AS denominator,
           CASE WHEN bounded AND d > 0 THEN (value + 1.9208 / d - 1.96 * sqrt(
               value * (1 - value) / d + 0.9604 / (d * d))) / (1 + 3.8416 / d) END AS lower,
           CASE WHEN bounded AND d > 0 THEN (value + 1.9208 / d + 1.96 * sqrt(
               value * (1 - value) / d + 0.9604 / (d * d))) / (1 + 3.8416 / d) END AS upper
    FROM quotients
    UNION ALL SELECT level, area, 'median_income', year::VARCHAR, value, NULL, d, NULL, NULL
    FROM middles_of_areas
    ORDER BY period, level, area, indicator"""


def _long(rows: str, shares: dict[str, Any], means: dict[str, Any], count: str) -> str:
    """Add up to every level, and give each figure a row of its own."""
    names = [*shares, *means]
    added = ", ".join(f"sum({n}_n) AS {n}_n, sum({n}_d) AS {n}_d" for n in names)
    figures = [f"{{indicator: '{n}', n: {n}_n::DOUBLE, d: {n}_d::DOUBLE, "
               f"bounded: {n in shares and n not in _NOT_BOUNDED}}}" for n in names]  # fmt: skip
    figures.append(f"{{indicator: '{count}', n: everybody_n::DOUBLE, d: NULL::DOUBLE, "
                   "bounded: false}")  # fmt: skip
    return f"""SELECT year, level, area, unnest([{", ".join(figures)}], recursive := true) FROM (
        SELECT year, up.level, up.area, sum(everybody_n) AS everybody_n, {added}
        FROM {rows} JOIN up ON up.code = {rows}.grunnkrets GROUP BY ALL)"""  # noqa: S608
