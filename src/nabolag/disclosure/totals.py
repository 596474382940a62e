"""Totals beside hidden figures: what simple subtraction could bring out.

Complementary suppression is not done yet. Until it is, a release that shows a total beside a
hidden part says so.
"""

from __future__ import annotations

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.core.columns import OBSERVATION_KEY

_SHOWN = ["value", "unreliable"]


def totals_beside_hidden(observations: pl.DataFrame, links: pl.DataFrame) -> Finding | None:
    """Return a finding where a hidden figure has a total that is shown, else `None`.

    A total is the same indicator and period for an area that this one lies in (the same group),
    or for everybody in the same area where the hidden figure is a group's. A hidden total whose
    parts are all shown counts too. `count` is the number of hidden figures that have such a
    neighbour. It is not claimed that each can be worked out.
    """
    hidden = observations.filter(pl.col("status").str.starts_with("suppressed"))
    shown = observations.filter(pl.col("status").is_in(_SHOWN)).select(OBSERVATION_KEY)
    beside = pl.concat(
        [
            _under_parents(hidden, shown, links),
            _groups(hidden, shown),
            _over_parts(hidden, observations, links),
        ]
    ).unique()
    if beside.is_empty():
        return None
    named = beside.select("level", "area", "indicator", "period").unique()
    first = named.sort(pl.all()).head(5).iter_rows(named=True)
    examples = tuple(f"{r['level']}:{r['area']} {r['indicator']} {r['period']}" for r in first)
    return Finding("totals_beside_hidden", Severity.WARNING, count=beside.height, examples=examples)


def _under_parents(hidden: pl.DataFrame, shown: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    placed = hidden.select(OBSERVATION_KEY).join(
        links, left_on=["level", "area"], right_on=["level", "code"], how="inner"
    )
    return placed.join(
        shown,
        left_on=["parent_level", "parent_code", "indicator", "period", "group"],
        right_on=["level", "area", "indicator", "period", "group"],
        how="semi",
    ).select(OBSERVATION_KEY)


def _over_parts(
    hidden: pl.DataFrame, observations: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Return hidden figures of areas whose parts, of one level, are all shown."""
    same = ["indicator", "period", "group"]
    parts = hidden.select(OBSERVATION_KEY).join(
        links.rename({"level": "part_level", "code": "part"}),
        left_on=["level", "area"],
        right_on=["parent_level", "parent_code"],
        how="inner",
    )
    figures = observations.select(
        pl.col("level").alias("part_level"), pl.col("area").alias("part"), *same, "status"
    )
    found = parts.join(figures, on=["part_level", "part", *same], how="inner")
    whole = found.group_by([*OBSERVATION_KEY, "part_level"], maintain_order=True).agg(
        pl.col("status").is_in(_SHOWN).all().alias("whole")
    )
    return whole.filter("whole").select(OBSERVATION_KEY)


def _groups(hidden: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    everybody = shown.filter(pl.col("group") == "")
    same = ["level", "area", "indicator", "period"]
    groups = hidden.filter(pl.col("group") != "").select(OBSERVATION_KEY)
    return groups.join(everybody, on=same, how="semi")
