"""Areas that a file says nothing about get a row that says so."""

from __future__ import annotations

import polars as pl

from nabolag.core import Level, Period
from nabolag.indicators.figures import MISSING
from nabolag.indicators.measure import FIGURES, KEY

#: Levels where an area without a figure is published as missing. Larger areas that a file does
#: not speak of are simply not in it.
SHOWN_WHEN_ABSENT: tuple[str, ...] = tuple(
    level.value
    for level in (
        Level.BYDEL,
        Level.LEVEKARSSONE,
        Level.DELBYDEL,
        Level.DELOMRADE,
        Level.GRUNNKRETS,
    )
)


def completed(
    delivered: pl.DataFrame, areas: pl.DataFrame, ancestors: pl.DataFrame
) -> pl.DataFrame:
    """Return a missing figure (schema `FIGURES`) for each registered area without one.

    For each level, period and group that the file has figures for, the areas of that level that
    lie in the same larger area as one of those delivered, and exist in the period. A sum that
    lacks a part then becomes missing, and nobody mistakes silence for a zero.
    """
    wanted = _siblings(delivered, areas, ancestors).join(
        delivered.select("level", "period", "group").unique(maintain_order=True),
        on="level",
        how="inner",
    )
    wanted = wanted.filter(_exists(wanted))
    absent = wanted.join(delivered, on=KEY, how="anti")
    return absent.select(
        (pl.col(name) if name in KEY else pl.lit(_nothing(name))).cast(kind).alias(name)
        for name, kind in FIGURES.items()
    )


def _nothing(name: str) -> int | str | None:
    if name.endswith("rank"):
        return MISSING
    return "" if name == "mark" else None


def _siblings(
    delivered: pl.DataFrame, areas: pl.DataFrame, ancestors: pl.DataFrame
) -> pl.DataFrame:
    """Return registered areas that share a larger area with one delivered, if any has one."""
    up = ancestors.select("level", pl.col("code").alias("area"), "parent_level", "parent_code")
    seen = delivered.select("level", "area").unique().join(up, on=["level", "area"], how="inner")
    parents = seen.select("level", "parent_level", "parent_code").unique()
    near = up.join(parents, on=["level", "parent_level", "parent_code"], how="semi")
    levels = delivered["level"].unique()
    listed = areas.filter(pl.col("level").is_in(levels.to_list())).select(
        "level", pl.col("code").alias("area"), "valid_from", "valid_to"
    )
    placed = seen["level"].unique().to_list()
    return pl.concat(
        [
            listed.filter(pl.col("level").is_in(placed)).join(
                near.select("level", "area").unique(), on=["level", "area"], how="semi"
            ),
            listed.filter(~pl.col("level").is_in(placed)),
        ]
    )


def _exists(frame: pl.DataFrame) -> pl.Series:
    """Tell where the area exists in some part of the period (open dates are always)."""
    spans = {text: Period.parse(text) for text in frame["period"].unique().to_list()}
    first = {text: span.start for text, span in spans.items()}
    last = {text: span.end for text, span in spans.items()}
    period = pl.col("period")
    begun = pl.col("valid_from").dt.year() <= period.replace_strict(last, return_dtype=pl.Int32)
    ended = pl.col("valid_to").dt.year() < period.replace_strict(first, return_dtype=pl.Int32)
    exists = begun.fill_null(value=True) & ~ended.fill_null(value=False)
    return frame.select(exists.alias("exists")).to_series()
