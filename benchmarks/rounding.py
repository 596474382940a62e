"""How long it takes to round a whole country's small counts, and how far that moves the figures.

Invented counts of five categories in every basic statistical unit, with their sums over
categories and through five levels, year by year. Prints the size, the seconds, the memory, and how
far published counts were moved, beside what rounding each small cell by lot alone does to them, in
the same run. Every sum must add up and nothing small be left, or the run fails.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from timing import peak_gib

from nabolag.core import Indicator, Kind, Text, Unit, Worse
from nabolag.disclosure import DisclosureRule
from nabolag.disclosure.rounding import Utility, round_block
from nabolag.disclosure.rounding.lots import count_names
from nabolag.disclosure.system import Block, System, linear_system
from nabolag.geography.register import closed
from nabolag.store import conform
from nabolag.store.frames import LINKS, OBSERVATIONS

SEED = 20260101


@dataclass(frozen=True, slots=True)
class Size:
    """How much is rounded: areas of the lowest level, categories and years."""

    areas: int = 14_000
    categories: int = 5
    years: int = 12

    @property
    def cells(self) -> int:
        """The number of inner cells."""
        return self.areas * self.categories * self.years


def places(size: Size) -> dict[str, NDArray[np.int64]]:
    """Return which area of each level every lowest area lies in."""
    unit = np.arange(size.areas)
    return {
        "grunnkrets": unit,
        "delomrade": unit // 8,
        "kommune": unit // 40,
        "fylke": unit // 920,
        "land": unit * 0,
    }


def counts(size: Size, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return invented counts, areas × categories: a common trait down to a rare one."""
    people = rng.gamma(2.0, 190.0, size.areas)
    shares = np.geomspace(0.08, 0.004, size.categories)
    return rng.poisson(people[:, None] * shares)


def figures(size: Size) -> pl.DataFrame:
    """Return the counts of every level and year, by category and for everybody."""
    rng = np.random.default_rng(SEED)
    pieces = []
    for year in range(2012, 2012 + size.years):
        own = counts(size, rng)
        for level, area in places(size).items():
            table = np.zeros((int(area.max()) + 1, size.categories), dtype=np.int64)
            np.add.at(table, area, own)
            for category in range(-1, size.categories):
                value = table.sum(axis=1) if category < 0 else table[:, category]
                pieces.append(_piece(level, value, year, category))
    return conform(pl.concat(pieces), OBSERVATIONS)


def _piece(level: str, value: NDArray[np.int64], year: int, category: int) -> pl.DataFrame:
    codes = [f"{level[0]}{area:05}" for area in range(value.size)]
    return pl.DataFrame({"area": codes, "value": value.astype(float)}).with_columns(
        level=pl.lit(level),
        indicator=pl.lit("persons"),
        period=pl.lit(str(year)),
        group=pl.lit("" if category < 0 else f"category={category}"),
        status=pl.lit("value"),
        source=pl.lit("made"),
    )


def links(size: Size) -> pl.DataFrame:
    """Return which area lies in which."""
    at = places(size)
    names = list(at)
    pieces = []
    for level, parent in pairwise(names):
        pairs = np.unique(np.column_stack([at[level], at[parent]]), axis=0)
        rows = [(level, f"{level[0]}{a:05}", parent, f"{parent[0]}{b:05}") for a, b in pairs]
        pieces.append(pl.DataFrame(rows, schema=LINKS, orient="row"))
    return closed(pl.concat(pieces))


def catalogue() -> dict[str, Indicator]:
    """Return the one indicator that is counted."""
    words = Text.of(dict.fromkeys(("nb", "nn", "en"), "personer"))
    one = Indicator(
        "persons", words, words, Unit.COUNT, Kind.BACKGROUND, Worse.NEITHER, "population"
    )
    return {"persons": one}


def by_lot(block: Block, inner: NDArray[np.bool_], base: int) -> NDArray[np.float64]:
    """Round each small cell by itself, right on average, and add all others up."""
    rng = np.random.default_rng(SEED)
    small = inner & (block.value > 0) & (block.value < base)
    up = rng.random(block.shape) < block.value / base
    cells = np.where(small, np.where(up, float(base), 0.0), block.value)
    moved = np.where(inner, cells - block.value, 0.0)
    groups = (block.counts["group"] != "").to_numpy()
    whole = moved.copy()
    whole[:, ~groups] = moved[:, groups].sum(axis=1, keepdims=True)
    return block.value + _through_levels(block, whole)


def _through_levels(block: Block, moved: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add what is moved in the lowest areas up to all areas that hold them."""
    lowest = np.where(block.areas.smallest[:, None], moved, 0.0)
    return np.asarray(lowest + block.areas.inside.T @ lowest)


def rounded(system: System, base: int) -> tuple[Utility, Utility]:
    """Round every block, check it, and tell how far it was moved, by the method and by lot."""
    ours: list[Any] = []
    lots: list[Any] = []
    for number, block in enumerate(system.blocks):
        done = round_block(block, count_names(system.names, number), base, SEED)
        _check(block, done.value, base)
        drawn = by_lot(block, done.inner, base)
        _check(block, drawn, base)
        for found, value in ((ours, done.value), (lots, drawn)):
            found.append((block.value[done.inner], value[done.inner], block.value, value))
    return _utility(ours), _utility(lots)


def _utility(parts: Sequence[Any]) -> Utility:
    flat = [np.concatenate([part[k].ravel() for part in parts]) for k in range(4)]
    return Utility.of((flat[0], flat[1]), (flat[2], flat[3]))


def _check(block: Block, value: NDArray[np.float64], base: int) -> None:
    off = np.abs(block.equations @ value.ravel()).max()
    if off > 1e-6 or ((value > 0) & (value < base)).any():
        sys.exit("A sum does not add up, or a small count is left.")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=Size().areas)
    parser.add_argument("--years", type=int, default=Size().years)
    parser.add_argument("--base", type=int, default=3)
    asked = parser.parse_args()
    size = Size(areas=asked.areas, years=asked.years)
    made, lying = figures(size), links(size)
    begin = perf_counter()
    system = linear_system(made, catalogue(), lying, [DisclosureRule()])
    built = perf_counter()
    ours, lots = rounded(system, asked.base)
    done = perf_counter()
    memory = peak_gib()
    print(
        f"{size.areas} areas × {size.categories} categories × {size.years} years, base {asked.base}"
    )
    print(f"  inner cells {ours.inner}, published counts {ours.published}")
    print(f"  equations {built - begin:.1f} s, rounding with its checks {done - built:.1f} s")
    print(f"  memory at most {memory:.2f} GiB")
    for name, one in (("the method", ours), ("by lot alone", lots)):
        told = one.as_dict()
        print(
            f"  {name}: {told['inner_changed']} inner cells changed, published by "
            f"{told['mean_change']} on average and {told['largest_change']} at most, "
            f"Hellinger utility {told['utility']}"
        )


if __name__ == "__main__":
    main()
