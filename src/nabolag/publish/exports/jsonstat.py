"""JSON-stat 2.0: one cube of area × indicator × period × group, statuses included.

See json-stat.org/full for the format. Every dimension is written with its codes and labels;
cells that no observation stands for are left out, so that «no such figure» and «a figure that
is missing» stay apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from nabolag.core import Indicator, Lang, Status, error, label
from nabolag.publish.exports.notes import colophon, source_words, status_list, unit_words
from nabolag.publish.exports.selection import EVERYTHING, Selection, levels_in_order, select
from nabolag.publish.exports.table import with_names
from nabolag.publish.groups import group_words
from nabolag.store import Release

DIMENSIONS: Final = ("area", "indicator", "period", "group")
#: The code of «everybody» in the group dimension: JSON-stat has no use for an empty code.
EVERYBODY: Final = "all"
#: The form of the `extension` member. Raised when a member changes its meaning.
EXTENSION_VERSION: Final = 1


def jsonstat_bytes(release: Release, lang: Lang, selection: Selection = EVERYTHING) -> bytes:
    """Return one JSON-stat 2.0 dataset, UTF-8. See `jsonstat_document`."""
    document = jsonstat_document(release, lang, selection)
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")


def write_jsonstat(
    release: Release, path: Path, lang: Lang, selection: Selection = EVERYTHING
) -> Path:
    """Write one JSON-stat 2.0 dataset and return the path."""
    path.write_bytes(jsonstat_bytes(release, lang, selection))
    return path


def jsonstat_document(
    release: Release, lang: Lang, selection: Selection = EVERYTHING
) -> dict[str, Any]:
    """Return the selection as a JSON-stat 2.0 dataset.

    A code means something only together with its level, so a selection of several levels is
    written with area codes as `level:code`. `status` has the codes of `core.Status` for every
    figure that is not an ordinary number; `extension.statuses` has their words, and
    `extension.reasons`, `extension.cell_sources` and `extension.geographies` have a text for
    each cell whose text differs from the one of most cells. `value` is in the unit given with
    each indicator (a share is a fraction of 1). Raises `UserError` where nothing is selected.
    """
    rows = select(release, selection)
    if rows.is_empty():
        raise error("export_empty")
    named = with_names(rows, release.areas)
    levels = levels_in_order(release, rows["level"].unique())
    prefix = pl.col("level") + ":" if len(levels) > 1 else pl.lit("")
    coded = named.with_columns(
        (prefix + pl.col("area")).alias("area"),
        pl.when(pl.col("group") == "").then(pl.lit(EVERYBODY)).otherwise("group").alias("group"),
    )
    codes = {name: _codes(coded, name) for name in DIMENSIONS}
    placed = coded.with_columns(_position(codes).alias("_at")).sort("_at")
    return _document(release, lang, placed, codes, levels)


def _document(
    release: Release,
    lang: Lang,
    placed: pl.DataFrame,
    codes: Mapping[str, list[str]],
    levels: list[str],
) -> dict[str, Any]:
    notes = colophon(release, placed, lang)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": label("export.dataset", lang, name=notes.title),
        "source": "; ".join(source_words(source, lang) for source in notes.sources),
        "updated": notes.created,
        "note": [*notes.cautions, label("export.share_note", lang)],
        "id": list(DIMENSIONS),
        "size": [len(codes[name]) for name in DIMENSIONS],
        "role": {"geo": ["area"], "time": ["period"], "metric": ["indicator"]},
        "dimension": _dimensions(placed, codes, notes.indicators, lang),
        "value": _values(placed, codes),
        "status": _statuses(placed),
        "extension": {
            "nabolag": EXTENSION_VERSION,
            "release": notes.release,
            "language": lang,
            "levels": levels,
            "statuses": status_list(lang),
            "disclosure": list(notes.rules),
            "indicators": notes.as_dict()["indicators"],
            "sources": notes.as_dict()["sources"],
            "reasons": _texts(placed, "reason"),
            "cell_sources": _texts(placed, "source"),
            "geographies": _texts(placed, "geography"),
        },
    }


def _codes(rows: pl.DataFrame, name: str) -> list[str]:
    """Return a dimension's codes: areas and indicators as ordered, periods and groups sorted."""
    listed = rows[name].unique(maintain_order=True).to_list()
    return sorted(listed) if name == "period" else _everybody_first(name, listed)


def _everybody_first(name: str, listed: list[str]) -> list[str]:
    if name != "group":
        return listed
    return sorted(listed, key=lambda code: (code != EVERYBODY, code))


def _position(codes: Mapping[str, list[str]]) -> pl.Expr:
    """Return each row's place in the cube, the last dimension running fastest."""
    position: pl.Expr = pl.lit(0, dtype=pl.Int64)
    for name in DIMENSIONS:
        places = {code: place for place, code in enumerate(codes[name])}
        place = pl.col(name).replace_strict(places, return_dtype=pl.Int64)
        position = position * len(places) + place
    return position


def _values(placed: pl.DataFrame, codes: Mapping[str, list[str]]) -> Any:
    """Return a list where every cell has an observation, else a table of positions."""
    cells = 1
    for name in DIMENSIONS:
        cells *= len(codes[name])
    values = placed["value"].to_list()
    if len(values) == cells:
        return values
    return {
        str(at): value
        for at, value in zip(placed["_at"].to_list(), values, strict=True)
        if value is not None
    }


def _statuses(placed: pl.DataFrame) -> dict[str, str]:
    told = placed.filter(pl.col("status") != Status.VALUE.value)
    return {str(at): status for at, status in told.select("_at", "status").iter_rows()}


def _texts(placed: pl.DataFrame, column: str) -> dict[str, Any]:
    """Return the commonest text of a column once, and the others by position."""
    most = placed[column].mode().sort().first()
    others = placed.filter(pl.col(column) != most).select("_at", column)
    return {"most": most, "others": {str(at): text for at, text in others.iter_rows()}}


def _dimensions(
    placed: pl.DataFrame,
    codes: Mapping[str, list[str]],
    indicators: Sequence[Indicator],
    lang: Lang,
) -> dict[str, Any]:
    names = dict(placed.select("area", "name").unique("area").iter_rows())
    labels = {
        "area": {code: names[code] or code for code in codes["area"]},
        "indicator": {i.id: i.label.in_(lang) for i in indicators},
        "period": {code: code for code in codes["period"]},
        "group": {
            code: group_words("" if code == EVERYBODY else code, lang) for code in codes["group"]
        },
    }
    return {
        name: {
            "label": label(f"export.column.{name}", lang),
            "category": {
                "index": codes[name],
                "label": labels[name],
                **(_units(indicators, lang) if name == "indicator" else {}),
            },
        }
        for name in DIMENSIONS
    }


def _units(indicators: Sequence[Indicator], lang: Lang) -> dict[str, Any]:
    """Return units; `decimals` are those of the number as it is written here."""
    return {
        "unit": {
            i.id: {
                "base": unit_words(i.unit, lang),
                "decimals": i.decimals + (2 if i.unit.value == "share" else 0),
            }
            for i in indicators
        }
    }
