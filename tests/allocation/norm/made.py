"""Schools made for tests, with what is planted in them known."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from nabolag.allocation.norm import SCHOOLS, TeacherNormSpec
from nabolag.store import conform

HOURS = {"1-4": 741.0, "5-7": 741.0, "8-10": 656.0}


def spec(**changed: Any) -> TeacherNormSpec:
    """Return a specification with everything that must be declared."""
    given = {
        "hours_per_fte": HOURS,
        "cost_per_fte": 700_000.0,
        "reference": "made",
        "need": "expected_points",
    }
    return TeacherNormSpec.model_validate({**given, **changed})


def school(**given: Any) -> dict[str, Any]:
    """Return one row of `SCHOOLS`."""
    usual = {
        "school": "1", "name": "Skolen", "year": 2020, "stage": "1-4", "owner": "public",
        "combined": False, "pupils": 200.0, "pupil_hours": 15_000.0, "teaching_hours": 1_000.0,
        "points": 50.0,
    }  # fmt: skip
    return {**usual, **given}


def schools(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return rows as the house has them."""
    return conform(pl.DataFrame(list(rows)), SCHOOLS)


def planted(
    before: float, after: float, n: int = 200, seed: int = 7, noise: float = 0.3
) -> pl.DataFrame:
    """Return schools of 2016–2020 whose group size follows points by two slopes."""
    rng = np.random.default_rng(seed)
    points = rng.normal(50, 2, n)
    pupils = rng.integers(60, 600, n)
    rows = []
    for year in range(2016, 2021):
        steep = after if year >= 2018 else before
        size = 15 + steep * (points - 50) + 0.004 * pupils + rng.normal(0, noise, n)
        hours = rng.uniform(2_000, 6_000, n)
        for one in range(n):
            rows.append(
                school(
                    school=str(one), year=year, pupils=float(pupils[one]), points=points[one],
                    teaching_hours=hours[one], pupil_hours=hours[one] * size[one],
                )
            )  # fmt: skip
    return schools(*rows)
