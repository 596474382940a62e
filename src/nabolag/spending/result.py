"""What a table of regressions found: frozen frames of codes and numbers, never words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.core import Finding
from nabolag.spending.spec import ModelSpec

#: The report's stars: one, five and ten per cent (tables 2–25).
STARS: Final = ((0.01, 3), (0.05, 2), (0.10, 1))
CONSTANT: Final = "const"
COLUMNS: Final[Mapping[str, Any]] = {
    "column": pl.Int64,
    "outcome": pl.String,
    "n": pl.Int64,
    "units": pl.Int64,
    "r2": pl.Float64,
    "r2_kind": pl.String,
    "effects": pl.String,
    "effect_groups": pl.Int64,
    "errors": pl.String,
    "cluster": pl.String,
    "clusters": pl.Int64,
    "lead": pl.String,
    "year_dummies": pl.Boolean,
    "first_year": pl.Int64,
    "last_year": pl.Int64,
    "left_out": pl.Int64,
}
COEFFICIENTS: Final[Mapping[str, Any]] = {
    "column": pl.Int64,
    "term": pl.String,
    "estimate": pl.Float64,
    "se": pl.Float64,
    "report_p": pl.Float64,
    "p": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "stars": pl.Int64,
    "status": pl.String,
}
INFERENCE: Final[Mapping[str, Any]] = {
    "column": pl.Int64,
    "term": pl.String,
    "method": pl.String,
    "status": pl.String,
    "se": pl.Float64,
    "p": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "draws": pl.Int64,
    "weights": pl.String,
}


@dataclass(frozen=True, slots=True)
class SpendingResult:
    """A table that was estimated.

    `columns` (`COLUMNS`) has a row for each column of the table, `coefficients` (`COEFFICIENTS`)
    one for each term in each, with `p`, interval and `stars` of the method that leads and `se`
    and `report_p` of the errors the report uses, `inference` (`INFERENCE`) what every method says.
    An interval without an end is unknown there, and has the status `open`.
    """

    spec: ModelSpec
    columns: pl.DataFrame
    coefficients: pl.DataFrame
    inference: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def table(self) -> pl.DataFrame:
        """The coefficients with the facts of their columns."""
        return self.coefficients.join(self.columns, on="column", how="left", maintain_order="left")

    def coefficient(self, term: str, column: int) -> Mapping[str, Any]:
        """Return one coefficient. Raises `KeyError` where the column has no such term."""
        row = self.coefficients.filter(pl.col("term") == term, pl.col("column") == column)
        if row.is_empty():
            raise KeyError(f"{term} is not in column {column}")
        return row.row(0, named=True)


def stars_of(p: float | None) -> int:
    """Return how many stars the report would give; none where certainty is not told."""
    if p is None:
        return 0
    return next((stars for level, stars in STARS if p < level), 0)
