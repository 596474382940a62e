"""Amounts of several old areas added to those of a new one, with their statuses and ends."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from nabolag.geography.dated.bands import count_bounds, share_bounds, share_ends
from nabolag.store.statuses import MISSING, NOT_APPLICABLE, VALUE, known

_PARTS = ("numerator", "denominator")
_ENDS = ["_n_low", "_n_high", "_rest_low", "_rest_high"]


def with_amounts(
    parts: pl.DataFrame, measure: str, factor: float, keys: Sequence[str], own: Sequence[str]
) -> pl.DataFrame:
    """Add up parts (figures joined with their ways) to one row a new area and keys.

    Returns the columns of figures (`own` columns take the first part's), `lower`, `upper`, and
    what the caller judges by: `_rank` (the strongest of the parts), `_present` and `_wanted`,
    `_stood_in` (a code of another year stands in for one that lacks), `_divided`,
    `_estimated_part` and `_is_ratio`.
    """
    ready = _prepared(parts, measure, factor)
    place = ["geography", "level", "to_code"]
    summed = ready.group_by([*place, *keys], maintain_order=True).agg(
        *_totals(),
        *(pl.col(name).sum() for name in _ENDS),
        *(pl.col(name).first() for name in own),
        pl.col("mark").filter(pl.col("mark").fill_null("") != "").unique(maintain_order=True)
        .str.join(" ").alias("mark"),
    )  # fmt: skip
    return _divided_anew(summed.rename({"to_code": "area"}), measure, factor)


def _prepared(parts: pl.DataFrame, measure: str, factor: float) -> pl.DataFrame:
    """Work out denominators that share and numerator imply, and the ends of each part."""
    implied = pl.col("numerator") * factor / pl.col("value")
    lacking = pl.col("denominator_rank").is_null() & (pl.col("value") > 0) & known("rank")
    derived = lacking & pl.col("numerator").is_not_null()
    ready = parts.with_columns(
        pl.when(derived).then(implied).otherwise("denominator").alias("denominator"),
        pl.when(derived).then(VALUE).otherwise("denominator_rank").alias("denominator_rank"),
    ) if measure in ("share", "rate") else parts  # fmt: skip
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in _ENDS]
    ends = {"count": [*count_bounds("value"), *nothing[2:]], "share": share_bounds()}
    ends["rate"] = [*count_bounds("numerator"), *nothing[2:]]
    empty = (pl.col("denominator") == 0) & (pl.col("rank") == NOT_APPLICABLE)
    return ready.with_columns(
        *ends.get(measure, nothing),
        # Nobody to count among is no part: it neither adds to a sum nor hides one.
        pl.when(empty.fill_null(value=False)).then(VALUE).otherwise("rank").alias("_own_rank"),
        (pl.col("weight") < 1).alias("_part"),
    )


def _totals() -> list[pl.Expr]:
    weight = pl.col("weight")
    sized = pl.coalesce("denominator", "value", "numerator").abs() * weight
    added = [
        pl.when(pl.col(name).null_count() == 0).then((pl.col(name) * weight).sum()).alias(name)
        for name in (*_PARTS, "value")
    ]
    return [
        *added,
        *(pl.col(f"{name}_rank").max() for name in _PARTS),
        *(pl.col(f"{name}_rank").null_count().alias(f"_{name}_unsaid") for name in _PARTS),
        pl.col("_own_rank").max().alias("_rank"),
        pl.col("value").min().alias("_least"),
        pl.col("value").max().alias("_most"),
        (~pl.col("_old")).sum().alias("_present"),
        pl.col("wanted").first().alias("_wanted"),
        (pl.col("_old") & ~pl.col("_part")).any().alias("_stood_in"),
        pl.col("_part").any().alias("_divided"),
        (pl.col("low") < pl.col("high")).any().alias("_guessed"),
        (sized.filter(pl.col("_part")).sum() / sized.sum()).fill_nan(1.0).alias("_estimated_part"),
    ]


def _divided_anew(summed: pl.DataFrame, measure: str, factor: float) -> pl.DataFrame:
    """Return value and ends: a sum for counts, a quotient where both parts are, else the same."""
    if measure == "count":
        return summed.with_columns(
            pl.lit(value=False).alias("_is_ratio"),
            pl.col("_n_low").alias("lower"),
            pl.col("_n_high").alias("upper"),
        )
    both = pl.col("_numerator_unsaid") + pl.col("_denominator_unsaid") == 0
    ratio = summed.with_columns(both.alias("_is_ratio"))
    quotient = pl.col("numerator") / pl.col("denominator") * factor
    alike = (pl.col("_least") == pl.col("_most")) & ~pl.col("_divided")
    unmoved = pl.when(alike).then(pl.col("_least"))
    value = pl.when("_is_ratio").then(quotient).otherwise(unmoved)
    stated = pl.max_horizontal("numerator_rank", "denominator_rank")
    rank = pl.when("_is_ratio").then(pl.max_horizontal("_rank", stated)).otherwise("_rank")
    return ratio.with_columns(
        value.fill_nan(None).alias("value"), rank.alias("_rank"), *_ends(measure, factor)
    ).with_columns(
        pl.when(known(pl.col(f"{name}_rank").fill_null(MISSING))).then(pl.col(name)).alias(name)
        for name in _PARTS
    )


def _ends(measure: str, factor: float) -> list[pl.Expr]:
    """Return the two ends of a quotient, null where nothing bounds it (a mean)."""
    if measure == "share":
        return share_ends(factor)
    if measure == "rate":
        sure = pl.when(~pl.col("_guessed"))
        return [
            sure.then(pl.col(end) / pl.col("denominator") * factor).alias(name)
            for end, name in (("_n_low", "lower"), ("_n_high", "upper"))
        ]
    return [pl.lit(None, pl.Float64).alias(name) for name in ("lower", "upper")]
