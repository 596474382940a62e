"""How long a reform of housing allowance takes on every household of a country.

Households are invented, one in twenty with an unknown amount. Prints the seconds of the median run
and the ratio to one plain group-by of the same rows in the same run. What is planted must come out
(every household just above the old limit comes within, and none above the new does), or the run
fails: speed that costs the answer is worth nothing.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date

import numpy as np
import polars as pl
from timing import seconds

from nabolag.allocation.housing_allowance import HOUSEHOLDS, Reform, simulate
from nabolag.rules import HousingAllowanceTerms

TERMS = HousingAllowanceTerms.at(date(2024, 1, 1))
REFORM = Reform(reference="benchmark", income_limit_raise=0.1)
AFTER = REFORM.applied(TERMS, 10)


def households(n: int, areas: int, seed: int = 1) -> pl.DataFrame:
    """Return invented households; those of the last area lie just above the old limit."""
    rng = np.random.default_rng(seed)
    persons = rng.choice(np.arange(1, 9), n, p=[0.4, 0.29, 0.12, 0.12, 0.04, 0.015, 0.01, 0.005])
    area = rng.integers(0, areas, n)
    income = rng.lognormal(10.6, 0.6, n)
    limits = np.array([TERMS.income_limits[min(p, len(TERMS.income_limits)) - 1]
                       for p in range(1, 9)])[persons - 1]  # fmt: skip
    income = np.where(area == areas - 1, limits * 1.05, income)
    unknown = (rng.random(n) < 0.05) & (area != areas - 1)
    codes = pl.Series(np.char.zfill(np.arange(areas).astype(str), 8))
    return pl.DataFrame(
        {
            "group": codes.gather(pl.Series(area)),
            "persons": persons,
            "income": pl.Series(np.where(unknown, np.nan, income)).fill_nan(None),
            "housing_cost": rng.normal(11_000, 3_000, n).clip(2_000),
        }
    ).cast(HOUSEHOLDS)  # type: ignore[arg-type]


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Sum the same rows once, by area and size, which is the least it can cost."""
    return frame.group_by("group", "persons").agg(pl.len(), pl.col("income", "housing_cost").sum())


def run(n: int, areas: int, times: int) -> tuple[float, float]:
    """Return the seconds of the reform and of the plain pass. Raises where the answer is wrong."""
    frame = households(n, areas)
    _check(simulate(frame, TERMS, AFTER), frame, areas)
    return (
        seconds(lambda: simulate(frame, TERMS, AFTER), times),
        seconds(lambda: plain(frame), times),
    )


def _check(found: pl.DataFrame, frame: pl.DataFrame, areas: int) -> None:
    planted = found.filter(pl.col("group") == f"{areas - 1:08d}")
    if planted["old"].sum() or planted["new"].sum() != planted["households"].sum():
        raise SystemExit("the households just above the old limit did not come within the new")
    if found["households"].sum() != frame.height:
        raise SystemExit("households were lost")
    if found["unknown"].sum() != frame["income"].null_count():
        raise SystemExit("unknown incomes were counted as something")


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=2_600_000)
    parser.add_argument("--areas", type=int, default=14_000)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args(arguments)
    taken, once = run(asked.households, asked.areas, asked.times)
    print(f"housing allowance: {asked.households} households, {asked.areas} areas:")
    print(f"{taken:.2f} s, {taken / once:.1f} x one pass ({once:.2f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
