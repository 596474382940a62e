"""Checks before anything is estimated: units, groups of one, and terms that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from nabolag.core import Finding, Place, Severity
from nabolag.spending.variables import variables

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
#: A variance inflated this much is told of: the usual rule of thumb.
MUCH_INFLATED: Final = 10.0


def check_scales(frame: pl.DataFrame, columns: Sequence[str]) -> list[Finding]:
    """Hold each variable against its scale: per cent for fractions is the report's main error.

    (Errata E2 and E3: coefficients were rescaled by 100, their errors were not.)
    """
    known = variables()
    found = []
    for name in dict.fromkeys(columns):
        values = frame[name].to_numpy()
        if name not in known or not len(values):
            continue
        low, high = float(values.min()), float(values.max())
        code, severity = _scale_fault(known[name].scale, low, high)
        if code:
            params = {"variable": name, "low": f"{low:.6g}", "high": f"{high:.6g}"}
            found.append(Finding(code, severity, Place(column=name), params))
    return found


def _scale_fault(scale: str, low: float, high: float) -> tuple[str, Severity]:
    if scale == "flag" and not (low in (0.0, 1.0) and high in (0.0, 1.0)):
        return "spending_flag_expected", Severity.ERROR
    if scale == "fraction" and (low < 0 or high > 1):
        return "spending_fraction_expected", Severity.ERROR
    if scale == "per_cent" and (low < 0 or high > 100):
        return "spending_per_cent_expected", Severity.ERROR
    if scale == "per_cent" and 0 < high <= 1:
        return "spending_fraction_given", Severity.ERROR
    return "", Severity.INFO


def codes_of(column: pl.Series) -> Ints:
    """Return a number from 0 for each value, in the order of the values. Nothing is unknown."""
    if column.dtype.is_integer() and column.len():
        values = column.to_numpy().astype(np.int64)
        values = values - values.min()
        if values.max() <= 10 * column.len() + 1_000:
            present = np.bincount(values) > 0
            return np.asarray((np.cumsum(present) - 1)[values])
    return column.rank("dense").to_numpy().astype(np.int64) - 1


def alone(groups: Sequence[Ints]) -> npt.NDArray[np.bool_]:
    """Tell which rows are alone in a group, or are when those that are have gone."""
    gone = np.zeros(len(groups[0]) if groups else 0, dtype=bool)
    while groups:
        here = ~gone
        single = [here & (np.bincount(codes, here)[codes] == 1) for codes in groups]
        more = np.logical_or.reduce(single)
        if not more.any():
            break
        gone |= more
    return gone


def inflation(x: Floats) -> Floats:
    """Return how much each column's variance is inflated by the others (VIF). x is centred."""
    spread = np.sqrt((x**2).sum(axis=0))
    if x.shape[1] < 2 or not spread.all():
        return np.ones(x.shape[1])
    alike = (x / spread).T @ (x / spread)
    return np.asarray(np.diag(np.linalg.pinv(alike)))
