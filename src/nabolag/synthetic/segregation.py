"""How unevenly a group is spread over areas or schools."""

from __future__ import annotations

import numpy as np

from nabolag.synthetic.areas import Bools, Ints


def dissimilarity(place: Ints, group: Bools, places: int) -> float | None:
    """Return the dissimilarity index (Duncan and Duncan 1955), 0 even to 1 apart.

    Half the sum, over places, of the difference between the place's share of the group and its
    share of everybody else. None where either is empty.
    """
    inside = np.bincount(place[group], minlength=places)
    outside = np.bincount(place[~group], minlength=places)
    if not inside.sum() or not outside.sum():
        return None
    apart = np.abs(inside / inside.sum() - outside / outside.sum()).sum()
    return round(float(apart) / 2, 6)
