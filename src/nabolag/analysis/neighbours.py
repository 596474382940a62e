"""Which areas are neighbours, as arrays: by shared border, or the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self, TypeAlias

import numpy as np
import polars as pl

from nabolag.analysis.arrays import Bools, Floats, Ints
from nabolag.analysis.method import Given
from nabolag.core import Level
from nabolag.geography.contiguity import contiguity
from nabolag.geography.register import AreaRegister
from nabolag.sources.vector_shapes import DEGREES, METRES, geometry_of, reprojected

#: How it is decided who are neighbours.
Way: TypeAlias = Literal["border", "nearest"]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Neighbours of areas numbered from 0: those of area i are `other` where `own` is i.

    `own` is sorted. All neighbours of an area weigh the same, together 1.
    """

    size: int
    own: Ints
    other: Ints

    @property
    def count(self) -> Ints:
        """How many neighbours each area has."""
        return np.bincount(self.own, minlength=self.size)

    def among(self, kept: Bools) -> Self:
        """Return the neighbours within some of the areas, numbered anew in the same order."""
        place = np.cumsum(kept) - 1
        both = kept[self.own] & kept[self.other]
        return type(self)(int(kept.sum()), place[self.own[both]], place[self.other[both]])

    def mean(self, values: Floats) -> Floats:
        """Return the mean of each area's neighbours, unknown where it has none."""
        count = self.count
        total = np.bincount(self.own, weights=values[self.other], minlength=self.size)
        found: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        return found

    def matrix(self) -> Any:
        """Return the weights as a sparse matrix (SciPy, CSR) whose rows sum to 1."""
        from scipy.sparse import csr_array  # noqa: PLC0415

        weight = 1.0 / self.count[self.own]
        return csr_array((weight, (self.own, self.other)), shape=(self.size, self.size))


def neighbours_of(
    given: Given, level: Level, codes: pl.Series, way: Way, nearest: int
) -> Neighbours:
    """Return the neighbours of the areas in `codes`, in that order, found in one of two ways."""
    if way == "nearest":
        return by_distance(given.shapes, level, codes, nearest)
    return by_border(AreaRegister(given.areas, given.links, given.shapes), level, codes)


def by_border(register: AreaRegister, level: Level, codes: pl.Series) -> Neighbours:
    """Return the neighbours by shared border of the areas in `codes`, in that order."""
    pairs = contiguity(register, level).select("code", "neighbour")
    return _numbered(pairs, codes)


def by_distance(shapes: pl.DataFrame, level: Level, codes: pl.Series, nearest: int) -> Neighbours:
    """Return the `nearest` areas by the distance between centroids; areas without shape have none.

    Who is near to one is not always the other way round. Equally near: in no stated order.
    """
    from scipy.spatial import KDTree  # noqa: PLC0415

    own = shapes.filter(pl.col("level") == level.value, pl.col("code").is_in(codes.to_list()))
    if own.height < 2:
        return _numbered(pl.DataFrame(schema={"code": pl.String, "neighbour": pl.String}), codes)
    spots = centres(own)
    # The first found is the area itself, but for areas with the very same centroid.
    kept = min(nearest, own.height - 1)
    _, found = KDTree(spots).query(spots, k=kept + 1)
    itself = found == np.arange(own.height)[:, None]
    itself[~itself.any(axis=1), -1] = True
    code = own["code"].to_numpy()
    pairs = {"code": np.repeat(code, kept), "neighbour": code[found[~itself]]}
    return _numbered(pl.DataFrame(pairs), codes)


def centres(shapes: pl.DataFrame) -> Floats:
    """Return the centroids of shapes in metres (EPSG:25833), one row each."""
    import shapely  # noqa: PLC0415

    plane = reprojected(geometry_of(shapes), DEGREES, METRES)
    found: Floats = shapely.get_coordinates(shapely.centroid(plane))
    return found


def _numbered(pairs: pl.DataFrame, codes: pl.Series) -> Neighbours:
    place = pl.DataFrame({"code": codes, "at": np.arange(len(codes), dtype=np.int64)})
    found = (
        pairs.join(place.rename({"at": "own"}), on="code")
        .join(place.rename({"at": "other", "code": "neighbour"}), on="neighbour")
        .sort("own", "other")
    )
    return Neighbours(len(codes), found["own"].to_numpy(), found["other"].to_numpy())
