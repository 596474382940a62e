"""Areas that a file says nothing about get a row that says so."""

from __future__ import annotations

from datetime import date

import polars as pl

from nabolag.core import Level, Period
from nabolag.geography import AreaRegister
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


def completed(delivered: pl.DataFrame, register: AreaRegister) -> pl.DataFrame:
    """Return a missing figure (schema `FIGURES`) for each registered area without one.

    For each level, period and group that the file has figures for, the areas of that level that
    lie in the same larger area as one of those delivered, and exist in the period. A sum that
    lacks a part then becomes missing, and nobody mistakes silence for a zero. Areas marked as
    retired or without borders of their own are not waited for.
    """
    wanted = _siblings(delivered, register).join(
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


def gone(delivered: pl.DataFrame, register: AreaRegister) -> pl.DataFrame:
    """Return the figures that are no figures of no area: missing, where the area is no more.

    Files go on listing areas that were split or merged, with blank cells. Such a cell says
    nothing of anybody, and must not make the sum around it missing.
    """
    retired = register.marks.filter(pl.col("retired")).select("level", pl.col("code").alias("area"))
    dated = register.areas.select("level", pl.col("code").alias("area"), "valid_from", "valid_to")
    blank = delivered.filter(pl.col("rank") == MISSING)
    listed = blank.join(dated, on=["level", "area"], how="inner", maintain_order="left")
    dead = listed.filter(~_exists(listed)).select(KEY)
    marked = blank.join(retired, on=["level", "area"], how="semi").select(KEY)
    return pl.concat([dead, marked]).unique(maintain_order=True)


def _nothing(name: str) -> int | str | None:
    if name.endswith("rank"):
        return MISSING
    return "" if name == "mark" else None


def _siblings(delivered: pl.DataFrame, register: AreaRegister) -> pl.DataFrame:
    """Return registered areas that share a larger area with one delivered, if any has one."""
    up = register.closed_links.rename({"code": "area"})
    seen = delivered.select("level", "area").unique().join(up, on=["level", "area"], how="inner")
    parents = seen.select("level", "parent_level", "parent_code").unique()
    near = up.join(parents, on=["level", "parent_level", "parent_code"], how="semi")
    listed = _expected(register).filter(
        pl.col("level").is_in(delivered["level"].unique().to_list())
    )
    placed = pl.col("level").is_in(seen["level"].unique().to_list())
    beside = listed.filter(placed).join(
        near.select("level", "area").unique(), on=["level", "area"], how="semi"
    )
    return pl.concat([beside, listed.filter(~placed)])


def _expected(register: AreaRegister) -> pl.DataFrame:
    """Return the areas that a file is expected to speak of."""
    special = register.marks.filter(pl.col("retired") | pl.col("shapeless"))
    plain = register.areas.join(special, on=["level", "code"], how="anti")
    return plain.select("level", pl.col("code").alias("area"), "valid_from", "valid_to")


def _exists(frame: pl.DataFrame) -> pl.Series:
    """Tell where the area exists in some part of the period.

    Open dates are always; `valid_to` is the first day on which an area is no more.
    """
    spans = {text: Period.parse(text) for text in frame["period"].unique().to_list()}
    first = {text: date(span.start, 1, 1) for text, span in spans.items()}
    last = {text: date(span.end, 12, 31) for text, span in spans.items()}
    period = pl.col("period")
    begun = pl.col("valid_from") <= period.replace_strict(last, return_dtype=pl.Date)
    ended = pl.col("valid_to") <= period.replace_strict(first, return_dtype=pl.Date)
    exists = begun.fill_null(value=True) & ~ended.fill_null(value=False)
    return frame.select(exists.alias("exists")).to_series()
