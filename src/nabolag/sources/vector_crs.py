"""Which coordinate system a file is in, and whether its coordinates can be in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nabolag.core import Finding, Place, Severity, UserError, error
from nabolag.sources.vector_file import ROW, VectorFile
from nabolag.sources.vector_shapes import DEGREES, reprojected

if TYPE_CHECKING:
    from numpy.typing import NDArray

Bounds = tuple[float, float, float, float]
_EXAMPLES = 8
#: Mainland Norway, Svalbard and Jan Mayen: west, south, east, north in degrees.
NORWAY: Bounds = (-10.0, 57.0, 36.0, 81.5)
#: Systems that Norwegian files are delivered in, tried when a file's own cannot be right.
_USUAL = ("EPSG:25833", "EPSG:25832", "EPSG:25835", "EPSG:3857", DEGREES)


def in_degrees(
    file: VectorFile, declared: str, axes: str, bounds: Bounds
) -> tuple[NDArray[Any], str, tuple[Finding, ...]]:
    """Return the geometries in EPSG:4326 in two dimensions, the system used, and findings.

    Raises `UserError` where no system is stated, or where the coordinates fall outside
    `bounds` in the system that is (metres read as degrees, axes in the wrong order).
    """
    import shapely  # noqa: PLC0415

    system, said = system_of(file, declared)
    flat = shapely.force_2d(file.geometry)
    lifted = int(shapely.has_z(file.geometry).sum())
    if lifted:
        place = Place(file.name)
        said = (*said, Finding("geometry_z_dropped", Severity.INFO, place, {}, lifted))
    placed = _swapped(flat) if axes == "swapped" else flat
    _refuse_elsewhere(placed, system, bounds, file)
    return reprojected(placed, system, DEGREES), system, said


def system_of(file: VectorFile, declared: str) -> tuple[str, tuple[Finding, ...]]:
    """Return the coordinate system: the declared one, else the stated, else GeoJSON's WGS84."""
    place = Place(file.name)
    if declared:
        _refuse_unknown(declared, file.name)
        if file.crs and not _same(file.crs, declared):
            params = {"stated": file.crs, "declared": declared}
            return declared, (Finding("geometry_crs_replaced", Severity.WARNING, place, params),)
        return declared, ()
    if file.crs:
        return file.crs, ()
    if file.format != "GeoJSON":
        raise error("geometry_crs_absent", place)
    # RFC 7946 section 4: GeoJSON is WGS84, longitude first, unless parties agree otherwise.
    return DEGREES, (Finding("geometry_crs_assumed", Severity.INFO, place, {"crs": DEGREES}),)


def _refuse_unknown(declared: str, name: str) -> None:
    from pyproj import CRS  # noqa: PLC0415
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    try:
        CRS.from_user_input(declared)
    except CRSError as wrong:
        raise error("geometry_crs_unknown", Place(name), crs=declared) from wrong


def _same(one: str, other: str) -> bool:
    from pyproj import CRS  # noqa: PLC0415

    return bool(CRS.from_user_input(one).equals(CRS.from_user_input(other), True))


def _swapped(geometry: NDArray[Any]) -> NDArray[Any]:
    import shapely  # noqa: PLC0415

    turned: NDArray[Any] = shapely.transform(geometry, lambda points: points[:, ::-1])
    return turned


def _refuse_elsewhere(
    geometry: NDArray[Any], system: str, bounds: Bounds, file: VectorFile
) -> None:
    """Raise where the corners of the whole file do not lie in the expected part of the world."""
    import shapely  # noqa: PLC0415

    west, south, east, north = (float(side) for side in shapely.total_bounds(geometry))
    whole: Bounds = (west, south, east, north)
    if any(side != side for side in whole):  # noqa: PLR0124  (no coordinates at all: reported later)
        return
    outside = [] if _lands(whole, system, bounds) else _outside(geometry, system, bounds)
    if not outside:
        return
    place = Place(file.name)
    params = {
        "crs": system,
        "x": f"{_plain(west)}–{_plain(east)}",
        "y": f"{_plain(south)}–{_plain(north)}",
        "bounds": ", ".join(f"{side:g}" for side in bounds),
    }
    if _lands((south, west, north, east), system, bounds):
        raise error("geometry_axes", place, **params)
    fits = [other for other in _USUAL if _lands(whole, other, bounds)]
    if fits:
        raise error("geometry_crs_impossible", place, **params, fits=", ".join(fits))
    rows = [file.frame[ROW][at] for at in outside]
    place, named = Place(file.name, rows[0]), tuple(str(row) for row in rows[:_EXAMPLES])
    raise UserError(Finding("geometry_elsewhere", Severity.ERROR, place, params, len(rows), named))


def _plain(side: float) -> str:
    """Write metres without decimals and degrees with them, never with an exponent."""
    return f"{side:.0f}" if abs(side) >= 1000 else f"{side:.4f}".rstrip("0").rstrip(".")


def fitting_systems(file: VectorFile) -> tuple[str, ...]:
    """Return the usual systems in which the coordinates of a file can lie in Norway."""
    import shapely  # noqa: PLC0415

    whole = tuple(float(side) for side in shapely.total_bounds(file.geometry))
    if any(side != side for side in whole):  # noqa: PLR0124  (no coordinates at all)
        return ()
    return tuple(system for system in _USUAL if _lands(whole, system, NORWAY))


def _outside(geometry: NDArray[Any], system: str, bounds: Bounds) -> list[int]:
    """Return the positions of the geometries that do not lie inside `bounds`."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    there = np.flatnonzero(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)))
    boxes = shapely.box(*shapely.bounds(geometry[there]).T)
    west, south, east, north = shapely.bounds(reprojected(boxes, system, DEGREES)).T
    inside = (bounds[0] <= west) & (bounds[1] <= south) & (east <= bounds[2]) & (north <= bounds[3])
    return [int(at) for at in there[~inside]]


def _lands(whole: Sequence[float], system: str, bounds: Bounds) -> bool:
    """Tell whether a rectangle lies inside `bounds` when its corners are read in a system."""
    import shapely  # noqa: PLC0415
    from pyproj import CRS  # noqa: PLC0415

    if CRS.from_user_input(system).is_geographic and max(map(abs, whole)) > 360:
        return False
    box = shapely.box(*whole)
    west, south, east, north = shapely.bounds(reprojected(box, system, DEGREES))
    inside = bounds[0] <= west and bounds[1] <= south and east <= bounds[2] and north <= bounds[3]
    return bool(inside)
