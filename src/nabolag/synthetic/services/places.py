"""Where schools and kindergartens lie, and which areas each serves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from nabolag.synthetic.areas import Areas, Floats, Ints
from nabolag.synthetic.spec import MunicipalitySpec


def spread(areas: Areas, count: int, eligible: Ints | None = None) -> Ints:
    """Return areas for so many units, spread so that each serves about as many people.

    Areas stand in the order of their districts, so every so manieth person lives far from the
    one before. No area is chosen twice while there are others.
    """
    among = np.arange(areas.count) if eligible is None else eligible
    weight = np.cumsum(areas.weight[among])
    wanted = (np.arange(count) + 0.5) / count * weight[-1]
    place = np.unique(np.searchsorted(weight, wanted).clip(0, len(among) - 1))
    return np.asarray(among[place])


def nearest(areas: Areas, chosen: Ints) -> Ints:
    """Return, for each area, which of the chosen (position in `chosen`) lies nearest."""
    apart = ((areas.middle[:, None, :] - areas.middle[chosen][None, :, :]) ** 2).sum(axis=2)
    return np.asarray(apart.argmin(axis=1))


def degrees(spec: MunicipalitySpec, kilometres: Floats) -> Floats:
    """Return longitude and latitude (EPSG:4326) of points in kilometres from the middle."""
    east, north = kilometres[:, 0] * 1000 + spec.east, kilometres[:, 1] * 1000 + spec.north
    return np.column_stack(_to_degrees().transform(east, north)).round(6)


@lru_cache(maxsize=1)
def _to_degrees() -> Any:
    from pyproj import Transformer  # noqa: PLC0415

    return Transformer.from_crs("EPSG:25833", "EPSG:4326", always_xy=True)
