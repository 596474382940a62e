"""Which part of a variance follows from each of several factors (Sobol's indices)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Floats

_AGAIN = 200


@dataclass(frozen=True, slots=True)
class Share:
    """A factor's share of a variance: alone, and with its interplay with the other factors.

    Each with its standard error from the draws (their rows drawn again).
    """

    first: float
    first_error: float
    total: float
    total_error: float


def shares_of_variance(
    one: Floats, other: Floats, mixed: Sequence[Floats], seed: int = 1
) -> list[Share]:
    """Return each factor's shares, first-order after Saltelli (2010) and total after Jansen (1999).

    `one` and `other` are the answers (draws) of two independent plans, `mixed` those of the first
    plan with one factor each taken from the second. Estimates may fall outside 0–1 by as much as
    their errors say. Without variance every share is 0.
    """
    rows = np.random.default_rng(seed).integers(0, len(one), (_AGAIN, len(one)))
    whole = np.concatenate([one[None], one[rows]]), np.concatenate([other[None], other[rows]])
    found = []
    for own in mixed:
        first, total = _shares(*whole, np.concatenate([own[None], own[rows]]))
        errors = float(first[1:].std(ddof=1)), float(total[1:].std(ddof=1))
        found.append(Share(float(first[0]), errors[0], float(total[0]), errors[1]))
    return found


def _shares(one: Floats, other: Floats, own: Floats) -> tuple[Floats, Floats]:
    """Return first-order and total shares of many samples at once (samples × draws)."""
    spread = np.concatenate([one, other], axis=1).var(axis=1)
    whole = np.where(spread > 0, spread, np.inf)
    middle = other.mean(axis=1, keepdims=True)
    first = ((other - middle) * (own - one)).mean(axis=1) / whole
    total = ((one - own) ** 2).mean(axis=1) / (2 * whole)
    return first, total
