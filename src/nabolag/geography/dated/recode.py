"""Figures of one year's borders told in another's: what moves, what cannot, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.geography.dated.amounts import with_amounts
from nabolag.geography.dated.crosswalk import Crosswalk
from nabolag.geography.dated.landing import Landing, landing
from nabolag.store.statuses import MISSING, NOT_APPLICABLE, VALUE, known

#: What a figure is: a count is added up, a share, a rate and a mean are divided anew.
Measure = Literal["count", "share", "rate", "mean"]
#: What a quotient is multiplied by.
FACTORS: dict[Measure, float] = {"count": 1.0, "share": 1.0, "rate": 1000.0, "mean": 1.0}
_PLACE = ["geography", "level", "area"]
_UNRELIABLE = 1
#: Bands that are narrower than this many persons are not given: with a published figure they
#: would tell how many a small divided area had. Ours, declared.
_FEW = 10


class Conversion(StrEnum):
    """How a figure came to stand in the borders it stands in, the surest first.

    `KEPT`: the area is the same. `RENUMBERED`: it has another code. `MERGED`: whole areas were
    added. `SLIGHT`, `PARTLY`, `MOSTLY`: at most a twentieth, at most half, more than half of it
    comes of areas that were divided by a weight. `UNMOVED`: it cannot be told in these borders.
    """

    KEPT = ""
    RENUMBERED = "renumbered"
    MERGED = "merged"
    SLIGHT = "slight"
    PARTLY = "partly"
    MOSTLY = "mostly"
    UNMOVED = "unmoved"


#: Up to which part of a figure may be estimated before it is called uncertain. Ours, declared.
SLIGHT, PARTLY = 0.05, 0.5
ESTIMATED = (Conversion.SLIGHT, Conversion.PARTLY, Conversion.MOSTLY)
UNCERTAIN = (Conversion.PARTLY, Conversion.MOSTLY)


@dataclass(frozen=True, slots=True)
class Recoded:
    """Figures in the borders of `Crosswalk.to_geography`, what was noticed, and what is left.

    `figures` has the columns given, and `conversion`, `lower` and `upper` – the two ends of the
    band, null where the figure is exact or nothing can be said. `left` are figures of codes that
    the crosswalk does not have: they are not in `figures`.
    """

    figures: pl.DataFrame
    findings: tuple[Finding, ...]
    left: pl.DataFrame


def recode_figures(
    figures: pl.DataFrame,
    crosswalk: Crosswalk,
    measure: Measure,
    keys: Sequence[str] = ("period", "group"),
) -> Recoded:
    """Recode figures with `geography`, `level`, `area`, the keys, three amounts and their ranks.

    The amounts are `value`, `numerator` and `denominator`, each with the rank of its own status
    (`rank`, `numerator_rank`, `denominator_rank`; null where a part is not given), and `mark`.

    Counts, numerators and denominators are moved by the weights and added; quotients are divided
    anew. A figure without numerator and denominator is moved only to a single area that holds
    the whole of it, or where whole areas that all have the same value meet; else it is missing
    (`UNMOVED`). The strongest status of the parts wins, also of a small part; a part with nobody
    to count among is no part. Where an old area of a new one has no row, the new one is missing.
    Levels and geographies without a crosswalk pass through as they are, and are told of.
    """
    there = landing(figures, crosswalk)
    passed = figures.join(there.ways.select(_PLACE).unique(), on=_PLACE, how="anti")
    covered = there.left.select(_PLACE)
    left = passed.join(covered, on=_PLACE, how="semi")
    passed = _unchanged(passed.join(covered, on=_PLACE, how="anti"), figures.columns)
    alone = figures.join(there.alone, on=_PLACE, how="inner", maintain_order="left")
    same = pl.col("to_code") == pl.col("area")
    conversion = pl.when(same).then(pl.lit("")).otherwise(pl.lit(Conversion.RENUMBERED.value))
    single = _unchanged(alone.with_columns(conversion.alias("conversion")), figures.columns)
    joined = _met(figures, there, measure, keys)
    whole = pl.concat([single, joined.select(single.columns)])
    whole = pl.concat([whole.with_columns(geography=pl.lit(crosswalk.to_geography)), passed])
    return Recoded(whole, (*there.findings, *_told_double(figures, there, keys)), left)


def _unchanged(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return figures that are what they were, under the code of the new area where there is one."""
    code = pl.coalesce("to_code", "area") if "to_code" in frame.columns else pl.col("area")
    said = pl.col("conversion") if "conversion" in frame.columns else pl.lit("")
    nothing = pl.lit(None, pl.Float64)
    return frame.with_columns(
        code.alias("area"), said.alias("conversion"), nothing.alias("lower"), nothing.alias("upper")
    ).select(*columns, "conversion", "lower", "upper")


def _met(
    figures: pl.DataFrame, there: Landing, measure: Measure, keys: Sequence[str]
) -> pl.DataFrame:
    """Return the figures of new areas that are made of several, or of parts."""
    parts = figures.join(there.together, on=_PLACE, how="inner", maintain_order="left")
    parts = parts.join(_doubled(parts, keys), on=[*_PLACE, *keys], how="anti")
    own = [name for name in figures.columns if name not in _OURS and name not in keys]
    summed = with_amounts(parts, measure, FACTORS[measure], keys, own)
    judged = summed.with_columns(
        _rank_of_sum().alias("rank"), _conversion().alias("conversion"), _lacking().alias("_lacks")
    )
    return _finished(judged)


def _told_double(figures: pl.DataFrame, there: Landing, keys: Sequence[str]) -> tuple[Finding, ...]:
    parts = figures.join(there.together, on=_PLACE, how="inner")
    double = parts.join(_doubled(parts, keys), on=[*_PLACE, *keys], how="semi")
    if double.filter(known("rank")).is_empty():
        return ()
    codes = tuple(double["area"].unique().sort().head(8).to_list())
    return (Finding("recode_code_double", Severity.WARNING, count=double.height, examples=codes),)


def _doubled(parts: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return the figures of old codes (place and keys) whose successors have their own."""
    if not parts["_old"].any():
        return parts.select(*_PLACE, *keys).clear()
    target = ["geography", "level", "to_code", *keys]
    present = (~pl.col("_old")).sum().over(target)
    return parts.filter(pl.col("_old"), present >= pl.col("wanted")).select(*_PLACE, *keys)


_OURS = {
    "geography", "level", "area", "value", "rank", "numerator", "numerator_rank",
    "denominator", "denominator_rank", "mark",
}  # fmt: skip


def _lacking() -> pl.Expr:
    """Tell where an old area of the new one has no row, and no code of another year stands in."""
    return (pl.col("_present") < pl.col("_wanted")) & ~pl.col("_stood_in")


def _rank_of_sum() -> pl.Expr:
    """Return the status of a sum: the strongest of the parts, and missing where one lacks."""
    lacking = _lacking()
    nobody = known("_rank") & pl.col("_is_ratio") & (pl.col("denominator") == 0)
    stuck = known("_rank") & ~lacking & ~nobody & pl.col("value").is_null()
    own = pl.when(nobody).then(NOT_APPLICABLE).otherwise(pl.col("_rank"))
    return pl.max_horizontal(own, pl.when(lacking | stuck).then(MISSING).otherwise(VALUE)).cast(
        pl.Int64
    )


def _conversion() -> pl.Expr:
    """Return how sure the figure is, by the part of it that weights have divided."""
    part = pl.col("_estimated_part")
    lacks_value = pl.col("value").is_null() & known("_rank")
    nobody = pl.col("_is_ratio") & (pl.col("denominator") == 0)
    return (
        pl.when(lacks_value & ~_lacking() & ~nobody.fill_null(value=False))
        .then(pl.lit(Conversion.UNMOVED.value))
        .when(~pl.col("_divided"))
        .then(pl.lit(Conversion.MERGED.value))
        .when(part <= SLIGHT)
        .then(pl.lit(Conversion.SLIGHT.value))
        .when(part <= PARTLY)
        .then(pl.lit(Conversion.PARTLY.value))
        .otherwise(pl.lit(Conversion.MOSTLY.value))
    )


def _finished(frame: pl.DataFrame) -> pl.DataFrame:
    """Make mostly estimated numbers uncertain, and take numbers away that no status allows."""
    shaky = (pl.col("rank") == VALUE) & pl.col("conversion").is_in([c.value for c in UNCERTAIN])
    ranked = frame.with_columns(pl.when(shaky).then(_UNRELIABLE).otherwise("rank").alias("rank"))
    # The width of a band is what a single divided area had: a few persons are not told so.
    wide = (pl.col("_n_high") - pl.col("_n_low")).fill_null(0.0) >= _FEW
    estimated = pl.col("conversion").is_in([c.value for c in ESTIMATED]) & known("rank") & wide
    stuck = pl.col("conversion") == Conversion.UNMOVED.value
    parts = [f"{name}{end}" for name in ("numerator", "denominator") for end in ("", "_rank")]
    return ranked.with_columns(
        pl.when(known("rank")).then(pl.col("value")).alias("value"),
        pl.when(known("rank") | stuck).then("conversion").otherwise(pl.lit("")).alias("conversion"),
        # A sum of only some parts is no number, and no sum of larger areas may be made of it.
        *(_without(name).alias(name) for name in parts),
        pl.when(known("rank")).then(pl.lit("")).otherwise(pl.col("mark")).alias("mark"),
        *(pl.when(estimated).then(pl.col(end)).alias(end) for end in ("lower", "upper")),
    )


def _without(name: str) -> pl.Expr:
    nothing = pl.lit(MISSING, pl.Int64) if name.endswith("_rank") else pl.lit(None, pl.Float64)
    given = pl.col(name)
    stronger = pl.max_horizontal(given, nothing) if name.endswith("_rank") else nothing
    return pl.when(pl.col("_lacks") & given.is_not_null()).then(stronger).otherwise(given)
