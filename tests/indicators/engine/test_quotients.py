"""Quotients of two registers, and accounts: by hand, where something lacks, and as a property."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nabolag.core import Level
from nabolag.indicators.engine import (
    Counted,
    Counting,
    Measure,
    Measured,
    RegisterFrames,
    Statistic,
    measure_problems,
    measure_registers,
    parse,
    read_measure,
)
from nabolag.registers import CONTRACTS
from nabolag.store.engine import Engine, open_engine
from tests.indicators.engine.made import Definitions, links, registers

YEAR = 2012
LEVELS = (Level.GRUNNKRETS, Level.BYDEL, Level.KOMMUNE, Level.LAND)
SPENT = Measure(
    Counted.ACCOUNT,
    Statistic.SUM,
    parse("amount"),
    where=parse("function == '231'"),
    per=Measure(Counted.PERSON, Statistic.COUNT),
)
#: Persons in bydel 110301 (6), the rest of 1103 (2), and 1104 (4).
LIVING = {"11030101": 4, "11030102": 2, "11030103": 2, "11040101": 4}


@pytest.fixture(scope="module", params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine(request.param) as opened:
        yield opened


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    blank = dict.fromkeys(CONTRACTS[name].names)
    return pl.DataFrame([{**blank, **row} for row in rows], schema=CONTRACTS[name].schema)


def people() -> pl.DataFrame:
    places = [code for code, persons in LIVING.items() for _ in range(persons)]
    return frame("person", [
        {"year": YEAR, "person_id": n, "sex": "male", "birth_year": 2000 - n, "grunnkrets": code,
         "household_id": n, "role": "single", "immigration_category": "A",
         "country_group": "norway"}
        for n, code in enumerate(places)
    ])  # fmt: skip


def accounts(*lines: tuple[str, str, str, float]) -> pl.DataFrame:
    names = ("municipality", "unit", "function", "amount")
    rows = [dict(zip(names, line, strict=True)) | {"year": YEAR, "kind": "010"} for line in lines]
    return frame("account_line", rows)


def run(engine: Engine, lines: pl.DataFrame | None, asked: Definitions, **how: Any) -> Measured:
    made = {"person": people()} | ({} if lines is None else {"account_line": lines})
    taken = {name: engine.take(table) for name, table in made.items()}
    counting = Counting(**{"years": (YEAR,), "levels": LEVELS, **how})
    return measure_registers(RegisterFrames(engine, taken), asked, links(), counting)


def told(found: Measured) -> dict[str, tuple[Any, ...]]:
    """Return status, value and reason by level and area."""
    return {
        f"{row['level']}:{row['area']}": (row["status"], row["value"], row["reason"])
        for row in found.observations.iter_rows(named=True)
    }


WHOLE = accounts(
    ("1103", "", "231", 8_000.0), ("1103", "", "202", 5.0), ("1104", "", "231", 2_000.0),
    ("1103", "110301", "231", 3_000.0), ("1103", "9000123", "231", 5_000.0),
)  # fmt: skip


def test_spending_per_resident_by_hand(engine: Engine) -> None:
    found = run(engine, WHOLE, Definitions({"spent": SPENT}))
    assert told(found) == {
        "bydel:110301": ("value", 500.0, ""),
        "kommune:1103": ("value", 1000.0, ""),
        "kommune:1104": ("value", 500.0, ""),
        "land:0": ("value", 10_000 / 12, ""),
    }
    town = found.observations.filter(area="1103").row(0, named=True)
    assert (town["numerator"], town["denominator"]) == (8_000.0, 8.0)
    assert (town["lower"], town["upper"]) == (None, None)
    assert not [f for f in found.findings if f.params.get("unit") != "person"]


def test_accounts_that_were_not_delivered_are_not_zero(engine: Engine) -> None:
    one = accounts(("1103", "", "231", 8_000.0), ("1103", "110301", "202", 9.0))
    found = run(engine, one, Definitions({"spent": SPENT}))
    lacking = ("missing", None, "area_not_delivered")
    assert told(found) == {
        # The bydel's lines say nothing of the function: what it spends is not known.
        "bydel:110301": lacking,
        "kommune:1103": ("value", 1000.0, ""),
        "kommune:1104": lacking,
        "land:0": lacking,
    }
    (finding,) = (f for f in found.findings if f.params.get("indicator"))
    assert (finding.code, finding.count) == ("measure_area_not_delivered", 3)


def test_a_municipality_that_books_nothing_on_a_function_has_spent_nothing(engine: Engine) -> None:
    lines = accounts(("1103", "", "202", 5.0), ("1104", "", "231", 2_000.0))
    found = told(run(engine, lines, Definitions({"spent": SPENT})))
    assert found["kommune:1103"] == ("value", 0.0, "")


def test_a_register_that_is_not_there_is_missing_at_the_levels_it_is_about(engine: Engine) -> None:
    found = run(engine, None, Definitions({"spent": SPENT}))
    assert set(told(found).values()) == {("missing", None, "not_delivered")}
    assert set(found.observations["level"]) == {"bydel", "kommune", "land"}


def test_nobody_to_divide_by_is_not_applicable(engine: Engine) -> None:
    old = Measure(Counted.PERSON, Statistic.COUNT, where=parse("age >= 90"))
    found = told(run(engine, WHOLE, Definitions({"spent": replace(SPENT, per=old)})))
    assert found["kommune:1103"] == ("not_applicable", None, "")


def test_what_is_unknown_on_either_side_is_unknown(engine: Engine) -> None:
    """Nobody's education is known in 1103: the count divided by is missing, and so the quotient."""
    renting = Measure(Counted.PERSON, Statistic.COUNT, parse("level >= 3"))
    schooling = frame("education", [
        {"year": YEAR, "person_id": n, "level": None, "in_education": False} for n in range(8)
    ] + [{"year": YEAR, "person_id": n, "level": 4, "in_education": False} for n in range(8, 12)])  # fmt: skip
    made = {"person": people(), "account_line": WHOLE, "education": schooling}
    taken = {name: engine.take(table) for name, table in made.items()}
    asked = Definitions({"spent": replace(SPENT, per=renting)})
    counting = Counting(years=(YEAR,), levels=(Level.KOMMUNE, Level.LAND), missing_above=0.9)
    found = told(measure_registers(RegisterFrames(engine, taken), asked, links(), counting))
    assert found["kommune:1103"] == ("missing", None, "unknown_facts")
    assert found["kommune:1104"] == ("value", 500.0, "")
    assert found["land:0"] == ("unreliable", 2_500.0, "unknown_facts")


def test_what_is_divided_by_is_not_an_indicator(engine: Engine) -> None:
    alone = replace(SPENT, per=None)
    found = run(engine, WHOLE, Definitions({"spent": SPENT, "kroner": alone}))
    assert set(found.observations["indicator"]) == {"spent", "kroner"}
    kroner = found.observations.filter(indicator="kroner", area="1103").row(0, named=True)
    assert (kroner["value"], kroner["denominator"]) == (8_000.0, None)


def test_a_quotient_begins_at_the_smallest_level_of_its_indicator(engine: Engine) -> None:
    asked = Definitions({"spent": SPENT})
    entry = replace(asked.indicators["spent"], minimum_level=Level.KOMMUNE)
    asked.indicators["spent"] = entry
    found = run(engine, WHOLE, asked)
    assert set(found.observations["level"]) == {"kommune", "land"}


def test_a_municipality_nobody_knows_is_reported(engine: Engine) -> None:
    lines = pl.concat([WHOLE, accounts(("9999", "", "231", 7.0), ("9999", "x", "231", 7.0))])
    found = run(engine, lines, Definitions({"spent": SPENT}))
    unknown = [f for f in found.findings if f.params.get("unit") == "account"]
    assert {f.examples for f in unknown} == {("9999",)}
    assert told(found)["land:0"] == ("value", 10_000 / 12, "")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"per": "population"}, "catalogue_value_wrong"),
        ({"per": {"unit": "person", "statistic": "share"}}, "catalogue_value_wrong"),
        ({"per": {"unit": "people"}}, "catalogue_value_wrong"),
        ({"per": {"where": "age > 3"}}, "catalogue_key_absent"),
        ({"per": {"unit": "person"}, "statistic": "mean"}, "measure_per_unused"),
        ({"per": {"unit": "person"}, "groups": ["function"]}, "measure_per_unused"),
    ],
)
def test_a_wrong_divisor_is_refused(changed: dict[str, Any], code: str) -> None:
    plain = {"unit": "account", "statistic": "sum", "numerator": "amount"}
    measure, findings = read_measure({**plain, **changed}, "a.yaml", "spent")
    assert measure is None
    assert code in {finding.code for finding in findings}


def test_the_facts_of_a_divisor_are_looked_for() -> None:
    per = Measure(Counted.PERSON, Statistic.COUNT, where=parse("agee > 3"))
    (finding,) = measure_problems("spent", replace(SPENT, per=per))
    assert finding.code == "measure_fact_unknown"
    assert "age" in finding.params["near"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6), share=st.sampled_from(["age < 30", "sex == 'male'", "true"]))
def test_a_quotient_is_its_two_counts_divided(engine: Engine, seed: int, share: str) -> None:
    """Events for each person: the same as counting both alone and dividing."""
    came = Measure(Counted.EVENT, Statistic.COUNT, where=parse("direction == 'in'"))
    living = Measure(Counted.PERSON, Statistic.COUNT, where=parse(share))
    asked = Definitions({"came": came, "living": living, "rate": replace(came, per=living)})
    taken = {name: engine.take(table) for name, table in registers(seed, 25).items()}
    counting = Counting(years=(YEAR,), levels=LEVELS)
    found = measure_registers(RegisterFrames(engine, taken), asked, links(), counting)
    wide = found.observations.pivot("indicator", index=["level", "area"], values="value")
    for row in wide.iter_rows(named=True):
        known = row["came"] is not None and row["living"]
        expected = row["came"] / row["living"] if known else None
        assert row["rate"] == (None if expected is None else pytest.approx(expected))
