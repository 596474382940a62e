"""The areas of the municipality: grunnkretser and bydeler with shared borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from nabolag.synthetic.coast import land
from nabolag.synthetic.names import area_names, bydel_names, island_names
from nabolag.synthetic.spec import MunicipalitySpec

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

ZONES = ("centre", "inner", "suburb", "rural", "island")
#: Where one zone ends and the next begins, in kilometres from the middle of the town.
ZONE_LIMITS = (1.1, 2.6, 4.9)
#: How densely people live, relative to the middle, by distance: halves every kilometre.
_HALF_KM = 1.0
_SAMPLE = 24_000
_ROUNDS = 12


@dataclass(frozen=True)
class Areas:
    """Grunnkretser in code order. `shapes` are kilometres; `bydel` counts from 0.

    `weight` is each area's share of the households, `neighbours` a symmetric matrix.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    bydel: Ints
    bydel_codes: tuple[str, ...]
    bydel_names: tuple[str, ...]
    zone: Ints
    middle: Floats
    weight: Floats
    shapes: tuple[BaseGeometry, ...]
    neighbours: Bools

    @property
    def count(self) -> int:
        """The number of grunnkretser."""
        return len(self.codes)


def build_areas(spec: MunicipalitySpec) -> Areas:
    """Return the areas of a municipality, the same for the same seed."""
    rng = spec.stream("geometry")
    mainland, islands = land(rng)
    points = _spread_points(mainland, spec.grunnkretser - len(islands), rng)
    shapes = [*_cells(points, mainland, rng), *islands]
    middle = np.array([[p.x, p.y] for p in shapely.point_on_surface(shapes)])
    middle[: len(points)] = points
    zone = _zones(middle, len(islands))
    neighbours = _neighbours(shapes)
    weight = _weights(zone, rng)
    bydel = _districts(middle, weight, neighbours, max(spec.bydeler, 1), rng)
    names = area_names(len(points), rng) + island_names(len(islands))
    order = np.lexsort((middle[:, 0], _distance(middle).round(3), bydel))
    return Areas(
        codes=area_codes(spec, bydel[order]),
        names=tuple(names[i] for i in order),
        bydel=bydel[order],
        bydel_codes=tuple(f"{spec.code}{i + 1:02d}" for i in range(spec.bydeler)),
        bydel_names=tuple(bydel_names(spec.bydeler)),
        zone=zone[order],
        middle=middle[order],
        weight=weight[order],
        shapes=tuple(shapes[i] for i in order),
        neighbours=neighbours[np.ix_(order, order)],
    )


def area_codes(spec: MunicipalitySpec, bydel: Ints) -> tuple[str, ...]:
    """Return kommune, two digits of the district and a running number of two.

    Where there are no districts, the running number has all four digits.
    """
    if not spec.bydeler:
        return tuple(f"{spec.code}{101 + i:04d}" for i in range(len(bydel)))
    seen: dict[int, int] = {}
    codes = []
    for number in bydel.tolist():
        seen[number] = seen.get(number, 0) + 1
        codes.append(f"{spec.code}{number + 1:02d}{seen[number]:02d}")
    return tuple(codes)


def _spread_points(mainland: BaseGeometry, count: int, rng: np.random.Generator) -> Floats:
    """Spread points over the land, denser in the middle (Lloyd's method on a weighted sample)."""
    west, south, east, north = mainland.bounds
    cloud = rng.uniform((west, south), (east, north), size=(_SAMPLE, 2))
    cloud = cloud[shapely.contains_xy(mainland, cloud[:, 0], cloud[:, 1])]
    weight = 0.02 + 0.5 ** (_distance(cloud) / _HALF_KM)
    chosen = rng.choice(len(cloud), count, replace=False, p=weight / weight.sum())
    points = cloud[chosen]
    for _ in range(_ROUNDS):
        nearest = _nearest(cloud, points)
        total = np.bincount(nearest, weight, count)
        for axis in (0, 1):
            points[:, axis] = np.bincount(nearest, weight * cloud[:, axis], count) / total
    # A centre of gravity may lie in the fjord; the nearest sampled point never does.
    return np.asarray(cloud[_nearest(points, cloud)])


def _distance(points: Floats) -> Floats:
    return np.asarray(np.hypot(points[:, 0], points[:, 1]))


def _nearest(of: Floats, among: Floats) -> Ints:
    squared = (among**2).sum(axis=1) - 2 * of @ among.T
    return np.asarray(squared.argmin(axis=1))


def _cells(points: Floats, mainland: BaseGeometry, rng: np.random.Generator) -> list[BaseGeometry]:
    """Cut the mainland into one connected cell a point. Neighbours share every vertex.

    All borders are drawn once, as one set of lines, and the faces between them are collected:
    a border cannot be drawn twice, so there are no gaps and no overlaps.
    """
    frame = shapely.buffer(mainland, 5)
    edges = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, only_edges=True)
    )
    lines = [_bend(edge, rng) for edge in sorted(edges, key=lambda e: e.bounds)]
    drawn = shapely.union_all([*lines, mainland.boundary], grid_size=1e-6)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawn)))
    inside = [f for f in faces if shapely.contains(mainland, f.representative_point())]
    return _collect(sorted(inside, key=lambda f: f.bounds), points)


def _bend(edge: BaseGeometry, rng: np.random.Generator) -> BaseGeometry:
    """Bend a straight border a little, twice halved, so that it looks drawn by people."""
    line = shapely.get_coordinates(edge)
    for amplitude in (0.07, 0.05):
        steps = np.diff(line, axis=0)
        across = np.column_stack([-steps[:, 1], steps[:, 0]])
        shift = np.clip(rng.normal(0, amplitude, len(steps)), -0.12, 0.12)[:, None]
        bent = np.empty((2 * len(line) - 1, 2))
        bent[::2] = line
        bent[1::2] = line[:-1] + steps / 2 + across * shift
        line = bent
    return shapely.LineString(line)


def _collect(faces: Sequence[BaseGeometry], points: Floats) -> list[BaseGeometry]:
    """Give each face to the point inside it, and stray faces to the longest neighbour."""
    parts: list[list[BaseGeometry]] = [[] for _ in points]
    stray = list(faces)
    tree = shapely.STRtree(stray)
    found = tree.query(shapely.points(points), predicate="within")
    owner = dict(zip(found[1].tolist(), found[0].tolist(), strict=True))
    for face, point in owner.items():
        parts[point].append(stray[face])
    left = [face for number, face in enumerate(stray) if number not in owner]
    while left:
        face = left.pop(0)
        shared = [
            max((shapely.length(shapely.intersection(face, p)) for p in own), default=0.0)
            for own in parts
        ]
        best = int(np.argmax(shared))
        if shared[best] > 0:
            parts[best].append(face)
        else:
            left.append(face)
    return [shapely.union_all(own) for own in parts]


def _zones(middle: Floats, islands: int) -> Ints:
    zone: Ints = np.asarray(np.searchsorted(ZONE_LIMITS, _distance(middle)), dtype=np.int64)
    zone[len(zone) - islands :] = ZONES.index("island")
    return zone


def _neighbours(shapes: Sequence[BaseGeometry]) -> Bools:
    """Tell which areas share a border of some length, not only a corner."""
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found = np.zeros((len(shapes), len(shapes)), dtype=bool)
    for one, other in pairs.T:
        if one < other and shapely.length(shapely.intersection(shapes[one], shapes[other])) > 0.02:
            found[one, other] = found[other, one] = True
    return found


def _weights(zone: Ints, rng: np.random.Generator) -> Floats:
    """Return each area's share of the households; the edge and the islands have few."""
    usual = np.array([1.1, 1.25, 1.15, 0.4, 0.1])[zone]
    weight = usual * np.exp(rng.normal(0, 0.3, len(zone)))
    return np.asarray(weight / weight.sum())


def _districts(
    middle: Floats, weight: Floats, neighbours: Bools, count: int, rng: np.random.Generator
) -> Ints:
    """Group areas into districts of about equal population that hang together."""
    seeds = middle[rng.choice(len(middle), count, replace=False, p=weight)]
    for _ in range(30):
        nearest = _nearest(middle, seeds)
        total = np.bincount(nearest, weight, count)
        for axis in (0, 1):
            moved = np.bincount(nearest, weight * middle[:, axis], count)
            seeds[:, axis] = np.where(total > 0, moved / np.maximum(total, 1e-12), seeds[:, axis])
    order = np.argsort(_distance(seeds))
    district = np.argsort(order)[_nearest(middle, seeds)]
    return _hang_together(district, neighbours)


def _hang_together(district: Ints, neighbours: Bools) -> Ints:
    """Move pieces that are cut off from their district into a neighbouring one."""
    fixed = district.copy()
    for _ in range(len(fixed)):
        stray = _stray_piece(fixed, neighbours)
        if stray is None:
            return fixed
        around = fixed[neighbours[stray].any(axis=0)]
        others = around[around != fixed[stray[0]]]
        fixed[stray] = np.bincount(others).argmax()
    return fixed


def _stray_piece(district: Ints, neighbours: Bools) -> Ints | None:
    """Return the areas of one piece that lies apart, islands (no neighbours) excepted."""
    for number in np.unique(district):
        members = np.flatnonzero((district == number) & neighbours.any(axis=1))
        pieces = _pieces(members, neighbours)
        if len(pieces) > 1:
            return min(pieces, key=len)
    return None


def _pieces(members: Ints, neighbours: Bools) -> list[Ints]:
    left, found = set(members.tolist()), []
    while left:
        piece, edge = set(), {min(left)}
        while edge:
            piece |= edge
            edge = {n for m in edge for n in np.flatnonzero(neighbours[m]).tolist()} & left - piece
        left -= piece
        found.append(np.array(sorted(piece)))
    return found


def as_wgs84(shapes: Sequence[BaseGeometry], spec: MunicipalitySpec) -> list[BaseGeometry]:
    """Return shapes in longitude and latitude, seven decimals (a centimetre).

    A vertex that two areas share is the same number in both, before and after.
    """
    from pyproj import Transformer  # noqa: PLC0415

    to_degrees = Transformer.from_crs("EPSG:25833", "EPSG:4326", always_xy=True)

    def project(xy: Floats) -> Any:
        east, north = xy[:, 0] * 1000 + spec.east, xy[:, 1] * 1000 + spec.north
        return np.column_stack(to_degrees.transform(east, north)).round(7)

    return [shapely.transform(shape, project) for shape in shapes]
