"""What an address asks of the extra-cost page: numbers as people write them, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from nabolag.publish.views.money.asked import Numbers
from nabolag.spending.extra_cost import Estimate, Scenario, from_report, own
from nabolag.spending.extra_cost.facts import STEPS, UNITS

OWN = "own"
OWN_BASE = "inhabitants"
#: What the page opens with: the report's own first example (L4557–L4567).
STANDARD = "14.5.share_single_parent"
STANDARD_POPULATION = "38000"
#: Which change a coefficient is asked for, unless another is given.
UNIT_OF_STEP = {
    "percentage_point": "percentage_points",
    "fraction": "percentage_points",
    "point": "points",
    "group": "group",
}


def estimate_of(asked: Mapping[str, str], numbers: Numbers) -> Estimate:
    """Return the coefficient that is asked for. Raises `UserError` for one that cannot be."""
    if asked.get("coefficient") != OWN:
        return from_report(asked.get("coefficient") or STANDARD)
    value, spread = numbers.get("value", 100.0), numbers.get("error", 0.0)
    df = numbers.get("df")
    return own(
        100.0 if value is None else value,
        0.0 if spread is None else spread,
        asked.get("counts", UNITS[0]),
        asked.get("base", OWN_BASE),
        asked.get("step", STEPS[0]),
        None if df is None else int(df),
    )


def population_name(base: str) -> str:
    """Return the name of the field that counts a base: a number for one is none for another."""
    return f"n_{base}"


def population_of(estimate: Estimate, asked: Mapping[str, str], numbers: Numbers) -> float | None:
    """Return how many are asked about; the opening page has the report's average district."""
    if not estimate.base:
        return None
    untouched = not asked and estimate.name == STANDARD
    standard = float(STANDARD_POPULATION) if untouched else None
    return numbers.get(population_name(estimate.base), standard)


def scenario_of(estimate: Estimate, asked: Mapping[str, str], numbers: Numbers) -> Scenario:
    """Return the scenario that is asked for. Raises `UserError` for one that cannot be."""
    unit = asked.get("unit") or UNIT_OF_STEP[estimate.step]
    if estimate.step in ("group", "point"):
        unit = UNIT_OF_STEP[estimate.step]
    change = 1.0 if estimate.step == "group" else numbers.get("change", 1.0)
    level = numbers.get("level", 95.0)
    return Scenario(
        change=1.0 if change is None else change,
        unit=unit,  # type: ignore[arg-type]
        population=population_of(estimate, asked, numbers),
        base=estimate.base,
        hours_per_position=numbers.get("hours"),
        cost_per_position=numbers.get("cost"),
        mean=numbers.get("mean"),
        level=(95.0 if level is None else level) / 100,
    )


def minus_of(estimate: Estimate, asked: Mapping[str, str]) -> Estimate | None:
    """Return the group that is subtracted, none where the choice is of another column."""
    name = asked.get("minus", "")
    if not name or estimate.step != "group" or estimate.printed is None:
        return None
    other = from_report(name)
    same = other.printed and other.printed.cell.key[:2] == estimate.printed.cell.key[:2]
    return other if same and other.name != estimate.name else None
