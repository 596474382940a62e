"""What is wrong with delivered shapes: mended where it can be, and always said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.sources.vector_shapes import DEGREES, METRES, polygons_only, reprojected

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: GEOS's names for what can be wrong, in the words of our own labels.
REASONS = {
    "Self-intersection": "self_crossing",
    "Ring Self-intersection": "ring_touches_itself",
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "holes_nested",
    "Nested shells": "parts_nested",
    "Duplicate Rings": "rings_twice",
    "Interior is disconnected": "interior_split",
    "Too few points in geometry component": "too_few_points",
    "Invalid Coordinate": "coordinate_invalid",
}
_REASON = re.compile(r"^(?P<what>[^\[]+)\[(?P<x>\S+) (?P<y>[^\]\s]+)")
_EXAMPLES = 8
#: So many repairs are told one by one, those that changed the area most; the rest as a sum.
_TOLD = 50


def mended(
    areas: pl.DataFrame, geometry: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], tuple[Finding, ...]]:
    """Return polygons in degrees, which of them are usable, and what was noticed.

    `areas` has `_code`, `_name` and `_file` for each geometry. Empty geometry, geometry that is
    no surface, and surfaces that collapse are not usable; invalid ones are repaired, each with
    a finding of its own that tells code, reason, place and change in area.
    """
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    found = _listed("geometry_empty", areas, empty)
    surfaces = shapely.get_dimensions(geometry) == 2
    mixed = surfaces & (shapely.get_type_id(geometry) == 7)
    found += _listed("geometry_not_polygon", areas, ~surfaces & ~empty)
    found += _listed("geometry_mixed", areas, mixed)
    result = geometry.copy()
    result[mixed] = polygons_only(result[mixed])
    broken = surfaces & ~shapely.is_valid(result)
    whole = result[broken]
    result[broken] = polygons_only(
        shapely.make_valid(whole, method="structure", keep_collapsed=False)
    )
    collapsed = broken & shapely.is_empty(result)
    found += _listed("geometry_collapsed", areas, collapsed)
    repaired = broken & ~collapsed
    found += _repairs(areas.filter(repaired), geometry[repaired], result[repaired])
    usable: NDArray[Any] = np.asarray(surfaces & ~collapsed, dtype=bool)
    return result, usable, tuple(found)


def _listed(code: str, areas: pl.DataFrame, which: NDArray[Any]) -> list[Finding]:
    """Return one finding a file that names the areas chosen, or none."""
    chosen = areas.filter(which)
    return [
        Finding(
            code,
            Severity.WARNING,
            Place(str(part["_file"][0])),
            {},
            part.height,
            named(part),
        )
        for part in chosen.partition_by("_file", maintain_order=True)
    ]


def named(areas: pl.DataFrame, most: int = _EXAMPLES) -> tuple[str, ...]:
    """Return the first areas as «0102 Grønland»."""
    rows = areas.select("_code", "_name").head(most).iter_rows()
    return tuple(f"{code} {name}".strip() for code, name in rows)


def _repairs(areas: pl.DataFrame, before: NDArray[Any], after: NDArray[Any]) -> list[Finding]:
    """Return a finding for each repaired polygon; beyond `_TOLD` of them, one for the rest."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    was = shapely.area(reprojected(before, DEGREES, METRES))
    now = shapely.area(reprojected(after, DEGREES, METRES))
    heaviest = np.argsort(-np.abs(now - was), kind="stable")
    told, rest = np.sort(heaviest[:_TOLD]), heaviest[_TOLD:]
    reasons = shapely.is_valid_reason(before[told])
    rows = areas.select("_code", "_name", "_file", "_row")[told].iter_rows()
    found = [
        _repair(row, str(reason), float(old), float(new))
        for row, reason, old, new in zip(rows, reasons, was[told], now[told], strict=True)
    ]
    if len(rest):
        params = {"m2_change": round(float(np.abs(now - was)[rest].sum()))}
        place, examples = Place(str(areas["_file"][0])), named(areas[rest])
        more = "geometry_repaired_more"
        found.append(Finding(more, Severity.WARNING, place, params, len(rest), examples))
    return found


def _repair(row: tuple[Any, ...], reason: str, was: float, now: float) -> Finding:
    code, name, file, at = row
    found = _REASON.match(reason)
    what = REASONS.get(found["what"], "other") if found else "other"
    params = {
        "area": f"{code} {name}".strip(),
        "lon": f"{float(found['x']):.5f}" if found else "?",
        "lat": f"{float(found['y']):.5f}" if found else "?",
        "m2_before": round(was),
        "m2_after": round(now),
        "m2_change": round(now - was),
        "percent": round(100 * (now - was) / was, 3) if was else 0.0,
        "reason": reason,
    }
    return Finding(f"geometry_repaired_{what}", Severity.WARNING, Place(file, at), params)


def same_shapes(areas: pl.DataFrame, geometry: NDArray[Any]) -> tuple[Finding, ...]:
    """Report different areas that were delivered with exactly the same shape."""
    import shapely  # noqa: PLC0415

    wkb = pl.Series("_wkb", list(shapely.to_wkb(shapely.normalize(geometry))), dtype=pl.Binary)
    twins = areas.with_columns(wkb).filter(wkb.is_duplicated()).sort("_wkb", "_code")
    if twins.is_empty():
        return ()
    place = Place(str(twins["_file"][0]))
    severity = Severity.WARNING
    return (Finding("geometry_same_shape", severity, place, {}, twins.height, named(twins)),)
