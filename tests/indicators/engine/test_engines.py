"""Generated registers and generated definitions: every engine gives the same observations, and
they are what a person would get by going through the rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.indicators.engine import (
    Counted,
    RegisterFrames,
    measure_problems,
    parse,
)
from nabolag.indicators.engine.compiling import compiled
from nabolag.store.engine import Engine, PolarsEngine, open_engine
from tests.indicators.engine.drawn import assert_same, counted, measures, standard
from tests.indicators.engine.made import (
    INSIDE,
    YEARS,
    Definitions,
    by_hand,
    household_rows,
    person_rows,
    registers,
)


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    with open_engine("duckdb", memory="1GB") as opened:
        yield opened


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.lists(measures(), min_size=1, max_size=4))
def test_duckdb_and_polars_give_the_same_observations(duck, seed, drawn):
    asked = Definitions({f"m{n}": measure for n, measure in enumerate(drawn)})
    made = registers(seed, persons=40)
    polars, other = counted(PolarsEngine(part=7), made, asked), counted(duck, made, asked)
    assert_same(polars, other, exactly=False)


@settings(max_examples=15)
@given(st.integers(0, 10_000), measures())
def test_observations_are_what_going_through_the_rows_gives(seed, measure):
    made = registers(seed, persons=40)
    answered = counted(PolarsEngine(part=11), made, Definitions({"it": measure}))
    found = answered.observations
    left_out = {tuple(row[:5]): row[6] for row in answered.coverage.iter_rows()}
    seen = 0
    for row in found.iter_rows(named=True):
        if row["reason"] == "too_few_years":
            continue
        rows = (person_rows if measure.unit is Counted.PERSON else household_rows)(
            made, int(row["period"])
        )
        group = dict(part.split("=") for part in row["group"].split(";") if part)
        if "age_band" in group:
            low, high = limits(group.pop("age_band"))
            rows = [r for r in rows if low <= r["age"] <= high]
        population, known, value = by_hand(measure, rows, (row["level"], row["area"]), group)
        key = (row["level"], row["area"], "it", row["period"], row["group"])
        assert left_out.get(key, 0) == population - known
        if row["status"] == "value":
            assert row["value"] == pytest.approx(value, rel=1e-6, abs=1e-4)
        elif row["status"] == "missing":
            assert population
            assert not known
        else:
            assert row["status"] == "not_applicable"
            assert value is None
            assert row["value"] is None
        seen += 1
    everybody = [r for r in found.iter_rows(named=True) if r["group"] == ""]
    assert len(everybody) == len(INSIDE) * 2
    assert seen or measure.facts & {"income_per_unit_2"}


def limits(band: str) -> tuple[int, int]:
    if band.endswith("+"):
        return int(band[:-1]), 200
    low, high = band.split("-")
    return int(low), int(high)


def test_the_standard_measures_can_be_asked():
    for name, measure in standard().measures.items():
        assert measure_problems(name, measure) == []


def test_the_order_of_rows_and_the_number_of_threads_change_nothing(duck):
    made = registers(3, persons=200)
    chance = random.Random(1)
    mixed = {n: f.sample(fraction=1.0, shuffle=True, seed=chance.randint(0, 99))
             for n, f in made.items()}  # fmt: skip
    one = counted(PolarsEngine(), made, standard())
    for engine in (PolarsEngine(), duck):
        assert counted(engine, mixed, standard()).observations.equals(one.observations)


@pytest.mark.parametrize("name", ["polars", "duckdb"])
def test_what_is_divided_by_one_number_is_divided_and_not_multiplied(name):
    """Every third number divided by three is another one when a third of it is taken."""
    numbers = [n / 7 for n in range(1, 100)]
    assert any(number / 3 != number * (1 / 3) for number in numbers)
    third = compiled(parse("income / 3"), date(2020, 1, 1), {})
    with open_engine(name) as engine:
        taken = engine.take(pl.DataFrame({"income": [*numbers, None]}))
        found = engine.collect(taken.select("income", third.alias("third"))).drop_nulls()
    assert found["third"].to_list() == [number / 3 for number in found["income"]]
    assert found.height == len(numbers)


def test_frames_of_the_engine_are_lazy(duck):
    taken = duck.take(registers(1)["person"])
    assert isinstance(taken, nw.LazyFrame)
    assert YEARS[0] in RegisterFrames(duck, {"person": taken}).years("person")
