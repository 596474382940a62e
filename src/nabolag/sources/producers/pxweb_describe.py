"""What a PxWebApi v2 says of a table, as a `TableDescription`: metadata, settings, code lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from nabolag.sources import jsonstat
from nabolag.sources.producers.protocol import (
    Code,
    CodeList,
    Dimension,
    Role,
    TableDescription,
    TableInfo,
)

_AGGREGATION: Final = "aggregation"


def table_info(entry: Mapping[str, Any]) -> TableInfo:
    """Return one entry of `/tables`."""
    return TableInfo(
        id=str(entry["id"]),
        label=str(entry.get("label") or ""),
        updated=str(entry.get("updated") or ""),
        first_period=str(entry.get("firstPeriod") or ""),
        last_period=str(entry.get("lastPeriod") or ""),
        variables=tuple(map(str, entry.get("variableNames") or ())),
        source=str(entry.get("source") or ""),
        discontinued=bool(entry.get("discontinued")),
    )


def description_of(
    table: str,
    metadata: Mapping[str, Any],
    config: Mapping[str, Any],
    lists: Iterable[CodeList] = (),
    url: str = "",
) -> TableDescription:
    """Return the description that metadata (JSON-stat without values) and settings make.

    `lists` are code lists whose content has been asked for. Raises `jsonstat.JsonStatError`
    where the metadata contradict themselves.
    """
    extension = metadata.get("extension") or {}
    filled = {one.id: one for one in lists}
    return TableDescription(
        table=table,
        label=str(metadata.get("label") or ""),
        dimensions=tuple(
            _dimension(metadata, one, filled) for one in jsonstat.dimensions_of(metadata)
        ),
        updated=str(metadata.get("updated") or ""),
        licence=str(config.get("license") or ""),
        source=str(metadata.get("source") or ""),
        url=url,
        language=str((extension.get("px") or {}).get("language") or ""),
        notes=tuple(map(str, metadata.get("note") or ())),
        max_cells=int(config.get("maxDataCells") or 0),
        max_calls=int(config.get("maxCallsPerTimeWindow") or 0),
        window_seconds=float(config.get("timeWindow") or 0),
        discontinued=bool(extension.get("discontinued")),
    )


def code_list(answer: Mapping[str, Any]) -> CodeList:
    """Return a code list with its content. Older servers call a value's label `value`."""
    return CodeList(
        id=str(answer["id"]),
        label=str(answer.get("label") or ""),
        aggregates=str(answer.get("type", "")).lower() == _AGGREGATION,
        codes=tuple(
            Code(
                code=str(value["code"]),
                label=str(value.get("label") or value.get("value") or value["code"]),
                notes=tuple(str(note.get("text", "")) for note in value.get("notes") or ()),
                made_of=tuple(map(str, value.get("valueMap") or ())),
            )
            for value in answer.get("values") or ()
        ),
    )


def _dimension(
    metadata: Mapping[str, Any], one: jsonstat.Dimension, filled: Mapping[str, CodeList]
) -> Dimension:
    described = metadata["dimension"][one.id]
    category = described["category"]
    extension = described.get("extension") or {}
    units, notes = category.get("unit") or {}, category.get("note") or {}
    return Dimension(
        id=one.id,
        label=str(described.get("label") or one.id),
        codes=tuple(
            Code(
                code=code,
                label=label,
                unit=str((units.get(code) or {}).get("base") or ""),
                decimals=(units.get(code) or {}).get("decimals"),
                notes=tuple(map(str, notes.get(code) or ())),
            )
            for code, label in zip(one.codes, one.labels, strict=True)
        ),
        role=_role(metadata.get("role") or {}, one.id),
        eliminates=bool(extension.get("elimination")),
        code_lists=tuple(
            filled.get(str(entry["id"])) or _named(entry)
            for entry in extension.get("codelists") or ()
        ),
        notes=tuple(map(str, described.get("note") or ())),
    )


def _role(roles: Mapping[str, Any], dimension: str) -> Role:
    found = next((role for role, names in roles.items() if dimension in (names or ())), "")
    return cast("Role", found if found in ("time", "geo", "metric") else "")


def _named(entry: Mapping[str, Any]) -> CodeList:
    kind = str(entry.get("type", "")).lower()
    return CodeList(str(entry["id"]), str(entry.get("label") or ""), kind == _AGGREGATION)
