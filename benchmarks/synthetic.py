"""How long a synthetic country of a given size takes to write, and how much memory it holds.

Memory is the sum of what this process and all its children hold (resident), looked at ten times
a second; the highest is told. The population of every year is counted in what was written, and
must be that of the facts, or the run fails.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import polars as pl

from nabolag.registers import scan_register
from nabolag.synthetic import CountryFacts, CountrySpec, read_population, write_country

_COLUMNS = ("date", "persons", "years", "municipalities", "workers", "person-years", "rows",
            "seconds", "person-years/s", "peak GiB", "files GiB")  # fmt: skip
_HEADING = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}"
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Memory(threading.Thread):
    """Watches how much memory this process and its children hold, in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self._done = 0, threading.Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self._done.wait(0.1):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(os.getpid())))

    def stop(self) -> int:
        """Return the highest sum that was seen."""
        self._done.set()
        self.join()
        return self.peak


def _family(pid: int) -> list[int]:
    """Return a process and all below it."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in below for one in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _sound(folder: Path, facts: CountryFacts) -> bool:
    """Tell whether what was written holds the persons that the facts tell of."""
    written = scan_register(folder / "registers", "person").group_by("year").agg(pl.len()).collect()
    return dict(written.iter_rows()) == facts.persons


def _spec(asked: argparse.Namespace) -> CountrySpec:
    totals = None
    if asked.totals is not None:
        years = range(asked.first_year, asked.first_year + asked.years)
        totals = read_population(asked.totals, years)
    return CountrySpec(
        seed=asked.seed,
        persons=asked.persons,
        years=asked.years,
        first_year=asked.first_year,
        totals=totals,
    )


def _measure(folder: Path, spec: CountrySpec, workers: int) -> int:
    """Write, print a row of a Markdown table, and return 1 where the country is not sound."""
    memory = Memory()
    memory.start()
    start = perf_counter()
    facts = write_country(folder, spec, workers=workers)
    seconds = perf_counter() - start
    peak = memory.stop()
    rows = sum(facts.persons.values())
    print(_HEADING)
    print(
        f"| {datetime.now(UTC):%Y-%m-%d} | {facts.persons[facts.years[-1]]} | {len(facts.years)} "
        f"| {facts.municipalities} | {workers} | {rows} | {sum(facts.rows.values())} "
        f"| {seconds:.0f} | {rows / seconds:.0f} | {peak / 2**30:.2f} "
        f"| {_size(folder) / 2**30:.2f} |"
    )
    if not _sound(folder, facts):
        print("The registers do not hold the persons that the facts tell of.", file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Measure one size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persons", type=int, default=5_500_000)
    options.add_argument("--years", type=int, default=10)
    options.add_argument("--first-year", type=int, default=2015)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--totals", type=Path, help="published population (see read_population)")
    options.add_argument("--folder", type=Path, help="keep the country here, instead of nowhere")
    asked = options.parse_args()
    spec = _spec(asked)
    if asked.folder is not None:
        return _measure(asked.folder, spec, asked.workers)
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder) / "country", spec, asked.workers)


if __name__ == "__main__":
    sys.exit(main())
