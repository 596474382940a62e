"""Shapes as arrays: to metres and back, simplified for the web with shared borders kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from nabolag.store.frames import SHAPES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Rings narrower than this, in metres, are what is left of a calculation and no border.
_SPECK_M = 0.001
#: Where coordinates are stored, and the plane in which areas and distances are measured
#: (ETRS89 / UTM 33N, the zone that Norwegian authorities use for the whole country).
DEGREES = "EPSG:4326"
METRES = "EPSG:25833"


def reprojected(geometry: NDArray[Any], source: str, target: str) -> NDArray[Any]:
    """Return the geometries in another coordinate system, x before y.

    The same point always becomes the same point, so shared borders stay shared.
    """
    import shapely  # noqa: PLC0415
    from pyproj import CRS, Transformer  # noqa: PLC0415

    if CRS.from_user_input(source) == CRS.from_user_input(target):
        return geometry
    move = Transformer.from_crs(source, target, always_xy=True)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np  # noqa: PLC0415

        return np.column_stack(move.transform(points[:, 0], points[:, 1]))

    result: NDArray[Any] = shapely.transform(geometry, moved)
    return result


def geometry_of(shapes: pl.DataFrame) -> NDArray[Any]:
    """Return the `wkb` column as an array of geometries."""
    import shapely  # noqa: PLC0415

    found: NDArray[Any] = shapely.from_wkb(shapes["wkb"].to_numpy())
    return found


def shapes_frame(level: pl.Series, code: pl.Series, geometry: NDArray[Any]) -> pl.DataFrame:
    """Return geometries in degrees as `core.columns.SHAPES`, with their area in km²."""
    import shapely  # noqa: PLC0415

    km2 = shapely.area(reprojected(geometry, DEGREES, METRES)) / 1e6
    wkb = pl.Series("wkb", list(shapely.to_wkb(geometry)), dtype=pl.Binary)
    columns = {"level": level, "code": code, "wkb": wkb, "area_km2": km2}
    return pl.DataFrame(columns, schema=SHAPES)


def simplify(shapes: pl.DataFrame, tolerance_m: float) -> pl.DataFrame:
    """Return the shapes with fewer points; borders that areas share stay shared.

    `tolerance_m` is roughly the side of the smallest bend that is kept, in metres. Each level
    is a coverage of its own. `area_km2` stays the measured area of the full shape. Where a
    file's neighbours overlap there is no shared border to keep, and a shape that would break
    is mended. No area disappears.
    """
    if tolerance_m <= 0:
        raise ValueError("tolerance_m must be above 0")
    parts = [
        part.with_columns(pl.Series("wkb", _simpler(part, tolerance_m), dtype=pl.Binary))
        for part in shapes.partition_by("level", maintain_order=True)
    ]
    return pl.concat(parts) if parts else shapes


def _simpler(shapes: pl.DataFrame, tolerance_m: float) -> list[bytes]:
    import shapely  # noqa: PLC0415

    full = geometry_of(shapes)
    plane = reprojected(full, DEGREES, METRES)
    try:
        plane = shapely.coverage_simplify(plane, tolerance_m)
    except shapely.GEOSException:
        # Where delivered neighbours do not quite meet, their sum has holes of nothing at all.
        whole = shapely.set_precision(plane, _SPECK_M)
        plane = shapely.coverage_simplify(whole, tolerance_m)
    simple = reprojected(plane, METRES, DEGREES)
    broken = ~shapely.is_valid(simple)
    simple[broken] = polygons_only(shapely.make_valid(simple[broken], method="structure"))
    lost = shapely.is_empty(simple) | shapely.is_missing(simple)
    simple[lost] = full[lost]
    return list(shapely.to_wkb(simple))


def polygons_only(geometry: NDArray[Any]) -> NDArray[Any]:
    """Return the polygon parts of each geometry; an empty polygon where there is none."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    kinds = shapely.get_type_id(geometry)
    result = geometry.copy()
    for at in np.flatnonzero((kinds != 3) & (kinds != 6)):
        parts = shapely.get_parts(geometry[at]) if geometry[at] is not None else np.array([])
        surfaces = [part for part in parts if shapely.get_type_id(part) in (3, 6)]
        result[at] = shapely.union_all(surfaces) if surfaces else shapely.Polygon()
    return result
