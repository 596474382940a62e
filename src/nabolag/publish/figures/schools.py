"""Where schools and kindergartens lie: the area's outline, the areas in it, and a mark for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from nabolag.core import Lang, Level, label
from nabolag.publish.figures.base import Spec, figure, no_figures, source_layer
from nabolag.publish.figures.palette import AREA, BORDER, MUNICIPALITY, PAPER, RULE
from nabolag.publish.figures.plane import carried, frame_of, to_zone
from nabolag.store import Release

if TYPE_CHECKING:
    from nabolag.publish.views.schools import SchoolsView

_SIZE = 520
_DETAIL = 1000
_GROUND = "#f4f1ea"
#: Told apart by shape as well as by colour.
_MARKS = {Level.SCHOOL.value: ("square", AREA), Level.KINDERGARTEN.value: ("circle", MUNICIPALITY)}


def schools(release: Release, view: SchoolsView, lang: Lang) -> Spec:
    """Return a map of the places in an area. Those without a point are in the table alone."""
    title = label("publish.schools.map", lang, name=view.name)
    placed = [place for place in view.places if place.lon is not None and place.lat is not None]
    ground, inside = _ground(release, view)
    if not placed or not ground:
        return no_figures(title, "", lang)
    shapes, spots = _on_the_plane([*ground, *inside], [(p.lon, p.lat) for p in placed])
    width, height = frame_of([*shapes, *spots], _SIZE)
    values = [
        {"x": spot.x, "y": spot.y, "name": place.name, "kind": place.kind}
        for spot, place in zip(spots, placed, strict=True)
    ]
    words = "\n".join(source.text for source in view.sources)
    layers = [
        _surface(shapes[: len(ground)], _GROUND, BORDER, 1.2),
        *([_surface(shapes[len(ground) :], None, RULE, 1.0)] if inside else []),
        _marks(values, {Level(p.level).label.in_(lang): p.level for p in placed}),
        *([source_layer(words, width, 16)] if words else []),
    ]
    return figure(
        layers, title=title, subtitle="", width=width, height=height,
        description=label("publish.schools.map_description", lang, lead=view.lead),
        projection={"type": "identity", "reflectY": True},
    )  # fmt: skip


def _ground(release: Release, view: SchoolsView) -> tuple[list[Any], list[Any]]:
    """Return the area, and the areas just inside it; where it has no shape, those alone are it."""
    import shapely  # noqa: PLC0415

    whole, inside = (shapely.from_wkb(found) for found in shapes_of(release, view.level, view.code))
    return (list(whole), list(inside)) if len(whole) else (list(inside), [])


def shapes_of(release: Release, level: str, code: str) -> tuple[list[bytes], list[bytes]]:
    """Return the shape of an area, and those of the next smaller areas in it that have one."""
    own = release.shapes.filter(pl.col("level") == level, pl.col("code") == code)
    inside = release.links.filter(
        pl.col("parent_level") == level, pl.col("parent_code") == code
    ).select("level", "code")
    within = release.shapes.join(inside, on=["level", "code"], how="semi", maintain_order="left")
    held = [level.value for level in Level if level.value in set(within["level"].unique())]
    next_down = within.filter(pl.col("level") == held[0])["wkb"].to_list() if held else []
    return own["wkb"].to_list(), next_down


def _on_the_plane(
    shapes: list[Any], spots: list[tuple[float | None, float | None]]
) -> tuple[list[Any], list[Any]]:
    """Return shapes and points in metres of the zone they lie in, shapes thinned for drawing."""
    import shapely  # noqa: PLC0415

    carry = to_zone(shapely.total_bounds(shapes))
    metric = shapely.transform(shapes, lambda xy: carried(carry, xy))
    west, south, east, north = shapely.total_bounds(metric)
    thinned = shapely.simplify(metric, max(east - west, north - south) / _DETAIL)
    points = shapely.transform(shapely.points(spots), lambda xy: carried(carry, xy))
    return list(thinned), list(points)


def _surface(shapes: list[Any], fill: str | None, stroke: str, width: float) -> Spec:
    import shapely  # noqa: PLC0415

    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": {}}
        for shape in shapes
    ]
    mark = {"type": "geoshape", "fill": fill, "stroke": stroke, "strokeWidth": width}
    return {"data": {"values": features}, "mark": {**mark, "aria": False, "tooltip": None}}


def _marks(values: list[dict[str, Any]], kinds: dict[str, str]) -> Spec:
    """Return a mark a place; `kinds` are levels by what they are called."""
    shapes = [_MARKS[level][0] for level in kinds.values()]
    colours = [_MARKS[level][1] for level in kinds.values()]
    legend = {"title": None, "orient": "top", "symbolOpacity": 1}
    named = {"field": "kind", "type": "nominal", "legend": legend}
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "stroke": PAPER,
                 "strokeWidth": 1.2},
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "shape": {**named, "scale": {"domain": list(kinds), "range": shapes}},
            "color": {**named, "scale": {"domain": list(kinds), "range": colours}},
            "tooltip": [{"field": "name", "title": " "}, {"field": "kind", "title": " "}],
            "description": {"field": "name"},
        },
    }  # fmt: skip
