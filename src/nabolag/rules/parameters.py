"""Dated parameters of the rules, typed. The numbers stand in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class CrowdingLimits:
    """`m2_per_person`: a household with less is crowded, if it also has too few rooms."""

    m2_per_person: float
    reference: str


@dataclass(frozen=True, slots=True)
class LowIncomeLimits:
    """`share_of_median` of the median, over `years` years, draws the line."""

    share_of_median: float
    years: int
    reference: str


@dataclass(frozen=True, slots=True)
class ConsumptionScale:
    """Weights of an equivalence scale. A child is younger than `child_below_age`."""

    first_adult: float
    other_adult: float
    child: float
    child_below_age: int
    reference: str


@dataclass(frozen=True, slots=True)
class LowEducationLimits:
    """`highest_level` (first digit of NUS2000) that counts as low, and among which ages."""

    highest_level: int
    minimum_age: int
    maximum_age: int
    reference: str


@dataclass(frozen=True, slots=True)
class OutsideWorkLimits:
    """Among which ages, and whether a labour-market measure counts as activity."""

    minimum_age: int
    maximum_age: int
    measures_count: bool
    reference: str


P = TypeVar("P")


def crowding_limits(at: date) -> CrowdingLimits:
    """Return the limits of crowding that hold at a date."""
    return _at(CrowdingLimits, "crowding", at)


def low_income_limits(at: date) -> LowIncomeLimits:
    """Return the low-income line that holds at a date."""
    return _at(LowIncomeLimits, "low_income", at)


def consumption_scale(at: date) -> ConsumptionScale:
    """Return the equivalence scale that holds at a date."""
    return _at(ConsumptionScale, "consumption_units", at)


def low_education_limits(at: date) -> LowEducationLimits:
    """Return what counts as low education at a date."""
    return _at(LowEducationLimits, "low_education", at)


def outside_work_limits(at: date) -> OutsideWorkLimits:
    """Return who is counted as outside work and education at a date."""
    return _at(OutsideWorkLimits, "outside_work", at)


def _at(kind: type[P], name: str, at: date) -> P:
    """Return the newest entry that has begun. Raises `LookupError` before the first."""
    begun = [e for e in _entries()[name] if e["from"] is None or e["from"] <= at]
    if not begun:
        raise LookupError(f"no parameters of {name} hold at {at.isoformat()}")
    return kind(**{key: value for key, value in begun[-1].items() if key != "from"})


@cache
def _entries() -> dict[str, list[dict[str, Any]]]:
    import yaml  # noqa: PLC0415

    text = (files("nabolag.rules") / "parameters.yaml").read_text(encoding="utf-8")
    entries: dict[str, list[dict[str, Any]]] = yaml.safe_load(text)
    return entries
