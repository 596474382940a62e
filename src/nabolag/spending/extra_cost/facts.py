"""What a coefficient of the report counts: its outcome's unit and base, and one step of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, cast

Unit: TypeAlias = Literal[
    "nok", "positions_per_1000", "count_per_1000", "hours", "percent_of_position", "count",
    "percent", "share",
]  # fmt: skip
Step: TypeAlias = Literal["percentage_point", "fraction", "point", "group"]

UNITS: tuple[Unit, ...] = Unit.__args__  # type: ignore[attr-defined]
STEPS: tuple[Step, ...] = Step.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """An outcome's unit and what it is counted per (`base`, empty where the report is silent)."""

    unit: Unit
    base: str
    lines: str


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What a coefficient is per. `inferred` where the report does not say it in words."""

    step: Step
    inferred: bool
    lines: str


@cache
def outcomes() -> Mapping[str, OutcomeFacts]:
    """Return the outcomes whose unit the report states."""
    return {
        row["outcome"]: OutcomeFacts(cast("Unit", row["unit"]), row["base"], row["lines"])
        for row in packaged("outcomes.csv")
    }


@cache
def bases() -> tuple[str, ...]:
    """Return everything that an outcome can be counted per."""
    return tuple(dict.fromkeys(facts.base for facts in outcomes().values() if facts.base))


def step_of(table: str, term: str) -> StepFacts | None:
    """Return what a term's coefficient is per in a table, `None` where nobody can tell."""
    return _steps().get((term, table)) or _steps().get((term, ""))


@cache
def _steps() -> Mapping[tuple[str, str], StepFacts]:
    return {
        (term, table): StepFacts(cast("Step", row["step"]), bool(row["inferred"]), row["lines"])
        for row in packaged("steps.csv")
        for term in row["terms"].split()
        for table in row["tables"].split() or [""]
    }


def packaged(name: str) -> Iterator[dict[str, str]]:
    """Go through the rows of a data file of this package."""
    text = (files("nabolag.spending.extra_cost") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
