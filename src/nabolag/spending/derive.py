"""Variables that are made of others where they are not given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.spending.spec import parts_of
from nabolag.spending.variables import Variable, variables

YEAR = "year"
#: The report's four (L1875–1878, L2688–2690); their share is the highest quarter (L3413–3431).
CHALLENGES = ("share_immigrants", "share_low_income", "share_single_parent", "share_low_education")
TOP_SHARE = 0.25


def with_derived(frame: pl.DataFrame, wanted: Iterable[str]) -> pl.DataFrame:
    """Return the frame with each variable that is wanted, not there, and can be made."""
    known, made = variables(), []
    for name in dict.fromkeys(wanted):
        variable = known.get(name)
        if name in frame.columns or variable is None or not variable.derived:
            continue
        if all(one in frame.columns for one in needed(variable)):
            made.append(_made(variable).alias(name))
    return frame.with_columns(made)


def needed(variable: Variable) -> tuple[str, ...]:
    """Return the columns that a derived variable is made of."""
    if variable.mean_of:
        return variable.mean_of
    return (YEAR,) if variable.from_year is not None else CHALLENGES


def _made(variable: Variable) -> pl.Expr:
    if variable.mean_of:
        parts = [pl.col(one).cast(pl.Float64) for one in variable.mean_of]
        return pl.sum_horizontal(parts, ignore_nulls=False) / len(parts)
    if variable.from_year is not None:
        return (pl.col(YEAR) >= variable.from_year).cast(pl.Float64)
    fewest, most = variable.challenges or (0, 0)
    count = challenge_count(CHALLENGES)
    return count.is_between(fewest, most).cast(pl.Float64)


def challenge_count(indicators: Sequence[str], top_share: float = TOP_SHARE) -> pl.Expr:
    """Return among how many indicators a row is in the highest `top_share` of all rows.

    All years are one pool, and rows level with the line are above it: the report says neither
    (see decision 0026). Unknown where any indicator is.
    """
    flags = [
        pl.col(one).cast(pl.Float64)
        >= pl.col(one).cast(pl.Float64).quantile(1 - top_share, "higher")
        for one in indicators
    ]
    return pl.sum_horizontal([flag.cast(pl.Int8) for flag in flags], ignore_nulls=False)


def with_products(frame: pl.DataFrame, terms: Iterable[str]) -> pl.DataFrame:
    """Return the frame with a column for each product among the terms."""
    products = [parts_of(term) for term in terms if len(parts_of(term)) == 2]
    made = [
        (pl.col(one).cast(pl.Float64) * pl.col(other).cast(pl.Float64)).alias(f"{one}:{other}")
        for one, other in products
    ]
    return frame.with_columns(made)


def absent(frame: pl.DataFrame, wanted: Iterable[str], near: Mapping[str, str]) -> list[Finding]:
    """Name each column that is wanted, is not there and cannot be made."""
    columns = set(frame.columns)
    return [
        Finding(
            "spending_column_absent",
            Severity.ERROR,
            params={"column": one, "near": near.get(one, "–"), "known": ", ".join(frame.columns)},
        )
        for one in dict.fromkeys(wanted)
        if one not in columns
    ]
