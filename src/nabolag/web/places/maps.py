"""What `<nb-map>` draws: a layer of a view with its shapes."""

from __future__ import annotations

from typing import Any

from nabolag.core import Lang
from nabolag.publish.views.model import MapArea, MapLayer
from nabolag.store import Release
from nabolag.web.places.links import area_href
from nabolag.web.places.shapes import drawn_shapes


def feature_collection(release: Release, layer: MapLayer, lang: Lang) -> dict[str, Any]:
    """Return the layer as GeoJSON with legend and box, as `docs/frontend.md` describes.

    `value` stands only where there is a number. Areas without a shape are not on the map; they
    are in the table, and the page names them.
    """
    shapes = drawn_shapes(release, layer.level)
    features = [
        {
            "type": "Feature",
            "geometry": shapes[area.code],
            "properties": _properties(area, layer, lang),
        }
        for area in layer.areas
        if area.code in shapes
    ]
    legend = [
        {"bin": item.index, "label": item.label, "color": item.color}
        for item in layer.legend.items
        if item.index is not None
    ]
    collection = {
        "type": "FeatureCollection",
        "legendTitle": layer.legend.title,
        "legend": legend,
        "absent": _absent(layer),
        "features": features,
    }
    return {**collection, "bbox": list(layer.bounds)} if layer.bounds else collection


def _absent(layer: MapLayer) -> dict[str, str]:
    """Return what a look without a number is called here, where it is not what it is elsewhere."""
    unknown = [item.label for item in layer.legend.items if item.kind == "unknown"]
    return {"missing": unknown[0]} if unknown else {}


def _properties(area: MapArea, layer: MapLayer, lang: Lang) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "code": area.code,
        "name": area.name,
        "level": layer.level,
        "text": area.text,
        "status": area.status,
        "bin": area.class_index,
        "href": area_href(lang, layer.level, area.code, period=layer.period),
    }
    return facts if area.value is None else {**facts, "value": area.value}
