"""From degrees to a flat figure: the UTM zone a map lies in, and how large it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def to_zone(bounds: Sequence[float]) -> Any:
    """Return what carries degrees to metres (ETRS89) of the UTM zone in the middle of bounds.

    `bounds` are west, south, east, north; zones are Norway's 31 to 36.
    """
    import pyproj  # noqa: PLC0415

    west, _, east, _ = bounds
    zone = int(((west + east) / 2 + 180) / 6) + 1
    return pyproj.Transformer.from_crs(4326, 25800 + min(max(zone, 31), 36), always_xy=True)


def carried(carry: Any, xy: Any) -> Any:
    """Return coordinates (n, 2) carried to whole metres."""
    import numpy as np  # noqa: PLC0415

    return np.column_stack(carry.transform(xy[:, 0], xy[:, 1])).round(0)


def frame_of(shapes: Sequence[Any], size: int) -> tuple[int, int]:
    """Return width and height in pixels that fit shapes, the longer side of `size`."""
    import shapely  # noqa: PLC0415

    west, south, east, north = shapely.total_bounds(list(shapes))
    across, up = max(east - west, 1.0), max(north - south, 1.0)
    most = max(across, up)
    return max(round(size * across / most), 300), max(round(size * up / most), 160)
