"""Who stands behind the amounts that are shown: contributors, at every level there are figures for.

An area's contributors are those of its parts; one that has something in two parts is one, with the
sum. They are only asked for where a rule wants to know, and never leave the house.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from nabolag.core import Finding
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.geography import AreaRegister, roll_up
from nabolag.geography.dated import Recoder
from nabolag.indicators.binding import BindingSpec
from nabolag.indicators.checks import negative_contributions
from nabolag.indicators.measure import KEY, contributed
from nabolag.store import conform, empty
from nabolag.store.frames import CONTRIBUTIONS
from nabolag.store.statuses import VALUE

_FIGURE = [*OBSERVATION_KEY, "source"]
_HAIR = 1e-6


def contributions(
    bindings: Sequence[BindingSpec],
    cells_by_source: Mapping[str, pl.DataFrame],
    observations: pl.DataFrame,
    register: AreaRegister,
    recoders: Mapping[str, Recoder] | None = None,
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return who stands behind the observations (schema `CONTRIBUTIONS`), and what is wrong.

    `bindings` are those whose contributors a rule wants to know, and `observations` what `observe`
    made of them without errors; the other arguments are those of `observe`. A finding tells of
    amounts below 0, of which nothing can be said: the result must then not be used.
    """
    found, findings = [], []
    for place, binding in enumerate(bindings):
        if binding.contributors:
            recoder = (recoders or {}).get(binding.source)
            had, noticed = _candidates(cells_by_source[binding.source], binding, register, recoder)
            found.append(had.with_columns(of=pl.lit(place, pl.Int64)))
            findings += noticed
    if not found:
        return empty(CONTRIBUTIONS), ()
    return _standing(pl.concat(found), observations), tuple(findings)


def _candidates(
    cells: pl.DataFrame, binding: BindingSpec, register: AreaRegister, recoder: Recoder | None
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return what contributors have by one binding, and in `by` how that is known.

    Of the area itself (empty), or of its parts of some level: an area may have both.
    """
    amounts = contributed(cells, binding)
    problems = negative_contributions(amounts, binding)
    if recoder is not None:
        landed = recoder.amounts(amounts).group_by(*KEY, "contributor", maintain_order=True)
        amounts = landed.agg(pl.col("amount").sum())
    ranked = amounts.with_columns(pl.lit(VALUE, pl.Int64).alias("rank"))
    keys = ("period", "group", "contributor")
    above = roll_up(ranked, register, binding.roll_up_levels, {"amount": "rank"}, keys)
    names = [*KEY, "contributor", "amount"]
    told = pl.concat(
        [
            amounts.select(*names, pl.lit("").alias("by")),
            above.select(*names, pl.col("from_level").alias("by")),
        ]
    )
    return told.with_columns(
        indicator=pl.lit(binding.id),
        source=pl.lit(binding.source),
        within=pl.lit(binding.agree_within),
    ), problems


def _standing(had: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Return the contributions to the figures that stand.

    Where an area has several candidates, the one counts that adds up to the figure; of those the
    one that knows most contributors, for one that is named «all» tells nothing.
    """
    figure = pl.coalesce("numerator", "value").alias("figure")
    asked = observations.select(*_FIGURE, figure).filter(pl.col("figure").is_not_null())
    joined = had.join(asked, on=_FIGURE, how="inner", maintain_order="left")
    off = (pl.col("amount").sum() - pl.col("figure").first()).abs()
    most = pl.col("within").first() * pl.col("figure").first().abs()
    ways = joined.group_by(*_FIGURE, "of", "by", maintain_order=True).agg(
        (off > most + _HAIR).alias("apart"), (pl.col("amount") != 0).sum().alias("many")
    )
    best = ways.sort(["apart", "many"], descending=[False, True], maintain_order=True).unique(
        _FIGURE, keep="first", maintain_order=True
    )
    chosen = joined.join(best, on=[*_FIGURE, "of", "by"], how="semi")
    return conform(chosen.select(list(CONTRIBUTIONS)), CONTRIBUTIONS).sort(list(CONTRIBUTIONS))
