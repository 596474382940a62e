"""Schools and kindergartens as layers of points, with the area of each on every level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from nabolag.geography import with_areas
from nabolag.store import Release

if TYPE_CHECKING:
    import geopandas


def point_layers(release: Release, crs: str) -> Iterator[tuple[str, geopandas.GeoDataFrame]]:
    """Yield `points_<level>` and its layer for each kind of place that left with the release.

    Fields are the columns of `geography.with_areas` but longitude and latitude, which are the
    shape; a place without coordinates is a row without a shape.
    """
    import geopandas  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    table = with_areas(release.points, release.point_areas, release.areas)
    for part in table.partition_by("level", maintain_order=True):
        spots = shapely.points(part.select("lon", "lat").fill_null(0.0).to_numpy())
        shapes = np.where(part["lon"].is_null().to_numpy(), None, spots)
        fields = part.select(pl.exclude("lon", "lat")).to_pandas()
        yield f"points_{part['level'][0]}", geopandas.GeoDataFrame(fields, geometry=shapes, crs=crs)
