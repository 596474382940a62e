"""Schools and kindergartens of the small delivery: a table, a file of points, and their sections."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.delivery import write_delivery

#: Squares are 0.02 degrees wide and 0.01 high, six in a row, from 10.70 east and 59.90 north.
SCHOOLS = """Nr;Skole;Lengde;Bredde;Kommune
S1;Sørli skole;10,71;59,905;9901
S2;Nordli skole;10,73;59,915;9901
S3;Hjørnet skole;10,72;59,91;9901
S4;Brygga skole;10,699;59,905;9901
S5;Fjern skole;11,90;59,90;9902
S6;Ny skole;;;9901
S7;Nabo skole;10,6995;59,905;9902
"""
SECTION = """
[[points]]
id = "skoler"
file = "skoler.csv"
level = "school"
code = "Nr"
name = "Skole"
municipality = "Kommune"
x = "Lengde"
y = "Bredde"
crs = "EPSG:4326"
producer = "Prøvekommune"
title = "Skoler"
"""
GARDENS = """
[[points]]
id = "barnehager"
file = "barnehager/*.geojson"
level = "kindergarten"
code = "nr"
name = "navn"
producer = "Prøvekommune"
"""


def write_schools(folder: Path, *sections: str) -> Path:
    """Write the delivery with the files of places, and return the folder.

    Without sections all of them are declared.
    """
    write_delivery(folder)
    config = folder / "nabolag.toml"
    chosen = sections or (SECTION, GARDENS)
    config.write_text(config.read_text(encoding="utf-8") + "".join(chosen), encoding="utf-8")
    (folder / "skoler.csv").write_text(SCHOOLS, encoding="utf-8")
    (folder / "barnehager").mkdir()
    for name, places in {"sør": {"K1": (10.711, 59.905)}, "nord": {"K2": (10.75, 59.915)}}.items():
        path = folder / "barnehager" / f"{name}.geojson"
        path.write_text(json.dumps(points(places)), encoding="utf-8")
    return folder


def points(places: dict[str, tuple[float, float]]) -> dict[str, object]:
    """Return places by code as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"nr": code, "navn": f"Barnehage {code}"},
            "geometry": {"type": "Point", "coordinates": list(place)},
        }
        for code, place in places.items()
    ]
    return {"type": "FeatureCollection", "features": features}
