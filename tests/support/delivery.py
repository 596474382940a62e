"""A small delivery of files with its `nabolag.toml`: twelve sub-districts, two years.

Everything is invented. Areas 0103 and 0203 are planted with heavy values in every challenge.
"""

from __future__ import annotations

import json
from pathlib import Path

CODES = tuple(f"0{district}0{number}" for district in (1, 2) for number in range(1, 7))
HEAVY = ("0103", "0203")
YEARS = (2020, 2021)
HOUSEHOLDS = 1_200

CONFIG = """
[workspace]
name = "Prøvekommune"
main_level = "delbydel"
geography = "2020"
municipality = { level = "kommune", code = "9901" }
synthetic = true
simplify_m = 0

[[areas]]
id = "kommune"
level = "kommune"
names = { "9901" = "Prøvekommune" }

[[areas]]
id = "bydeler"
level = "bydel"
names = { "990101" = "Sør", "990102" = "Nord" }
parents = [{ level = "kommune", constant = "9901" }]

[[geometry]]
id = "grenser"
file = "grenser.geojson"
level = "delbydel"
geography = "2020"
code = "KODE"
name = "NAVN"
parents = [{ level = "bydel", transform = [{ first = 2 }, { prefix = "9901" }] }]
producer = "Prøvekommune"

[[source]]
id = "levekar"
file = "levekår.csv"
producer = "Prøvekommune"
title = { nb = "Levekår etter delbydel", nn = "Levekår etter delbydel", en = "Living conditions" }
licence = "CC BY 4.0"
retrieved = "2026-11-01"
geography = "2020"
period = { column = "År" }
area = [{ level = "delbydel", column = "Delbydel" }]
measure = [
  { id = "lavinntekt", column = "Lavinntekt", min = 0 },
  { id = "trangt", column = "Bor trangt", min = 0 },
  { id = "leier", column = "Leier", min = 0 },
  { id = "eneforsorger", column = "Eneforsørgere", min = 0 },
  { id = "husholdninger", column = "Husholdninger", min = 1 },
]
leave_out = [{ reason = "sumrader", where = [{ column = "Delbydel", equals = "I alt" }] }]
read = { delimiter = ";", decimal = ",", thousands = " ", encoding = "utf-8" }

[[indicator]]
id = "low_income_households"
source = "levekar"
numerator = { measure = "lavinntekt" }
denominator = { measure = "husholdninger" }

[[indicator]]
id = "crowded_households"
source = "levekar"
numerator = { measure = "trangt" }
denominator = { measure = "husholdninger" }

[[indicator]]
id = "tenant_households"
source = "levekar"
numerator = { measure = "leier" }
denominator = { measure = "husholdninger" }

[[indicator]]
id = "single_parent_households"
source = "levekar"
numerator = { measure = "eneforsorger" }
denominator = { measure = "husholdninger" }

[accumulation]
levels = ["delbydel"]
indicators = [
  "low_income_households", "crowded_households", "tenant_households", "single_parent_households",
]

[[disclosure]]
numerator = 5
complement = 5
denominator = 5
"""


def write_delivery(folder: Path) -> Path:
    """Write configuration, table and borders into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nabolag.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "levekår.csv").write_text(table(), encoding="utf-8")
    (folder / "grenser.geojson").write_text(json.dumps(borders()), encoding="utf-8")
    return folder


def table() -> str:
    """Return the delivered table as text. Area 0101 has three households in need in 2021."""
    lines = ["Delbydel;År;Lavinntekt;Bor trangt;Leier;Eneforsørgere;Husholdninger"]
    for year in YEARS:
        lines += [_row(code, place, year) for place, code in enumerate(CODES)]
        lines.append(
            f"I alt;{year};1 000;900;3 000;700;{HOUSEHOLDS * len(CODES):_}".replace("_", " ")
        )
    return "\n".join(lines) + "\n"


def _row(code: str, place: int, year: int) -> str:
    heavy = 5 if code in HEAVY else 1
    low_income = 3 if (code, year) == ("0101", 2021) else 40 * heavy + place
    crowded = "" if (code, year) == ("0206", 2021) else str(30 * heavy + place)
    parents = ":" if (code, year) == ("0205", 2020) else str(25 * heavy + place)
    return f"{code};{year};{low_income};{crowded};{90 * heavy + place};{parents};1 200"


def borders() -> dict[str, object]:
    """Return a grid of squares as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"KODE": code, "NAVN": f"Område {code}"},
            "geometry": {"type": "Polygon", "coordinates": [_square(place)]},
        }
        for place, code in enumerate(CODES)
    ]
    return {"type": "FeatureCollection", "features": features}


def _square(place: int) -> list[list[float]]:
    west, south = 10.70 + 0.02 * (place % 6), 59.90 + 0.01 * (place // 6)
    east, north = west + 0.02, south + 0.01
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]
