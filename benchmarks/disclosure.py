"""How long it takes to protect a whole country's release and to audit it, and what is hidden.

14 000 areas in municipalities, counties and the country, twelve years and their sum, five
categories and everybody. Three ways of hiding are held against each other on the same figures:
small figures alone, a greedy baseline (in each sum with one hidden part, the smallest other one is
hidden too, again and again), and Nabolag's. What comes out by adding and subtracting is told of all
three; of Nabolag's also what programs find. The run fails where a figure comes out of what Nabolag
shows, and where a target is not met.
"""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from time import perf_counter, process_time

import numpy as np
import polars as pl
from timing import peak_gib

from nabolag.core import Indicator, Kind, Text, Unit, Worse
from nabolag.disclosure.audit import audit
from nabolag.disclosure.exact import recoverable
from nabolag.disclosure.primary import primarily
from nabolag.disclosure.reading import Reading, read
from nabolag.disclosure.secondary import protect_linked
from nabolag.disclosure.system import System, linear_system
from nabolag.geography.register import closed
from nabolag.store import conform
from nabolag.store.frames import LINKS, OBSERVATIONS

AREAS, MUNICIPALITIES, COUNTIES, YEARS = 14_000, 357, 15, 12
#: What share of the residents of an area are in each category.
SHARES = (0.004, 0.01, 0.02, 0.04, 0.1)
MINUTES, GIB = 10, 8


def catalogue() -> dict[str, Indicator]:
    """Return a count that is shown by category."""
    words = Text("antall", "talet", "count")
    entry = Indicator(id="counted", label=words, definition=words, unit=Unit.COUNT,
                      kind=Kind.BACKGROUND, worse=Worse.NEITHER, ring="")  # fmt: skip
    return {"counted": entry}


def country(areas: int, years: int, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return observations of every level, category and period, and closed links."""
    chance = np.random.default_rng(seed)
    towns = max(2, areas * MUNICIPALITIES // AREAS)
    town = np.sort(chance.integers(0, towns, areas))
    county = np.arange(towns) * COUNTIES // towns
    people = chance.gamma(2.0, 200.0, areas)
    rate = np.array(SHARES) * chance.gamma(4.0, 0.25, (areas, len(SHARES)))
    counts = chance.poisson(people[:, None, None] * rate[:, None, :], (areas, years, len(SHARES)))
    cells = pl.DataFrame(
        {
            "grunnkrets": np.repeat([f"g{i:06d}" for i in range(areas)], years * len(SHARES)),
            "kommune": np.repeat([f"k{t:04d}" for t in town], years * len(SHARES)),
            "fylke": np.repeat([f"f{c:02d}" for c in county[town]], years * len(SHARES)),
            "land": "0",
            "period": np.tile(np.repeat([str(2010 + y) for y in range(years)], len(SHARES)), areas),
            "group": np.tile([f"part={c}" for c in "abcde"[: len(SHARES)]], areas * years),
            "value": counts.ravel().astype(float),
        }
    )
    figures = pl.concat([_summed(cells, level, years) for level in _LEVELS])
    return conform(figures, OBSERVATIONS), _links(cells)


_LEVELS = ("grunnkrets", "kommune", "fylke", "land")


def _summed(cells: pl.DataFrame, level: str, years: int) -> pl.DataFrame:
    """Return the figures of a level: each category and everybody, each year and all of them."""
    span = f"2010-{2010 + years - 1}"
    periods = (pl.col("period"), pl.lit(span).alias("period"))
    groups = (pl.col("group"), pl.lit("").alias("group"))
    pieces = [
        cells.group_by(pl.col(level).alias("area"), period, group).agg(pl.col("value").sum())
        for period in periods
        for group in groups
    ]
    return pl.concat(pieces).sort("area", "period", "group").with_columns(
        level=pl.lit(level), geography=pl.lit("2024"), indicator=pl.lit("counted"),
        status=pl.lit("value"), reason=pl.lit(""), mark=pl.lit(""), source=pl.lit("s"),
    )  # fmt: skip


def _links(cells: pl.DataFrame) -> pl.DataFrame:
    pairs = [
        cells.select(level=pl.lit(low), code=pl.col(low), parent_level=pl.lit(high),
                     parent_code=pl.col(high)).unique(maintain_order=True)
        for low, high in pairwise(_LEVELS)
    ]  # fmt: skip
    return closed(conform(pl.concat(pairs), LINKS))


def greedy(system: System, readings: list[Reading]) -> list[Reading]:
    """Hide the smallest other figure of every sum that has one hidden, until there is none."""
    after = []
    for block, reading in zip(system.blocks, readings, strict=True):
        matrix, m = block.equations, block.shape[1]
        hidden = (block.present & ~reading.known(block)).ravel()
        size = np.where(block.present.ravel(), np.nan_to_num(block.value.ravel()), np.inf)
        while True:
            alone = np.flatnonzero(abs(matrix) @ hidden.astype(float) == 1)
            fresh: set[int] = set()
            for e in alone.tolist():
                cells = matrix.indices[matrix.indptr[e] : matrix.indptr[e + 1]]
                if hidden[cells].sum() == 1 and not fresh.intersection(cells.tolist()):
                    free = cells[~hidden[cells] & np.isfinite(size[cells])]
                    if free.size:
                        fresh.add(int(free[np.argmin(size[free])]))
            if not fresh:
                break
            hidden[list(fresh)] = True
        gone = hidden.reshape(-1, m).astype(np.float32) @ block.speaks.T > 0
        after.append(reading.showing(reading.shown & ~gone))
    return after


def told(what: str, seconds: float, hidden: int, out: int, system: System) -> str:
    """Return the line that is printed: what is hidden, and how many counts come out exactly."""
    total, owed = system.figures.height, sum(int((r.need > 0).sum()) for r in read(system))
    return (
        f"{what}: {seconds:.1f} s; hidden {hidden} of {total} ({hidden / total:.2%}), "
        f"exactly out {out} ({out / max(owed, 1):.1%} of those owed)"
    )


def comes_out(system: System, readings: list[Reading]) -> tuple[int, int]:
    """Return how many figures are hidden, and how many owed counts come out by subtraction."""
    hidden = out = 0
    for block, reading in zip(system.blocks, readings, strict=True):
        unknown = block.present & ~reading.known(block)
        known = recoverable(block.equations, unknown.ravel()).reshape(block.shape)
        out += int((known & (reading.need > 0)).sum())
        hidden += int((block.exists & ~reading.shown).sum())
    return hidden, out


def main() -> int:
    """Measure, print and compare with the targets."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--areas", type=int, default=AREAS)
    asked.add_argument("--years", type=int, default=YEARS)
    given = asked.parse_args()
    figures, links = country(given.areas, given.years)
    entries = catalogue()
    start = perf_counter()
    judged, _ = primarily(figures, [], entries, links)
    system = linear_system(judged, entries, links)
    readings = read(system)
    ready = perf_counter() - start
    start = perf_counter()
    done = protect_linked(system, readings)
    protecting = perf_counter() - start
    start = perf_counter()
    seen = audit(system, done.readings)
    auditing = perf_counter() - start
    whole = ready + protecting + auditing
    print(f"{figures.height} figures, {seen.equations} equations, {seen.owed} owed protection")
    print(f"sums: {ready:.1f} s; suppression: {protecting:.1f} s; audit: {auditing:.1f} s")
    print(told("Nabolag", whole, seen.hidden, seen.exact, system))
    print(f"narrow: {seen.by_verdict['narrow']}")
    _beside(system, readings)
    peak = peak_gib()
    print(f"processor time of everything: {process_time():.0f} s; highest memory: {peak:.2f} GiB")
    return int(seen.exact > 0 or whole > 60 * MINUTES or peak > GIB)


def _beside(system: System, readings: list[Reading]) -> None:
    """Print what hiding small figures alone, and the greedy baseline, leave open."""
    start = perf_counter()
    alone = comes_out(system, readings)
    print(told("small figures alone", perf_counter() - start, *alone, system))
    start = perf_counter()
    hidden = greedy(system, readings)
    taken = perf_counter() - start
    print(told("greedy baseline", taken, *comes_out(system, hidden), system))


if __name__ == "__main__":
    sys.exit(main())
