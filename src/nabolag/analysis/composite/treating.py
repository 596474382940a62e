"""Figures that stand far out, and figures that are not known: what may be done about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Floats


@dataclass(frozen=True, slots=True)
class Treated:
    """A column with its outliers drawn in, and how many were at either end."""

    values: Floats
    low: int
    high: int


def skew_and_kurtosis(x: Floats) -> tuple[float, float]:
    """Return sample skewness and excess kurtosis (types SAS and SPSS print), unknown left out."""
    known = x[np.isfinite(x)]
    n = len(known)
    if n < 4 or known.min() == known.max():
        return 0.0, 0.0
    away = known - known.mean()
    spread = (away**2).mean()
    g1, g2 = (away**3).mean() / spread**1.5, (away**4).mean() / spread**2 - 3
    skew = g1 * np.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))
    return float(skew), float(kurtosis)


def winsorised(x: Floats, most: int, skew: float = 2.0, kurtosis: float = 3.5) -> Treated:
    """Draw in the outermost figure to the next, again and again, while both limits are passed.

    A column is treated where |skewness| > `skew` and kurtosis > `kurtosis`, at most `most` times,
    at the end that the skewness points to (OECD and JRC: Handbook on constructing composite
    indicators, 2008). Figures that are equal are drawn in together, and count as one.
    """
    values, low, high = x.copy(), 0, 0
    while low + high < most:
        s, k = skew_and_kurtosis(values)
        if abs(s) <= skew or k <= kurtosis:
            break
        known = np.unique(values[np.isfinite(values)])
        if s > 0:
            values[values == known[-1]], high = known[-2], high + 1
        else:
            values[values == known[0]], low = known[1], low + 1
    return Treated(values, low, high)


def imputed(x: Floats, groups: Floats | None, how: str) -> Floats:
    """Fill what is not known with the mean or the median of its group (none given: of all).

    A group without a known figure stays unknown.
    """
    filled = x.copy()
    middle = np.mean if how == "mean" else np.median
    codes = np.zeros(len(x)) if groups is None else groups
    for code in np.unique(codes[np.isfinite(codes)]):
        own = codes == code
        known = x[own & np.isfinite(x)]
        if len(known):
            filled[own & ~np.isfinite(x)] = middle(known)
    return filled
