"""Code lists and inline areas, read into areas and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import Finding, Level, Place, Severity, code_fits, error, raise_errors
from nabolag.geography.rows import day, read_rows
from nabolag.geography.spec import AreaListSpec, Reclassify
from nabolag.sources.codes import transformed
from nabolag.sources.grid import ROW
from nabolag.sources.vector_codes import CodeRule, parent_links
from nabolag.store import conform, sha256
from nabolag.store.frames import AREAS

_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class AreaListRead:
    """What one `[[areas]]` gave: `areas` and `links` per `core.columns`. No errors inside."""

    spec: AreaListSpec
    areas: pl.DataFrame
    links: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def read_area_list(spec: AreaListSpec, path: Path | None = None, name: str = "") -> AreaListRead:
    """Read one `[[areas]]`. `path` and `name` are given where the specification has a file.

    Raises `UserError` holding every error found.
    """
    if spec.file and path is None:
        raise ValueError(f"[[areas]] {spec.id} has a file: give its path")
    rows, findings = _inline(spec) if path is None else _delivered(spec, path, name)
    place = Place(name)
    kept = _reclassified(spec, rows, place, findings)
    findings += _code_errors(kept, place)
    kept, unread = _dated(spec, kept, place)
    raise_errors([*findings, *unread])
    if kept.is_empty():
        raise error("area_no_rows_kept", place)
    links = parent_links(kept, spec.parents)
    areas = conform(
        kept.select(
            level="_level",
            code="_code",
            name="_name",
            valid_from="_from",
            valid_to="_to",
            geography=pl.lit(spec.geography),
        ),
        AREAS,
    )
    facts: dict[str, Any] = {"areas": areas.height, "geography": spec.geography}
    if path is not None:
        facts |= {"file": name, "sha256": sha256(path), "rows": rows.height}
    return AreaListRead(spec, areas, links, tuple(findings), facts)


def _inline(spec: AreaListSpec) -> tuple[pl.DataFrame, list[Finding]]:
    codes, names = list(spec.names), list(spec.names.values())
    frame = pl.DataFrame(
        {ROW: range(1, len(codes) + 1), "_code": codes, "_name": names},
        schema={ROW: pl.Int64, "_code": pl.String, "_name": pl.String},
    )
    level = spec.level.value if spec.level else ""
    return frame.with_columns(pl.lit(level).alias("_level")), []


def _delivered(spec: AreaListSpec, path: Path, name: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Read a code list and choose its rows."""
    rows, findings = read_rows(spec, path, name, _columns(spec))
    named = rows.with_columns(
        spec.code.expression().alias("_code"), pl.col(spec.name).alias("_name")
    )
    return named, findings


def _columns(spec: AreaListSpec) -> dict[str, CodeRule | str]:
    rules: dict[str, CodeRule | str] = {"code": spec.code, "name": spec.name}
    rules |= {f"parents[{at}]": rule for at, rule in enumerate(spec.parents, start=1)}
    days = {key: getattr(spec, key) for key in ("valid_from", "valid_to")}
    return rules | {key: given for key, given in days.items() if isinstance(given, str)}


def _reclassified(
    spec: AreaListSpec, rows: pl.DataFrame, place: Place, findings: list[Finding]
) -> pl.DataFrame:
    for rule in spec.reclassify:
        rows = _moved(rule, rows, place, findings)
    return rows


def _moved(
    rule: Reclassify, rows: pl.DataFrame, place: Place, findings: list[Finding]
) -> pl.DataFrame:
    hit = (pl.col("_level") == rule.level.value) & pl.col("_code").str.contains(
        f"^(?:{rule.matches})$"
    )
    moved = rows.filter(hit)
    if moved.height:
        params = {"level": rule.level.value, "to": rule.to.value}
        info, examples = Severity.INFO, named(moved)
        findings.append(Finding("area_reclassified", info, place, params, moved.height, examples))
    made = transformed(pl.col("_code"), rule.transform)
    return rows.with_columns(
        pl.when(hit).then(pl.lit(rule.to.value)).otherwise(pl.col("_level")).alias("_level"),
        pl.when(hit).then(made).otherwise(pl.col("_code")).alias("_code"),
    )


def named(rows: pl.DataFrame) -> tuple[str, ...]:
    """Return the first rows as «0102 Grønland»."""
    shown = rows.select("_code", "_name").head(_EXAMPLES).iter_rows()
    return tuple(f"{code} {name}".strip() for code, name in shown)


def _code_errors(rows: pl.DataFrame, place: Place) -> list[Finding]:
    """Return what makes codes unusable: blank, twice at a level, or not of their level."""
    blank = rows.filter(pl.col("_code") == "")
    given = rows.filter(pl.col("_code") != "")
    twice = given.filter(pl.struct("_level", "_code").is_duplicated()).sort("_level", "_code")
    found = [
        Finding(
            code,
            Severity.ERROR,
            Place(place.file, part[ROW][0] if place.file else None),
            {},
            part.height,
            named(part),
        )
        for code, part in (("area_code_blank", blank), ("area_code_twice", twice))
        if part.height
    ]
    return found + unfit_codes(given.select(level="_level", code="_code", name="_name"), place)


def unfit_codes(areas: pl.DataFrame, place: Place) -> list[Finding]:
    """Report codes that cannot be of their level, one finding a level (`level`, `code`, `name`)."""
    found = []
    for part in areas.partition_by("level", maintain_order=True):
        level = Level(part["level"][0])
        wrong = part.filter(pl.Series([not code_fits(level, code) for code in part["code"]]))
        if wrong.height:
            examples = named(wrong.rename({"code": "_code", "name": "_name"}))
            params, severity = {"level": level.value}, Severity.ERROR
            found.append(
                Finding("area_code_unfit", severity, place, params, wrong.height, examples)
            )
    return found


def _dated(
    spec: AreaListSpec, rows: pl.DataFrame, place: Place
) -> tuple[pl.DataFrame, list[Finding]]:
    """Add `_from` and `_to`, the first day in use and the first day no longer in use."""
    findings: list[Finding] = []
    for key, target, last in (("valid_from", "_from", False), ("valid_to", "_to", True)):
        given = getattr(spec, key)
        if isinstance(given, date) or not given:
            rows = rows.with_columns(pl.lit(given or None, dtype=pl.Date).alias(target))
            continue
        rows = rows.with_columns(day(given, last=last).alias(target))
        wrong = rows.filter(pl.col(target).is_null(), pl.col(given) != "")
        if wrong.height:
            texts = tuple(wrong[given].unique(maintain_order=True).head(_EXAMPLES))
            at = Place(place.file, wrong[ROW][0], given)
            params, severity = {"key": key}, Severity.ERROR
            findings.append(Finding("area_date_unread", severity, at, params, wrong.height, texts))
    return rows, findings
