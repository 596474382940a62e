"""Columns that should vary and do not: most often something was copied down."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import polars as pl

from nabolag.registers.checks import Check
from nabolag.registers.report import Tally
from nabolag.registers.spec import RegisterSpec

#: Fewer rows than this with one value say nothing. The house's choice.
ENOUGH_ROWS: Final = 100


class Spread:
    """Watches columns that should vary, so that a value that was copied down is noticed."""

    def __init__(self, spec: RegisterSpec, present: Collection[str], file: str) -> None:
        self._spec, self._file = spec, file
        self._names = [c.name for c in spec.columns if c.varies and c.name in present]
        self._low: dict[str, Any] = {}
        self._high: dict[str, Any] = {}
        self._known = dict.fromkeys(self._names, 0)

    def look(self, values: pl.DataFrame) -> None:
        """Look at one more block."""
        if not self._names or values.is_empty():
            return
        columns = pl.col(self._names)
        row = values.select(
            columns.min().name.prefix("low_"),
            columns.max().name.prefix("high_"),
            columns.count().name.prefix("n_"),
        ).row(0, named=True)
        for name in self._names:
            low, high = row[f"low_{name}"], row[f"high_{name}"]
            if low is not None:
                self._low[name] = min(low, self._low.get(name, low))
                self._high[name] = max(high, self._high.get(name, high))
                self._known[name] += row[f"n_{name}"]

    def tell(self, tally: Tally) -> None:
        """Tell of columns with one value in every row."""
        for name, known in self._known.items():
            if known >= ENOUGH_ROWS and self._low[name] == self._high[name]:
                private = self._spec.column(name).private
                check = Check(
                    "register_column_constant",
                    name,
                    pl.lit(value=True),
                    {"rows": known},
                    private=private,
                )
                rows = [(self._file, 1)]
                tally.add(check, known, rows, [str(self._low[name])], "kept")
