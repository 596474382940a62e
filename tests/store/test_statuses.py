"""Statuses on columns against statuses one by one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Status, combine
from nabolag.store.statuses import known, only_known, rank_of, status_of, stronger, suppressed

STATUSES = st.sampled_from(list(Status))


@given(st.lists(STATUSES, min_size=1, max_size=6))
def test_ranks_combine_as_statuses_do(statuses: list[Status]) -> None:
    frame = pl.DataFrame([{str(i): s.value for i, s in enumerate(statuses)}])
    names = frame.columns
    ranked = frame.with_columns(rank_of(name).alias(name) for name in names)
    together = ranked.select(status_of(stronger(*names))).item()
    assert together == combine(statuses).value


@pytest.mark.parametrize("status", list(Status))
def test_what_a_rank_allows_is_what_its_status_allows(status: Status) -> None:
    frame = pl.DataFrame({"amount": [7.0], "status": [status.value]})
    ranked = frame.with_columns(rank_of().alias("rank"))
    assert ranked.select(known("rank")).item() == status.has_value
    assert ranked.select(suppressed("rank")).item() == status.is_suppressed
    shown = ranked.select(only_known(pl.col("amount"), pl.col("rank"))).item()
    assert shown == (7.0 if status.has_value else None)


def test_a_status_nobody_knows_is_refused() -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError):
        pl.DataFrame({"status": ["hidden"]}).select(rank_of())
