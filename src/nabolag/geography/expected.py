"""Which areas figures must speak of: an area without a row is missing, not nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from nabolag.core import Period
from nabolag.geography.register import AreaRegister
from nabolag.store.statuses import MISSING


@dataclass(frozen=True, slots=True)
class Accounted:
    """Figures with every area accounted for. The frames have the columns of the figures.

    `given` are the figures as they came, without `no_more`. `absent` holds a missing figure for
    each area that is waited for and has none; a source that leaves out areas where there is
    nobody is summed from `given` alone. `no_more` are blank figures of areas that do not exist in
    their period: they say nothing of anybody.
    """

    given: pl.DataFrame
    absent: pl.DataFrame
    no_more: pl.DataFrame

    @property
    def whole(self) -> pl.DataFrame:
        """The figures, and a missing one for each area that lacks its own."""
        return pl.concat([self.given, self.absent])


def account_for(
    figures: pl.DataFrame,
    register: AreaRegister,
    keys: Sequence[str] = ("period", "group"),
    ranks: Sequence[str] = ("rank",),
) -> Accounted:
    """Return the figures with what lacks among them, and without what says nothing.

    `figures` holds `level`, `area`, the columns of `keys` (`period` among them), columns `ranks`
    of status ranks (the figure's own first), and any other columns. For each level and keys
    that have figures, those areas of the level are waited for that exist in some part of the
    period and lie in the same larger area as one with figures. Retired areas count where they
    have figures and are never waited for: files stop speaking of a code at a time of their own,
    often before the date it was given up. An area without borders of its own («uten registrert
    adresse») is not waited for either, but where the file says that its figure is missing, it is.
    """
    areas = _with_marks(register)
    blank = figures.filter(pl.col(ranks[0]) == MISSING)
    listed = blank.join(areas, on=["level", "area"], how="inner", maintain_order="left")
    dead = listed.filter(~_exists(listed)).select(figures.columns)
    key = ["level", "area", *keys]
    given = figures.join(dead, on=key, how="anti")
    return Accounted(given, _absent(given, register, areas, keys, ranks), dead)


def _absent(
    given: pl.DataFrame,
    register: AreaRegister,
    areas: pl.DataFrame,
    keys: Sequence[str],
    ranks: Sequence[str],
) -> pl.DataFrame:
    """Return a figure that is missing for each area waited for; other columns are null."""
    seen = given.select("level", *keys).unique(maintain_order=True)
    wanted = _siblings(given, register, areas).join(seen, on="level", how="inner")
    key = ["level", "area", *keys]
    lacking = wanted.filter(_exists(wanted)).join(given, on=key, how="anti")
    return lacking.select(
        pl.col(name) if name in key else _nothing(name in ranks, kind).alias(name)
        for name, kind in given.schema.items()
    )


def _nothing(is_rank: bool, kind: pl.DataType) -> pl.Expr:
    return pl.lit(MISSING if is_rank else None, kind)


def _siblings(given: pl.DataFrame, register: AreaRegister, areas: pl.DataFrame) -> pl.DataFrame:
    """Return areas that share a larger area with one that has figures, if any of these has one."""
    up = register.closed_links.rename({"code": "area"})
    seen = given.select("level", "area").unique().join(up, on=["level", "area"], how="inner")
    parents = seen.select("level", "parent_level", "parent_code").unique()
    near = up.join(parents, on=["level", "parent_level", "parent_code"], how="semi")
    listed = areas.filter(
        pl.col("level").is_in(given["level"].unique().to_list()), ~pl.col("shapeless")
    )
    placed = pl.col("level").is_in(seen["level"].unique().to_list())
    beside = listed.filter(placed).join(
        near.select("level", "area").unique(), on=["level", "area"], how="semi"
    )
    return pl.concat([beside, listed.filter(~placed)])


def _with_marks(register: AreaRegister) -> pl.DataFrame:
    """Return level, area, valid_from, valid_to, retired and shapeless of every area."""
    marks = register.marks.select("level", "code", "retired", "shapeless")
    marked = register.areas.join(marks, on=["level", "code"], how="left", maintain_order="left")
    return marked.select(
        "level",
        pl.col("code").alias("area"),
        "valid_from",
        "valid_to",
        pl.col("retired", "shapeless").fill_null(value=False),
    )


def _exists(frame: pl.DataFrame) -> pl.Series:
    """Tell where the area is expected to exist in some part of the period.

    Open dates are always; `valid_to` is the first day on which an area is no more. A retired
    area is not expected in any period.
    """
    spans = {text: Period.parse(text) for text in frame["period"].unique().to_list()}
    first = {text: date(span.start, 1, 1) for text, span in spans.items()}
    last = {text: date(span.end, 12, 31) for text, span in spans.items()}
    period = pl.col("period")
    begun = pl.col("valid_from") <= period.replace_strict(last, return_dtype=pl.Date)
    ended = pl.col("valid_to") <= period.replace_strict(first, return_dtype=pl.Date)
    dated = begun.fill_null(value=True) & ~ended.fill_null(value=False)
    return frame.select((dated & ~pl.col("retired")).alias("exists")).to_series()
