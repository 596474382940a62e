"""The map as a figure, drawn flat from the release's shapes; the web has a map of its own.

Shapes are carried to the UTM zone they lie in (ETRS89), so that north is up and nothing is
squeezed, and are thinned together, so that neighbours keep a common border. Hidden areas are
grey with a hatch, missing ones white with a broken border: told apart without colour as well.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.figures.base import Spec, figure, no_figures, source_layer
from nabolag.publish.figures.palette import BORDER, PAPER
from nabolag.publish.figures.plane import carried, frame_of, to_zone
from nabolag.publish.views.model import LegendItem, MapArea, MapLayer, SourceLine
from nabolag.store import Release

_SIZE = 520
#: Borders are thinned to about a third of a pixel.
_DETAIL = 1500
_HATCH = 70


def choropleth(
    release: Release, layer: MapLayer, sources: tuple[SourceLine, ...], lang: Lang
) -> Spec:
    """Return a map of a layer. Areas without shape are named under it, never left out unsaid."""
    shapes = _shapes(release, layer)
    if not shapes:
        return no_figures(layer.title, layer.period_text, lang)
    width, height = frame_of(list(shapes.values()), _SIZE)
    features = [_feature(area, shapes[area.code], layer) for area in layer.areas
                if area.code in shapes]  # fmt: skip
    hatched = [shapes[a.code] for a in layer.areas if a.kind == "hidden" and a.code in shapes]
    absent = ", ".join(link.name for link in layer.without_shape)
    notes = [label("publish.chart.without_shape", lang, names=absent)] if absent else []
    words = "\n".join([*notes, *(source.text for source in sources)])
    layers = [
        _fills(features, layer),
        *([_hatch(hatched, list(shapes.values()))] if hatched else []),
        *([source_layer(words, width, 16)] if words else []),
    ]
    return figure(layers, title=layer.title, subtitle=f"{layer.period_text}. "
                  f"{layer.legend.method_text}", description=layer.description, width=width,
                  height=height, projection={"type": "identity", "reflectY": True})  # fmt: skip


def _shapes(release: Release, layer: MapLayer) -> dict[str, Any]:
    """Return metric shapes by area code, thinned together."""
    import shapely  # noqa: PLC0415

    frame = release.shapes.filter(pl.col("level") == layer.level).sort("code")
    if frame.is_empty():
        return {}
    degrees = shapely.from_wkb(frame["wkb"].to_list())
    carry = to_zone(layer.bounds or (15.0, 0.0, 15.0, 0.0))
    metric = shapely.transform(degrees, lambda xy: carried(carry, xy))
    west, south, east, north = shapely.total_bounds(metric)
    thinned = shapely.coverage_simplify(metric, max(east - west, north - south) / _DETAIL)
    return dict(zip(frame["code"].to_list(), thinned, strict=True))


def _feature(area: MapArea, shape: Any, layer: MapLayer) -> dict[str, Any]:
    import shapely  # noqa: PLC0415

    properties = {
        "name": area.name,
        "text": area.text,
        "class": _label_of(area, layer),
        "kind": area.kind,
    }
    geometry = shapely.geometry.mapping(shape)
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _label_of(area: MapArea, layer: MapLayer) -> str:
    return next((item.label for item in layer.legend.items if _is_in(area, item)), "")


def _is_in(area: MapArea, item: LegendItem) -> bool:
    if area.class_index is not None:
        return item.index == area.class_index
    return item.index is None and item.kind == area.kind


def _fills(features: list[dict[str, Any]], layer: MapLayer) -> Spec:
    items = layer.legend.items
    scale = {"domain": [item.label for item in items], "range": [item.color for item in items]}
    legend = {
        "title": layer.legend.unit or None,
        "orient": "right",
        "symbolType": "square",
        "symbolSize": 260,
        "symbolStrokeColor": BORDER,
        "symbolStrokeWidth": 1,
        "offset": 20,
    }
    dashed = "datum.properties.kind !== 'value' && datum.properties.kind !== 'unreliable'"
    return {
        "data": {"values": features},
        "mark": {"type": "geoshape", "stroke": BORDER, "strokeWidth": 0.7},
        "encoding": {
            "fill": {"field": "properties.class", "type": "nominal", "scale": scale,
                     "legend": legend, "sort": None},
            "strokeDash": {"condition": {"test": dashed, "value": [3, 2]}, "value": [1, 0]},
            "tooltip": [{"field": "properties.name"}, {"field": "properties.text"}],
        },
    }  # fmt: skip


def _hatch(shapes: list[Any], every: list[Any]) -> Spec:
    """Return slanting lines inside the hidden areas, as far apart whatever their size."""
    import shapely  # noqa: PLC0415

    west, south, east, north = shapely.total_bounds(every)
    rise = north - south
    step = max(east - west, rise) / _HATCH or 1.0
    count = int((east - west + rise) / step) + 1
    lines = [
        shapely.LineString([(west - rise + i * step, south), (west + i * step, north)])
        for i in range(count + 1)
    ]
    inside = shapely.intersection(shapely.MultiLineString(lines), shapely.union_all(shapes))
    feature = {"type": "Feature", "geometry": shapely.geometry.mapping(inside), "properties": {}}
    return {
        "data": {"values": [feature]},
        "mark": {"type": "geoshape", "stroke": PAPER, "strokeWidth": 1.2, "fill": None,
                 "aria": False, "tooltip": None},
    }  # fmt: skip
