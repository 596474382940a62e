"""Generated registers and generated definitions: every engine gives the same observations, and
they are what a person would get by going through the rows."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nabolag.core import Level
from nabolag.indicators.engine import (
    Counted,
    Counting,
    Measure,
    RegisterFrames,
    Statistic,
    measure_problems,
    measure_registers,
    parse,
)
from nabolag.indicators.engine.expressions import TRUE, Expression
from nabolag.store.engine import Engine, PolarsEngine, open_engine
from tests.indicators.engine.made import (
    INSIDE,
    YEARS,
    Definitions,
    by_hand,
    household_rows,
    links,
    person_rows,
    registers,
)

LEVELS = (Level.GRUNNKRETS, Level.BYDEL, Level.KOMMUNE, Level.LAND)
NUMBERS = {
    Counted.PERSON: ["age", "level", "rooms", "area_m2", "household_persons", "income_per_unit",
                     "income_per_unit_1", "income_per_unit_2", "median_income", "median_income_1",
                     "assistance_months", "grade_points", "total_income", "year"],
    Counted.HOUSEHOLD: ["persons", "children", "rooms", "area_m2", "income_per_unit",
                        "median_income", "total_income", "housing_costs"],
}  # fmt: skip
FLAGS = {Counted.PERSON: ["employed", "in_education", "moved_within"], Counted.HOUSEHOLD: []}
GROUPS = {Counted.PERSON: [("sex",), ("age_band",), ("age_band", "sex"), ("tenure",)],
          Counted.HOUSEHOLD: [("tenure",), ("household_type",)]}  # fmt: skip


def numbers(unit: Counted, depth: int) -> st.SearchStrategy[str]:
    leaf = st.sampled_from([*NUMBERS[unit], "0", "3", "17.5", "-2"])
    if depth == 0:
        return leaf
    below = numbers(unit, depth - 1)
    signed = st.tuples(below, st.sampled_from(["+", "-", "*", "/"]), below)
    return st.one_of(leaf, signed.map(lambda t: f"({t[0]} {t[1]} {t[2]})"))


def flags(unit: Counted, depth: int) -> st.SearchStrategy[str]:
    number = numbers(unit, min(depth, 1))
    compared = st.tuples(number, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), number)
    leaves = [
        compared.map(" ".join),
        st.sampled_from(NUMBERS[unit]).map(lambda f: f"known({f})"),
        number.map(lambda n: f"between({n}, 2, 40)"),
        st.sampled_from(["tenure in ('owner', 'tenant')", "tenure == 'tenant'",
                         "tenure not in ('owner')", "true", "false", *FLAGS[unit]]),
    ]  # fmt: skip
    if depth == 0:
        return st.one_of(leaves)
    below = flags(unit, depth - 1)
    joined = st.tuples(below, st.sampled_from(["and", "or"]), below)
    return st.one_of(
        *leaves,
        joined.map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        below.map(lambda f: f"not ({f})"),
    )


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    unit = draw(st.sampled_from([Counted.PERSON, Counted.HOUSEHOLD]))
    statistic = draw(st.sampled_from(list(Statistic)))
    flag, number = flags(unit, 2), numbers(unit, 2)
    top = flag if statistic in (Statistic.SHARE, Statistic.COUNT) else number
    own = None
    if statistic in (Statistic.MEAN, Statistic.RATE) and draw(st.booleans()):
        own = parse(draw(st.one_of(number, flag)))
    where: Expression = parse(draw(flag)) if draw(st.booleans()) else TRUE
    groups = tuple(draw(st.lists(st.sampled_from(GROUPS[unit]), max_size=2, unique=True)))
    return Measure(unit, statistic, parse(draw(top)), where, own, groups)


ASKED = Counting(years=(2011, 2012), levels=LEVELS, unreliable_above=1, missing_above=1)


def counted(engine: Engine, made: dict[str, pl.DataFrame], asked: Definitions, how=ASKED):
    frames = {name: engine.take(frame) for name, frame in made.items()}
    found = measure_registers(RegisterFrames(engine, frames), asked, links(), how)
    assert not [f for f in found.findings if f.severity == "error"]
    return found


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    with open_engine("duckdb", memory="1GB") as opened:
        yield opened


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.lists(measures(), min_size=1, max_size=4))
def test_duckdb_and_polars_give_the_same_observations(duck, seed, drawn):
    asked = Definitions({f"m{n}": measure for n, measure in enumerate(drawn)})
    made = registers(seed, persons=40)
    one = counted(PolarsEngine(part=7), made, asked)
    other = counted(duck, made, asked)
    assert_frame_equal(one.observations, other.observations, rel_tol=1e-12, abs_tol=0)
    keys = ["level", "area", "indicator", "period", "group"]
    assert_frame_equal(one.coverage.sort(keys), other.coverage.sort(keys))
    assert one.findings == other.findings


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


#: Every statistic, rules with dated numbers, incomes of years before, crossings and medians.
STANDARD = {
    "share": ("person", "share", "low_education(level, age)", [("sex",), ("age_band", "sex")]),
    "poor": ("person", "share", "low_income(income_per_unit, median_income)", []),
    "persistent": ("person", "share", "persistent_low_income([income_per_unit, income_per_unit_1, "
                   "income_per_unit_2], [median_income, median_income_1, median_income_2])", []),
    "moved": ("person", "rate", "turnover(moved_in, moved_out, moved_within)", []),
    "points": ("person", "mean", "grade_points", [("sex",)]),
    "middle": ("person", "median", "income_per_unit", [("sex",)]),
    "crowded": ("household", "share", "crowded(persons, rooms, area_m2)", [("tenure",)]),
    "space": ("household", "mean", "area_m2 / persons", []),
    "homes": ("household", "count", "true", []),
}  # fmt: skip


def standard() -> Definitions:
    return Definitions({
        name: Measure(Counted(unit), Statistic(how), parse(top), groups=tuple(groups))
        for name, (unit, how, top, groups) in STANDARD.items()
    })  # fmt: skip


def test_the_standard_measures_can_be_asked():
    for name, measure in standard().measures.items():
        assert measure_problems(name, measure) == []


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, which is not here")
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same_observations(tmp_path_factory):
    pytest.importorskip("pyspark", reason="Spark is not installed (the extra «spark»)")
    folder = tmp_path_factory.mktemp("spark")
    made = registers(7, persons=80)
    how = Counting(
        years=(2012,), levels=(Level.BYDEL, Level.KOMMUNE), group_levels=(Level.KOMMUNE,),
        unreliable_above=1, missing_above=1,
    )  # fmt: skip
    with open_engine("spark", memory="1GB", folder=folder) as engine:
        spark = counted(engine, made, standard(), how)
    polars = counted(PolarsEngine(), made, standard(), how)
    assert polars.observations.filter(pl.col("status") == "value").height > 30
    assert_frame_equal(spark.observations, polars.observations, rel_tol=1e-12, abs_tol=0)
    assert spark.findings == polars.findings


def test_the_order_of_rows_and_the_number_of_threads_change_nothing(duck):
    made = registers(3, persons=200)
    chance = random.Random(1)
    mixed = {n: f.sample(fraction=1.0, shuffle=True, seed=chance.randint(0, 99))
             for n, f in made.items()}  # fmt: skip
    one = counted(PolarsEngine(), made, standard())
    for engine in (PolarsEngine(), duck):
        assert counted(engine, mixed, standard()).observations.equals(one.observations)


def test_frames_of_the_engine_are_lazy(duck):
    taken = duck.take(registers(1)["person"])
    assert isinstance(taken, nw.LazyFrame)
    assert YEARS[0] in RegisterFrames(duck, {"person": taken}).years("person")
