"""Figures counted here beside figures delivered: one figure a key, and what gave way is told."""

from __future__ import annotations

from typing import Literal

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.core.columns import OBSERVATION_KEY


def merged(
    delivered: pl.DataFrame, counted: pl.DataFrame, prefer: Literal["registers", "deliveries"]
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Lay counted observations beside delivered ones; where both have a key, the preferred stands.

    A figure of either that is not there (`missing`) gives way to one that is. Returns
    observations in key order, and how many figures gave way of how many indicators.
    """
    key = list(OBSERVATION_KEY)
    both = delivered.select(key).join(counted.select(key), on=key, how="semi")
    place = {"registers": (1, 0), "deliveries": (0, 1)}[prefer]
    layers = [
        frame.with_columns(order=pl.lit(order))
        for frame, order in zip((delivered, counted), place, strict=True)
    ]
    together = (
        pl.concat(layers)
        .with_columns(gap=pl.col("status") == "missing")
        .sort([*key, "gap", "order"], maintain_order=True)
        .unique(key, keep="first", maintain_order=True)
        .drop("gap", "order")
    )
    return together, (_gave_way(both, prefer),) if both.height else ()


def _gave_way(both: pl.DataFrame, prefer: str) -> Finding:
    code = "counting_also_delivered" if prefer == "registers" else "counting_gave_way"
    indicators = both["indicator"].unique().sort()
    return Finding(
        code,
        Severity.INFO,
        params={"indicators": indicators.len()},
        count=both.height,
        examples=tuple(indicators.head(8)),
    )
