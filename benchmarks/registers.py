"""How long it takes to check a year of a country's registers, and how much memory.

Prints seconds, peak memory, and the ratio to a bare scan of the same files: every column counted
and nothing judged, the least that reading them can cost. Each is measured in a process of its
own. A known number of rows is spoilt in four ways; the check must find exactly those, or the run
fails: speed that costs the answer is worth nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import polars as pl
from made_registers import FIRST_YEAR, Size, write_registers
from timing import peak_gib

from nabolag.registers import ValidationLimits, check_folder

REGISTERS = (
    "person",
    "household",
    "dwelling",
    "income_year",
    "employment",
    "activity",
    "social_assistance",
)
#: Spoilt persons: a sex that is none, born too early, a lost digit, the same row twice.
SPOILT = {
    "register_value_unknown": 1000,
    "register_out_of_range": 700,
    "register_digits": 300,
    "register_row_twice": 50,
}


def spoil(folder: Path) -> None:
    """Spoil the first rows of the persons, as many as `SPOILT` says."""
    (path,) = (folder / "person").glob(f"year={FIRST_YEAR}/*.parquet")
    people = pl.read_parquet(path)
    if people["sex"][0] == "none":
        return
    at, bounds, start = pl.int_range(pl.len()), {}, 0
    for code, count in SPOILT.items():
        bounds[code] = at.is_between(start, start + count - 1)
        start += count

    def put(column: str, code: str, value: Any) -> pl.Expr:
        spoilt = pl.when(bounds[code]).then(pl.lit(value)).otherwise(pl.col(column))
        return spoilt.cast(people.schema[column]).alias(column)

    twice = people.slice(start, SPOILT["register_row_twice"])
    wrong = people.with_columns(
        put("sex", "register_value_unknown", "none"),
        put("birth_year", "register_out_of_range", 1749),
        put("grunnkrets", "register_digits", "3010101"),
    )
    pl.concat([wrong, twice]).write_parquet(path)


def measured(part: str, folder: Path) -> dict[str, Any]:
    """Run one part in a process of its own. Returns seconds, megabytes and what it found."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, __file__, "--part", part, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def run_part(part: str, folder: Path) -> dict[str, Any]:
    """Scan or check, and measure it."""
    start = perf_counter()
    found = scan(folder) if part == "scan" else check(folder)
    seconds = perf_counter() - start
    return {"seconds": seconds, "megabytes": 1024 * peak_gib(), **found}


def scan(folder: Path) -> dict[str, Any]:
    """Count every column of every file."""
    rows = 0
    for name in REGISTERS:
        lazy = pl.scan_parquet(sorted((folder / name).glob("year=*/*.parquet")))
        rows += lazy.select(pl.all().count()).collect(engine="streaming").row(0)[0]
    return {"rows": rows}


def check(folder: Path) -> dict[str, Any]:
    """Check everything against the contracts."""
    report = check_folder(folder, ValidationLimits(fatal_share=1))
    found = {
        noted.code: noted.count
        for year in report.years
        if year.register == "person"
        for noted in year.noted
        if noted.outcome == "set_apart"
    }
    rows = sum(year.delivered for year in report.years)
    return {"rows": rows, "found": found, "apart": report.set_apart}


def main() -> int:
    """Measure; fail where what was spoilt is not found, and nothing else."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path)
    asked.add_argument("--part", choices=("scan", "check"))
    asked.add_argument("--persons", type=int, default=5_500_000)
    asked.add_argument("--times", type=int, default=3)
    given = asked.parse_args()
    if given.part:
        print(json.dumps(run_part(given.part, given.folder)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        made = folder / "made"
        made.mkdir(exist_ok=True)
        write_registers(made, Size(given.persons, 1))
        judged = folder / "judged"
        judged.mkdir(exist_ok=True)
        for name in REGISTERS:
            if not (judged / name).exists():
                (made / name).rename(judged / name)
        spoil(judged)
        return compare(judged, given.times)


def compare(folder: Path, times: int) -> int:
    """Print the medians of some runs, after one that does not count."""
    runs = {
        part: [measured(part, folder) for _ in range(times + 1)][1:] for part in ("scan", "check")
    }
    seconds = {part: median(run["seconds"] for run in done) for part, done in runs.items()}
    last = runs["check"][-1]
    peak = max(run["megabytes"] for run in runs["check"])
    print(f"rows {last['rows']:,}  scan {seconds['scan']:.2f} s  check {seconds['check']:.2f} s")
    print(f"ratio {seconds['check'] / seconds['scan']:.1f}  peak {peak:.0f} MB")
    if last["found"] != SPOILT or last["apart"] != sum(SPOILT.values()):
        print(f"found {last['found']}, {last['apart']} set apart; spoilt {SPOILT}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
