"""Files of dated geography read into frames: lists, changes, weights, populations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from nabolag.core import Finding, Severity, raise_errors
from nabolag.geography.dated.frames import CHANGES, CODES, POPULATION
from nabolag.geography.dated.spec import (
    AreaHistorySpec,
    AreaPopulationSpec,
    ChangesSpec,
    CrosswalkSpec,
    DatedFile,
)
from nabolag.geography.rows import day, number, read_rows, unread
from nabolag.sources.vector_codes import CodeRule
from nabolag.store import conform

if TYPE_CHECKING:
    from nabolag.sources.producers import Answer

_EXAMPLES = 8
_ERROR = Severity.ERROR


@dataclass(frozen=True, slots=True)
class DatedRead:
    """One file, read: a frame of the schema that its section has, and what was noticed."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def read_history(spec: AreaHistorySpec, path: Path, name: str) -> DatedRead:
    """Read `[[area_history]]` (columns of `frames.CODES`). Raises `UserError` with every error."""
    days = {
        key: column
        for key in ("valid_from", "valid_to", "known_from", "known_to")
        if (column := getattr(spec, key))
    }
    rows, findings = read_rows(spec, path, name, {"code": spec.code, "name": spec.name, **days})
    made = rows.with_columns(
        spec.code.expression().alias("_code"),
        pl.col(spec.name).alias("_name"),
        *(day(column, last=key.endswith("_to")).alias(f"_{key}") for key, column in days.items()),
    )
    findings += unread(made, days, name, kind="date")
    raise_errors(findings)
    chosen = made.filter(pl.col("_code") != "").select(
        level="_level", code="_code", name="_name", **{key: f"_{key}" for key in days}
    )
    return DatedRead(conform(chosen, CODES), tuple(findings))


def read_changes(spec: ChangesSpec, path: Path, name: str) -> DatedRead:
    """Read `[[changes]]` (columns of `frames.CHANGES`). Raises `UserError` with every error."""
    named: dict[str, CodeRule | str] = {
        key: getattr(spec, key)
        for key in ("from_code", "to_code", "from_name", "to_name", "date", "share")
        if getattr(spec, key)
    }
    rows, findings = read_rows(spec, path, name, named)
    made = rows.with_columns(
        spec.from_code.expression().alias("_from"),
        spec.to_code.expression().alias("_to"),
        day(spec.date, last=False).alias("_date"),
        (number(spec.share) if spec.share else pl.lit(None, pl.Float64)).alias("_share"),
    )
    findings += unread(made, {"date": spec.date}, name, kind="date", blank=False)
    findings += unread(made, {"share": spec.share} if spec.share else {}, name, kind="number")
    raise_errors(findings)
    texts = {key: pl.col(getattr(spec, key) or "_none") for key in ("from_name", "to_name")}
    chosen = made.with_columns(_none=pl.lit("")).select(
        level="_level", from_code="_from", to_code="_to", date="_date", share="_share", **texts
    )
    return DatedRead(conform(chosen, CHANGES), tuple(findings))


def pairs_written(spec: CrosswalkSpec) -> DatedRead:
    """Return the pairs that a `[[crosswalk]]` has by hand, as `read_weights` returns a file's."""
    level = spec.level.value if spec.level else ""
    rows = [(spec.geography, level, pair.from_, pair.to, pair.weight) for pair in spec.pairs]
    names = ("geography", "level", "from_code", "to_code")
    schema = {**dict.fromkeys(names, pl.String()), "weight": pl.Float64()}
    return DatedRead(pl.DataFrame(rows, schema=schema, orient="row"))


def read_weights(spec: CrosswalkSpec, path: Path, name: str) -> DatedRead:
    """Read `[[crosswalk]]`: `geography`, `level`, `from_code`, `to_code`, `weight`."""
    named: dict[str, CodeRule | str] = {"from_code": spec.from_code, "to_code": spec.to_code}
    named |= {key: v for key in ("weight", "year") if (v := getattr(spec, key))}
    rows, findings = read_rows(spec, path, name, named)
    year = pl.col(spec.year).str.strip_suffix(".0") if spec.year else pl.lit(spec.geography)
    made = rows.with_columns(
        spec.from_code.expression().alias("_from"),
        spec.to_code.expression().alias("_to"),
        (number(spec.weight) if spec.weight else pl.lit(1.0)).alias("_weight"),
        year.alias("_geography"),
    )
    given = {"weight": spec.weight} if spec.weight else {}
    findings += unread(made, given, name, kind="number", blank=False)
    raise_errors(findings)
    chosen = made.select(
        geography="_geography", level="_level", from_code="_from", to_code="_to", weight="_weight"
    )
    same = chosen.select("geography", "level").unique(maintain_order=True)
    kept = [
        same.with_columns(from_code=pl.lit(code), to_code=pl.lit(code), weight=pl.lit(1.0))
        for code in spec.same
    ]
    every = pl.concat([chosen, *kept]).unique(maintain_order=True)
    return DatedRead(every, tuple(findings))


def read_population(spec: AreaPopulationSpec, path: Path, name: str) -> DatedRead:
    """Read `[[area_population]]` (columns of `frames.POPULATION`), rows of an area added."""
    named: dict[str, CodeRule | str] = {
        "code": spec.code,
        "persons": spec.persons,
        "year": spec.year,
    }
    rows, findings = read_rows(spec, path, name, named)
    made = rows.with_columns(
        spec.code.expression().alias("code"),
        number(spec.persons).alias("_persons"),
        pl.col(spec.year).str.strip_suffix(".0").cast(pl.Int64, strict=False).alias("_year"),
    )
    columns = {"persons": spec.persons, "year": spec.year}
    findings += unread(made, columns, name, kind="number", blank=False)
    raise_errors(findings)
    summed = made.group_by(level="_level", code="code", year="_year", maintain_order=True).agg(
        persons=pl.col("_persons").sum()
    )
    return DatedRead(conform(summed, POPULATION), tuple(findings))


def read_kept(spec: DatedFile, answers: Sequence[Answer]) -> DatedRead:
    """Read a list or changes out of kept answers of KLASS; only `level`, where it is given."""
    from nabolag.sources.producers import klass_frames  # noqa: PLC0415

    if isinstance(spec, ChangesSpec):
        told = klass_frames.changes_of(answers)
        frame = conform(told.frame, CHANGES)
    else:
        told = klass_frames.codes_of(answers)
        frame = conform(klass_frames.areas_of(told), CODES)
    own = frame if spec.level is None else frame.filter(pl.col("level") == spec.level.value)
    return DatedRead(own, told.findings)


def read_dated(spec: DatedFile, path: Path | None, name: str) -> DatedRead:
    """Read a file after the kind of its section; a crosswalk written by hand has no path."""
    if path is None and isinstance(spec, CrosswalkSpec):
        return pairs_written(spec)
    return READERS[type(spec)](spec, path, name)


#: The section of each kind of file, and what reads it.
READERS: Mapping[type[DatedFile], Callable[..., DatedRead]] = {
    AreaHistorySpec: read_history,
    ChangesSpec: read_changes,
    CrosswalkSpec: read_weights,
    AreaPopulationSpec: read_population,
}
