"""Checking microdata against a contract: one pass over the columns, one a key, one a reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.registers.spec import Column, CountedBy, ForeignKey, RegisterSpec

EXAMPLES = 5
_ROW = "__row"


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What a check of one register found. `rows` is the number of rows read."""

    register: str
    rows: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """True where nothing of severity `ERROR` was found."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Check:
    """A vectorised test of rows: `wrong` is true where a row breaks the contract."""

    code: str
    column: str
    wrong: pl.Expr
    params: Mapping[str, Any]
    shown: pl.Expr


def validate(
    frame: pl.DataFrame | pl.LazyFrame,
    spec: RegisterSpec,
    *,
    others: Mapping[str, pl.DataFrame | pl.LazyFrame] | None = None,
    file: str = "",
) -> ValidationReport:
    """Check a register. Returns findings with counts, examples and the first row numbers.

    Types, nulls, ranges, values, patterns and pairs of columns are judged in one scan; the key
    in a second; each reference to, or count in, a register given in `others` in one more.
    References to registers that are not given are reported as not checked, never as sound.
    Rows are numbered from 1. A column that is absent or of another type stops what needs it.
    """
    lazy = frame.lazy()
    schema = lazy.collect_schema()
    findings = _schema_findings(schema, spec, file)
    sound = {
        column.name
        for column in spec.columns
        if column.name in schema and column.accepts(schema[column.name])
    }
    rows, broken = _scan(lazy, _checks(spec, sound), file)
    findings += broken
    if set(spec.key) <= sound:
        findings += _key_findings(lazy, spec, file)
    tables = {name: other.lazy() for name, other in (others or {}).items()}
    findings += _between(lazy, spec, tables, sound, file)
    return ValidationReport(spec.name, rows, tuple(findings))


def validate_all(
    frames: Mapping[str, pl.DataFrame | pl.LazyFrame],
    contracts: Mapping[str, RegisterSpec],
    progress: Callable[[str], None] | None = None,
) -> tuple[ValidationReport, ...]:
    """Check several registers against their contracts and against one another."""
    reports = []
    for name, frame in frames.items():
        if progress is not None:
            progress(name)
        others = {other: table for other, table in frames.items() if other != name}
        reports.append(validate(frame, contracts[name], others=others, file=name))
    return tuple(reports)


def _schema_findings(schema: pl.Schema, spec: RegisterSpec, file: str) -> list[Finding]:
    found = []
    for column in spec.columns:
        place = Place(file, None, column.name)
        params = {"register": spec.name, "expected": column.type}
        if column.name not in schema and column.nullable:
            found.append(Finding("register_column_unknown", Severity.WARNING, place, params))
        elif column.name not in schema:
            found.append(Finding("register_column_absent", Severity.ERROR, place, params))
        elif not column.accepts(schema[column.name]):
            given = {**params, "given": str(schema[column.name])}
            found.append(Finding("register_type_wrong", Severity.ERROR, place, given))
    extra = sorted(set(schema.names()) - set(spec.names))
    if extra:
        found.append(
            Finding(
                "register_column_extra",
                Severity.WARNING,
                Place(file),
                {"register": spec.name},
                len(extra),
                tuple(extra[:EXAMPLES]),
            )
        )
    return found


def _checks(spec: RegisterSpec, sound: set[str]) -> list[_Check]:
    checks = [
        check for column in spec.columns if column.name in sound for check in _of_column(column)
    ]
    for pair in spec.not_above:
        if {pair.lower, pair.upper} <= sound:
            lower, upper = pl.col(pair.lower), pl.col(pair.upper)
            wrong = lower >= upper if pair.strict else lower > upper
            shown = pl.format("{} / {}", lower, upper)
            params = {"lower": pair.lower, "upper": pair.upper}
            code = "register_not_below" if pair.strict else "register_not_above"
            checks.append(_Check(code, pair.lower, wrong, params, shown))
    return checks


def _of_column(column: Column) -> list[_Check]:
    value = pl.col(column.name)
    shown = value.cast(pl.String)
    checks = []
    if not column.nullable:
        checks.append(_Check("register_null", column.name, value.is_null(), {}, shown))
    if column.type == "f64":
        wrong = value.cast(pl.Float64).is_finite().not_()
        checks.append(_Check("register_not_finite", column.name, wrong, {}, shown))
    bounds = {"minimum": column.minimum, "maximum": column.maximum, "unit": column.unit}
    outside = [value < column.minimum] if column.minimum is not None else []
    outside += [value > column.maximum] if column.maximum is not None else []
    if outside:
        wrong = pl.any_horizontal(outside)
        checks.append(_Check("register_out_of_range", column.name, wrong, _shown(bounds), shown))
    if column.values:
        wrong = value.is_in(list(column.values)).not_()
        allowed = {"allowed": ", ".join(map(str, column.values))}
        checks.append(_Check("register_value_unknown", column.name, wrong, allowed, shown))
    if column.pattern:
        wrong = shown.str.contains(column.pattern).not_()
        params = {"pattern": column.pattern}
        checks.append(_Check("register_pattern", column.name, wrong, params, shown))
    return checks


def _shown(bounds: Mapping[str, Any]) -> dict[str, Any]:
    """Write bounds as people do: 8 and not 8.0, a dash where there is none."""
    return {
        name: "–" if value is None else f"{value:g}" if isinstance(value, float | int) else value
        for name, value in bounds.items()
    }


def _scan(lazy: pl.LazyFrame, checks: list[_Check], file: str) -> tuple[int, list[Finding]]:
    """Run every row check in one pass. A test of null answers null and counts as not wrong."""
    wanted = [pl.len().alias("rows")]
    for number, check in enumerate(checks):
        wrong = check.wrong.fill_null(value=False)
        wanted += [
            wrong.sum().alias(f"n{number}"),
            pl.col(_ROW).filter(wrong).head(1).implode().alias(f"r{number}"),
            check.shown.filter(wrong).head(EXAMPLES).implode().alias(f"e{number}"),
        ]
    answer = lazy.with_row_index(_ROW, 1).select(wanted).collect().row(0, named=True)
    found = []
    for number, check in enumerate(checks):
        count = int(answer[f"n{number}"] or 0)
        if not count:
            continue
        place = Place(file, int(answer[f"r{number}"][0]), check.column)
        shown = tuple("" if e is None else str(e) for e in answer[f"e{number}"])
        examples = tuple(dict.fromkeys(e for e in shown if e))
        found.append(Finding(check.code, Severity.ERROR, place, check.params, count, examples))
    return int(answer["rows"]), found


def _key_findings(lazy: pl.LazyFrame, spec: RegisterSpec, file: str) -> list[Finding]:
    key = list(spec.key)
    numbered = lazy.select(key).with_row_index(_ROW, 1)
    often = lazy.group_by(key).agg(pl.len().alias("__n")).filter(pl.col("__n") > 1).collect()
    if often.is_empty():
        return []
    # Only now, for few keys, is it worth finding the row where each stands the second time.
    twice = (
        numbered.join(often.lazy(), on=key, how="semi", nulls_equal=True)
        .group_by(key)
        .agg(pl.col(_ROW).sort().get(1))
        .sort(_ROW)
        .collect()
    )
    params = {"key": ", ".join(key)}
    return _finding_of_rows(twice, key, "register_key_duplicate", params, file)


def _between(
    lazy: pl.LazyFrame,
    spec: RegisterSpec,
    tables: Mapping[str, pl.LazyFrame],
    sound: set[str],
    file: str,
) -> list[Finding]:
    found: list[Finding] = []
    links: list[ForeignKey | CountedBy] = [*spec.foreign_keys, *spec.counted_by]
    for link in links:
        columns = link.columns if isinstance(link, ForeignKey) else (*link.on, link.column)
        other = tables.get(link.register)
        if other is None:
            place = Place(file, None, ", ".join(columns))
            params = {"register": link.register}
            found.append(Finding("register_link_unchecked", Severity.INFO, place, params))
        elif not set(columns) <= sound:
            continue  # the column itself has been reported
        elif isinstance(link, ForeignKey):
            found += _foreign(lazy, link, other, file)
        else:
            found += _counted(lazy, link, other, file)
    return found


def _foreign(lazy: pl.LazyFrame, link: ForeignKey, other: pl.LazyFrame, file: str) -> list[Finding]:
    columns = list(link.columns)
    lost = (
        lazy.select(columns)
        .with_row_index(_ROW, 1)
        .drop_nulls(columns)
        .join(other, left_on=columns, right_on=list(link.target), how="anti")
        .sort(_ROW)
        .collect()
    )
    params = {"register": link.register}
    return _finding_of_rows(lost, columns, "register_reference_absent", params, file)


def _counted(lazy: pl.LazyFrame, link: CountedBy, other: pl.LazyFrame, file: str) -> list[Finding]:
    on = list(link.on)
    counted = other.group_by(on).agg(pl.len().alias("__counted"))
    differing = (
        lazy.select([*on, link.column])
        .with_row_index(_ROW, 1)
        .join(counted, on=on, how="left")
        .filter(pl.col(link.column) != pl.col("__counted").fill_null(0))
        .sort(_ROW)
        .collect()
    )
    shown = [*on, link.column, "__counted"]
    params = {"register": link.register, "column": link.column}
    return _finding_of_rows(differing, shown, "register_count_differs", params, file)


def _finding_of_rows(
    wrong: pl.DataFrame, shown: list[str], code: str, params: Mapping[str, Any], file: str
) -> list[Finding]:
    """Make one finding of the wrong rows of a check between rows or tables."""
    if wrong.is_empty():
        return []
    first = wrong.head(EXAMPLES)
    examples = tuple(" · ".join(map(str, row)) for row in first.select(shown).iter_rows())
    place = Place(file, int(first[_ROW][0]), ", ".join(c for c in shown if c != "__counted"))
    return [Finding(code, Severity.ERROR, place, params, wrong.height, examples)]
