"""Cells written as CSV, in Norwegian or international format, read back as the same cells."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from nabolag.sources.tables import read_table
from tests.sources.tables import spec, write

MARKS = {
    "suppressed_primary": [":", "*", "x"],
    "not_applicable": ["."],
    "missing": ["", "..", "-999"],
    "unreliable": ["e"],
    "value": [""],
}
DECLARED = {"x": "suppressed", "-999": "missing", "e": "unreliable"}
FORMATS = {
    "norwegian": {"delimiter": ";", "decimal": ",", "thousands": " ", "encoding": "utf-8"},
    "excel": {"delimiter": ";", "decimal": ",", "thousands": " ", "encoding": "cp1252"},
    "international": {"delimiter": ",", "decimal": ".", "thousands": ",", "encoding": "utf-8"},
    "plain": {"delimiter": "\t", "decimal": ".", "thousands": "", "encoding": "utf-16"},
}

whole = st.integers(-(10**9), 10**9).map(float)
broken = st.floats(-1e12, 1e12, allow_nan=False, allow_infinity=False)
sensible = (whole | broken).filter(lambda number: number not in (-999.0,) and str(number) != "-0.0")
# «Ã» is left out: before some letters it is taken for letters broken by a wrong encoding.
words = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"], exclude_characters="Ã"),
    max_size=12,
)


@st.composite
def figures(draw: st.DrawFn) -> tuple[str, str, float | None, str, str]:
    """Return one figure: area, group, value, status and mark."""
    status = draw(st.sampled_from(sorted(MARKS)))
    value = draw(sensible) if status in ("value", "unreliable") else None
    mark = draw(st.sampled_from(MARKS[status]))
    area = f"{draw(st.integers(0, 9999)):04d}"
    return area, draw(words).strip(), value, status, mark


def written(number: float, options: dict[str, str]) -> str:
    """Write a number with every digit, groups of thousands and the declared decimal sign."""
    text = repr(number)
    if "e" in text:
        return text.replace(".", options["decimal"])
    whole_part, _, rest = text.partition(".")
    sign = "-" if whole_part.startswith("-") else ""
    grouped = f"{int(whole_part):,}".lstrip("-").replace(",", options["thousands"])
    return sign + grouped + ("" if rest == "0" else options["decimal"] + rest)


def as_csv(rows: list[tuple[str, str, float | None, str, str]], options: dict[str, str]) -> bytes:
    """Write figures as a producer would: a mark in the cell, «e» in a column beside it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=options["delimiter"])
    writer.writerow(["kode", "år", "gruppe", "tall", "merke"])
    for area, group, value, _, mark in rows:
        text = mark if value is None else written(value, options)
        writer.writerow([area, "2018", group, text, mark if value is not None else ""])
    return out.getvalue().encode(options["encoding"])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(figures(), min_size=1, max_size=30, unique_by=lambda row: (row[0], row[1])),
    st.sampled_from(sorted(FORMATS)),
)
def test_cells_survive_the_way_out_and_in(
    rows: list[tuple[str, str, float | None, str, str]], name: str
) -> None:
    options = FORMATS[name]
    declared = spec(
        read=options,
        marks=DECLARED,
        dimensions={"group": "gruppe"},
        measure={"id": "tall", "column": "tall", "mark_column": "merke"},
    )
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), as_csv(rows, options))
        cells = read_table(declared, path, "levert.csv").cells
    expected = pl.DataFrame(
        rows,
        schema=["area", "group", "value", "status", "mark"],
        orient="row",
        infer_schema_length=None,
    ).with_columns(pl.col("value").cast(pl.Float64))
    assert cells.select(expected.columns).equals(expected)
    assert cells["row"].to_list() == list(range(2, len(rows) + 2))
