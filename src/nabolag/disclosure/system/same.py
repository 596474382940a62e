"""Counts that are one: declared to be, or equal in every area where both are known."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy import sparse

from nabolag.disclosure.system.areas import Ints
from nabolag.disclosure.system.spoken import AMOUNT

#: So many different numbers must be equal before two counts are taken for one.
_FEWEST: Final = 4


def equal_columns(numbered: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of counts (`count`, `same`) whose numbers nobody can tell apart.

    Only counts of the same period and group, of different indicators or roles, are compared.
    Two are one where they are equal in every area that has both, and those are at least half
    of the areas that have either, with several different numbers among them.
    """
    told = numbered.filter(pl.col("x").is_not_null(), pl.col("role") != AMOUNT)
    wide = told.select("count", "place", "x", "period", "group").unique(["count", "place"])
    pairs = []
    for part in wide.partition_by("period", "group"):
        pairs += _equal_in(part)
    return pl.DataFrame(pairs, schema={"count": pl.Int64, "same": pl.Int64}, orient="row")


def _equal_in(part: pl.DataFrame) -> list[tuple[int, int]]:
    """Compare every pair of counts of one period and group, a column at a time."""
    counts, c = np.unique(part["count"].to_numpy(), return_inverse=True)
    if counts.size < 2:
        return []
    places, i = np.unique(part["place"].to_numpy(), return_inverse=True)
    table = np.full((counts.size, places.size), np.nan)
    table[c, i] = part["x"].to_numpy()
    known = ~np.isnan(table)
    found = []
    for one in range(counts.size - 1):
        rest = table[one + 1 :]
        both = known[one] & known[one + 1 :]
        either = known[one] | known[one + 1 :]
        differ = (both & (rest != table[one])).any(axis=1)
        enough = both.sum(axis=1) * 2 >= either.sum(axis=1)
        for other in np.flatnonzero(~differ & enough):
            if np.unique(table[one][both[other]]).size >= _FEWEST:
                found.append((int(counts[one]), int(counts[one + 1 + other])))
    return found


def joined(n: int, numbered: pl.DataFrame, declared: pl.DataFrame, equal: pl.DataFrame) -> Ints:
    """Return, for each count, the first of those that are the same one.

    Counts that are declared to be one are left apart where numbers say that they are not.
    """
    sound = declared.filter(~_differ(numbered, declared))
    pairs = pl.concat([sound, equal])
    where = (pairs["count"].to_numpy(), pairs["same"].to_numpy())
    graph = sparse.csr_array((np.ones(pairs.height), where), shape=(n, n))
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    first = np.full(label.max(initial=-1) + 1, n, dtype=np.int64)
    np.minimum.at(first, label, np.arange(n))
    return np.asarray(first[label], dtype=np.int64)


def _differ(numbered: pl.DataFrame, declared: pl.DataFrame) -> pl.Series:
    """Tell which declared pairs have different numbers somewhere."""
    told = numbered.filter(pl.col("x").is_not_null()).select("count", "place", "x")
    told = told.unique(["count", "place"]).cast({"count": pl.Int64})
    both = declared.join(told, on="count").join(
        told, left_on=["same", "place"], right_on=["count", "place"]
    )
    apart = both.filter((pl.col("x") - pl.col("x_right")).abs() > 0.5).select("count", "same")
    tagged = declared.join(
        apart.unique().with_columns(apart=pl.lit(value=True)),
        on=["count", "same"],
        how="left",
        maintain_order="left",
    )
    return tagged["apart"].fill_null(value=False)
