"""How long accumulation takes for as many grunnkretser as a country has.

Prints the size, the seconds, and the ratio to one pass of a plain group-by-quantile over the
same frame in the same run, which is the least that drawing a line for each year and indicator
can cost. The areas planted with heavy challenges must come out as `4+`, or the run fails: speed
that costs the answer is worth nothing.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.analysis import Accumulation, AccumulationResult
from nabolag.core import Indicator, Kind, Level, Text, Unit, Worse
from nabolag.store import conform
from nabolag.store.frames import LINKS, OBSERVATIONS

#: One area in a hundred is planted with heavy values in every challenge and every year.
HEAVY_EVERY = 100
FIRST_YEAR = 2010
MUNICIPALITIES = 350


@dataclass(frozen=True, slots=True)
class Size:
    """How much is classified."""

    areas: int = 14_000
    years: int = 12
    indicators: int = 5

    @property
    def figures(self) -> int:
        """The number of figures."""
        return self.areas * self.years * self.indicators


@dataclass(frozen=True, slots=True)
class Task:
    """What the method is given, and the areas that must come out as `4+`."""

    method: Accumulation
    observations: pl.DataFrame
    catalogue: dict[str, Indicator]
    links: pl.DataFrame
    heavy: tuple[str, ...]

    def run(self) -> AccumulationResult:
        """Classify."""
        return self.method.run(self.observations, self.catalogue, self.links)


def task(size: Size, seed: int = 1) -> Task:
    """Return invented figures of a size; one in ten is hidden, missing or unreliable.

    The last indicator is one where low values are the challenge.
    """
    names = [f"indicator_{number}" for number in range(size.indicators)]
    areas = [f"{place % MUNICIPALITIES + 1:04d}{place:05d}" for place in range(size.areas)]
    own = _figures(areas, names, size, np.random.default_rng(seed))
    towns = _towns(own)
    links = pl.DataFrame(
        [("grunnkrets", area, "kommune", area[:4]) for area in areas], schema=LINKS, orient="row"
    )
    method = Accumulation(indicators=tuple(names), levels=(Level.GRUNNKRETS,))
    observations = pl.concat([own, towns]).sample(fraction=1.0, shuffle=True, seed=seed)
    catalogue = {name: _indicator(name, last=name == names[-1]) for name in names}
    return Task(method, observations, catalogue, links, tuple(areas[::HEAVY_EVERY]))


def _figures(
    areas: list[str], names: list[str], size: Size, chance: np.random.Generator
) -> pl.DataFrame:
    """Return one figure for each area, year and indicator."""
    place, year, number = np.indices((size.areas, size.years, size.indicators)).reshape(3, -1)
    heavy, last = place % HEAVY_EVERY == 0, number == size.indicators - 1
    people = chance.integers(200, 900, size.figures)
    share = chance.integers(20, 160, size.figures) / people
    value = np.where(heavy, np.where(last, 0.001, 0.95), share)
    kinds = np.array(["value", "suppressed_primary", "missing", "unreliable"])
    drawn = chance.choice(4, size.figures, p=[0.9, 0.05, 0.03, 0.02])
    frame = pl.DataFrame(
        {
            "level": pl.repeat("grunnkrets", size.figures, eager=True),
            "area": pl.Series(areas).gather(place),
            "indicator": pl.Series(names).gather(number),
            "period": pl.Series([str(FIRST_YEAR + y) for y in range(size.years)]).gather(year),
            "group": pl.repeat("", size.figures, eager=True),
            "value": value,
            "status": pl.Series(kinds).gather(np.where(heavy, 0, drawn)),
        }
    )
    shown = pl.when(pl.col("status").is_in(["value", "unreliable"])).then(pl.col("value"))
    return conform(frame.with_columns(shown.alias("value")), OBSERVATIONS)


def _towns(figures: pl.DataFrame) -> pl.DataFrame:
    """Return a figure for each municipality: what its areas are compared with."""
    towns = (
        figures.group_by(pl.col("area").str.slice(0, 4), "indicator", "period", "group")
        .agg(pl.col("value").median())
        .with_columns(level=pl.lit("kommune"), status=pl.lit("value"))
    )
    return conform(towns, OBSERVATIONS)


def _indicator(name: str, *, last: bool) -> Indicator:
    text = Text.same(name)
    worse = Worse.LOW if last else Worse.HIGH
    kind, ring = Kind.CHALLENGE, "income"
    return Indicator(name, text, text, unit=Unit.SHARE, kind=kind, worse=worse, ring=ring)


def planted_are_found(given: Task, result: AccumulationResult) -> bool:
    """Tell whether every planted area has the heaviest class in every year."""
    heavy = result.table.filter(pl.col("area").is_in(given.heavy))
    years = given.observations["period"].n_unique()
    return heavy.height == len(given.heavy) * years and set(heavy["class"]) == {"4+"}


def one_pass(observations: pl.DataFrame) -> pl.DataFrame:
    """Draw every line, and nothing else."""
    return observations.group_by("level", "indicator", "period").agg(
        pl.col("value").quantile(0.75, "nearest")
    )


def main() -> int:
    """Measure, print, and return 1 where the planted areas were not found."""
    # Beside this file where it is run; tests take the rest of it from the package.
    from timing import seconds  # noqa: PLC0415

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--areas", type=int, default=Size().areas)
    options.add_argument("--years", type=int, default=Size().years)
    options.add_argument("--indicators", type=int, default=Size().indicators)
    options.add_argument("--times", type=int, default=5)
    asked = options.parse_args()
    if asked.indicators < 4:
        options.error("the heaviest class needs at least four indicators")
    size = Size(asked.areas, asked.years, asked.indicators)
    given = task(size)
    method = seconds(given.run, asked.times)
    plain = seconds(lambda: one_pass(given.observations), asked.times)
    print(f"{size.figures} figures: {size.areas} areas, {size.years} years, "
          f"{size.indicators} indicators")  # fmt: skip
    print(f"accumulation {method:.2f} s, one group-by-quantile {plain:.2f} s, "
          f"ratio {method / plain:.1f}")  # fmt: skip
    if not planted_are_found(given, given.run()):
        print("The areas planted with heavy challenges were not all found.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
