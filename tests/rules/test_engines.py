"""The same rule gives the same answers on every engine, whatever is unknown."""

from __future__ import annotations

import math
import random
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from nabolag import rules
from nabolag.rules import Kind
from nabolag.rules.examples import NOT_IN_FORCE, all_cases
from tests.rules.engines import answers

ROWS = 400
TYPES = {Kind.FLAG: pl.Boolean, Kind.WHOLE: pl.Int16, Kind.NUMBER: pl.Float64, Kind.WORD: pl.String}


def words_of(rule: str, fact: str) -> list[str]:
    """The words that a rule's own cases use, and one that it does not know."""
    used = {case.given.get(fact) for case in all_cases() if case.rule == rule}
    return [*sorted(word for word in used if word is not None), "something else"]


def values_of(rule: str, fact: rules.Fact, chance: random.Random) -> list[Any]:
    """Values around those of the rule's own cases (where its limits lie), many of them unknown."""
    if fact.kind is Kind.FLAG:
        return chance.choices([True, False, None], k=ROWS)
    if fact.kind is Kind.WORD:
        return chance.choices([*words_of(rule, fact.name), None], k=ROWS)
    given = [case.given.get(fact.name) for case in all_cases() if case.rule == rule]
    flat = [v for g in given for v in (g if isinstance(g, list) else [g]) if v is not None]
    if fact.kind is Kind.WHOLE:
        near = [min(v + step, 32_000) for v in flat for step in (-1, 0, 1)]
        return chance.choices([*near, None], k=ROWS)
    near = [float(v) + step for v in flat for step in (-0.5, 0.0, 0.5)]
    return chance.choices([*near, 0.0, None], k=ROWS)


def case_of(name: str) -> tuple[pl.DataFrame, nw.Expr]:
    """A frame of many rows and the rule over it, at a date when the rule holds."""
    chance = random.Random(name)
    columns: dict[str, pl.Series] = {}
    for fact in rules.signature(name).facts:
        for number in range(3 if fact.many else 1):
            values = values_of(name, fact, chance)
            columns[f"{fact.name}_{number}"] = pl.Series(values, dtype=TYPES[fact.kind])
    frame = pl.DataFrame(columns)
    facts = [nw.col(column) for column in frame.columns]
    return frame, rules.call(name, facts, date_of(name))


def date_of(name: str) -> date:
    """The date of the rule's first case in which it holds."""
    return next(c.at for c in all_cases() if c.rule == name and c.expect != NOT_IN_FORCE)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_duckdb_answers_as_polars_does(name: str) -> None:
    frame, rule = case_of(name)
    polars, duckdb = answers(frame, rule), answers(frame, rule, "duckdb")
    differ = [row for row in range(ROWS) if not same(polars[row], duckdb[row])]
    assert not differ, (frame.row(differ[0], named=True), polars[differ[0]], duckdb[differ[0]])


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_some_answers_are_known_and_some_are_not(name: str) -> None:
    """Else the comparison above would say little."""
    frame, rule = case_of(name)
    found = answers(frame, rule)
    assert any(answer is None for answer in found)
    assert any(answer is not None for answer in found)


@pytest.mark.parametrize("name", sorted(rules.RULES))
def test_facts_all_unknown_give_unknown(name: str) -> None:
    frame, rule = case_of(name)
    empty = frame.head(1).with_columns(
        pl.lit(None).cast(t).alias(c) for c, t in frame.schema.items()
    )
    for engine in ("polars", "duckdb"):
        assert answers(empty, rule, engine) == [None]


def test_spark_answers_as_polars_does(spark: Any) -> None:
    """Every rule over columns of its own in one wide table, so that Spark is asked once."""
    spelled = {
        pl.Boolean: "boolean",
        pl.Int16: "smallint",
        pl.Float64: "double",
        pl.String: "string",
    }
    rows = 100
    wide = pl.DataFrame({"_row": pl.Series(range(rows), dtype=pl.Int32)})
    asked: dict[str, nw.Expr] = {}
    for name in sorted(rules.RULES):
        frame, _ = case_of(name)
        frame = frame.rename(lambda column, name=name: f"{name}__{column}")
        wide = wide.hstack(frame.head(rows))
        asked[name] = rules.call(name, [nw.col(column) for column in frame.columns], date_of(name))
    columns = ", ".join(f"{c} {spelled[type(t)]}" for c, t in wide.drop("_row").schema.items())
    table = spark.createDataFrame(wide.rows(), schema=f"_row int, {columns}")
    answered = nw.from_native(table).select("_row", **asked).to_native().collect()
    found = sorted(answered, key=lambda row: row["_row"])
    polars = nw.from_native(wide).select(**asked).to_native()
    for name in asked:
        spoken = zip(polars[name].to_list(), (row[name] for row in found), strict=True)
        assert all(same(one, other) for one, other in spoken), name
