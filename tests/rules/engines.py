"""The engines that every rule must answer alike on."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

ENGINES = ("polars", "duckdb")


def answers(frame: pl.DataFrame, rule: nw.Expr, engine: str = "polars") -> list[Any]:
    """Return a rule's answer for each row, in order, computed lazily on one engine."""
    numbered = frame.with_row_index("_row")
    lazy = nw.from_native(
        numbered.lazy() if engine == "polars" else duckdb.from_arrow(numbered.to_arrow())
    )
    answered = lazy.select("_row", answer=rule).collect("polars").to_native()
    return answered.sort("_row")["answer"].to_list()
