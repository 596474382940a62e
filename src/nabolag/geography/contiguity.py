"""Which areas are neighbours."""

from __future__ import annotations

import polars as pl

from nabolag.core import Level
from nabolag.geography.register import AreaRegister
from nabolag.sources.vector_shapes import DEGREES, METRES, geometry_of, reprojected
from nabolag.store import empty

_NEIGHBOURS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "neighbour": pl.String(),
    "border_km": pl.Float64(),
}


def contiguity(
    register: AreaRegister, level: Level, *, snap_m: float = 0.5, border_m: float = 10.0
) -> pl.DataFrame:
    """Return neighbours by shared border: `code`, `neighbour`, `border_km`, both ways.

    Borders within `snap_m` metres of one another count as shared; a pair must share at least
    `border_m` metres, so areas that only meet in a corner are not neighbours.
    """
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    shapes = register.shapes.filter(pl.col("level") == level.value).sort("code")
    if shapes.is_empty():
        return empty(_NEIGHBOURS)
    plane = reprojected(geometry_of(shapes), DEGREES, METRES)
    left, right = shapely.STRtree(plane).query(plane, predicate="dwithin", distance=snap_m)
    once = left < right
    left, right = left[once], right[once]
    edges = shapely.boundary(plane)
    # Beside the border proper, the strip around the other area holds its ends: 2 × snap_m.
    strip = shapely.buffer(plane[right], snap_m, quad_segs=1)
    metres = shapely.length(shapely.intersection(edges[left], strip)) - 2 * snap_m
    real = metres >= border_m
    codes = shapes["code"].to_numpy()
    one, other, km = codes[left[real]], codes[right[real]], metres[real] / 1000
    columns = {
        "code": np.concatenate([one, other]),
        "neighbour": np.concatenate([other, one]),
        "border_km": np.concatenate([km, km]),
    }
    return pl.DataFrame(columns, schema=_NEIGHBOURS).sort("code", "neighbour")
