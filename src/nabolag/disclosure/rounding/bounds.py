"""How sure a share is, worked out of rounded counts in the way it was worked out before."""

from __future__ import annotations

import polars as pl

from nabolag.indicators.engine.intervals import exact_bounds
from nabolag.indicators.figures import wilson

#: What figures carry: their bounds, and the counts those are of.
_BOUNDS = ("lower", "upper")
_COUNTS = ("numerator", "denominator")
_SAME = 1e-9
_CONFIDENCE = 0.95


def with_bounds(rows: pl.DataFrame, shares: pl.Expr) -> pl.DataFrame:
    """Give figures `lower` and `upper` anew, from `new_numerator` and `new_denominator`.

    A share that had Wilson's bounds gets Wilson's, one that had exact bounds gets exact ones, both
    of 95 per cent. What had other bounds, or is no share, has none: the old bounds would tell what
    they were made of. `rows` have `row`, and keep their order.
    """
    had = rows.filter(shares, pl.col("lower").is_not_null())
    wilsons = had.filter(_near(wilson(pl.col("numerator"), pl.col("denominator"))))
    others = had.join(wilsons, on="row", how="anti")
    before = exact_bounds(others.select("row", *_COUNTS), _CONFIDENCE)
    exact = others.select("row", "new_numerator", "new_denominator", was="lower").join(
        before, on="row"
    )
    exact = exact.filter((pl.col("was") - pl.col("lower")).abs() < _SAME)
    after = exact.select(
        "row", numerator=pl.col("new_numerator"), denominator=pl.col("new_denominator")
    )
    new = pl.concat(
        [
            wilsons.select("row", *wilson(pl.col("new_numerator"), pl.col("new_denominator"))),
            exact_bounds(after, _CONFIDENCE).select("row", *_BOUNDS),
        ]
    )
    return rows.drop(_BOUNDS).join(new, on="row", how="left", maintain_order="left")


def _near(bounds: list[pl.Expr]) -> pl.Expr:
    return (bounds[0] - pl.col("lower")).abs() < _SAME
