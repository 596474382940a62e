"""Who came to an area from outside it: other people for a bydel than for its grunnkretser.

A move between two parts of a municipality brings somebody new to the part and nobody to the
municipality, so the larger area's number is not the sum of its parts'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from nabolag.core import Level
from nabolag.indicators.engine.facts import ABROAD

_FROM = "from"


def from_outside(
    sums: pl.DataFrame,
    fact: str,
    numerator: Sequence[str],
    parents: Mapping[Level, pl.DataFrame],
) -> pl.DataFrame:
    """Return sums by `level` and `area`, where `numerator` counts rows from outside alone.

    `sums` holds `area`, `fact` (an area of the same level, or a word) and any number of sums, of
    which `numerator` are some. `parents` holds for each level the areas (`area`) and the one of
    the level that each lies in (`parent`). Who comes from nowhere that is known comes from outside
    every area but the country, which is left and entered from abroad alone.
    """
    amounts = [name for name in sums.columns if name not in {"level", "area", fact}]
    found = []
    for level, inside in parents.items():
        # Areas of one's own may overlap: who comes from any part of one has stayed in it.
        places = inside.select(pl.col("area").alias(fact), "parent", pl.lit(1).alias(_FROM))
        placed = sums.join(inside, on="area").join(places, on=[fact, "parent"], how="left")
        stayed = pl.col(_FROM).is_not_null()
        if level is Level.LAND:
            stayed = pl.col(fact) != ABROAD
        counted = [
            pl.when(stayed).then(0.0).otherwise(pl.col(name)).alias(name) for name in numerator
        ]
        found.append(
            placed.with_columns(counted)
            .group_by("parent", maintain_order=True)
            .agg(pl.col(amounts).sum())
            .select(pl.lit(level.value).alias("level"), pl.col("parent").alias("area"), *amounts)
        )
    return pl.concat(found)
