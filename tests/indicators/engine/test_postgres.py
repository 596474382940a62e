"""A real PostgreSQL gives what the engines in the house give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nabolag.core import Level
from nabolag.indicators.engine import (
    Counting,
    RegisterFiles,
    RegisterFrames,
    measure_registers,
)
from nabolag.registers import CONTRACTS, write_part
from nabolag.store.engine import PolarsEngine, PostgresEngine, open_engine
from tests.indicators.engine.drawn import assert_same, counted, sheets, standard
from tests.indicators.engine.made import YEARS, links, registers
from tests.support.postgres import postgres_server

pytestmark = pytest.mark.postgres

HOW = Counting(
    years=YEARS, levels=(Level.GRUNNKRETS, Level.KOMMUNE), unreliable_above=0.2, missing_above=0.6
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres_server() as found:
        yield found


@pytest.fixture(scope="module")
def postgres(address: str) -> Iterator[PostgresEngine]:
    with open_engine("postgres", address=address) as opened:
        assert isinstance(opened, PostgresEngine)
        yield opened


@settings(max_examples=6)
@given(
    st.integers(0, 10_000), st.sampled_from([200, 60, 3]), st.sampled_from(YEARS[::-1]), sheets()
)
def test_generated_registers_and_definitions_are_the_same(postgres, seed, persons, year, asked):
    made, how = registers(seed, persons), HOW.model_copy(update={"years": (year,)})
    polars = counted(PolarsEngine(), made, asked, how)
    assert_same(polars, counted(postgres, made, asked, how), exactly=False)


def test_files_are_counted_year_after_year(address, tmp_path):
    made = registers(7, 80)
    for name, frame in made.items():
        for (year,), part in frame.group_by("year"):
            write_part(part, tmp_path, CONTRACTS[name], year)
    with open_engine("postgres", address=address) as engine:
        found = measure_registers(RegisterFiles(engine, tmp_path), standard(), links(), HOW)
    assert found.observations.filter(status="value").height > 100
    polars = measure_registers(RegisterFiles(PolarsEngine(), tmp_path), standard(), links(), HOW)
    assert_same(polars, found, exactly=False)


def test_tables_that_the_database_already_has_are_counted_where_they_are(address):
    made = registers(5, 60)
    with open_engine("postgres", address=address) as engine:
        for name, frame in made.items():
            copied = engine.take(frame)
            engine.connection.create_table(f"their_{name}", copied.to_native())
    with open_engine("postgres", address=address) as engine:
        frames = {name: engine.table(f"their_{name}") for name in made}
        found = measure_registers(RegisterFrames(engine, frames), standard(), links(), HOW)
    assert_same(counted(PolarsEngine(), made, standard(), HOW), found, exactly=False)


def test_words_and_the_unknown_come_back_as_they_were(postgres, tmp_path):
    frame = pl.DataFrame({
        "word": ["", None, "\\N", 'a "word", and\nmore', "Åsgårdstrand"],
        "number": [0.1, None, -0.0, 1e300, 1 / 3],
        "whole": [None, 1, -(2**31), 2**31 - 1, 0],
        "flag": [True, False, None, True, False],
    }, schema_overrides={"whole": pl.Int32})  # fmt: skip
    assert_frame_equal(postgres.collect(postgres.take(frame)), frame)
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    frame.write_parquet(files[0])
    frame.clear().write_parquet(files[1])
    assert_frame_equal(postgres.collect(postgres.scan(files)), frame)
    tables = postgres.connection.list_tables()
    assert_frame_equal(postgres.collect(postgres.scan(files)), frame)
    assert postgres.connection.list_tables() == tables  # copied once
    assert postgres.collect(postgres.scan(files[1:])).schema == frame.schema


def test_what_takes_a_frames_place_may_be_made_of_it(postgres):
    frame = postgres.keep(postgres.take(pl.DataFrame({"number": [1, 2]})), "it")
    tables = set(postgres.connection.list_tables())
    frame = postgres.keep(frame.select(nw.col("number") + 1), "it")
    assert postgres.collect(frame)["number"].to_list() == [2, 3]
    assert len(set(postgres.connection.list_tables())) == len(tables)


@pytest.mark.parametrize("wrong", ["", "mysql://here", "postgres:there"])
def test_an_address_of_something_else_is_refused(wrong):
    with pytest.raises(ValueError, match="postgresql://"), open_engine("postgres", address=wrong):
        pass


def test_nobody_at_the_address_is_said(tmp_path: Path):
    nowhere = f"postgresql://someone:secret@/none?host={tmp_path}"
    with pytest.raises(ConnectionError) as said, open_engine("postgres", address=nowhere):
        pass
    assert "secret" not in str(said.value)
