"""How many minutes it is from each area to the nearest place of a kind."""

from __future__ import annotations

from typing import Final

import polars as pl

from nabolag.core import Level
from nabolag.sources.vector_shapes import DEGREES, METRES, geometry_of, reprojected

#: `minutes` is null where nobody knows, and where it is only known to be `beyond` so many.
MINUTES: Final[dict[str, pl.DataType]] = {
    "area": pl.String(),
    "minutes": pl.Float64(),
    "beyond": pl.Float64(),
    "basis": pl.String(),
}
TABLE, LINE = "table", "line"


def from_table(destinations: pl.DataFrame, level: Level, codes: pl.Series) -> pl.DataFrame:
    """Return the shortest way of each area in a travel-time table (`MINUTES`).

    An area with a blank number is known only as far as its other rows go: the shortest of them,
    which may be too long. An area without a row is further away than the table is complete to,
    where that is declared, else not known.
    """
    held = destinations.filter(pl.col("level") == level.value)
    nearest = held.group_by("area").agg(pl.col("minutes").min(), pl.len().alias("_rows"))
    # Several tables of one kind: what all of them are complete to.
    bounds = held.group_by("source").agg(pl.col("complete_to").first())["complete_to"]
    complete = bounds.min() if not bounds.is_empty() and bounds.null_count() == 0 else None
    absent = pl.col("_rows").is_null()
    return (
        pl.DataFrame({"area": codes})
        .join(nearest, on="area", how="left", maintain_order="left")
        .with_columns(
            pl.when(absent).then(pl.lit(complete, pl.Float64)).alias("beyond"),
            pl.lit(TABLE).alias("basis"),
        )
        .select(list(MINUTES))
    )


def from_lines(
    destinations: pl.DataFrame, shapes: pl.DataFrame, codes: pl.Series, metres_a_minute: float
) -> pl.DataFrame:
    """Return minutes in a straight line from a point inside each area (`MINUTES`).

    `metres_a_minute` is the speed divided by the detour factor. The point is the area's centroid,
    or where that lies outside, a point on its surface: where in the area people live is not known.
    """
    import shapely  # noqa: PLC0415
    from scipy.spatial import KDTree  # noqa: PLC0415

    plane = reprojected(geometry_of(shapes), DEGREES, METRES)
    middle = shapely.centroid(plane)
    outside = ~shapely.contains(plane, middle)
    middle[outside] = shapely.point_on_surface(plane[outside])
    spots = shapely.points(destinations.select("lon", "lat").to_numpy())
    goals = shapely.get_coordinates(reprojected(spots, DEGREES, METRES))
    metres, _ = KDTree(goals).query(shapely.get_coordinates(middle))
    found = pl.DataFrame({"area": shapes["code"], "minutes": metres / metres_a_minute})
    return (
        pl.DataFrame({"area": codes})
        .join(found, on="area", how="left", maintain_order="left")
        .with_columns(pl.lit(None, pl.Float64).alias("beyond"), pl.lit(LINE).alias("basis"))
        .select(list(MINUTES))
    )


def within(minutes: float) -> pl.Expr:
    """Tell whether an area is within so many minutes; null where that is not known."""
    return (
        pl.when(pl.col("minutes").is_not_null())
        .then(pl.col("minutes") <= minutes)
        .when(pl.col("beyond") >= minutes)
        .then(pl.lit(value=False))
    )
