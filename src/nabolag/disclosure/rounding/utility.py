"""How far rounding moved the figures: told with each release that is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nabolag.disclosure.rounding.inner import NOTHING
from nabolag.disclosure.system.areas import Floats


@dataclass(frozen=True)
class Utility:
    """What rounding changed: of inner cells, and of everything that is published.

    `largest` and `mean` are absolute changes of published counts. `hellinger` and
    `hellinger_inner` are 1 where nothing changed and 0 at the worst.
    """

    inner: int
    inner_changed: int
    published: int
    published_changed: int
    largest: float
    mean: float
    hellinger: float
    hellinger_inner: float

    @classmethod
    def of(cls, inner: tuple[Floats, Floats], published: tuple[Floats, Floats]) -> Utility:
        """Compare counts before and after."""
        moved = np.abs(published[1] - published[0])
        return cls(
            inner=inner[0].size,
            inner_changed=int((np.abs(inner[1] - inner[0]) > NOTHING).sum()),
            published=moved.size,
            published_changed=int((moved > NOTHING).sum()),
            largest=float(moved.max(initial=0.0)),
            mean=float(moved.mean()) if moved.size else 0.0,
            hellinger=hellinger(*published),
            hellinger_inner=hellinger(*inner),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data; decimals as far as they say anything."""
        return {
            "inner_cells": self.inner,
            "inner_changed": self.inner_changed,
            "published_counts": self.published,
            "published_changed": self.published_changed,
            "largest_change": round(self.largest, 3),
            "mean_change": round(self.mean, 4),
            "utility": round(self.hellinger, 4),
            "utility_inner": round(self.hellinger_inner, 4),
        }


def hellinger(before: Floats, after: Floats) -> float:
    """Return 1 less the Hellinger distance of two tables, over that to an empty one.

    √(Σ(√f − √g)² / 2) / √Σf, as in Shlomo, Antal and Elliot (Journal of Official Statistics 31,
    2015) and in SmallCountRounding (`HDutility`).
    """
    total = float(before.sum())
    if total <= 0:
        return 1.0
    apart = np.sqrt(np.maximum(before, 0.0)) - np.sqrt(np.maximum(after, 0.0))
    return 1.0 - float(np.sqrt((apart**2).sum() / 2.0) / np.sqrt(total))
