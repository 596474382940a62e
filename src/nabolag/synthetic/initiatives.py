"""Planted initiatives: what was done where and from when, and what it truly did, often nothing.

An initiative (områdesatsing) moves a setting of its areas from its first year. One of the kinds
moves nothing at all, and as many exposed areas are left alone: a method that finds an effect of
the second, or in the third, is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from nabolag.synthetic.areas import Floats

Outcome: TypeAlias = Literal["employed", "grade_points"]

#: Kind, outcome and effect. Employment is moved on the scale of the latent index that the
#: chance of work is drawn by (standard normal), marks in points (0–60).
KINDS: tuple[tuple[str, Outcome, float], ...] = (
    ("work_programme", "employed", 0.45),
    ("information_campaign", "employed", 0.0),
    ("school_programme", "grade_points", 3.0),
    ("school_garden", "grade_points", 0.0),
)
#: How many exposed areas a municipality needs for one initiative of each kind and look-alikes.
_NEEDED = 6


@dataclass(frozen=True, slots=True)
class Initiative:
    """One initiative. `areas` are positions, `from_year` is a calendar year."""

    kind: str
    outcome: Outcome
    effect: float
    areas: tuple[int, ...]
    from_year: int

    def as_dict(self, codes: tuple[str, ...]) -> dict[str, Any]:
        """Return what stands in the truth."""
        return {
            "kind": self.kind,
            "outcome": self.outcome,
            "effect": self.effect,
            "areas": [codes[i] for i in self.areas],
            "from_year": self.from_year,
        }


@dataclass(frozen=True, slots=True)
class Programme:
    """All initiatives of a municipality, and the exposed areas that got none."""

    initiatives: tuple[Initiative, ...] = ()
    look_alikes: tuple[int, ...] = ()

    def shift(self, outcome: Outcome, areas: int, years: range) -> Floats:
        """Return how much an outcome is moved, by area and year."""
        moved = np.zeros((areas, len(years)))
        for one in self.initiatives:
            if one.outcome == outcome:
                moved[np.array(one.areas), one.from_year - years[0] :] += one.effect
        return moved


def plan_programme(exposed: list[int], years: range, rng: np.random.Generator) -> Programme:
    """Give exposed areas initiatives of every kind by lot, half of them none."""
    if len(exposed) < _NEEDED or len(years) < 4:
        return Programme()
    order = [int(area) for area in rng.permutation(sorted(exposed))]
    each = max(1, len(order) // (2 * len(KINDS)))
    start = years[len(years) // 2]
    initiatives = tuple(
        Initiative(kind, outcome, effect, tuple(order[i * each : (i + 1) * each]), start)
        for i, (kind, outcome, effect) in enumerate(KINDS)
    )
    return Programme(initiatives, tuple(sorted(order[len(KINDS) * each :])))
