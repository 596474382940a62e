"""Small random registers and definitions, and the engine's answer worked out row by row."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

import polars as pl

from nabolag.core import Indicator, Kind, Text, Unit, Worse
from nabolag.indicators.engine.expressions import (
    Among,
    AtLeast,
    Between,
    Both,
    Comparison,
    Constant,
    Either,
    Expression,
    Fact,
    Known,
    Not,
    Reckoning,
)
from nabolag.indicators.engine.measures import Measure, Statistic
from nabolag.registers import CONTRACTS
from nabolag.registers.contracts import HOUSEHOLD_TYPES, IMMIGRATION_CATEGORIES, ROLES, TENURES
from nabolag.rules import HOUSE_NUMBERS, RuleNumbers
from nabolag.store.frames import LINKS

KREDSER = ("11030101", "11030102", "11030103", "11040101", "11049999")
YEARS = (2010, 2011, 2012)
UNIT_OF = {Statistic.SHARE: Unit.SHARE, Statistic.COUNT: Unit.COUNT, Statistic.RATE: Unit.RATE}


def links() -> pl.DataFrame:
    rows = [
        ("grunnkrets", "11030101", "bydel", "110301"),
        ("grunnkrets", "11030102", "bydel", "110301"),
    ]
    rows += [("grunnkrets", code, "kommune", code[:4]) for code in KREDSER]
    rows += [("bydel", "110301", "kommune", "1103")]
    rows += [("kommune", code, "land", "0") for code in ("1103", "1104")]
    # Areas of one's own of two sets overlap: a kreds lies in both, and is counted in each.
    rows += [("grunnkrets", code, "custom", "fjell") for code in KREDSER[:3]]
    rows += [("grunnkrets", code, "custom", "studie") for code in KREDSER[2:4]]
    rows.remove(("grunnkrets", "11030101", "kommune", "1103"))
    rows.remove(("grunnkrets", "11030102", "kommune", "1103"))
    return pl.DataFrame(rows, schema=LINKS, orient="row")


#: What lies in what, written out by hand for the row-by-row answer.
INSIDE = {
    ("grunnkrets", code): (code,) for code in KREDSER
} | {
    ("bydel", "110301"): ("11030101", "11030102"),
    ("kommune", "1103"): ("11030101", "11030102", "11030103"),
    ("kommune", "1104"): ("11040101", "11049999"),
    ("land", "0"): KREDSER,
    ("custom", "fjell"): KREDSER[:3],
    ("custom", "studie"): KREDSER[2:4],
}  # fmt: skip


def registers(seed: int, persons: int = 60) -> dict[str, pl.DataFrame]:
    """Three years of registers; about one fact in six is unknown."""
    chance = random.Random(seed)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _MADE}
    for year in YEARS:
        homes = max(1, persons // 2)
        for home in range(1, homes + 1):
            _home(found, chance, year, home)
        for person in range(1, persons + 1):
            if chance.random() < 0.9:
                _person(found, chance, year, person, chance.randint(1, homes))
    return {name: pl.DataFrame(rows, schema=CONTRACTS[name].schema) for name, rows in found.items()}


_MADE = ("person", "household", "dwelling", "income_year", "education", "employment", "activity",
         "social_assistance", "pupil", "population_event")  # fmt: skip


def _maybe(chance: random.Random, value: Any) -> Any:
    return None if chance.random() < 0.17 else value


def _home(found: dict[str, list[dict[str, Any]]], chance: random.Random, year: int, home: int):
    key = {"year": year, "household_id": home}
    found["household"].append({
        **key, "grunnkrets": chance.choice(KREDSER), "dwelling_id": _maybe(chance, home + 500),
        "household_type": chance.choice(HOUSEHOLD_TYPES), "persons": chance.randint(1, 6),
        "children": chance.randint(0, 4), "youngest_age": chance.randint(0, 60),
        "tenure": _maybe(chance, chance.choice(TENURES)),
    })  # fmt: skip
    if chance.random() < 0.9:
        found["dwelling"].append({
            "year": year, "dwelling_id": home + 500, "grunnkrets": chance.choice(KREDSER),
            "building": "block", "built_year": _maybe(chance, 1950),
            "rooms": _maybe(chance, chance.randint(1, 5)),
            "area_m2": _maybe(chance, chance.randint(40, 600) / 4), "owner": "private",
        })  # fmt: skip
    if chance.random() < 0.9:
        found["income_year"].append({
            **key, "income_after_tax": chance.randint(-4000, 4_000_000) / 4,
            "consumption_units": chance.choice([1.0, 1.3, 1.5, 2.1]),
            "total_income": _maybe(chance, float(chance.randint(0, 900_000))),
            "transfers": _maybe(chance, 0.0), "debt": _maybe(chance, 7.25),
            "housing_costs": _maybe(chance, float(chance.randint(0, 200_000))),
        })  # fmt: skip


def _person(
    found: dict[str, list[dict[str, Any]]], chance: random.Random, year: int, person: int, home: int
):
    key = {"year": year, "person_id": person}
    born = 1920 + (person * 37) % 90
    found["person"].append({
        **key, "sex": chance.choice(("male", "female")), "birth_year": born,
        "grunnkrets": chance.choice(KREDSER), "household_id": home,
        "role": chance.choice(ROLES), "country_group": "norway",
        "immigration_category": chance.choice(IMMIGRATION_CATEGORIES),
    })  # fmt: skip
    if chance.random() < 0.8:
        start = _maybe(chance, chance.randint(2000, year))
        found["education"].append({
            **key, "level": _maybe(chance, chance.randint(0, 8)),
            "in_education": chance.random() < 0.3, "upper_secondary_start": start,
            "upper_secondary_completed": None,
        })  # fmt: skip
    if chance.random() < 0.8:
        found["employment"].append(
            {**key, "employed": chance.random() < 0.6, "in_measure": chance.random() < 0.1}
        )
    if chance.random() < 0.2:
        found["social_assistance"].append(
            {**key, "months": chance.randint(1, 12), "amount": chance.randint(1, 9999) / 4}
        )
    if chance.random() < 0.2:
        found["pupil"].append({
            **key, "school_id": 1, "grade": chance.randint(1, 10),
            "grade_points": _maybe(chance, chance.randint(80, 240) / 4),
        })  # fmt: skip
    if chance.random() < 0.2:
        found["population_event"].append({
            **key, "event": "internal_move", "birth_year": born,
            "from_grunnkrets": chance.choice(KREDSER), "to_grunnkrets": chance.choice(KREDSER),
        })  # fmt: skip


@dataclass(frozen=True)
class Definitions:
    """Measures, with an indicator of the right unit for each."""

    measures: dict[str, Measure]
    numbers: RuleNumbers = HOUSE_NUMBERS
    indicators: dict[str, Indicator] = field(init=False)

    def __post_init__(self) -> None:
        made = {}
        for name, measure in self.measures.items():
            text = Text.same(name)
            unit = UNIT_OF.get(measure.statistic, Unit.MEAN)
            made[name] = Indicator(
                name, text, text, unit=unit, kind=Kind.CHALLENGE, worse=Worse.HIGH, ring="income"
            )
        object.__setattr__(self, "indicators", made)


def person_rows(made: dict[str, pl.DataFrame], year: int) -> list[dict[str, Any]]:
    """Return the facts of every person of a year, put together with dictionaries alone."""

    def by(name: str, key: str, at: int) -> dict[int, dict[str, Any]]:
        return {row[key]: row for row in made[name].to_dicts() if row["year"] == at}

    tables = {name: by(name, "person_id", year)
              for name in ("education", "employment", "social_assistance", "pupil")}  # fmt: skip
    moved = {row["person_id"] for row in made["population_event"].to_dicts() if row["year"] == year}
    homes = {row["household_id"]: row for row in household_rows(made, year)}
    before = {step: _incomes(made, year - step) for step in (1, 2)}
    medians = [_middle(list(_incomes(made, year - step).values())) for step in (0, 1, 2)]
    rows = []
    for person in by("person", "person_id", year).values():
        own, home = person["person_id"], homes.get(person["household_id"], {})
        row = {**person, "age": year - person["birth_year"] - 1, "moved_within": own in moved}
        for table in tables.values():
            row |= {k: v for k, v in table.get(own, {}).items() if k != "months"}
        row["assistance_months"] = tables["social_assistance"].get(own, {}).get("months", 0)
        row["household_persons"] = home.get("persons")
        for fact in ("tenure", "rooms", "area_m2", "income_per_unit", "total_income", "children"):
            row[fact] = home.get(fact)
        row |= {f"income_per_unit_{step}": before[step].get(own) for step in (1, 2)}
        row |= {"median_income": medians[0], "median_income_1": medians[1]}
        rows.append(row)
    return rows


def household_rows(made: dict[str, pl.DataFrame], year: int) -> list[dict[str, Any]]:
    median = _middle(list(_incomes(made, year).values()))
    return [{**row, "median_income": median} for row in _homes(made, year)]


def _homes(made: dict[str, pl.DataFrame], year: int) -> list[dict[str, Any]]:
    dwellings = {r["dwelling_id"]: r for r in made["dwelling"].to_dicts() if r["year"] == year}
    incomes = {r["household_id"]: r for r in made["income_year"].to_dicts() if r["year"] == year}
    rows = []
    for home in (r for r in made["household"].to_dicts() if r["year"] == year):
        dwelling = dwellings.get(home["dwelling_id"], {})
        income = incomes.get(home["household_id"], {})
        row = {**home, "rooms": dwelling.get("rooms"), "area_m2": dwelling.get("area_m2")}
        row |= {k: income.get(k) for k in ("total_income", "housing_costs", "income_after_tax")}
        row["income_per_unit"] = (
            income["income_after_tax"] / income["consumption_units"] if income else None
        )
        rows.append(row)
    return rows


def _incomes(made: dict[str, pl.DataFrame], year: int) -> dict[int, float]:
    homes = {r["household_id"]: r["income_per_unit"] for r in _homes(made, year)}
    people = (r for r in made["person"].to_dicts() if r["year"] == year)
    found = {r["person_id"]: homes.get(r["household_id"]) for r in people}
    return {person: income for person, income in found.items() if income is not None}


def _middle(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


_SIGNS: dict[str, Callable[..., Any]] = {
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "+": add, "-": sub, "*": mul,
}  # fmt: skip


def answer(expression: Expression, row: dict[str, Any]) -> Any:  # noqa: C901, PLR0911
    """Return what an expression says of one row; `None` is unknown."""
    match expression:
        case Fact(name):
            return row.get(name)
        case Constant(value):
            return value
        case Both(left, right):
            both = (answer(left, row), answer(right, row))
            return False if False in both else None if None in both else True
        case Either(left, right):
            both = (answer(left, row), answer(right, row))
            return True if True in both else None if None in both else False
        case Not(of):
            found = answer(of, row)
            return None if found is None else not found
        case Known(of):
            return answer(of, row) is not None
        case AtLeast(count, of):
            found = [answer(part, row) for part in of]
            if sum(one is True for one in found) >= count:
                return True
            return False if sum(one is not False for one in found) < count else None
        case Among(of, choices):
            found = answer(of, row)
            return None if found is None else found in [choice.value for choice in choices]
        case Between(of, low, high):
            return answer(Both(Comparison(">=", of, low), Comparison("<=", of, high)), row)
        case Reckoning(sign, left, right) | Comparison(sign, left, right):
            given = (answer(left, row), answer(right, row))
            if None in given or (sign == "/" and given[1] == 0):
                return None
            return given[0] / given[1] if sign == "/" else _SIGNS[sign](*given)
    raise AssertionError(expression)


def by_hand(
    measure: Measure, rows: list[dict[str, Any]], area: tuple[str, str], group: dict[str, str]
) -> tuple[int, int, float | None]:
    """Return how many are in the population, how many of them are known, and the value."""
    here = [r for r in rows if r["grunnkrets"] in INSIDE[area]
            and all(r[k] == v for k, v in group.items())]  # fmt: skip
    population = [r for r in here if answer(measure.where, r) is True]
    own = measure.denominator or Constant(1)
    pairs = [(answer(measure.numerator, r), answer(own, r)) for r in population]
    known = [(float(a), float(b)) for a, b in pairs if a is not None and b is not None]
    return len(population), len(known), _value(measure.statistic, known)


def _value(statistic: Statistic, known: list[tuple[float, float]]) -> float | None:
    top, bottom = sum(a for a, _ in known), sum(b for _, b in known)
    if statistic in (Statistic.COUNT, Statistic.SUM):
        return top
    if statistic is Statistic.MEDIAN:
        return _middle([a for a, _ in known])
    if bottom == 0:
        return None
    return top / bottom * (1000 if statistic is Statistic.RATE else 1)
