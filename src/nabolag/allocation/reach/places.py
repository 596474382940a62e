"""Where areas stand when they are ranked by need, and the bounds of it where need is not known.

Everybody is lined up by the need of their area, the most exposed first. An area whose need is
hidden may stand anywhere its bounds allow, and moves those it may pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Between:
    """Numbers by area, each between two bounds. The bounds are alike where the number is known."""

    low: Floats
    high: Floats

    @property
    def known(self) -> bool:
        """Whether every number is known."""
        return bool((self.low == self.high).all())


def above(need: Between, people: Floats) -> Between:
    """Return how many people stand before each area: surely, and at most.

    Areas of the same known need stand beside one another and share their place. One whose need is
    not known may stand before all that it can be as great as.
    """
    surely = _sum_from(need.low, people, need.high, itself=False)
    at_most = _sum_from(need.high, people, need.low, itself=True)
    return Between(surely, at_most - beside(need, people))


def beside(need: Between, people: Floats) -> Floats:
    """Return how many people share each area's place, itself among them."""
    exact = need.low == need.high
    if not exact.any():
        return people
    _, group = np.unique(need.low[exact], return_inverse=True)
    sums = np.bincount(group, people[exact])
    shared = people.copy()
    shared[exact] = sums[group]
    return shared


def lean(need: Between, people: Floats) -> Between:
    """Return each area's lean toward need: 1 for the most exposed, −1 for the least."""
    before, shared, everybody = above(need, people), beside(need, people), people.sum()
    first = 1 - 2 * (before.low + shared / 2) / everybody
    last = 1 - 2 * (before.high + shared / 2) / everybody
    return Between(last, first)


def exposed(need: Between, people: Floats, top: float) -> Between:
    """Return the share of each area that is among the most exposed `top` of the population."""
    before, shared = above(need, people), beside(need, people)
    line = top * people.sum()
    return Between(
        np.clip((line - before.high) / shared, 0, 1), np.clip((line - before.low) / shared, 0, 1)
    )


def filled(worth: Floats, weight: Floats, share: Between, total: float) -> float:
    """Return the most that Σ worth × share can be while Σ weight × share is `total`.

    Shares lie between their bounds. Taken greedily by worth a unit of weight, as a knapsack that
    may be cut; it is never less than what can be reached.
    """
    held = share.low.astype(float).copy()
    left = total - float((weight * held).sum())
    for at in np.argsort(-worth / weight, kind="stable"):
        if left <= 0:
            break
        more = min(float(share.high[at] - share.low[at]), left / float(weight[at]))
        held[at] += more
        left -= more * float(weight[at])
    return float((worth * held).sum())


def _sum_from(values: Floats, people: Floats, than: Floats, *, itself: bool) -> Floats:
    """Return Σ people over the values that are greater than each of `than`, or as great too."""
    order = np.argsort(values)
    after = np.concatenate([np.cumsum(people[order][::-1])[::-1], [0.0]])
    side: Literal["left", "right"] = "left" if itself else "right"
    return np.asarray(after[np.searchsorted(values[order], than, side=side)])
