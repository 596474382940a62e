"""Checks of cells, each a pure function that returns what it found."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.core.columns import CELLS
from nabolag.sources.column_rules import Measure
from nabolag.sources.file_form import ReadOptions
from nabolag.sources.numerals import SENTINEL, ambiguous, grouped

_EXAMPLES = 5
_KEY = ("level", "area", "period", "measure")
#: Too few parents with several children say nothing about copying.
_MIN_PARENTS = 5


def duplicates(cells: pl.DataFrame, dimensions: Sequence[str], name: str) -> list[Finding]:
    """Return one error for every measure in which a key stands more than once.

    The key is level, area, period, measure and the source's dimensions. Rows are named. With
    a column `_file`, rows of several files are told apart.
    """
    key = [*_KEY, *dimensions]
    files = "_file" in cells.columns
    where = pl.format("{}: {}", "_file", "row") if files else pl.col("row").cast(pl.String)
    twice = (
        cells.with_columns(where.alias("_where"))
        .group_by(key, maintain_order=True)
        .agg(pl.len().alias("_n"), pl.col("_where").head(_EXAMPLES), pl.col("row").first())
        .filter(pl.col("_n") > 1)
    )
    return [
        _duplicate(group, key, name) for _, group in twice.group_by("measure", maintain_order=True)
    ]


def _duplicate(group: pl.DataFrame, key: Sequence[str], name: str) -> Finding:
    first = group.row(0, named=True)
    said = ", ".join(str(first[part]) for part in key if first[part] != "")
    params = {"key": said, "rows": ", ".join(first["_where"])}
    others = tuple(", ".join(rows) for rows in group["_where"].head(_EXAMPLES))
    place = Place(name, first["row"])
    return Finding("source_duplicate", Severity.ERROR, place, params, group.height, others)


def out_of_range(figures: pl.DataFrame, measures: Sequence[Measure], name: str) -> list[Finding]:
    """Return a warning for each column with numbers outside the measure's expected range."""
    found = []
    for measure in measures:
        if measure.min is None and measure.max is None:
            continue
        low = -float("inf") if measure.min is None else measure.min
        high = float("inf") if measure.max is None else measure.max
        outside = figures.filter(
            (pl.col("measure") == measure.id) & ~pl.col("value").is_between(low, high)
        )
        if outside.is_empty():
            continue
        params = {
            "text": outside["_text"][0],
            "low": "" if measure.min is None else grouped(measure.min),
            "high": "" if measure.max is None else grouped(measure.max),
            "rows": ", ".join(map(str, outside["row"].head(10))),
        }
        place = Place(name, outside["row"][0], outside["_column"][0])
        texts = tuple(outside["_text"].head(_EXAMPLES))
        found.append(
            Finding("source_out_of_range", Severity.WARNING, place, params, outside.height, texts)
        )
    return found


def ambiguous_decimals(figures: pl.DataFrame, options: ReadOptions, name: str) -> list[Finding]:
    """Return a warning for columns where every decimal could be a group of thousands."""
    sign = options.decimal
    with_sign = figures.filter(
        pl.col("value").is_not_null() & pl.col("_text").str.contains(sign, literal=True)
    )
    doubtful = (
        with_sign.group_by("_column", maintain_order=True)
        .agg(
            ambiguous(pl.col("_text"), options).all().alias("all"),
            pl.len().alias("n"),
            pl.col("row").first(),
            pl.col("_text").first(),
        )
        .filter("all")
    )
    return [
        Finding(
            "source_decimal_ambiguous",
            Severity.WARNING,
            Place(name, row["row"], row["_column"]),
            {"text": row["_text"], "sign": sign},
            row["n"],
        )
        for row in doubtful.iter_rows(named=True)
    ]


def sentinels(figures: pl.DataFrame, name: str) -> list[Finding]:
    """Return a warning for numbers that are often a sign for «no number» (-99, -999, …)."""
    is_number = pl.col("value").is_not_null()
    suspect = (
        figures.filter(is_number & pl.col("_text").str.contains(SENTINEL))
        .group_by("_column", "_text", maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("row").first())
    )
    return [
        Finding(
            "source_sentinel",
            Severity.WARNING,
            Place(name, row["row"], row["_column"]),
            {"text": row["_text"]},
            row["n"],
        )
        for row in suspect.iter_rows(named=True)
    ]


def copied_down(cells: pl.DataFrame, parents: pl.DataFrame, name: str = "") -> list[Finding]:
    """Return a warning for each measure that has one value in all children of every parent.

    Such a figure was made for a coarser level and copied to each small area; it must not be
    taken for a figure of the small area. `parents` has the columns of `core.columns.LINKS`.
    A measure is judged at each level from parents with at least two children that hold
    numbers, in one period and group at a time; fewer than five such parents say nothing, and
    so does a measure that is the same everywhere.
    """
    dims = [c for c in cells.columns if c not in CELLS and not c.startswith("_")]
    numbers = cells.filter(pl.col("value").is_not_null())
    linked = numbers.join(
        parents, left_on=["level", "area"], right_on=["level", "code"], how="inner"
    )
    group = ["measure", "level", "parent_level", "parent_code", "period", *dims]
    within = (
        linked.group_by(group)
        .agg(
            pl.len().alias("_children"),
            (pl.col("value").n_unique() == 1).alias("_same"),
            pl.col("value").first(),
        )
        .filter(pl.col("_children") > 1)
    )
    judged = (
        within.group_by("measure", "level", "parent_level", maintain_order=True)
        .agg(
            pl.col("_same").all(),
            pl.len().alias("groups"),
            pl.col("parent_code").n_unique().alias("parents"),
            pl.col("value").n_unique().alias("values"),
            pl.col("_children").sum(),
        )
        .filter(pl.col("_same") & (pl.col("parents") >= _MIN_PARENTS) & (pl.col("values") > 1))
        .sort("measure", "level", "parent_level")
    )
    return [
        Finding(
            "source_copied_down",
            Severity.WARNING,
            Place(name),
            {key: row[key] for key in ("measure", "level", "parent_level", "parents")},
            row["_children"],
        )
        for row in judged.iter_rows(named=True)
    ]
