"""How long it takes to count the register-based indicators of a whole country.

Makes its own registers (`made_registers`), or takes a folder of them, and measures in one run,
each in a process of its own with its peak memory: the engine on Polars and on DuckDB, one SQL
statement written by hand for the same figures, a bare scan of the columns used, the engine on one
year and on more, pandas on a size it can hold, and Spark where it is installed. Prints a Markdown
table with the ratios, of time on the wall and of the processors' own: the two differ where the
machine does other things too. The engine and the SQL must agree, or the run fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import indicators_by_hand
import made_registers
import polars as pl
from made_registers import FIRST_YEAR, Size
from timing import peak_gib

from nabolag.core import Level
from nabolag.indicators import Counting, Definitions, RegisterFiles, load_definitions
from nabolag.indicators import measure_registers as count
from nabolag.indicators.engine import Counted
from nabolag.indicators.engine.facts import registers_of
from nabolag.store.engine import EngineName, open_engine

LEVELS = (Level.GRUNNKRETS, Level.KOMMUNE, Level.FYLKE, Level.LAND)
MEMORY = "4GB"
#: What the command line asks of the allocator (`nabolag.cli`), so that what it runs is measured.
MEMORY_KEPT = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:60000,muzzy_decay_ms:60000"}


def timed(what: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Do something; return what it gives, and its seconds on the wall and of the processors."""
    wall, own = perf_counter(), process_time()
    found = what()
    return found, {"seconds": perf_counter() - wall, "processor": process_time() - own}


def definitions(*, by_hand: bool) -> Definitions:
    """Return the house's measures that the made registers can answer; `by_hand`: the SQL's."""
    house = load_definitions()
    there = set(made_registers.REGISTERS)
    kept = {
        name: measure
        for name, measure in house.measures.items()
        if registers_of(measure.unit, measure.facts) <= there
        and measure.unit in (Counted.PERSON, Counted.HOUSEHOLD, Counted.DWELLING)
        and (not by_hand or name in indicators_by_hand.NAMES)
    }
    return Definitions(house.indicators, kept)


def run_engine(
    folder: Path, years: int, name: EngineName, *, by_hand: bool = True, groups: bool = False
) -> dict[str, Any]:
    """Count, and say how many observations came of it."""
    counting = Counting(
        years=tuple(range(FIRST_YEAR, FIRST_YEAR + years)),
        levels=LEVELS,
        breakdowns=groups,
        unreliable_above=1,
        missing_above=1,
    )
    with open_engine(name, memory=MEMORY, folder=folder / "temporary") as engine:
        files = RegisterFiles(engine, folder)
        asked, links = definitions(by_hand=by_hand), made_registers.links()
        found, taken = timed(lambda: count(files, asked, links, counting))
    found.observations.write_parquet(folder / f"observations-{name}.parquet")
    return {**taken, "rows": found.observations.height}


def run_scan(folder: Path, years: int) -> dict[str, Any]:
    """Read every column the definitions use, and no more."""

    def scan() -> None:
        for name, wanted in indicators_by_hand.COLUMNS.items():
            for year in range(FIRST_YEAR, FIRST_YEAR + years):
                files = str(folder / name / f"year={year}" / "*.parquet")
                pl.scan_parquet(files).select(pl.col(wanted).max()).collect()

    return {**timed(scan)[1], "rows": 0}


def run_sql(folder: Path, years: int) -> dict[str, Any]:
    """Run the statement written by hand."""
    with open_engine("duckdb", memory=MEMORY, folder=folder / "temporary") as engine:
        connection = engine.connection  # type: ignore[attr-defined]
        connection.register("links", made_registers.links().to_arrow())
        last = FIRST_YEAR + years - 1
        asked = indicators_by_hand.statement(folder, FIRST_YEAR, last)
        found, taken = timed(lambda: connection.execute(asked).pl())
    found.write_parquet(folder / "observations-sql.parquet")
    return {**taken, "rows": found.height}


def run_pandas(folder: Path, years: int) -> dict[str, Any]:
    """Count the same figures with pandas."""
    import indicators_in_pandas  # noqa: PLC0415

    found, taken = timed(lambda: indicators_in_pandas.count(folder, FIRST_YEAR, years))
    return {**taken, "rows": len(found)}


RUNS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "scan": run_scan,
    "sql": run_sql,
    "polars": lambda folder, years: run_engine(folder, years, "polars"),
    "duckdb": lambda folder, years: run_engine(folder, years, "duckdb"),
    "spark": lambda folder, years: run_engine(folder, years, "spark"),
    "whole set": lambda folder, years: run_engine(folder, years, "polars", by_hand=False),
    "whole set by groups": lambda folder, years: run_engine(
        folder, years, "polars", by_hand=False, groups=True
    ),
    "pandas": run_pandas,
}


def apart(what: str, folder: Path, years: int) -> dict[str, Any]:
    """Run one thing in a process of its own; return seconds, rows and peak memory in GiB."""
    command = [sys.executable, __file__, "--run", what, "--folder", str(folder), "--years",
               str(years)]  # fmt: skip
    environment = {**MEMORY_KEPT, **os.environ, "POLARS_MAX_THREADS": "2"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{what}: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def agree(folder: Path, name: str) -> bool:
    """Tell whether the engine's figures are those of the statement."""
    keys = ["level", "area", "indicator", "period"]
    ours = pl.read_parquet(folder / f"observations-{name}.parquet").drop_nulls("value")
    theirs = pl.read_parquet(folder / "observations-sql.parquet").drop_nulls("value")
    both = ours.join(theirs, on=keys, how="full", suffix="_sql", coalesce=True)
    apart = (pl.col("value") - pl.col("value_sql")).abs() > 1e-9 * pl.col("value_sql").abs() + 1e-12
    wrong = both.filter(apart | pl.col("value").is_null() | pl.col("value_sql").is_null())
    if wrong.height:
        print(wrong.select(*keys, "value", "value_sql").head(10), file=sys.stderr)
    return wrong.is_empty()


def table(folder: Path, asked: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield the rows of the table as they are found."""
    size = Size(asked.persons, asked.years)
    main = {what: apart(what, folder, size.years) for what in ("scan", "polars", "duckdb", "sql")}
    if not (agree(folder, "polars") and agree(folder, "duckdb")):
        raise SystemExit("The engine and the statement do not agree.")
    scan, sql = main["scan"], main["sql"]
    yield from (_row(what, size, found, scan, sql) for what, found in main.items())
    for what in ("whole set", "whole set by groups"):
        yield _row(what, size, apart(what, folder, size.years), scan, sql)
    yield from _even(folder, asked, main["polars"]["processor"] / size.years)
    little = Size(asked.persons, asked.small_years)
    ours = apart("polars", folder, little.years)
    yield _beside("pandas", folder, little, ours)
    if asked.spark:
        small = Size(asked.small_persons, asked.small_years)
        smaller = folder.parent / f"{small.persons}"
        made_registers.write_registers(smaller, small)
        yield _beside("spark", smaller, small, apart("polars", smaller, small.years))


def _even(folder: Path, asked: argparse.Namespace, usual: float) -> Iterator[str]:
    """Yield what a year costs the processors of one year alone, and of twice as many."""
    for years in (1, 2 * asked.years):
        found = apart("polars", folder, years)
        each = found["processor"] / years
        times = f"{each:.2f} s a year, {each / usual:.2f} of one of {asked.years}"
        yield _line("polars", Size(asked.persons, years), found, times, "")


def _beside(what: str, folder: Path, size: Size, ours: dict[str, Any]) -> str:
    found = apart(what, folder, size.years)
    times = f"{_ratio(found, ours, 1)} × polars ({_seconds(ours)} s)"
    return _line(what, size, found, times, "")


def _row(
    what: str, size: Size, found: dict[str, Any], scan: dict[str, Any], sql: dict[str, Any]
) -> str:
    return _line(what, size, found, _ratio(found, scan, 1), _ratio(found, sql, 2))


def _line(what: str, size: Size, found: dict[str, Any], *times: str) -> str:
    cells = (what, f"{size.persons} × {size.years}", _seconds(found), *times)
    return f"| {' | '.join(cells)} | {found['peak']:.1f} |"


def _seconds(found: dict[str, Any]) -> str:
    return f"{found['seconds']:.1f} ({found['processor']:.1f})"


def _ratio(one: dict[str, Any], other: dict[str, Any], decimals: int) -> str:
    """Return how many times as long, on the wall and (in parentheses) of the processors."""
    wall, own = (one[clock] / other[clock] for clock in ("seconds", "processor"))
    return f"{wall:.{decimals}f} ({own:.{decimals}f})"


def main() -> int:
    """Measure and print; or run one thing, for the process that measures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=Path("build/benchmark-registers"))
    options.add_argument("--persons", type=int, default=5_500_000)
    options.add_argument("--years", type=int, default=10)
    options.add_argument("--small-persons", type=int, default=1_000_000)
    options.add_argument("--small-years", type=int, default=3)
    options.add_argument("--spark", action="store_true")
    options.add_argument("--run", choices=RUNS)
    asked = options.parse_args()
    if asked.run:
        (asked.folder / "temporary").mkdir(parents=True, exist_ok=True)
        found = RUNS[asked.run](asked.folder, asked.years)
        print(json.dumps({**found, "peak": peak_gib()}))
        return 0
    folder = asked.folder / f"{asked.persons}"
    made_registers.write_registers(folder, Size(asked.persons, 2 * asked.years))
    print("On the wall, and in parentheses the processors' own time.")
    print("| what | persons × years | seconds | × bare scan | × SQL | peak GiB |")
    print("|---|---|---|---|---|---|")
    for row in table(folder, asked):
        print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
