"""A border file as delivered: its columns as text, its geometry, what it says about itself."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import polars as pl

from nabolag.core import Finding, Place, Severity, error

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The internal column that holds the position of a feature in its file, counted from 1.
ROW = "_row"
_FORMATS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".topojson": "GeoJSON",
    ".gml": "GML",
    ".xml": "GML",
    ".gpkg": "GPKG",
}
_STATED_IN_GEOJSON = re.compile(rb'"crs"\s*:\s*\{')
_LINE = re.compile(r"[Ll]ine (\d+)")
_PLACE_ON_DISK = re.compile(r"(?<![\w.])/[^\s:;,'\"]+")


@dataclass(frozen=True, slots=True)
class VectorFile:
    """One layer. `frame` has trimmed texts (never null) and `_row`; `geometry` lies beside it.

    `crs` is empty where the file states none; `format` is GeoJSON, GML or GPKG. `findings` are
    what the reader noticed on the way.
    """

    name: str
    frame: pl.DataFrame
    geometry: NDArray[Any]
    crs: str
    format: str
    layer: str
    findings: tuple[Finding, ...] = ()


def read_vector(path: Path, name: str, columns: Mapping[str, str], layer: str = "") -> VectorFile:
    """Read one layer with the named columns (column → the key that asks for it).

    Raises `UserError` for a file that is cut off or of another format, an absent layer or
    column, and a layer without features. Nothing is written beside the file.
    """
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise error("geometry_format", Place(name), suffix=path.suffix, known=_listed(_FORMATS))
    if path.stat().st_size == 0:
        raise error("source_empty", Place(name))
    if kind == "GML":
        _refuse_broken_xml(path, name)
    # From memory the GML reader neither leaves a .gfs file beside the delivery nor obeys one.
    source = path.read_bytes() if kind == "GML" else path
    chosen = _layer(source, name, layer)
    meta, geometry, values, said = _read(source, name, chosen)
    fields = [str(field) for field in meta["fields"]]
    _refuse_absent_columns(columns, fields, name)
    if not len(geometry):
        raise error("geometry_no_rows", Place(name), layer=chosen)
    texts = {c: as_text(values[fields.index(c)]) for c in columns}
    frame = pl.DataFrame({ROW: range(1, len(geometry) + 1), **texts})
    stated = meta["crs"] if kind != "GeoJSON" or _states_crs(path) else None
    return VectorFile(name, frame, geometry, stated or "", kind, chosen, said)


def layers_of(path: Path, name: str) -> dict[str, list[str]]:
    """Return the layers that have shapes, each with its columns. Raises as reading does."""
    from pyogrio import list_layers, read_info  # noqa: PLC0415

    kind = _FORMATS.get(path.suffix.lower())
    if kind == "GML":
        _refuse_broken_xml(path, name)
    source = path.read_bytes() if kind == "GML" else path
    with _reading(source, name):
        names = [str(layer) for layer, shape in list_layers(source) if shape is not None]
        return {
            layer: [str(field) for field in read_info(source, layer=layer)["fields"]]
            for layer in names
        }


def as_text(values: NDArray[Any]) -> pl.Series:
    """Return a column as trimmed text: whole numbers without decimals, blank for null."""
    if values.dtype.kind == "f":
        numbers = pl.Series(values, nan_to_null=True)
        whole = numbers.is_null().all() or bool((numbers.drop_nulls() % 1 == 0).all())
        made = numbers.cast(pl.Int64) if whole else numbers
    elif values.dtype.kind == "O":
        made = pl.Series([None if v is None else str(v) for v in values], dtype=pl.String)
    else:
        made = pl.Series(values)
    return made.cast(pl.String).fill_null("").str.strip_chars()


def _refuse_broken_xml(path: Path, name: str) -> None:
    """Raise where a GML file is not whole: the reader would return an empty layer instead."""
    parser = expat.ParserCreate()
    try:
        with path.open("rb") as handle:
            parser.ParseFile(handle)
    except expat.ExpatError as wrong:
        reason = expat.errors.messages.get(wrong.code, str(wrong))
        raise error("geometry_broken", Place(name, wrong.lineno), reason=reason) from wrong


def _layer(source: Path | bytes, name: str, wanted: str) -> str:
    """Return the layer to read; a file with several needs one to be named."""
    from pyogrio import list_layers  # noqa: PLC0415

    with _reading(source, name):
        found = [(str(layer), shape) for layer, shape in list_layers(source)]
    with_shapes = [layer for layer, shape in found if shape is not None]
    if wanted:
        if wanted not in with_shapes:
            raise error(
                "geometry_layer_absent", Place(name), layer=wanted, layers=_listed(with_shapes)
            )
        return wanted
    if not with_shapes:
        raise error("geometry_no_rows", Place(name), layer="")
    if len(with_shapes) > 1:
        raise error("geometry_layer_unnamed", Place(name), layers=_listed(with_shapes))
    return with_shapes[0]


def _read(
    source: Path | bytes, name: str, layer: str
) -> tuple[Mapping[str, Any], NDArray[Any], list[NDArray[Any]], tuple[Finding, ...]]:
    import numpy as np  # noqa: PLC0415
    from pyogrio import raw  # noqa: PLC0415

    with warnings.catch_warnings(record=True) as caught, _reading(source, name):
        warnings.simplefilter("always")
        meta, _, wkb, values = raw.read(source, layer=layer)
    said = tuple(_reader_said(name, str(w.message)) for w in caught)
    geometry, mended = _from_wkb(np.asarray(wkb, dtype=object), name)
    return meta, geometry, list(values), said + mended


def _from_wkb(wkb: NDArray[Any], name: str) -> tuple[NDArray[Any], tuple[Finding, ...]]:
    """Return geometries; rings that are not closed or too short are mended and reported."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        geometry = shapely.from_wkb(wkb, on_invalid="ignore")
        unread = np.flatnonzero(shapely.is_missing(geometry) & (wkb != np.array(None)))
        geometry[unread] = shapely.from_wkb(wkb[unread], on_invalid="fix")
    if not len(unread):
        return geometry, ()
    rows = tuple(str(at + 1) for at in unread[:5])
    found = Finding("geometry_ring_open", Severity.WARNING, Place(name), {}, len(unread), rows)
    return geometry, (found,)


@contextmanager
def _reading(source: Path | bytes, name: str) -> Iterator[None]:
    """Turn the reader's own errors into words about the file, without its place on the disk."""
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415

    try:
        yield
    except (DataLayerError, DataSourceError, TypeError) as wrong:
        if "not recognized as being" in str(wrong):
            raise error("geometry_unrecognized", Place(name)) from wrong
        at = _LINE.search(str(wrong))
        said = str(wrong).replace(str(source), name) if isinstance(source, Path) else str(wrong)
        reason = _PLACE_ON_DISK.sub(name, said).split("; It might help")[0].rstrip(". ")
        place = Place(name, int(at.group(1)) if at else None)
        raise error("geometry_broken", place, reason=reason) from wrong


def _reader_said(name: str, words: str) -> Finding:
    return Finding("geometry_reader_said", Severity.WARNING, Place(name), {"words": words})


def _states_crs(path: Path) -> bool:
    """Tell whether a GeoJSON file names its coordinate system outside its features.

    The name stands before or after the features, never among them.
    """
    with path.open("rb") as handle:
        head = handle.read(65_536)
        handle.seek(max(0, path.stat().st_size - 4_096))
        return bool(_STATED_IN_GEOJSON.search(head) or _STATED_IN_GEOJSON.search(handle.read()))


def _refuse_absent_columns(columns: Mapping[str, str], fields: list[str], name: str) -> None:
    absent = [(column, key) for column, key in columns.items() if column not in fields]
    if absent:
        column, key = absent[0]
        place = Place(name, column=column)
        raise error("geometry_column_absent", place, key=key, columns=_listed(fields))


def _listed(names: Iterator[str] | Mapping[str, Any] | list[str]) -> str:
    return ", ".join(names)
