"""How long it takes to tell twenty years of municipal figures in the borders of one year.

Prints the size, the seconds, and the ratio to a plain join with the weights and a sum, in the same
run: the least that moving counts can cost. Totals must be conserved, or the run fails.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import numpy as np
import polars as pl
from timing import seconds

from nabolag.geography.dated import Basis, Crosswalk, crosswalk_of, recode_figures

FIRST_YEAR = 2003
KEYS = ("indicator", "period", "group")
#: Of a hundred old areas so many are merged with the one before, and so many are divided.
MERGED, DIVIDED = 15, 2


@dataclass(frozen=True, slots=True)
class Size:
    """How much is recoded."""

    areas: int = 357
    years: int = 20
    indicators: int = 50
    groups: int = 10

    @property
    def figures(self) -> int:
        """The number of figures."""
        return self.areas * self.years * self.indicators * self.groups


def crosswalk(size: Size) -> Crosswalk:
    """Return invented weights from every year to the last."""
    rows = []
    for year in range(FIRST_YEAR, FIRST_YEAR + size.years):
        for area in range(size.areas):
            merged = area % 100 < MERGED and area > 0
            target = area - 1 if merged else area
            ends = {target: 1.0}
            if 50 <= area % 100 < 50 + DIVIDED:
                ends = {area: 0.6, area + 1: 0.4}
            rows += [(str(year), "kommune", code(area), code(e), w) for e, w in ends.items()]
    names = ["geography", "level", "from_code", "to_code", "weight"]
    return crosswalk_of(pl.DataFrame(rows, schema=names, orient="row"), "2024", basis=Basis.PARTS)


def code(area: int) -> str:
    """Return a code of four digits."""
    return f"{area + 1:04d}"


def figures(size: Size, seed: int = 1) -> pl.DataFrame:
    """Return invented shares with numerators and denominators."""
    chance = np.random.default_rng(seed)
    shape = (size.areas, size.years, size.indicators, size.groups)
    area, year, indicator, group = np.indices(shape).reshape(4, -1)
    denominator = chance.integers(100, 5000, size.figures).astype(float)
    numerator = np.floor(denominator * chance.random(size.figures))
    years = pl.Series([str(FIRST_YEAR + at) for at in range(size.years)]).gather(year)
    frame = pl.DataFrame(
        {
            "geography": years,
            "level": pl.repeat("kommune", size.figures, eager=True),
            "area": pl.Series([code(at) for at in range(size.areas)]).gather(area),
            "period": years,
            "indicator": pl.Series([f"i{at}" for at in range(size.indicators)]).gather(indicator),
            "group": pl.Series([f"g{at}" for at in range(size.groups)]).gather(group),
            "numerator": numerator,
            "denominator": denominator,
            "value": numerator / denominator,
            "mark": pl.repeat("", size.figures, eager=True),
        }
    )
    ranks = ("rank", "numerator_rank", "denominator_rank")
    return frame.with_columns(pl.lit(0, pl.Int64).alias(name) for name in ranks)


def plain(rows: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """Join and sum, and nothing else."""
    moved = rows.join(weights, on=["geography", "level", "area"])
    weight = pl.col("weight")
    return moved.group_by("geography", "level", "to_code", *KEYS).agg(
        (pl.col("numerator") * weight).sum(), (pl.col("denominator") * weight).sum()
    )


def main() -> int:
    """Measure, print one line, and fail where people were lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("areas", "years", "indicators", "groups"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size(), name))
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    size = Size(given.areas, given.years, given.indicators, given.groups)
    way, rows = crosswalk(size), figures(size)
    weights = way.table.rename({"from_code": "area"})
    told = recode_figures(rows, way, "share", KEYS).figures
    same = all(
        abs(float(told[name].sum()) - float(rows[name].sum())) < 1e-6 * float(rows[name].sum())
        for name in ("numerator", "denominator")
    )
    joined = seconds(lambda: plain(rows, weights), given.times)
    recoded = seconds(lambda: recode_figures(rows, way, "share", KEYS), given.times)
    sys.stdout.write(
        f"{rows.height} figures: recode {recoded:.2f} s, join and sum {joined:.2f} s, "
        f"ratio {recoded / joined:.2f}, totals {'conserved' if same else 'LOST'}\n"
    )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
