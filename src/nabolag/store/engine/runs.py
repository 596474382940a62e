"""Adding up rows that already stand together: where a run begins and ends is all that is needed.

What is counted is a bit a row. The bits of a whole byte are counted at once, summed up along the
column, and the count of a run is the difference between its two ends.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Whole = npt.NDArray[np.int64]


def added_in_runs(
    rows: pl.DataFrame, key: str, counted: Sequence[str], summed: Sequence[str]
) -> pl.DataFrame | None:
    """Return for each run of `key` how many are not null in some columns, and others' sums.

    `key` is a column of repeated words. Nothing is returned where rows do not stand in the order
    of its numbers, one of them is unknown, or there are none: they must be grouped.
    """
    number = rows[key].to_physical()
    if rows.is_empty() or number.null_count() or not number.is_sorted():
        return None
    numbers = number.to_numpy()
    starts: Whole = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    edges: Whole = np.append(starts, len(numbers))
    known = rows.select(pl.col(counted).is_not_null()) if counted else rows.select()
    amounts = rows.select(pl.col(summed).fill_null(0.0)) if summed else rows.select()
    found = {key: rows[key].gather(starts)}
    found |= {name: pl.Series(_counts(known[name], edges)) for name in counted}
    found |= {n: pl.Series(np.add.reduceat(amounts[n].to_numpy(), starts)) for n in summed}
    return pl.DataFrame(found)


def _counts(flags: pl.Series, edges: Whole) -> Whole:
    """Return how many of some flags, none unknown, are true from each edge to the next."""
    held = flags.rechunk().to_arrow()
    octets = np.frombuffer(held.buffers()[1], dtype=np.uint8)
    before = np.zeros(len(octets) + 1, dtype=np.int64)
    np.cumsum(np.bitwise_count(octets), out=before[1:])
    octet, bit = np.divmod(edges + held.offset, 8)
    # An edge where the last octet ends has no bits of a further one.
    begun = octets[np.minimum(octet, len(octets) - 1)] & ((1 << bit) - 1).astype(np.uint8)
    reached: Whole = before[octet] + np.bitwise_count(begun)
    return np.diff(reached)
