"""Many tests at once: how many of the findings may be false (Benjamini and Hochberg 1995)."""

from __future__ import annotations

import numpy as np

from nabolag.analysis.arrays import Floats


def adjusted(p: Floats) -> Floats:
    """Return adjusted p-values (q): the smallest false-discovery rate at which each is found.

    Unknown p-values (NaN) are no tests; theirs stay unknown. Valid for independent tests and for
    tests that depend on each other positively.
    """
    from scipy.stats import false_discovery_control  # noqa: PLC0415

    found = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    if known.any():
        found[known] = false_discovery_control(p[known], method="bh")
    return found


def two_sided(z: Floats) -> Floats:
    """Return the two-sided p-value of standard normal statistics; unknown stays unknown."""
    from scipy.special import ndtr  # noqa: PLC0415

    p: Floats = 2 * ndtr(-np.abs(z))
    return p
