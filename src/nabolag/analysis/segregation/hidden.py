"""What an index can at least and at most be where some units hide how many are in the group.

Hidden is never 0. With the sizes of the hidden units and the place's own total known, the hidden
members are a known number, or between two numbers. All the indices are sublinear in the units:
moulding units together never makes an index larger, and taking them apart by group never smaller.
So the index is at least what it is with the hidden units as one, and at most what it is with their
members and others wholly apart. (Exposure is 1 − isolation, and turns the two.) The bounds use
nothing but what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabolag.analysis.arrays import Floats
from nabolag.analysis.segregation.indices import INDICES, units

#: More possible totals than this, and the bounds would say nothing.
_MOST = 500


@dataclass(frozen=True, slots=True)
class Hidden:
    """The hidden part of a place: how many live in the hidden units, and how many are members.

    `fewest` to `most` are the possible totals of members there.
    """

    people: int
    fewest: int
    most: int

    @property
    def possible(self) -> Floats:
        """Every total of members there may be."""
        return np.arange(self.fewest, self.most + 1, dtype=np.float64)


def hidden_part(
    known: Floats, sizes: Floats, total_members: float, total_people: float
) -> Hidden | str:
    """Return the hidden part of a place, or the reason why nothing can be said.

    `known` are counts of the units that are shown, shape (units, 2): members and others. `sizes`
    are the persons of each hidden unit. Persons of the place that live in no unit (no registered
    address) may be members or not, so that the total is a range.
    """
    people = round(float(sizes.sum()))
    members = round(total_members - float(known[:, 0].sum()))
    nowhere = round(total_people - float(known.sum()) - people)
    if members < 0 or nowhere < 0:
        return "sums_differ"
    fewest, most = max(0, members - nowhere), min(people, members)
    if fewest > most:
        return "sums_differ"
    if most - fewest >= _MOST:
        return "too_open"
    return Hidden(people, fewest, most)


def hidden_bounds(known: Floats, part: Hidden, name: str) -> tuple[float, float]:
    """Return the least and the most that an index can be. nan where it is not defined."""
    members = part.possible
    others = part.people - members
    nobody = np.zeros_like(members)
    as_one = np.stack([members, others], axis=-1)[:, None, :]
    apart = np.stack(
        [np.stack([members, nobody], axis=-1), np.stack([nobody, others], axis=-1)], axis=1
    )
    found = np.stack([_with(known, more, name) for more in (as_one, apart)])
    return float(found.min()), float(found.max())


def _with(known: Floats, more: Floats, name: str) -> Floats:
    every = np.broadcast_to(known, (len(more), *known.shape))
    counts = np.concatenate([every, more], axis=1)
    return INDICES[name](units(counts, np.array([0])))[..., 0]
