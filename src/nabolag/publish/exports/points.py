"""Schools and kindergartens as files: of an area, or all of them, with the area of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from nabolag.core import Lang, error, label
from nabolag.geography import with_areas
from nabolag.publish.exports.delimited import frame_csv
from nabolag.publish.exports.frames import FRAME_FORMS, FrameForm, frame_xlsx
from nabolag.publish.views.schools import SchoolsView, places_frame
from nabolag.store import Release

if TYPE_CHECKING:
    import geopandas

#: The forms that the places of an area leave in.
PLACE_FORMS: Final[dict[str, FrameForm]] = {
    **{name: FRAME_FORMS[name] for name in ("csv", "csv-international", "xlsx")},
    "geojson": FrameForm("application/geo+json", ".geojson"),
}


def places_bytes(release: Release, view: SchoolsView, form: str, lang: Lang) -> bytes:
    """Return the places of an area as a file, in one of `PLACE_FORMS`, with the area of each.

    Raises `UserError` for another form.
    """
    if form not in PLACE_FORMS:
        raise error("web_form_unknown", given=form, known=", ".join(PLACE_FORMS))
    rows = places_frame(release, view.level, view.code)
    table = with_areas(rows, release.point_areas, release.areas)
    if form == "geojson":
        return _geojson(table, view, release)
    if form == "xlsx":
        return frame_xlsx(table, _facts(view, release, lang), lang)
    return frame_csv(table, "no" if form == "csv" else "international")


def _facts(view: SchoolsView, release: Release, lang: Lang) -> dict[str, str]:
    return {
        label("publish.schools.map", lang, name=view.name): view.lead,
        label("analysis.file.release", lang): release.id,
        label("web.sources.title", lang): " ".join(source.text for source in view.sources),
    }


def _geojson(table: pl.DataFrame, view: SchoolsView, release: Release) -> bytes:
    """Return places as points in degrees; one without coordinates has no geometry."""
    features: list[dict[str, Any]] = []
    for row in table.iter_rows(named=True):
        lon, lat = row.pop("lon"), row.pop("lat")
        spot = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
        features.append({"type": "Feature", "geometry": spot, "properties": row})
    told = {"release": release.id, "sources": [source.text for source in view.sources]}
    document = {"type": "FeatureCollection", "features": features, "nabolag": told}
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


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
