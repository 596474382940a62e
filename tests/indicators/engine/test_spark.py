"""Spark gives what the engines in the house give. One Spark is started for all that is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nabolag.core import Level
from nabolag.indicators.engine import Counted, Counting, Measure, Statistic, parse
from nabolag.store.engine import Engine, PolarsEngine, SparkEngine, open_engine
from tests.indicators.engine.drawn import assert_same, counted, sheets
from tests.indicators.engine.made import YEARS, Definitions, registers
from tests.support.requirements import lacking

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")

#: The smallest areas alone: larger ones are added up from them by what is not Spark's.
LEVELS = (Level.GRUNNKRETS,)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    """Spark with as little around small tables as can be."""
    if shutil.which("java") is None:
        lacking("Spark needs Java, which is not here")
    try:
        import pyspark  # noqa: F401
    except ImportError:
        lacking("Spark is not installed (the extra «spark»)")
    with open_engine("spark", memory="1GB", folder=tmp_path_factory.mktemp("spark")) as opened:
        assert isinstance(opened, SparkEngine)
        opened.session.sparkContext.setLogLevel("OFF")
        for key in ("shuffle.partitions", "leafNodeDefaultParallelism"):
            opened.session.conf.set(f"spark.sql.{key}", "1")
        opened.session.conf.set("spark.sql.adaptive.enabled", "false")
        yield opened


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    with open_engine("duckdb", memory="1GB") as opened:
        yield opened


#: An example is not made smaller when it fails: that would ask Spark some hundred times more.
ONCE = [Phase.explicit, Phase.reuse, Phase.generate]


@settings(max_examples=4, phases=ONCE)
@given(
    st.integers(0, 10_000), st.sampled_from([200, 60, 3]), st.sampled_from(YEARS[::-1]), sheets()
)
def test_generated_registers_and_definitions_are_the_same_on_every_engine(
    spark, duck, seed, persons, year, asked
):
    """Twenty-one measures at a time; of few people, where most of it is unknown, and of many."""
    made = registers(seed, persons)
    how = Counting(
        years=(year,), levels=LEVELS, group_levels=LEVELS,
        unreliable_above=0.2, missing_above=0.6,
    )  # fmt: skip
    polars = counted(PolarsEngine(), made, asked, how)
    assert_same(polars, counted(duck, made, asked, how), exactly=False)
    assert_same(polars, counted(spark, made, asked, how))


def test_numbers_with_no_place_in_a_whole_number_are_counted(spark):
    """Products of incomes pass 2⁶³, where Spark's own rounding down to whole numbers stops."""
    power = "(total_income * total_income) * (total_income * total_income)"
    asked = Definitions({
        "sum": Measure(Counted.PERSON, Statistic.SUM, parse(power)),
        "mean": Measure(Counted.PERSON, Statistic.MEAN, parse(f"0 - {power}")),
    })  # fmt: skip
    made = registers(7, 60)
    how = Counting(years=(2012,), levels=LEVELS, unreliable_above=1, missing_above=1)
    found = counted(spark, made, asked, how)
    assert found.observations["numerator"].abs().max() > 2.0**63
    assert_same(counted(PolarsEngine(), made, asked, how), found)


def test_what_is_kept_begins_anew(spark):
    """Else every year's plan holds the plans of the years before, and planning takes over."""
    frame = spark.take(registers(1, 10)["person"].select("person_id", "birth_year").unique())
    for _ in range(3):
        frame = spark.keep(frame.with_columns(nw.col("birth_year") + 1), "it")
        files = frame.to_native().inputFiles()
        assert files
        assert all(file.startswith(f"file://{spark.folder}/it-") for file in files)
    first = registers(1, 10)["person"].select("person_id", "birth_year").unique()
    found = spark.collect(frame).sort("person_id", "birth_year")
    expected = first.sort("person_id", "birth_year").with_columns(pl.col("birth_year") + 3)
    assert_frame_equal(found, expected, check_dtypes=False)


def test_spark_that_is_already_running_goes_on(spark, tmp_path):
    made = registers(1, 10)["person"]
    with open_engine("spark", folder=tmp_path / "new") as inner:
        assert inner.collect(inner.keep(inner.take(made), "it")).height == made.height
    assert not list((tmp_path / "new").iterdir())
    assert spark.collect(spark.take(made)).height == made.height
