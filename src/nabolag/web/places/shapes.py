"""Shapes as the map in the browser draws them: simplified together, so that borders still meet."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from nabolag.store import Release
from nabolag.web.kept import Kept

#: A border is drawn with no more detail than this share of the whole map's width.
_DETAIL = 1 / 2500
_DECIMALS = 5
_KEPT_MAPS = 16


def drawn_shapes(release: Release, level: str) -> dict[str, Any]:
    """Return GeoJSON geometry by code for a level's areas, in degrees (EPSG:4326).

    Only for drawing: files to hand on carry the shapes as they were delivered.
    """
    return _kept.get(release, level, lambda: _draw(release, level))


_kept: Kept[dict[str, Any]] = Kept(_KEPT_MAPS)


def _draw(release: Release, level: str) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    rows = release.shapes.filter(pl.col("level") == level, pl.col("wkb").is_not_null())
    if rows.is_empty():
        return {}
    shapes = shapely.from_wkb(rows["wkb"].to_list())
    west, _, east, _ = shapely.total_bounds(shapes)
    simpler = shapely.coverage_simplify(shapes, (east - west) * _DETAIL)
    # A small island can vanish when its neighbours are simplified; it is then drawn as it is.
    kept = np.where(shapely.is_empty(simpler), shapes, simpler)
    rounded = shapely.transform(kept, lambda points: np.round(points, _DECIMALS))
    return dict(zip(rows["code"], map(json.loads, shapely.to_geojson(rounded)), strict=True))
