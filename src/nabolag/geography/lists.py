"""Code lists and inline areas, read into areas and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.core import LANGS, Finding, Level, Place, Severity, code_fits, error, raise_errors
from nabolag.geography.spec import AreaListSpec, Reclassify
from nabolag.sources.codes import transformed
from nabolag.sources.delimited import read_delimited
from nabolag.sources.grid import ROW
from nabolag.sources.spec import LeaveOut
from nabolag.sources.vector_codes import CodeRule, columns_used, parent_links, rows_in
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
    kept = _known_levels(spec, rows, place, findings)
    kept = _reclassified(spec, kept, place, findings)
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
    table = read_delimited(path, spec.read, name)
    _refuse_absent_columns(spec, table.columns, name)
    chosen, taken, outside = rows_in(table.frame, spec.keep, spec.leave_out)
    level = pl.col(spec.level_column) if spec.level_column else pl.lit(_level(spec))
    rows = chosen.with_columns(
        level.alias("_level"),
        spec.code.expression().alias("_code"),
        pl.col(spec.name).alias("_name"),
    )
    return rows, _left_out(Place(name), taken, outside)


def _level(spec: AreaListSpec) -> str:
    return spec.level.value if spec.level else ""


def _refuse_absent_columns(spec: AreaListSpec, columns: list[str], name: str) -> None:
    rules: dict[str, CodeRule | str] = {"code": spec.code, "name": spec.name}
    rules |= {"level_column": spec.level_column}
    rules |= {f"parents[{at}]": rule for at, rule in enumerate(spec.parents, start=1)}
    for key in ("valid_from", "valid_to"):
        given = getattr(spec, key)
        if isinstance(given, str):
            rules[key] = given
    used = columns_used(rules, spec.keep, spec.leave_out)
    raise_errors(
        Finding(
            "area_column_absent",
            Severity.ERROR,
            Place(name, column=column),
            {"key": key, "columns": ", ".join(columns)},
        )
        for column, key in used.items()
        if column not in columns
    )


def _left_out(place: Place, taken: list[tuple[LeaveOut, int]], outside: int) -> list[Finding]:
    found = [
        Finding(
            "area_left_out",
            Severity.INFO,
            place,
            {f"reason_{lang}": entry.reason.in_(lang) for lang in LANGS},
            count,
        )
        for entry, count in taken
        if count
    ]
    return found + (
        [Finding("area_not_kept", Severity.INFO, place, {}, outside)] if outside else []
    )


def _known_levels(
    spec: AreaListSpec, rows: pl.DataFrame, place: Place, findings: list[Finding]
) -> pl.DataFrame:
    """Translate the list's words for levels; rows with other words are reported."""
    if not spec.level_column:
        return rows
    words = {word: level.value for word, level in spec.levels.items()}
    other = rows.filter(~pl.col("_level").is_in(list(words)))
    if other.height:
        seen = other.group_by("_level").len().sort("len", descending=True)
        examples = tuple(f"{word} ({count})" for word, count in seen.head(_EXAMPLES).iter_rows())
        severity = Severity.INFO
        findings.append(Finding("area_level_unknown", severity, place, {}, other.height, examples))
    known = rows.filter(pl.col("_level").is_in(list(words)))
    return known.with_columns(pl.col("_level").replace_strict(words, return_dtype=pl.String))


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
        rows = rows.with_columns(_day(given, last=last).alias(target))
        wrong = rows.filter(pl.col(target).is_null(), pl.col(given) != "")
        if wrong.height:
            texts = tuple(wrong[given].unique(maintain_order=True).head(_EXAMPLES))
            at = Place(place.file, wrong[ROW][0], given)
            params, severity = {"key": key}, Severity.ERROR
            findings.append(Finding("area_date_unread", severity, at, params, wrong.height, texts))
    return rows, findings


def _day(column: str, *, last: bool) -> pl.Expr:
    """Read ISO dates and years. A year is in use until its end, a date names the day after."""
    text = pl.col(column)
    year = text.str.extract(r"^(\d{4})$").cast(pl.Int32) + (1 if last else 0)
    return pl.coalesce(
        text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False), pl.date(year, 1, 1)
    )
