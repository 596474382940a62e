"""A folder of files as a municipality may have been given them, of an invented place.

Four files in four ways: CSV in Windows letters with titles above and notes below, a workbook
with two header rows and years in columns, borders in metres, and a table with names only.
"""

from __future__ import annotations

import json
from pathlib import Path

import xlsxwriter

NAMES = {
    "0101": "Brygga", "0102": "Løkka", "0103": "Åsen", "0104": "Fjærvik",
    "0201": "Ytre Sand", "0202": "Indre Sand", "0203": "Mølla", "0204": "Nøstet",
}  # fmt: skip
YEARS = (2020, 2021, 2022)
#: Lower left corner of the first square, in EPSG:25833, and the side of a square in metres.
_WEST, _SOUTH, _SIDE = 259_000.0, 6_648_000.0, 1_000.0


def write_folder(folder: Path) -> Path:
    """Write the four files into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SSB lavinntekt.csv").write_bytes(low_income().encode("cp1252"))
    (folder / "boforhold.csv").write_bytes(b"\xef\xbb\xbf" + housing().encode())
    (folder / "delbydeler.geojson").write_text(json.dumps(borders()), encoding="utf-8")
    write_population(folder / "folketall.xlsx")
    return folder


def low_income() -> str:
    """Return a table with titles above, a total for each year, marks, and notes below."""
    lines = [
        "Husholdninger med lavinntekt etter delbydel;;;;",
        "Kilde: Statistisk sentralbyrå;;;;",
        ";;;;",
        "Delbydel;Delbydelsnavn;År;Lavinntekt, antall;Husholdninger, antall;Median inntekt",
    ]
    for year in YEARS:
        for at, (code, name) in enumerate(NAMES.items()):
            low = {("0101", 2022): ":", ("0204", 2020): ""}.get((code, year), str(80 + 40 * at))
            lines.append(f"{code};{name};{year};{low};1 {at}00;45{at} 000,5")
        lines.append(f"9999;I alt;{year};2 000;10 800;.")
    notes = ["", "Tegnforklaring: «:» vises ikke av hensyn til personvern", "Kontakt: kommunen"]
    return "\r\n".join([*lines, *notes])


def housing() -> str:
    """Return shares in per cent of areas that are named and not coded."""
    lines = ["Område;Periode;Andel trangbodde (%);Andel leiere (%)"]
    for year in YEARS:
        lines += [f"{n};{year};{8 + at},5;{20 + at},0" for at, n in enumerate(NAMES.values())]
        lines.append(f"Hele kommunen;{year};12,1;33,0")
    return "\n".join(lines) + "\n"


def write_population(path: Path) -> None:
    """Write a workbook with a title page, two merged header rows, a total column and row."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Forside").write("A1", "Folkemengde")
        sheet = book.add_worksheet("Folketall")
        sheet.merge_range("A1:B1", "Område")
        sheet.merge_range("C1:E1", "Personer")
        sheet.write("F1", "I alt")
        sheet.write_row("A2", ["Kode", "Navn", *YEARS])
        for at, (code, name) in enumerate(NAMES.items()):
            persons = [3000 + 500 * at + 20 * n for n in range(3)]
            sheet.write_row(at + 2, 0, [code, name, *persons, sum(persons)])
        sheet.write_row(len(NAMES) + 2, 0, ["Sum", "", 38_000, 38_160, 38_320])


def borders() -> dict[str, object]:
    """Return squares in metres, with a serial number, a code, a name and a parent's code."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "OBJECTID": at + 1,
                "DELBYDELNR": code,
                "DELBYDELNAVN": name,
                "BYDELNR": code[:2],
            },
            "geometry": {"type": "Polygon", "coordinates": [_square(at)]},
        }
        for at, (code, name) in enumerate(NAMES.items())
    ]
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}
    return {"type": "FeatureCollection", "crs": system, "features": features}


def _square(at: int) -> list[list[float]]:
    west, south = _WEST + _SIDE * (at % 4), _SOUTH + _SIDE * (at // 4)
    east, north = west + _SIDE, south + _SIDE
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]
