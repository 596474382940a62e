"""Made panels: schools in municipalities, with differences that last."""

from __future__ import annotations

import numpy as np
import polars as pl


def panel(
    seed: int = 1, municipalities: int = 8, schools: int = 6, years: int = 4, slope: float = 2.0
) -> pl.DataFrame:
    """Return a panel where y rises by `slope` for each x, and z means nothing."""
    rng = np.random.default_rng(seed)
    units = municipalities * schools
    municipality = np.repeat(np.arange(municipalities), schools)
    level, own = rng.normal(0, 2, municipalities), rng.normal(0, 1, units)
    area = (rng.random(units) < 0.4).astype(float)
    rows = []
    for year in range(2015, 2015 + years):
        x = rng.normal(0, 1, units) + 0.5 * level[municipality]
        z = rng.normal(0, 1, units)
        y = 10 + slope * x + 0.3 * (year - 2015) + level[municipality] + own
        y = y + rng.normal(0, 1 + 0.5 * area, units)
        rows.append(
            pl.DataFrame(
                {
                    "year": np.full(units, year),
                    "unit": np.arange(units),
                    "municipality": [f"99{m:02d}" for m in municipality],
                    "y": y,
                    "x": x,
                    "z": z,
                    "analysis_area": area,
                    "weight": rng.uniform(0.5, 2, units),
                }
            )
        )
    return pl.concat(rows)
