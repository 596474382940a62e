"""From columns of text to cells: one row a figure, with place, time, measure and status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from nabolag.core import WITH_VALUE, Finding, Status
from nabolag.core.columns import CELLS
from nabolag.sources import complaints
from nabolag.sources.checks import ambiguous_decimals, out_of_range, sentinels
from nabolag.sources.codes import all_hold, renamed, transformed
from nabolag.sources.column_rules import UNIT_SCALES, Measure
from nabolag.sources.complaints import LeftOut
from nabolag.sources.grid import ROW, RawTable
from nabolag.sources.numerals import with_figures
from nabolag.sources.places import (
    AREA,
    LEVEL,
    UNKNOWN,
    LookupReader,
    place_findings,
    placed,
)
from nabolag.sources.repeats import once
from nabolag.sources.spec import SourceSpec
from nabolag.sources.times import read_periods
from nabolag.store.frames import CELLS as CELL_SCHEMA

LEFT, PERIOD, ADDS = "_left", "_period", "_adds"
_NOT_KEPT = -1


@dataclass(frozen=True, slots=True)
class Mapped:
    """The cells of one file (with `_text`, what stood there), findings, and what was not taken.

    `left_out` are rows, `unused` columns.
    """

    cells: pl.DataFrame
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...]
    unused: tuple[str, ...] = ()


def map_table(table: RawTable, spec: SourceSpec, name: str, read_lookup: LookupReader) -> Mapped:
    """Map a table of texts to cells after the specification.

    Returns every finding, errors too; the caller decides that errors stop the import. Raises
    `UserError` at once where a column is absent, for then nothing more can be said.
    """
    measures = list(_columns_of_measures(table, spec))
    complaints.require_columns(table, spec, [column for _, column, _ in measures], name)
    adds = all_hold(spec.add_up) if spec.add_up else pl.lit(value=False)
    frame = table.frame.with_columns(_why_left(spec).alias(LEFT), adds.alias(ADDS))
    kept, gone = frame.filter(pl.col(LEFT).is_null()), frame.filter(pl.col(LEFT).is_not_null())
    findings = complaints.header_again(kept, table, name)
    kept = placed(kept, spec.area, read_lookup)
    findings += place_findings(kept, spec.area, name)
    nameless = kept.filter(pl.col(UNKNOWN) == "name")
    kept = kept.filter(pl.col(AREA).is_not_null())
    findings += complaints.codes_unlisted(kept, spec, name)
    findings += complaints.measures_unknown(kept, spec, name)
    figures, wrong = _figures(kept, table, spec, measures, name)
    left = (*_left_out(gone, table, spec, measures), *_nameless(nameless))
    unused = complaints.columns_unused(table, spec, [column for _, column, _ in measures])
    cells, added = added_up(_cells(figures, spec), spec.dimension_names, name)
    if spec.repeats == "same":
        cells, again = once(cells, spec.dimension_names, name)
        added += again
    return Mapped(cells, (*findings, *wrong, *added), left, unused)


#: A measure, one of its columns, and what the column's heading says (period, dimensions).
MeasureColumn = tuple[Measure, str, Mapping[str, str]]


def _columns_of_measures(table: RawTable, spec: SourceSpec) -> Iterator[MeasureColumn]:
    for measure in spec.measure:
        if measure.column:
            yield measure, measure.column, {}
            continue
        shape = re.compile(measure.columns)
        for column in table.columns:
            if found := shape.fullmatch(column):
                yield measure, column, found.groupdict(default="")


def _why_left(spec: SourceSpec) -> pl.Expr:
    """Return the number of the rule that leaves a row out, null where none does."""
    reasons = [
        pl.when(all_hold(rule.where)).then(pl.lit(at, pl.Int64))
        for at, rule in enumerate(spec.leave_out)
    ]
    not_kept = pl.when(~all_hold(spec.keep)).then(pl.lit(_NOT_KEPT, pl.Int64))
    return pl.coalesce(*reasons, not_kept)


def _figures(
    kept: pl.DataFrame,
    table: RawTable,
    spec: SourceSpec,
    measures: list[MeasureColumn],
    name: str,
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return one row a figure with value, status and mark, and what is wrong with them."""
    kept, wrong = _with_period(kept, spec, name)
    headings = {texts["period"] for _, _, texts in measures if "period" in texts}
    periods = _heading_periods(headings, spec)
    wrong += complaints.periods_unread(headings - set(periods), spec, name)
    figures = _long(kept, table, spec, measures, periods)
    wrong += complaints.texts_refused(figures, spec.read, name)
    wrong += out_of_range(figures, spec.measure, name)
    wrong += ambiguous_decimals(figures, spec.read, name)
    wrong += sentinels(figures, name)
    return figures.filter(pl.col("status").is_not_null()), wrong


def _heading_periods(headings: set[str], spec: SourceSpec) -> dict[str, str]:
    texts = pl.DataFrame({"t": sorted(headings)}, schema={"t": pl.String})
    clean = texts.select(transformed(pl.col("t"), spec.period.transform))["t"]
    read = read_periods(set(clean), spec.period.kind)
    return {
        text: read[short] for text, short in zip(texts["t"], clean, strict=True) if short in read
    }


def _with_period(
    frame: pl.DataFrame, spec: SourceSpec, name: str
) -> tuple[pl.DataFrame, list[Finding]]:
    rule = spec.period
    text = pl.lit(rule.value) if not rule.column else pl.col(rule.column)
    text = transformed(text, rule.transform)
    if rule.part:
        text = text + pl.col(rule.part.column).replace(rule.part.codes)
    frame = frame.with_columns(text.alias("_when"))
    if not (rule.value or rule.column):
        return frame.with_columns(pl.lit("").alias(PERIOD)).drop("_when"), []
    read = read_periods(frame["_when"].unique(), rule.kind)
    frame = frame.with_columns(
        pl.col("_when").replace_strict(read, default=None, return_dtype=pl.String).alias(PERIOD)
    )
    wrong = complaints.rows_without_period(frame, spec, name)
    return frame.drop("_when"), wrong


def _long(
    frame: pl.DataFrame,
    table: RawTable,
    spec: SourceSpec,
    measures: list[MeasureColumn],
    periods: Mapping[str, str],
) -> pl.DataFrame:
    """Return one row a figure: place, period, dimensions, value, status, mark and its text."""
    parts = []
    for at, (measure, column, heading) in enumerate(measures):
        rows = frame
        if spec.measure_column:
            rows = frame.filter(pl.col(spec.measure_column) == measure.code)
        mark = measure.mark_column or table.mark_column
        headed = "period" in heading
        period = pl.lit(periods.get(heading.get("period", "")), pl.String)
        texts = rows.select(
            pl.col(ROW).alias("row"),
            pl.col(LEVEL).alias("level"),
            pl.col(AREA).alias("area"),
            (period if headed else pl.col(PERIOD)).alias("period"),
            pl.lit(measure.id).alias("measure"),
            *_dimensions(spec, heading),
            pl.col(column).alias("_text"),
            (pl.col(mark) if mark else pl.lit("")).alias("_mark"),
            pl.lit(column).alias("_column"),
            pl.col(ADDS),
            pl.lit(at, pl.Int64).alias("_at"),
        )
        parts.append(with_figures(texts, spec.read, spec.marks_of(measure)))
    return pl.concat(parts).sort("row", "_at", maintain_order=True)


def _dimensions(spec: SourceSpec, heading: Mapping[str, str]) -> list[pl.Expr]:
    given = {
        **{name: pl.col(column) for name, column in spec.dimensions.items()},
        **{name: pl.lit(value) for name, value in spec.constants.items()},
        **{name: pl.lit(text) for name, text in heading.items() if name != "period"},
    }
    return [
        renamed(given.get(name, pl.lit("")), spec.codes.get(name, {})).alias(name)
        for name in spec.dimension_names
    ]


def _left_out(
    gone: pl.DataFrame, table: RawTable, spec: SourceSpec, measures: list[MeasureColumn]
) -> Iterator[LeftOut]:
    """Count the rows each rule leaves out, and add up the numbers that stand in them."""
    gone = gone.with_columns(pl.lit("").alias(name) for name in (LEVEL, AREA, PERIOD))
    rules = [*enumerate(rule.reason for rule in spec.leave_out)]
    for number, reason in [*rules, (_NOT_KEPT, complaints.reason("not_kept"))]:
        rows = gone.filter(pl.col(LEFT) == number)
        if rows.is_empty():
            continue
        figures = _long(rows, table, spec, measures, {})
        sums = (
            _scaled(figures, spec)
            .group_by("measure", maintain_order=True)
            .agg(pl.col("value").sum(), pl.col("value").count().alias("n"))
        )
        shares = {m.id for m in spec.measure if m.unit in ("percent", "permille")}
        found = {
            r["measure"]: r["value"]
            for r in sums.iter_rows(named=True)
            if r["n"] and r["measure"] not in shares
        }
        yield LeftOut(reason, rows.height, found)


def _nameless(rows: pl.DataFrame) -> Iterator[LeftOut]:
    if not rows.is_empty():
        yield LeftOut(complaints.reason("name_unknown"), rows.height)


def _scaled(figures: pl.DataFrame, spec: SourceSpec) -> pl.DataFrame:
    """Bring numbers to their unit: per cent to a fraction of 1, thousands to ones."""
    scales = {m.id: UNIT_SCALES[m.unit] for m in spec.measure}
    times = {name: scale[0] for name, scale in scales.items()}
    over = {name: scale[1] for name, scale in scales.items()}
    return figures.with_columns(
        pl.col("value")
        * pl.col("measure").replace_strict(times, return_dtype=pl.Float64)
        / pl.col("measure").replace_strict(over, return_dtype=pl.Float64)
    )


def _cells(figures: pl.DataFrame, spec: SourceSpec) -> pl.DataFrame:
    """Return exactly the columns of `CELLS`, the source's dimensions and `_text`, `_column`."""
    schema = {**CELL_SCHEMA, **dict.fromkeys(spec.dimension_names, pl.String())}
    names = [*CELLS, *spec.dimension_names]
    frame = _scaled(figures, spec)
    return frame.select(
        *(pl.col(name).cast(schema[name]) for name in names), pl.col("_text"), pl.col(ADDS)
    )


def added_up(
    cells: pl.DataFrame, dimensions: Sequence[str], name: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """Add the cells of one key where the specification says that they are parts of one figure.

    The strongest status wins, and a sum with a part that is no number is no number. The row
    is that of the first part. Returns the cells and a note that counts what was added.
    """
    key = ["level", "area", "period", "measure", *dimensions]
    parts = cells.filter(pl.col(ADDS))
    if parts.is_empty():
        return cells, []
    strength = pl.Enum([status.value for status in Status])
    sums = parts.group_by(key, maintain_order=True).agg(
        pl.col("row", "_text", ADDS).first(),
        pl.col("mark").sort_by(pl.col("status").cast(strength)).last(),
        pl.col("value").sum(),
        pl.col("status").cast(strength).max().cast(pl.String),
        pl.len().alias("_n"),
        pl.col("row").alias("_rows"),
    )
    known = pl.col("status").is_in([status.value for status in WITH_VALUE])
    sums = sums.with_columns(pl.when(known).then(pl.col("value")).alias("value"))
    several = sums.filter(pl.col("_n") > 1)
    whole = pl.concat([cells.filter(~pl.col(ADDS)), sums.select(cells.columns)])
    whole = whole.sort("row", maintain_order=True)
    return whole, complaints.parts_added(several, name)
