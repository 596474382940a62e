"""Whether areas cover the ground as they should: each place once, without holes between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.sources.vector_shapes import DEGREES, METRES, reprojected

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EXAMPLES = 8


def coverage(
    areas: pl.DataFrame, geometry: NDArray[Any], tolerance_m: float
) -> tuple[Finding, ...]:
    """Report overlaps and gaps wider than `tolerance_m`, measured in EPSG:25833.

    `areas` has `_code`, `_name` and `_file` for each valid polygon in degrees.
    """
    import shapely  # noqa: PLC0415

    if not len(geometry):
        return ()
    plane = reprojected(geometry, DEGREES, METRES)
    clean = bool(shapely.coverage_is_valid(plane))
    overlaps = () if clean else _overlaps(areas, plane, tolerance_m)
    return overlaps + _gaps(areas, plane, tolerance_m, clean=clean)


def _overlaps(areas: pl.DataFrame, plane: NDArray[Any], tolerance_m: float) -> tuple[Finding, ...]:
    pairs, shared = overlapping(plane, tolerance_m)
    if not len(shared):
        return ()
    import numpy as np  # noqa: PLC0415

    order = np.argsort(-shared, kind="stable")[:_EXAMPLES]
    codes = areas["_code"].to_list()
    examples = tuple(
        f"{codes[pairs[0][at]]}–{codes[pairs[1][at]]} ({shared[at]:.0f} m²)" for at in order
    )
    params = {"m2": round(float(shared.sum())), "tolerance_m": tolerance_m}
    place = _place(areas)
    return (Finding("geometry_overlap", Severity.WARNING, place, params, len(shared), examples),)


def overlapping(
    plane: NDArray[Any], tolerance_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return pairs (2 × n) of polygons that overlap wider than a tolerance, and by how many m².

    Only polygons whose edges do not match their neighbours' are compared, so a clean file
    costs one pass.
    """
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    suspects = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(plane)))
    chosen = plane[suspects]
    left, right = shapely.STRtree(chosen).query(chosen, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    common = shapely.intersection(chosen[left], chosen[right])
    # An overlap that vanishes when half the tolerance is shaved off all round is a sliver.
    wide = shapely.area(common) > tolerance_m**2
    wide[wide] = ~shapely.is_empty(shapely.buffer(common[wide], -tolerance_m / 2, quad_segs=1))
    pairs = np.vstack([suspects[left[wide]], suspects[right[wide]]])
    return pairs, shapely.area(common[wide])


def _gaps(
    areas: pl.DataFrame, plane: NDArray[Any], tolerance_m: float, *, clean: bool
) -> tuple[Finding, ...]:
    """Report what is enclosed by areas and belongs to none: a lake, a fjord, a forgotten area."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    joined = shapely.coverage_union_all(plane) if clean else shapely.union_all(plane)
    parts = shapely.get_parts(joined)
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = np.append([False], owner[1:] == owner[:-1])
    holes = shapely.polygons(rings[inner])
    wide = ~shapely.is_empty(shapely.buffer(holes, -tolerance_m / 2, quad_segs=1))
    holes = holes[wide]
    if not len(holes):
        return ()
    size = shapely.area(holes)
    order = np.argsort(-size, kind="stable")[:_EXAMPLES]
    spots = reprojected(shapely.point_on_surface(holes[order]), METRES, DEGREES)
    examples = tuple(
        f"{shapely.get_x(spot):.5f}, {shapely.get_y(spot):.5f} ({m2 / 1e6:.3f} km²)"
        for spot, m2 in zip(spots, size[order], strict=True)
    )
    params = {"km2": round(float(size.sum()) / 1e6, 3), "tolerance_m": tolerance_m}
    place = _place(areas)
    return (Finding("geometry_gap", Severity.INFO, place, params, len(holes), examples),)


def _place(areas: pl.DataFrame) -> Place:
    files = areas["_file"].unique(maintain_order=True).to_list()
    return Place(files[0] if len(files) == 1 else "")
