"""Delivered criteria and weights read: a mark stays a status, other text is an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from nabolag.allocation.need.index import (
    AREA,
    CRITERION,
    SECTOR,
    criterion_indices,
    sector_indices,
    total_index,
)
from nabolag.allocation.need.model import NeedModel
from nabolag.allocation.need.spec import ExpenditureNeedSpec, WeightsTable
from nabolag.core import Finding, Place, Severity, Status, UserError, error, raise_errors
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.grid import ROW, RawTable
from nabolag.sources.marks import DEFAULT_MARKS, STATUS_OF_MARK
from nabolag.sources.numerals import read_numbers
from nabolag.sources.read import read_raw


@dataclass(frozen=True)
class NeedRead:
    """What was delivered: figures by area (`area`, `name`, `item`, `value`, `people`, `status`)."""

    spec: ExpenditureNeedSpec
    figures: pl.DataFrame
    model: NeedModel
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class NeedResult:
    """Indices of criteria (empty where sectors are given), of sectors with what each means, in all.

    `share` is what a sector adds to the total: its weight × (index − 1).
    """

    criteria: pl.DataFrame
    sectors: pl.DataFrame
    totals: pl.DataFrame
    hidden: int


def read_need(
    spec: ExpenditureNeedSpec, figures: tuple[Path, str], weights: tuple[Path, str]
) -> NeedRead:
    """Read both files. Raises `UserError` with every mistake: file, row, column, what to do."""
    model = read_weight_table(spec, *weights)
    _refuse_unweighted(spec, model)
    path, name = figures
    table = read_raw(path, spec, name)
    keys = {"area": spec.area, "area_name": spec.area_name, "people": spec.people}
    keys |= {f"columns.{item}": column for item, column in spec.columns.items()}
    _refuse_absent(table, keys, name)
    given = [_of_item(spec, table.frame, item) for item in spec.columns]
    held = pl.concat(given)
    raise_errors([*_no_numbers(held, name), *_twice(table.frame, spec, name)])
    return NeedRead(spec, held.drop("_text", "_row", "_column"), model)


def read_weight_table(spec: ExpenditureNeedSpec, path: Path, name: str) -> NeedModel:
    """Read the weights of sectors and keys. Raises `UserError` naming row and column."""
    asked = spec.weights
    table = read_raw(path, asked, name)
    keys = {"weights.sector": asked.sector, "weights.criterion": asked.criterion,
            "weights.weight": asked.weight}  # fmt: skip
    _refuse_absent(table, keys, name)
    rows = table.frame.select(
        pl.col(ROW).alias("_row"),
        pl.col(asked.sector).alias(SECTOR),
        (pl.col(asked.criterion) if asked.criterion else pl.lit("")).alias(CRITERION),
        pl.col(asked.weight).alias("_text"),
        read_numbers(pl.col(asked.weight), asked.read).alias("weight"),
    )
    raise_errors(_wrong_weights(rows, asked, name))
    sectors: dict[str, float] = {}
    keyed: dict[str, dict[str, float]] = {}
    for row in rows.iter_rows(named=True):
        if row[CRITERION]:
            keyed.setdefault(row[SECTOR], {})[row[CRITERION]] = row["weight"]
        else:
            sectors[row[SECTOR]] = row["weight"]
    try:
        return NeedModel(sectors, keyed, spec.year)
    except UserError as wrong:
        raise UserError(
            *(replace(f, place=Place(name, column=asked.weight)) for f in wrong.findings)
        ) from wrong


def computed(read: NeedRead, fewest: int) -> NeedResult:
    """Return the indices. Counts below `fewest` are hidden, unless somebody has published them.

    What is hidden is not among what others are held against: else it could be reckoned back.
    """
    spec, model = read.spec, read.model
    figures = _protected(read, fewest)
    hidden = figures.filter(pl.col("status").str.starts_with("suppressed")).height
    if spec.of == "sectors":
        criteria = figures.head(0).select(AREA, pl.col("item").alias(CRITERION), "value", "status")
        sectors = figures.select(AREA, pl.col("item").alias(SECTOR), index="value", status="status")
        sectors = sectors.with_columns(absent=pl.lit(""))
    else:
        criteria = _criteria(spec, figures)
        sectors = sector_indices(criteria, model)
    totals = total_index(sectors.select(AREA, SECTOR, "index", "status"), model)
    names = figures.select(AREA, "name").unique(AREA, maintain_order=True)
    weight = pl.col(SECTOR).replace_strict(dict(model.sectors), return_dtype=pl.Float64)
    shown = sectors.select(AREA, SECTOR, "index", weight.alias("weight"), "status", "absent")
    return NeedResult(
        criteria.rename({"value": "index"}) if "value" in criteria.columns else criteria,
        shown.with_columns(share=pl.col("weight") * (pl.col("index") - 1)),
        totals.select(AREA, "index", "status", "absent").join(
            names, on=AREA, how="left", maintain_order="left"
        ),
        hidden,
    )


def _criteria(spec: ExpenditureNeedSpec, figures: pl.DataFrame) -> pl.DataFrame:
    named = figures.rename({"item": CRITERION})
    if spec.values == "index":
        return named.select(AREA, CRITERION, index="value", status="status")
    counts = named.select(AREA, CRITERION, "people", count="value")
    made = criterion_indices(counts)
    return made.join(named.select(AREA, CRITERION, "status"), on=[AREA, CRITERION], how="left",
                     maintain_order="left")  # fmt: skip


def _protected(read: NeedRead, fewest: int) -> pl.DataFrame:
    spec = read.spec
    if spec.values == "index" or not spec.about_people or spec.published is not None:
        return read.figures
    few = (pl.col("value") < fewest).fill_null(False)
    primary = pl.lit(Status.SUPPRESSED_PRIMARY.value)
    held = read.figures.with_columns(
        pl.when(few).then(primary).otherwise("status").alias("status")
    ).with_columns(_beside())
    shown = pl.col("status") == Status.VALUE.value
    return held.with_columns(pl.when(shown).then("value").alias("value"))


def _beside() -> pl.Expr:
    """Hide the smallest number beside one that alone is hidden: the sum may be known elsewhere."""
    hidden = pl.col("status").str.starts_with("suppressed")
    alone = (hidden.sum() == 1).over("item")
    known = pl.when(pl.col("status") == Status.VALUE.value).then("value")
    least = (known.rank("ordinal").over("item") == 1).fill_null(False)
    return (
        pl.when(alone & least)
        .then(pl.lit(Status.SUPPRESSED_SECONDARY.value))
        .otherwise("status")
        .alias("status")
    )


def _of_item(spec: ExpenditureNeedSpec, rows: pl.DataFrame, item: str) -> pl.DataFrame:
    text = pl.col(spec.columns[item]).str.strip_chars()
    value, people = _number(text, spec.read), pl.lit(None, pl.Float64)
    status = _mark(text)
    if spec.people:
        people = _number(pl.col(spec.people).str.strip_chars(), spec.read)
        # Nobody to divide by: the figure is not known.
        status = pl.when(people > 0).then(status).otherwise(pl.lit(Status.MISSING.value))
        value, people = (pl.when(people > 0).then(one) for one in (value, people))
    return rows.select(
        pl.col(ROW).alias("_row"),
        pl.lit(spec.columns[item]).alias("_column"),
        text.alias("_text"),
        pl.col(spec.area).str.strip_chars().alias(AREA),
        (pl.col(spec.area_name) if spec.area_name else pl.lit("")).alias("name"),
        pl.lit(item).alias("item"),
        value.alias("value"),
        people.alias("people"),
        status.alias("status"),
    )


def _number(text: pl.Expr, options: ReadOptions) -> pl.Expr:
    read = read_numbers(text, options)
    return pl.when(read >= 0).then(read)


def _mark(text: pl.Expr) -> pl.Expr:
    known = {mark: STATUS_OF_MARK[meaning].value for mark, meaning in DEFAULT_MARKS.items()}
    return text.replace_strict(known, default=Status.VALUE.value, return_dtype=pl.String)


def _no_numbers(held: pl.DataFrame, name: str) -> Iterator[Finding]:
    wrong = held.filter(pl.col("value").is_null(), pl.col("status") == Status.VALUE.value)
    for row in wrong.iter_rows(named=True):
        place = Place(name, int(row["_row"]), row["_column"])
        yield Finding("need_not_number", Severity.ERROR, place, {"given": row["_text"]})


def _twice(rows: pl.DataFrame, spec: ExpenditureNeedSpec, name: str) -> Iterator[Finding]:
    code = pl.col(spec.area).str.strip_chars()
    for row, area in rows.filter(code == "").select(ROW, spec.area).iter_rows():
        yield Finding("need_area_blank", Severity.ERROR, Place(name, int(row), spec.area), {
            "given": area})  # fmt: skip
    again = rows.filter(code.is_duplicated() & ~code.is_first_distinct() & (code != ""))
    for row, area in again.select(ROW, spec.area).iter_rows():
        place = Place(name, int(row), spec.area)
        yield Finding("need_repeated", Severity.ERROR, place, {"what": area})


def _wrong_weights(rows: pl.DataFrame, asked: WeightsTable, name: str) -> Iterator[Finding]:
    for row in rows.filter(pl.col("weight").is_null()).iter_rows(named=True):
        place = Place(name, int(row["_row"]), asked.weight)
        yield Finding("need_not_number", Severity.ERROR, place, {"given": row["_text"]})
    key = pl.struct(SECTOR, CRITERION)
    again = rows.filter(key.is_duplicated() & ~key.is_first_distinct())
    for row in again.iter_rows(named=True):
        what = " · ".join(filter(None, (row[SECTOR], row[CRITERION])))
        place = Place(name, int(row["_row"]), asked.sector)
        yield Finding("need_repeated", Severity.ERROR, place, {"what": what})


def _refuse_unweighted(spec: ExpenditureNeedSpec, model: NeedModel) -> None:
    """Refuse columns that no weight is for, and sectors or criteria without a column."""
    wanted = set(model.sectors) if spec.of == "sectors" else set(model.criteria)
    without = [s for s in model.sectors if s not in model.keys] if spec.of == "criteria" else []
    if without:
        raise error("need_keys_absent", Place(spec.weights.file), sectors=", ".join(without))
    strange, absent = sorted(set(spec.columns) - wanted), sorted(wanted - set(spec.columns))
    if strange or absent:
        raise error("need_columns_weights", Place(spec.weights.file),
                    strange=", ".join(strange) or "–", absent=", ".join(absent) or "–")  # fmt: skip


def _refuse_absent(table: RawTable, keys: dict[str, str], name: str) -> None:
    raise_errors(
        Finding("need_column_absent", Severity.ERROR, Place(name, column=column),
                {"key": key, "columns": ", ".join(table.columns)})
        for key, column in keys.items() if column and column not in table.columns
    )  # fmt: skip
