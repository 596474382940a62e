"""GeoPackage: one layer of areas a level, and tables of figures, indicators and sources."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from nabolag.core import Lang, label
from nabolag.publish.exports.geojson import wide_properties
from nabolag.publish.exports.notes import Colophon, colophon, indicator_facts, source_facts
from nabolag.publish.exports.points import point_layers
from nabolag.publish.exports.selection import EVERYTHING, Selection, levels_in_order, select
from nabolag.publish.exports.shapes import AreaFigures, area_figures
from nabolag.publish.exports.table import long_table
from nabolag.store import Release

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

#: Names of the tables beside the layers of areas (`areas_<level>`).
TABLES: Final = ("observations", "indicators", "sources", "about")
_CRS: Final = "EPSG:4326"
_ONE_AT_A_TIME = threading.Lock()


def gpkg_bytes(release: Release, lang: Lang, selection: Selection = EVERYTHING) -> bytes:
    """Return the selection as a GeoPackage. See `write_gpkg`."""
    with tempfile.TemporaryDirectory(prefix="nabolag-") as folder:
        return write_gpkg(release, Path(folder) / "export.gpkg", lang, selection).read_bytes()


def write_gpkg(release: Release, path: Path, lang: Lang, selection: Selection = EVERYTHING) -> Path:
    """Write the selection as a GeoPackage and return the path. A file already there is replaced.

    A layer `areas_<level>` has each area's shape in WGS84, its name and, side by side, its
    figures of the release's main period (or of the latest that is selected) with their
    statuses. The table `observations` has every figure (`exports.table.COLUMNS`), `indicators`
    the definitions, `sources` the provenance, `about` release, rules and cautions. Where the
    release has schools or kindergartens, and no one level is selected, they are the layers
    `points_school` and `points_kindergarten`. Times in the file are the release's own, so that the
    same release gives the same content.
    """
    rows = select(release, selection)
    notes = colophon(release, rows, lang)
    path.unlink(missing_ok=True)
    with _dated(notes.created):
        for level in levels_in_order(release, rows["level"].unique()):
            _write_level(path, release, level, selection, notes)
        if selection.level is None:
            _write_points(path, release, notes)
        _write_table(path, "observations", _text_frame(long_table(release, rows, lang)), notes)
        definitions = [indicator_facts(indicator, lang) for indicator in notes.indicators]
        _write_table(path, "indicators", _frame(definitions), notes)
        provenance = [source_facts(source, lang) for source in notes.sources]
        _write_table(path, "sources", _frame(provenance), notes)
        _write_table(path, "about", _about(notes), notes)
    return path


def _write_level(
    path: Path, release: Release, level: str, selection: Selection, notes: Colophon
) -> None:
    import pyogrio  # noqa: PLC0415

    chosen = Selection(level, selection.indicators, None, selection.areas, selection.groups)
    areas = area_figures(release, chosen)
    period = _period(release, areas, selection)
    frame = _layer(areas, [_record(area, period, notes.lang) for area in areas])
    kinds = set(frame.geometry.dropna().geom_type)
    pyogrio.write_dataframe(
        frame,
        path,
        layer=f"areas_{level}",
        driver="GPKG",
        geometry_type="MultiPolygon" if kinds <= {"MultiPolygon"} else "Unknown",
        layer_metadata=_metadata(notes, period),
        layer_options={"DESCRIPTION": label("export.layer", notes.lang, period=period)},
    )


def _write_points(path: Path, release: Release, notes: Colophon) -> None:
    import pyogrio  # noqa: PLC0415

    for name, frame in point_layers(release, _CRS):
        pyogrio.write_dataframe(
            frame,
            path,
            layer=name,
            driver="GPKG",
            geometry_type="Point",
            layer_metadata=_metadata(notes, ""),
        )


def _layer(areas: list[AreaFigures], records: list[dict[str, Any]]) -> geopandas.GeoDataFrame:
    """Return shapes and fields side by side, numbers as numbers even where none is known."""
    import geopandas  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    columns = list(dict.fromkeys(name for record in records for name in record))
    shapes = [_multi(shapely.from_wkb(a.wkb)) if a.wkb is not None else None for a in areas]
    data = {name: [record.get(name) for record in records] for name in columns}
    frame = geopandas.GeoDataFrame(data, geometry=shapes, crs=_CRS)
    texts = ("level", "code", "name", "period")
    numbers = [n for n in columns if n not in texts and not n.endswith(("_status", "_status_text"))]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _record(area: AreaFigures, period: str, lang: Lang) -> dict[str, Any]:
    own = {"level": area.level, "code": area.code, "name": area.name, "area_km2": area.area_km2}
    at = area.rows.filter(pl.col("period") == period)
    return own | {"period": period} | wide_properties(at, lang, several_periods=False)


def _period(release: Release, areas: list[AreaFigures], selection: Selection) -> str:
    """Return the period whose figures stand beside the shapes."""
    held = {period for area in areas for period in area.rows["period"]}
    if selection.periods is not None:
        held &= set(selection.periods)
    main = str(release.about.get("main_period", ""))
    return main if main in held else max(held, default="")


def _multi(shape: Any) -> Any:
    """Return a polygon as a multipolygon, so that a layer of areas has one type of shape."""
    import shapely  # noqa: PLC0415

    oriented = shapely.orient_polygons(shapely.force_2d(shape), exterior_cw=False)
    return shapely.multipolygons([oriented]) if oriented.geom_type == "Polygon" else oriented


def _write_table(path: Path, name: str, frame: pd.DataFrame, notes: Colophon) -> None:
    import pyogrio  # noqa: PLC0415

    pyogrio.write_dataframe(
        frame, path, layer=name, driver="GPKG", layer_metadata=_metadata(notes, "")
    )


def _text_frame(table: pl.DataFrame) -> pd.DataFrame:
    return table.to_pandas()


def _frame(records: list[dict[str, str]]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame.from_records(records)


def _about(notes: Colophon) -> pd.DataFrame:
    facts = [
        ("title", notes.title),
        ("release", notes.release),
        ("created", notes.created),
        ("language", notes.lang),
        ("code_version", notes.code_version),
        ("share", label("export.share_note", notes.lang)),
        *(("note", words) for words in notes.cautions),
        *(("disclosure", words) for words in notes.rules),
    ]
    return _frame([{"key": key, "text": text} for key, text in facts])


def _metadata(notes: Colophon, period: str) -> dict[str, str]:
    return {
        "TITLE": notes.title,
        "RELEASE": notes.release,
        "SOURCE": "; ".join(dict.fromkeys(source.producer for source in notes.sources)),
        "NOTE": " ".join(notes.cautions),
        "PERIOD": period,
    }


@contextmanager
def _dated(created: str) -> Iterator[None]:
    """Let GDAL stamp the file with the release's time, and not wait for the disk at each layer.

    GDAL's options hold for the whole process, so one file is written at a time.
    """
    import pyogrio  # noqa: PLC0415

    wanted = {"OGR_CURRENT_DATE": created[:19] + "Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    with _ONE_AT_A_TIME:
        before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
        pyogrio.set_gdal_config_options(wanted)
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)
