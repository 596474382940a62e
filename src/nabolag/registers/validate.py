"""Checking microdata against a contract: blocks of rows, one pass a key, one a reference.

What is found here is for the house itself: examples may show identities. The report of a
delivery (`registers.report`) never does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.core import LANGS, Finding, Place, Severity, label
from nabolag.registers.between import COUNTED, miscounted, orphans, repeated_keys
from nabolag.registers.checks import ROW, Check, row_checks
from nabolag.registers.spec import CountedBy, ForeignKey, RegisterSpec

EXAMPLES: Final = 5
#: Rows judged at a time: large enough for speed, small enough for any machine.
BLOCK: Final = 500_000


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


def validate(
    frame: pl.DataFrame | pl.LazyFrame,
    spec: RegisterSpec,
    *,
    others: Mapping[str, pl.DataFrame | pl.LazyFrame] | None = None,
    file: str = "",
) -> ValidationReport:
    """Check a register. Returns findings with counts, examples and the first row numbers.

    Types, nulls, ranges, values, patterns and pairs of columns are judged block by block; the
    key in one pass over its columns; each reference to, or count in, a register given in
    `others` in one more. Memory is that of a block and of the key, so give one year at a time.
    References to registers that are not given are reported as not checked, never as sound.
    Rows are numbered from 1. A column that is absent or of another type stops what needs it;
    a nullable column that is absent is unknown, which is a warning.
    """
    lazy = frame.lazy()
    schema = lazy.collect_schema()
    findings = schema_findings(schema, spec, file)
    sound = {
        column.name
        for column in spec.columns
        if column.name in schema and column.accepts(schema[column.name])
    }
    rows, broken = _scan(lazy, row_checks(spec, sound), file)
    findings += broken
    numbered = lazy.with_row_index(ROW, 1)
    if set(spec.key) <= sound:
        findings += _key_findings(numbered, spec, file)
    tables = {name: other.lazy() for name, other in (others or {}).items()}
    findings += _between(numbered, spec, tables, sound, file)
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


def schema_findings(
    schema: Mapping[str, pl.DataType], spec: RegisterSpec, file: str
) -> list[Finding]:
    """Return what is wrong with the columns of a register: absent, of another type, extra."""
    found = []
    for column in spec.columns:
        place = Place(file, None, column.name)
        params = {"register": spec.name, "expected": column.type}
        if column.name not in schema:
            found.append(absent_column(spec, column.name, file))
        elif not column.accepts(schema[column.name]):
            given = {**params, "given": str(schema[column.name])}
            found.append(Finding("register_type_wrong", Severity.ERROR, place, given))
    if extra := sorted(set(schema) - set(spec.names) - {ROW}):
        found.append(extra_columns(spec, extra, file))
    return found


def absent_column(spec: RegisterSpec, name: str, file: str) -> Finding:
    """Return the finding of an absent column: a warning where it may be unknown."""
    column = spec.column(name)
    words = {f"type_{lang}": label(f"register_type.{column.type}", lang) for lang in LANGS}
    params = {"register": spec.name, "expected": column.type, **words}
    place = Place(file, None, name)
    if column.nullable:
        return Finding("register_column_unknown", Severity.WARNING, place, params)
    return Finding("register_column_absent", Severity.ERROR, place, params)


def extra_columns(spec: RegisterSpec, names: list[str], file: str) -> Finding:
    """Return the warning of columns that the contract does not know."""
    params = {"register": spec.name}
    shown = tuple(names[:EXAMPLES])
    code = "register_column_extra"
    return Finding(code, Severity.WARNING, Place(file), params, len(names), shown)


def blocks(lazy: pl.LazyFrame, size: int = BLOCK) -> Iterator[pl.DataFrame]:
    """Yield a scan in blocks of rows, in order. A frame that is no scan is made anew for each."""
    rows = int(lazy.select(pl.len()).collect().item())
    for start in range(0, rows, size):
        yield lazy.slice(start, size).collect()


def _scan(lazy: pl.LazyFrame, checks: list[Check], file: str) -> tuple[int, list[Finding]]:
    """Run every row check in one pass. A test of null answers null and counts as not wrong."""
    seen: list[_Seen] = [_Seen(check) for check in checks]
    rows = 0
    for block in blocks(lazy):
        numbered = block.with_row_index(ROW, rows + 1)
        rows += block.height
        for one in seen:
            one.look(numbered)
    return rows, [one.finding(file) for one in seen if one.count]


class _Seen:
    """What a check has found so far: how often, where first, and a few examples."""

    def __init__(self, check: Check) -> None:
        self.check, self.count, self.first = check, 0, 0
        self.examples: list[str] = []

    def look(self, block: pl.DataFrame) -> None:
        """Judge one more block."""
        wrong = block.select(self.check.wrong.fill_null(value=False).alias("w"))["w"]
        if not (count := int(wrong.sum())):
            return
        shown = self.check.shown
        few = block.filter(wrong).head(EXAMPLES)
        self.first = self.first or int(few[ROW][0])
        if shown is not None and len(self.examples) < EXAMPLES:
            told = few.select(shown.alias("e"))["e"].drop_nulls().to_list()
            self.examples += [e for e in map(str, told) if e]
        self.count += count

    def finding(self, file: str) -> Finding:
        """Return what was found, in words."""
        check = self.check
        place = Place(file, self.first, check.column)
        examples = tuple(dict.fromkeys(self.examples))[:EXAMPLES]
        return Finding(check.code, Severity.ERROR, place, check.params, self.count, examples)


def _key_findings(lazy: pl.LazyFrame, spec: RegisterSpec, file: str) -> list[Finding]:
    key = list(spec.key)
    rows = repeated_keys(lazy, spec, (ROW,))
    # Told by key, at the row where each stands the second time.
    twice = rows.group_by(key).agg(pl.col(ROW).sort().get(1)).sort(ROW)
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
            found.append(unchecked(link.register, columns, file))
        elif not set(columns) <= sound:
            continue  # the column itself has been reported
        elif isinstance(link, ForeignKey):
            lost = orphans(lazy, link, other, (ROW,))
            keep = link.orphans == "keep"
            code = "register_reference_later" if keep else "register_reference_absent"
            params = {"register": link.register}
            severity = Severity.WARNING if keep else Severity.ERROR
            found += _finding_of_rows(lost, list(columns), code, params, file, severity)
        else:
            differing = miscounted(lazy, link, other, (ROW,))
            shown = [*link.on, link.column, COUNTED]
            params = {"register": link.register, "column": link.column}
            found += _finding_of_rows(differing, shown, "register_count_differs", params, file)
    return found


def unchecked(register: str, columns: tuple[str, ...], file: str) -> Finding:
    """Return the note that a link was not checked, because the other register is not there."""
    place = Place(file, None, ", ".join(columns))
    return Finding("register_link_unchecked", Severity.INFO, place, {"register": register})


def _finding_of_rows(
    wrong: pl.DataFrame,
    shown: list[str],
    code: str,
    params: Mapping[str, Any],
    file: str,
    severity: Severity = Severity.ERROR,
) -> list[Finding]:
    """Make one finding of the wrong rows of a check between rows or tables."""
    if wrong.is_empty():
        return []
    first = wrong.head(EXAMPLES)
    examples = tuple(" · ".join(map(str, row)) for row in first.select(shown).iter_rows())
    place = Place(file, int(first[ROW][0]), ", ".join(c for c in shown if c != COUNTED))
    return [Finding(code, severity, place, params, wrong.height, examples)]
