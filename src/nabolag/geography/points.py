"""Which area a school or a kindergarten lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from nabolag.core import Finding, Level, Severity
from nabolag.geography.register import AreaRegister
from nabolag.sources.vector_shapes import DEGREES, METRES, geometry_of, reprojected

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXAMPLES = 8
#: Nearer than this a point lies on a border: coordinates with the last digits rounded do.
_TOUCHES_M = 0.001


@dataclass(frozen=True, slots=True)
class Placed:
    """Points and the areas they lie in.

    `points` has the columns given and `area` (null where there is none), `how` – `inside`,
    `near` (outside every area, but within the distance given), `outside`, `no_point` – and
    `to_border_m`, how far it is to the nearest border of the area.
    """

    points: pl.DataFrame
    findings: tuple[Finding, ...]


def place_points(
    points: pl.DataFrame,
    register: AreaRegister,
    level: Level,
    *,
    crs: str = DEGREES,
    near_m: float = 200.0,
    edge_m: float = 10.0,
) -> Placed:
    """Place points with `id`, `x` and `y` (longitude and latitude, or metres in `crs`).

    A point outside every area – a shore drawn inside the quay – is given the nearest one within
    `near_m` metres, and told of. Points nearer than `edge_m` metres to a border are told of, for
    the borders themselves are no surer. A point on the border of two areas is given the first
    by code. Raises `ValueError` where the register has no shapes of the level.
    """
    placed = located(points, register, level, crs=crs, near_m=near_m)
    return Placed(placed, tuple(_told(placed, level, near_m, edge_m)))


def located(
    points: pl.DataFrame,
    register: AreaRegister,
    level: Level,
    *,
    crs: str = DEGREES,
    near_m: float = 200.0,
) -> pl.DataFrame:
    """Return the points with `area`, `how` and `to_border_m` at one level (see `Placed`)."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    shapes = register.shapes.filter(pl.col("level") == level.value).sort("code")
    if shapes.is_empty():
        raise ValueError(f"the register has no shapes of level {level.value}")
    plane = reprojected(geometry_of(shapes), DEGREES, METRES)
    given = points["x"].is_not_null() & points["y"].is_not_null()
    there = np.flatnonzero(given.to_numpy())
    spots = shapely.points(points.filter(given).select("x", "y").to_numpy())
    spots = reprojected(spots, crs, METRES)
    tree = shapely.STRtree(plane)
    found = _first(tree.query(spots, predicate="dwithin", distance=_TOUCHES_M), spots.size)
    inside = found >= 0
    close = _first(tree.query_nearest(spots[~inside], max_distance=near_m), int((~inside).sum()))
    found[~inside] = close
    area, how, metres = _blank(points.height)
    lies = found >= 0
    codes = shapes["code"].to_numpy()
    area[there[lies]] = codes[found[lies]]
    how[there] = np.where(inside, "inside", np.where(lies, "near", "outside"))
    metres[there[lies]] = shapely.distance(spots[lies], shapely.boundary(plane[found[lies]]))
    return points.with_columns(
        pl.Series("area", area.tolist(), dtype=pl.String),
        pl.Series("how", how.tolist(), dtype=pl.String),
        pl.Series("to_border_m", metres.tolist(), dtype=pl.Float64),
    )


def _first(pairs: NDArray[Any], n: int) -> NDArray[Any]:
    """Return for each of `n` points the first area found, −1 where there is none."""
    import numpy as np  # noqa: PLC0415

    found = np.full(n, -1, dtype=np.int64)
    order = np.lexsort((pairs[1], pairs[0]))
    spot, area = pairs[0][order], pairs[1][order]
    once = np.unique(spot, return_index=True)[1] if spot.size else np.array([], dtype=np.int64)
    found[spot[once]] = area[once]
    return found


def _blank(n: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    import numpy as np  # noqa: PLC0415

    area = np.full(n, None, dtype=object)
    how = np.full(n, "no_point", dtype=object)
    return area, how, np.full(n, None, dtype=object)


def _told(placed: pl.DataFrame, level: Level, near_m: float, edge_m: float) -> list[Finding]:
    edge = (pl.col("how") == "inside") & (pl.col("to_border_m") < edge_m)
    asked = (
        ("point_missing", Severity.WARNING, pl.col("how") == "no_point"),
        ("point_outside", Severity.WARNING, pl.col("how") == "outside"),
        ("point_near", Severity.WARNING, pl.col("how") == "near"),
        ("point_on_edge", Severity.INFO, edge),
    )
    params = {"level": level.value, "near": f"{near_m:g}", "edge": f"{edge_m:g}"}
    found = []
    for code, severity, holds in asked:
        rows = placed.filter(holds)
        if rows.height:
            ids = tuple(str(one) for one in rows["id"].head(_EXAMPLES))
            found.append(Finding(code, severity, params=params, count=rows.height, examples=ids))
    return found
