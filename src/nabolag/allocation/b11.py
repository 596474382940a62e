"""Table B11 of SØF-rapport 04/20 (L6397–6507): 51 schools, and the four columns as printed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import polars as pl

from nabolag.allocation.inverse import with_weights
from nabolag.allocation.model import Model
from nabolag.allocation.numbers import exact
from nabolag.allocation.presets import preset
from nabolag.allocation.sharing import Allocation, allocate
from nabolag.allocation.units import Need, Units

#: Kroner to share (L6397), and what a full-time equivalent costs (L6305).
BUDGET: Final = 50_000_000
FTE_COST: Final = 700_000
#: The printed columns and the part each shares by pupils, in per cent.
COLUMNS: Final = {
    "alloc_50_50": 50,
    "alloc_25_75": 25,
    "alloc_75_25": 75,
    "alloc_0_100": 0,
}


@cache
def table_b11() -> pl.DataFrame:
    """Return the table as printed: school, pupils, points below the best, four columns."""
    file = files("nabolag.allocation") / "facts" / "sof-2020-table-b11.csv"
    return pl.read_csv(BytesIO(file.read_bytes()))


@cache
def b11_units() -> Units:
    """Return the schools. What is printed is how far below the best each is; the best has 0."""
    table = table_b11()
    ids = tuple(str(number) for number in table["school_no"])
    points = tuple(-exact(x) for x in table["points_below_max"].to_list())
    pupils = tuple(exact(n) for n in table["pupils"].to_list())
    return Units(ids, ids, {"size": pupils},
                 {"expected_points": Need.known(points, "points")})  # fmt: skip


def b11_model(pupils_per_cent: int) -> Model:
    """Return the example's model with a part by pupils."""
    share = exact(pupils_per_cent) / 100
    return with_weights(preset("sof-b11").model, {"size": share, "expected_points": 1 - share})


@cache
def b11_recomputed() -> dict[str, Allocation]:
    """Return every printed column computed anew."""
    return {
        name: allocate(b11_model(pupils), b11_units(), BUDGET) for name, pupils in COLUMNS.items()
    }
