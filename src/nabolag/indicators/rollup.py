"""Sums to larger areas, from numerators and denominators only. Never a mean of means."""

from __future__ import annotations

import polars as pl

from nabolag.core import Finding, Indicator, Level, Severity, Unit
from nabolag.geography.register import closed
from nabolag.indicators.binding import BindingSpec
from nabolag.indicators.figures import known, only_known, ratio_rank
from nabolag.indicators.measure import FIGURES, KEY, factor

_PARTS = ("value", "numerator", "denominator")
_ORDER = {level.value: place for place, level in enumerate(Level)}


def ancestors_of(links: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return the one area of a level that each area lies in: level, code, parent_code.

    An area that lies in several of them has none.
    """
    up = closed(links).filter(pl.col("parent_level") == level.value)
    return up.select("level", "code", "parent_code").unique(["level", "code"], keep="none")


def rolled_up(
    figures: pl.DataFrame, ancestors: pl.DataFrame, binding: BindingSpec, indicator: Indicator
) -> pl.DataFrame:
    """Sum figures to each parent level that the binding asks for. Schema `FIGURES` + `from_level`.

    `figures` holds a row also for the areas that have none (see `complete`), so that a sum of
    only some of an area's parts is missing: part of an area is not the area. Where several
    delivered levels lie under a parent, each gives a candidate; `best_candidate` chooses.
    """
    wanted = [level.value for level in binding.roll_up_levels]
    links = ancestors.filter(
        pl.col("parent_level").is_in(wanted) & (pl.col("parent_level") != pl.col("level"))
    )
    joined = figures.join(links, left_on=["level", "area"], right_on=["level", "code"], how="inner")
    by = ["level", "parent_level", "parent_code", "period", "group"]
    summed = joined.group_by(by, maintain_order=True).agg(
        *[pl.col(name).sum() for name in _PARTS],
        *[pl.col(name).max() for name in ("rank", "numerator_rank", "denominator_rank")],
    )
    return _recomputed(summed, indicator)


def _recomputed(summed: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Divide anew (or keep the sum of a count), and drop numbers that no status allows."""
    if indicator.unit is not Unit.COUNT:
        rank = ratio_rank("denominator", "numerator_rank", "denominator_rank")
        quotient = pl.col("numerator") / pl.col("denominator") * factor(indicator)
        summed = summed.with_columns(rank.alias("rank"), quotient.alias("value"))
    cleaned = summed.with_columns(
        only_known(pl.col(name), pl.col(rank)).alias(name)
        for name, rank in zip(_PARTS, ("rank", "numerator_rank", "denominator_rank"), strict=True)
    )
    return cleaned.select(
        pl.col("parent_level").alias("level"),
        pl.col("parent_code").alias("area"),
        "period",
        "group",
        *[name for name in FIGURES if name not in (*KEY, "mark")],
        pl.lit("").alias("mark"),
        pl.col("level").alias("from_level"),
    )


def best_candidate(candidates: pl.DataFrame) -> pl.DataFrame:
    """Keep one sum a key: one with a number before one without, then from the largest areas.

    Fewer and larger parts mean fewer places where something may be hidden or rounded.
    """
    order = pl.col("from_level").replace_strict(_ORDER, return_dtype=pl.Int64)
    return (
        candidates.with_columns(known("rank").not_().alias("absent"), order.alias("order"))
        .sort([*KEY, "absent", "order"], maintain_order=True)
        .unique(KEY, keep="first", maintain_order=True)
        .drop("absent", "order")
    )


def unlinked(
    figures: pl.DataFrame, ancestors: pl.DataFrame, binding: BindingSpec, indicator: Indicator
) -> list[Finding]:
    """Report areas with figures that no sum holds, though others of their level are summed."""
    wanted = [level.value for level in binding.roll_up_levels]
    links = ancestors.filter(pl.col("parent_level").is_in(wanted))
    summed = figures.filter(pl.col("level").is_in(links["level"].unique().to_list()))
    alone = summed.join(links, left_on=["level", "area"], right_on=["level", "code"], how="anti")
    if alone.is_empty():
        return []
    codes = alone.select("level", "area").unique().sort("level", "area")
    names = tuple(f"{level}:{area}" for level, area in codes.head(8).iter_rows())
    return [
        Finding(
            "roll_up_unlinked",
            Severity.WARNING,
            params={
                "indicator": indicator.id,
                "source": binding.source,
                "areas": codes.height,
            },
            count=alone.height,
            examples=names,
        )
    ]


def two_parents(ancestors: pl.DataFrame) -> list[Finding]:
    """Report areas that lie in two areas of the same level: a sum would count them twice."""
    several = (
        ancestors.group_by("level", "code", "parent_level")
        .agg(pl.col("parent_code").n_unique().alias("parents"))
        .filter(pl.col("parents") > 1)
        .sort("level", "code")
    )
    if several.is_empty():
        return []
    rows = several.head(8).iter_rows(named=True)
    names = tuple(f"{r['level']}:{r['code']} ({r['parent_level']})" for r in rows)
    return [Finding("two_parents", Severity.ERROR, count=several.height, examples=names)]
