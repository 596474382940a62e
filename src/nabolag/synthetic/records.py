"""Ten years of records: the town lives, and each 1 January is written down."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from nabolag.synthetic.ground import Ground, Retired, lay_ground
from nabolag.synthetic.life import Life

__all__ = ["Ground", "Retired", "lay_ground", "live"]


def live(ground: Ground) -> Iterator[tuple[int, dict[str, pl.DataFrame]]]:
    """Yield each year's registers in turn; only one year is in memory at a time."""
    life = Life(ground)
    for year in ground.spec.all_years:
        frames = life.records()
        frames["population_event"] = life.come(life.leave())
        yield year, frames
