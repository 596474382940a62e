"""A small map of where an area lies: itself, and the areas of its level around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

import polars as pl

from nabolag.publish.figures.palette import AREA, BAND
from nabolag.store import Release

#: The longer side of the drawing, and how much detail is kept, in its own units.
SIZE: Final = 140.0
_DETAIL: Final = 0.25
#: The part of the map's longer side below which an area is ringed.
_HARD_TO_FIND: Final = 0.12
#: The rest of the municipality, the areas beside, the area itself.
_FILLS: Final = (BAND, "#b3bfcc", AREA)


def locator_svg(release: Release, level: str, code: str, around: Collection[str]) -> str | None:
    """Return the map as SVG without text, or `None` where the area has no shape.

    Drawn are the areas of the level in the same municipality: the area itself, those beside it
    (`around`, in the same parent) a little darker than the rest. A small area gets a ring.
    """
    import shapely  # noqa: PLC0415

    here = release.shapes.filter(
        (pl.col("level") == level) & pl.col("code").is_in(_town(release, level, code, around))
    )
    if code not in here["code"]:
        return None
    shapes = shapely.from_wkb(here["wkb"].to_list())
    paper = _paper(shapely.total_bounds(shapes))
    ranks = [(c == code) + (c == code or c in around) for c in here["code"]]
    drawn = [
        _path(paper, shape, _FILLS[rank])
        for rank, shape in sorted(zip(ranks, shapes, strict=True), key=lambda pair: pair[0])
    ]
    drawn.append(_ring(paper, shapes[here["code"].to_list().index(code)]))
    box = f'width="{paper.width:.1f}" height="{paper.height:.1f}"'
    view = f'viewBox="-1 -1 {paper.width + 2:.1f} {paper.height + 2:.1f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {view}>{"".join(drawn)}</svg>'


def _town(release: Release, level: str, code: str, around: Collection[str]) -> list[str]:
    """Return the codes of the level in the same municipality; else those beside the area."""
    links = release.links.filter((pl.col("level") == level) & (pl.col("parent_level") == "kommune"))
    towns = links.filter(pl.col("code") == code)["parent_code"]
    inside = links.filter(pl.col("parent_code").is_in(towns.to_list()))["code"].to_list()
    return inside or [*around, code]


@dataclass(frozen=True, slots=True)
class _Paper:
    """Degrees to places on paper: equirectangular, true to scale at the middle latitude."""

    west: float
    north: float
    across: float
    up: float
    width: float
    height: float

    def ring(self, coordinates: Iterable[Any]) -> str:
        """Return one closed ring as path data."""
        points = [
            f"{(x - self.west) * self.across:.1f} {(self.north - y) * self.up:.1f}"
            for x, y, *_ in coordinates
        ]
        return f"M{'L'.join(points)}Z"


def _paper(bounds: Any) -> _Paper:
    west, south, east, north = (float(edge) for edge in bounds)
    shrink = cos(radians((south + north) / 2))
    longest = max((east - west) * shrink, north - south) or 1.0
    up = SIZE / longest
    across = up * shrink
    return _Paper(west, north, across, up, (east - west) * across, (north - south) * up)


def _path(paper: _Paper, shape: Any, fill: str) -> str:
    import shapely  # noqa: PLC0415

    simple = shapely.simplify(shape, _DETAIL / paper.up)
    polygons = [p for p in shapely.get_parts(simple) if p.geom_type == "Polygon"]
    rings = [ring for p in polygons for ring in (p.exterior, *p.interiors)]
    data = "".join(paper.ring(ring.coords) for ring in rings)
    edge = 'stroke="#ffffff" stroke-width="0.4" stroke-linejoin="round" fill-rule="evenodd"'
    return f'<path d="{data}" fill="{fill}" {edge}/>'


def _ring(paper: _Paper, shape: Any) -> str:
    """Return a ring around an area that would be hard to find on the map, else nothing."""
    west, south, east, north = shape.bounds
    across, up = (east - west) * paper.across, (north - south) * paper.up
    if max(across, up) > SIZE * _HARD_TO_FIND:
        return ""
    x, y = ((west + east) / 2 - paper.west) * paper.across, (paper.north - (south + north) / 2)
    place = f'cx="{x:.1f}" cy="{y * paper.up:.1f}" r="{max(across, up) / 2 + 4:.1f}"'
    return f'<circle {place} fill="none" stroke="{AREA}" stroke-width="1.2"/>'
