"""The same figure standing several times: taken once where the rows agree, else left to refuse.

A table may state a unit under each of its areas (a school under its old municipality and its
new). Rows agree where they have the same number, status and mark; a blank gives way to a figure.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from nabolag.core import Finding, Place, Severity, Status

_EXAMPLES = 5


def once(
    cells: pl.DataFrame, dimensions: Sequence[str], name: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the cells with rows of one key that agree made into one, and a note of how many.

    Rows of one key that do not agree are all kept, so that they are refused as duplicates.
    """
    key = ["level", "area", "period", "measure", *dimensions]
    blank = (pl.col("status") == Status.MISSING.value) & (pl.col("mark") == "")
    figure = pl.struct("value", "status", "mark")
    judged = cells.with_columns(
        pl.len().over(key).alias("_n"),
        figure.filter(~blank).n_unique().over(key).alias("_different"),
        blank.alias("_blank"),
    )
    agree = (pl.col("_n") > 1) & (pl.col("_different") <= 1)
    several = judged.filter(agree)
    if several.is_empty():
        return cells, []
    # The first figure stands for all; where all are blank, the first blank does.
    first = several.sort("_blank", "row", maintain_order=True).unique(
        key, keep="first", maintain_order=True
    )
    whole = pl.concat([judged.filter(~agree), first]).sort("row", maintain_order=True)
    rows = tuple(str(row) for row in several["row"].unique().sort().head(_EXAMPLES))
    place = Place(name, several["row"].min())  # type: ignore[arg-type]
    note = Finding("source_repeated", Severity.INFO, place, {}, first.height, rows)
    return whole.select(cells.columns), [note]
