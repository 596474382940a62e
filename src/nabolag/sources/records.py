"""JSON records at a path, and the properties of GeoJSON features, as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nabolag.core import Place, error
from nabolag.sources.columnar import texts_of
from nabolag.sources.delimited import decode
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import RawTable, text_frame


def load_json(path: Path, options: ReadOptions, name: str) -> Any:
    """Return a JSON document. Raises `UserError` where the file is not JSON."""
    text = decode(path.read_bytes(), options.encoding, name)
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        raise error("source_not_json", Place(name, wrong.lineno), reason=wrong.msg) from wrong


def read_json_records(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read the records that the keys of `path` lead to, one after the other.

    Each key leads to a list (or to one object); lists in lists are followed too. What stands
    beside the lists on the way comes along: a column is named by the key of the list it
    stands in and its own key, as in `data.geography`; at the top by its own key alone. The
    position in a list is the column `data.#` (from 1), in a list inside that list `data.##`.
    Rows are the records' numbers. Raises `UserError` where the path leads nowhere.
    """
    document = load_json(path, options, name)
    rows = list(_followed(document, list(options.path), "", {}, name))
    return _table(rows, options, name, beside=_beside(rows))


def read_geojson_properties(path: Path, options: ReadOptions, name: str) -> RawTable:
    """Read the properties of every feature. Rows are the features' numbers."""
    document = load_json(path, options, name)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise error("source_path_absent", Place(name), path="features", present=_said(document))
    rows = [_flat(feature.get("properties") or {}, "") for feature in features]
    return _table(rows, options, name)


def _followed(
    node: Any, path: Sequence[str], prefix: str, known: Mapping[str, Any], name: str, depth: int = 0
) -> Iterator[dict[str, Any]]:
    """Yield one flat record for each end of the path."""
    if isinstance(node, list):
        depth += 1
        position = f"{prefix}.{'#' * depth}".lstrip(".")
        for at, part in enumerate(node, start=1):
            yield from _followed(part, path, prefix, {**known, position: at}, name, depth)
        return
    if not isinstance(node, dict):
        raise error("source_path_absent", Place(name), path=prefix, present=_said(node))
    if not path:
        yield {**known, **_flat(node, prefix)}
        return
    if path[0] not in node:
        raise error("source_path_absent", Place(name), path=path[0], present=_said(node))
    beside = {key: value for key, value in node.items() if key != path[0]}
    known = {**known, **_flat(beside, prefix)}
    yield from _followed(node[path[0]], path[1:], path[0], known, name)


def _flat(node: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the plain values of an object, those of objects in it under joined names."""
    flat: dict[str, Any] = {}
    for key, value in node.items():
        named = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            flat.update(_flat(value, named))
        elif not isinstance(value, list):
            flat[named] = value
    return flat


def _said(node: Any) -> str:
    if isinstance(node, dict):
        return ", ".join(f"«{key}»" for key in list(node)[:20]) or "{}"
    return str(node)[:60]


def _beside(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the columns made by the reader: the positions in lists."""
    return tuple(key for key in (rows[0] if rows else ()) if key.endswith("#"))


def _table(
    rows: Sequence[Mapping[str, Any]],
    options: ReadOptions,
    name: str,
    beside: tuple[str, ...] = (),
) -> RawTable:
    if not rows:
        raise error("source_no_rows", Place(name))
    columns = dict.fromkeys(key for row in rows for key in row)
    texts = {key: texts_of([row.get(key) for row in rows], options.decimal) for key in columns}
    return RawTable(text_frame(texts, range(1, len(rows) + 1)), derived=beside)
