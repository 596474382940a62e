"""Figures that are not known: left so, refused, or filled in with the middle of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from pydantic import Field

from nabolag.analysis.arrays import Floats, Ints
from nabolag.analysis.composite.orders import known_mean
from nabolag.analysis.composite.refusing import CannotError
from nabolag.core import Level
from nabolag.store import Section

How = Literal["no", "refuse", "mean", "median"]


class Fill(Section):
    """What is put where a figure is not known.

    `no`: nothing. `refuse`: the index stops. `mean` and `median`: that of the areas that lie in
    the same area of the level `within` (not given: of all areas). It is a guess, and is said to
    be one wherever the figure is shown; it is never put for an area with too little known.
    """

    how: How = "no"
    within: Level | None = Field(default=None)

    @property
    def puts(self) -> bool:
        """Whether something is put at all."""
        return self.how in ("mean", "median")


def filled(x: Floats, how: How, groups: Ints) -> Floats:
    """Return columns (… × areas) with the unknown filled in by the middle of their group.

    `groups` has a number for each area, −1 for an area in none: there, and in a group without a
    known figure, the unknown stays unknown.
    """
    if how == "no" or not np.isnan(x).any():
        return x
    if how == "refuse":
        raise CannotError("index_unknown", int(np.argmax(np.isnan(x).any(axis=-1).ravel())))
    middle = _MIDDLES[how]
    found = x.copy()
    for group in np.unique(groups[groups >= 0]):
        own = x[..., groups == group]
        known = np.isfinite(own)
        found[..., groups == group] = np.where(known, own, middle(own))
    return found


def _median(x: Floats) -> Floats:
    ordered = np.sort(x, axis=-1)
    count = np.isfinite(x).sum(axis=-1, keepdims=True)
    lower, upper = (np.maximum((count - gap) // 2, 0) for gap in (1, 0))
    upper = np.minimum(upper, np.maximum(count - 1, 0))
    ends = (np.take_along_axis(ordered, at, axis=-1) for at in (lower, upper))
    found: Floats = np.add(*ends) / 2
    return found


_MIDDLES: dict[str, Callable[[Floats], Floats]] = {
    "mean": lambda x: known_mean(x, np.isfinite(x)),
    "median": _median,
}
