"""GeoJSON after RFC 7946: WGS84, longitude first, outer rings against the clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import polars as pl

from nabolag.core import Lang, Status
from nabolag.publish.exports.notes import colophon
from nabolag.publish.exports.selection import EVERYTHING, Selection
from nabolag.publish.exports.shapes import AreaFigures, area_figures, wide_name
from nabolag.store import Release

Layout: TypeAlias = Literal["wide", "long"]
#: Seven decimals are about a centimetre here; RFC 7946 (11.2) advises against more.
DECIMALS: Final = 7
_LONG = (
    "indicator", "period", "group", "value", "numerator", "denominator", "lower", "upper",
    "status", "reason", "source",
)  # fmt: skip


def geojson_bytes(
    release: Release,
    lang: Lang,
    selection: Selection = EVERYTHING,
    layout: Layout = "wide",
) -> bytes:
    """Return the selection as a GeoJSON FeatureCollection, UTF-8. See `geojson_document`."""
    document = geojson_document(release, lang, selection, layout)
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")


def write_geojson(
    release: Release,
    path: Path,
    lang: Lang,
    selection: Selection = EVERYTHING,
    layout: Layout = "wide",
) -> Path:
    """Write the selection as GeoJSON and return the path."""
    path.write_bytes(geojson_bytes(release, lang, selection, layout))
    return path


def geojson_document(
    release: Release, lang: Lang, selection: Selection = EVERYTHING, layout: Layout = "wide"
) -> dict[str, Any]:
    """Return a FeatureCollection with one feature an area.

    `wide` has a property for each figure, and beside it `<name>_status` and, where there is no
    number, `<name>_status_text`. `long` has a list `observations` in each feature. An area
    without a shape has `geometry: null`. The member `nabolag` tells release, sources,
    definitions, disclosure rules and cautions; RFC 7946 (6.1) allows such members.
    """
    areas = area_figures(release, selection)
    rows = pl.concat([release.observations.clear(), *(area.rows for area in areas)])
    several = rows["period"].n_unique() > 1
    return {
        "type": "FeatureCollection",
        "nabolag": colophon(release, rows, lang).as_dict(),
        "features": [_feature(area, lang, layout, several) for area in areas],
    }


def wide_properties(rows: pl.DataFrame, lang: Lang, several_periods: bool) -> dict[str, Any]:
    """Return one property a figure with its status, and words where there is no number."""
    found: dict[str, Any] = {}
    for row in rows.iter_rows(named=True):
        name = wide_name(row, several_periods)
        status = Status(row["status"])
        found[name] = row["value"]
        found[f"{name}_status"] = status.value
        if status is not Status.VALUE:
            found[f"{name}_status_text"] = status.label.in_(lang)
    return found


def _feature(area: AreaFigures, lang: Lang, layout: Layout, several: bool) -> dict[str, Any]:
    own: dict[str, Any] = {
        "level": area.level,
        "code": area.code,
        "name": area.name,
        "area_km2": area.area_km2,
    }
    if layout == "wide":
        own |= wide_properties(area.rows, lang, several)
    else:
        own["observations"] = [_long(row, lang) for row in area.rows.iter_rows(named=True)]
    return {
        "type": "Feature",
        "id": f"{area.level}:{area.code}",
        "properties": own,
        "geometry": _geometry(area.wkb),
    }


def _long(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    words = Status(row["status"]).label.in_(lang)
    return {**{name: row[name] for name in _LONG}, "status_text": words}


def _geometry(wkb: bytes | None) -> dict[str, Any] | None:
    if wkb is None:
        return None
    import shapely  # noqa: PLC0415

    shape = shapely.orient_polygons(shapely.force_2d(shapely.from_wkb(wkb)), exterior_cw=False)
    mapped: dict[str, Any] = shapely.geometry.mapping(shape)
    return {"type": mapped["type"], "coordinates": _rounded(mapped["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(float(coordinates), DECIMALS)
    return [_rounded(part) for part in coordinates]
