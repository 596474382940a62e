"""What is asked of a coefficient: how large a change, for how many, and how to convert it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypeAlias

from nabolag.core import Finding, Severity, error
from nabolag.spending.extra_cost.estimate import Estimate
from nabolag.spending.extra_cost.facts import bases
from nabolag.spending.extra_cost.words import told

Change: TypeAlias = Literal["percentage_points", "share", "points", "group"]
CHANGES: tuple[Change, ...] = Change.__args__  # type: ignore[attr-defined]

#: Which changes fit which step, and how many steps one unit of the change is.
_FIT = {
    ("percentage_point", "percentage_points"): 1.0,
    ("percentage_point", "share"): 100.0,
    ("fraction", "percentage_points"): 0.01,
    ("fraction", "share"): 1.0,
    ("point", "points"): 1.0,
    ("group", "group"): 1.0,
}
#: A change of fewer percentage points than this is probably a share.
_SMALL_POINTS = 0.1
_WHOLE = {"percentage_points": 100.0, "share": 1.0}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A change, and among how many.

    `change` is counted in `unit`: percentage points, share (of 1), points, or 1 for the
    difference between groups. `population` counts `base` and must be what the coefficient is per.
    `hours_per_position` and `cost_per_position` convert hours to positions and positions to
    kroner; neither is assumed, for the report states neither the first (about 686 follows from
    its example, L4508-L4510) nor a price that is not an example (700 000 kroner, L6305).
    `mean` is the outcome's level without the change, in its own unit.
    """

    change: float = 1.0
    unit: Change = "percentage_points"
    population: float | None = None
    base: str = ""
    hours_per_position: float | None = None
    cost_per_position: float | None = None
    mean: float | None = None
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse what is no number, and numbers that cannot be."""
        if self.unit not in CHANGES:
            raise error("extra_cost_word", name="change", given=self.unit, known=", ".join(CHANGES))
        if not isfinite(self.change):
            raise error("extra_cost_change", given=self.change)
        if abs(self.change) > _WHOLE.get(self.unit, float("inf")):
            raise error(f"extra_cost_above_{self.unit}", given=self.change)
        if not 0 < self.level < 1:
            raise error("extra_cost_level", given=self.level)
        for name in ("population", "hours_per_position", "cost_per_position"):
            given = getattr(self, name)
            if given is not None and not (isfinite(given) and given > 0):
                raise error("extra_cost_not_positive", given=given, **told("name", "field", name))


def steps(estimate: Estimate, scenario: Scenario) -> float:
    """Return how many steps of the coefficient the change is. Raises where they do not fit."""
    scale = _FIT.get((estimate.step, scenario.unit))
    if scale is None:
        fits = [change for step, change in _FIT if step == estimate.step]
        words = told("given", "change", scenario.unit) | told("fits", "change", *fits)
        raise error("extra_cost_change_unfit", **words, **told("step", "step", estimate.step))
    return scenario.change * scale


def refuse_other_base(estimate: Estimate, scenario: Scenario) -> None:
    """Refuse a population that counts others than the coefficient is per."""
    if scenario.population is None:
        return
    if not estimate.base:
        raise error("extra_cost_base_unknown")
    if scenario.base != estimate.base:
        given = told("given", "base", scenario.base if scenario.base in bases() else "")
        raise error("extra_cost_base", **given, **told("wanted", "base", estimate.base))


def noticed(estimate: Estimate, scenario: Scenario) -> tuple[Finding, ...]:
    """Return what is worth a second look: a change turned into another unit, or very small."""
    found = []
    if _FIT[estimate.step, scenario.unit] != 1.0:
        params = {"given": scenario.change, "steps": steps(estimate, scenario)}
        found.append(Finding("extra_cost_converted", Severity.INFO, params=params))
    if scenario.unit == "percentage_points" and 0 < abs(scenario.change) < _SMALL_POINTS:
        params = {"given": scenario.change, "points": 100 * scenario.change}
        found.append(Finding("extra_cost_small", Severity.WARNING, params=params))
    return tuple(found)
