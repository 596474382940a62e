"""Borders of every level of a synthetic country, all made of the very same edges."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from nabolag.synthetic.areas import as_wgs84
from nabolag.synthetic.country.hierarchy import LAND, LAND_NAME, counties
from nabolag.synthetic.files import area_features, feature
from nabolag.synthetic.ground import Ground


def write_borders(path: Path, grounds: Sequence[Ground]) -> None:
    """Write grunnkretser, bydeler, kommuner, fylker and the land as one GeoJSON (EPSG:4326)."""
    features: list[dict[str, Any]] = []
    wholes: dict[str, BaseGeometry] = {}
    for ground in grounds:
        spec = ground.spec
        features += area_features(ground)
        whole = shapely.union_all(as_wgs84(ground.areas.shapes, spec))
        wholes[spec.code] = whole
        features.append(feature("kommune", spec.code, spec.name, "", spec.code, whole))
    names = counties([{"code": code} for code in wholes])
    for code, name in names.items():
        inside = [shape for kommune, shape in wholes.items() if kommune[:2] == code]
        features.append(feature("fylke", code, name, "", "", shapely.union_all(inside)))
    land = shapely.union_all(list(wholes.values()))
    features.append(feature("land", LAND, LAND_NAME, "", "", land))
    document = {"type": "FeatureCollection", "features": features}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
