"""Which areas are neighbours."""

from __future__ import annotations

import polars as pl

from nabolag.core import Level
from nabolag.geography.register import AreaRegister


def contiguity(
    register: AreaRegister, level: Level, *, snap_m: float = 0.5, border_m: float = 10.0
) -> pl.DataFrame:
    """Return neighbours by shared border: `code`, `neighbour`, `border_km`, both ways.

    Borders within `snap_m` metres of one another count as shared; a pair must share at least
    `border_m` metres, so areas that only meet in a corner are not neighbours.
    """
    raise NotImplementedError
