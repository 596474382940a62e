"""Many tests at once: how many of the findings may be false (Benjamini and Hochberg 1995)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def adjusted(p: Numbers) -> Numbers:
    """Return adjusted p-values (q): the smallest false-discovery rate at which each is found.

    Unknown p-values (NaN) are no tests; theirs stay unknown. Valid for independent tests and for
    tests that depend on each other positively.
    """
    found = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if not len(known):
        return found
    order = known[np.argsort(p[known], kind="stable")]
    raised = p[order] * len(known) / np.arange(1, len(known) + 1)
    found[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return found


def two_sided(z: Numbers) -> Numbers:
    """Return the two-sided p-value of standard normal statistics; unknown stays unknown."""
    from scipy.special import ndtr  # noqa: PLC0415

    p: Numbers = 2 * ndtr(-np.abs(z))
    return p
