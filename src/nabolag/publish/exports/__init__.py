"""Files to hand on: CSV, XLSX, GeoJSON, GeoPackage and JSON-stat from one release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nabolag.core import Lang, error
from nabolag.publish.exports.delimited import Style, csv_blocks, csv_bytes, write_csv
from nabolag.publish.exports.geojson import geojson_bytes, write_geojson
from nabolag.publish.exports.geopackage import gpkg_bytes, write_gpkg
from nabolag.publish.exports.jsonstat import jsonstat_bytes, jsonstat_document, write_jsonstat
from nabolag.publish.exports.selection import EVERYTHING, Selection, select, select_accumulation
from nabolag.publish.exports.spreadsheet import write_xlsx, xlsx_bytes
from nabolag.store import Release


@dataclass(frozen=True, slots=True)
class Format:
    """A format to hand on: its name in commands and addresses, suffix and media type."""

    name: str
    suffix: str
    media_type: str


#: Every format, by name. `csv` is the Norwegian one.
FORMATS: Final[dict[str, Format]] = {
    form.name: form
    for form in (
        Format("csv", ".csv", "text/csv; charset=utf-8"),
        Format("csv-international", ".csv", "text/csv; charset=utf-8"),
        Format(
            "xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        ),
        Format("geojson", ".geojson", "application/geo+json"),
        Format("gpkg", ".gpkg", "application/geopackage+sqlite3"),
        Format("jsonstat", ".json", "application/json"),
    )
}


def export_bytes(
    release: Release, form: str, lang: Lang, selection: Selection = EVERYTHING
) -> bytes:
    """Return the selection in a format of `FORMATS`, whole, for sending.

    Raises `UserError` for a format that is not among them and as `select` does.
    """
    match form:
        case "csv":
            return csv_bytes(release, lang, "no", selection)
        case "csv-international":
            return csv_bytes(release, lang, "international", selection)
        case "xlsx":
            return xlsx_bytes(release, lang, selection)
        case "geojson":
            return geojson_bytes(release, lang, selection)
        case "gpkg":
            return gpkg_bytes(release, lang, selection)
        case "jsonstat":
            return jsonstat_bytes(release, lang, selection)
        case _:
            raise error("export_format_unknown", given=form, known=", ".join(FORMATS))


def write_export(
    release: Release, path: Path, form: str, lang: Lang, selection: Selection = EVERYTHING
) -> Path:
    """Write the selection to a file in a format of `FORMATS` and return the path.

    The file is whole or not there: nothing is opened before the content is ready.
    """
    content = export_bytes(release, form, lang, selection)
    path.write_bytes(content)
    return path


__all__ = [
    "EVERYTHING",
    "FORMATS",
    "Format",
    "Selection",
    "Style",
    "csv_blocks",
    "csv_bytes",
    "export_bytes",
    "geojson_bytes",
    "gpkg_bytes",
    "jsonstat_bytes",
    "jsonstat_document",
    "select",
    "select_accumulation",
    "write_csv",
    "write_export",
    "write_geojson",
    "write_gpkg",
    "write_jsonstat",
    "write_xlsx",
    "xlsx_bytes",
]
