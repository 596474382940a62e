"""JSON-stat: datasets of version 2, of version 1 in a bundle, and those inside a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import Place, error
from nabolag.sources.columnar import texts_of
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable, spread, text_frame
from nabolag.sources.records import load_json

VALUE, STATUS = "value", "status"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension: its id, and codes with their labels in the order of the cube."""

    id: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]


class JsonStatError(ValueError):
    """The document breaks the format; the message says how."""


def read_jsonstat(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read one dataset as a long table: codes, labels (`<dimension>.text`), value and status.

    Rows are positions in the cube, from 1. Sparse values are filled with blanks, and a status
    that stands for all cells is given to each. Raises `UserError` where the document is not
    JSON-stat, holds several datasets and `dataset` names none, or contradicts itself.
    """
    return table_in(load_json(path, options, name), options, name)


def table_in(document: Any, options: ReadOptions, name: str) -> RawTable:
    """Return one dataset of a document as a long table, as `read_jsonstat` does."""
    try:
        dataset = dataset_in(document, options.dataset)
        dimensions = dimensions_of(dataset)
        return _table(dataset, dimensions, options)
    except JsonStatError as wrong:
        raise error("source_jsonstat_wrong", Place(name), reason=str(wrong)) from wrong


def dataset_in(document: Any, wanted: str) -> Mapping[str, Any]:
    """Return the dataset of a document: itself, or the one (named or only) that it holds."""
    if not isinstance(document, dict):
        raise JsonStatError("the top is no object")
    if "dimension" in document and "value" in document:
        return document
    if document.get("class") == "dimension":
        raise JsonStatError("it describes one dimension and holds no values")
    inside = {
        key: part
        for key, part in _parts(document)
        if isinstance(part, dict) and "dimension" in part and "value" in part
    }
    if wanted:
        if wanted not in inside:
            raise JsonStatError(f"there is no dataset «{wanted}», only {_listed(inside)}")
        return inside[wanted]
    if len(inside) != 1:
        raise JsonStatError(f"one dataset was expected; here are {_listed(inside)}")
    return next(iter(inside.values()))


def _listed(parts: Mapping[str, Any]) -> str:
    return ", ".join(f"«{key}»" for key in parts) or "none (links to datasets at most)"


def _parts(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what a bundle or a collection holds, by name (of a collection: label or number)."""
    link = document.get("link")
    items = link.get("item", []) if isinstance(link, dict) else []
    inside = [
        (str(item.get("label") or at), item)
        for at, item in enumerate(items, start=1)
        if isinstance(item, dict)
    ]
    return inside or list(document.items())


def dimensions_of(dataset: Mapping[str, Any]) -> list[Dimension]:
    """Return the dimensions in cube order. Version 1 keeps `id` and `size` inside `dimension`."""
    described = dataset["dimension"]
    ids = dataset.get("id") or described.get("id")
    sizes = dataset.get("size") or described.get("size")
    if not ids or not sizes or len(ids) != len(sizes):
        raise JsonStatError("id and size are absent or differ in length")
    return [_dimension(key, size, described.get(key)) for key, size in zip(ids, sizes, strict=True)]


def _dimension(key: str, size: int, described: Any) -> Dimension:
    category = described.get("category") if isinstance(described, dict) else None
    if not isinstance(category, dict):
        raise JsonStatError(f"the dimension «{key}» is not described")
    labels = category.get("label") or {}
    codes = _ordered(category.get("index"), labels, key)
    if len(codes) != size:
        raise JsonStatError(f"«{key}» has {len(codes)} categories; size says {size}")
    return Dimension(key, codes, tuple(str(labels.get(code, code)) for code in codes))


def _ordered(index: Any, labels: Mapping[str, str], key: str) -> tuple[str, ...]:
    if isinstance(index, list):
        return tuple(str(code) for code in index)
    if isinstance(index, dict):
        places = sorted(index.values())
        if places != list(range(len(places))):
            raise JsonStatError(f"the positions in «{key}» are not 0, 1, 2, …")
        return tuple(sorted(index, key=lambda code: int(index[code])))
    if len(labels) == 1:
        return tuple(labels)
    raise JsonStatError(f"«{key}» has no index")


def _table(
    dataset: Mapping[str, Any], dimensions: Sequence[Dimension], options: ReadOptions
) -> RawTable:
    sizes = [len(dimension.codes) for dimension in dimensions]
    cells = prod(sizes)
    columns: dict[str, pl.Series] = {}
    after = cells
    for dimension, size in zip(dimensions, sizes, strict=True):
        after //= size
        columns[dimension.id] = spread(dimension.codes, after, cells)
        columns[f"{dimension.id}.text"] = spread(dimension.labels, after, cells)
    taken = {VALUE, STATUS} & set(columns)
    if taken:
        raise JsonStatError(f"a dimension is named {', '.join(taken)}")
    columns[VALUE] = texts_of(values_of(dataset, cells), options.decimal)
    columns[STATUS] = texts_of(_statuses(dataset.get("status"), cells), options.decimal)
    derived = (STATUS, *(f"{d.id}.text" for d in dimensions))
    facts = {key: str(dataset[key]) for key in ("updated", "label", "source") if dataset.get(key)}
    frame = text_frame(columns, range(1, cells + 1))
    return RawTable(frame, facts, mark_column=STATUS, derived=derived)


def values_of(dataset: Mapping[str, Any], cells: int) -> list[Any]:
    """Return one value a cell. Raises `JsonStatError` where they do not fill the cube."""
    return _filled(dataset["value"], cells, "value")


def _filled(values: Any, cells: int, what: str) -> list[Any]:
    """Return one entry a cell from a list or from a table of positions."""
    if isinstance(values, list):
        if len(values) != cells:
            raise JsonStatError(f"{what} has {len(values)} entries; the dimensions make {cells}")
        return values
    if not isinstance(values, dict):
        raise JsonStatError(f"{what} is neither a list nor a table of positions")
    filled: list[Any] = [None] * cells
    for position, value in values.items():
        if not position.isdigit() or int(position) >= cells:
            raise JsonStatError(
                f"{what} has a position «{position}» outside the cube of {cells} cells"
            )
        filled[int(position)] = value
    return filled


def _statuses(status: Any, cells: int) -> list[Any]:
    if status is None or isinstance(status, str):
        return [status] * cells
    if isinstance(status, list) and len(status) == 1:
        return status * cells
    return _filled(status, cells, "status")
