"""How long something has lasted, against counting by hand."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from nabolag.analysis.flags import run_length

ROWS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([True, True, False, None])))


def by_hand(rows: list[tuple[int, bool | None]]) -> list[int]:
    """Count row by row."""
    lengths: list[int] = []
    for place, (at, held) in enumerate(rows):
        follows = place > 0 and rows[place - 1][0] == at - 1
        lengths.append(((lengths[-1] if follows else 0) + 1) if held else 0)
    return lengths


@given(ROWS)
def test_runs_agree_with_counting(rows: list[tuple[int, bool | None]]) -> None:
    rows = sorted(rows, key=lambda row: row[0])
    frame = pl.DataFrame(rows, schema={"at": pl.Int64, "held": pl.Boolean}, orient="row")
    got = frame.select(run=run_length(pl.col("held")))
    assert got["run"].to_list() == by_hand(rows)
