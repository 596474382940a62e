"""A coefficient that an extra cost is computed from: one of the report's, or a reader's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite

from nabolag.core import error
from nabolag.spending.extra_cost.facts import (
    STEPS,
    UNITS,
    OutcomeFacts,
    Step,
    StepFacts,
    Unit,
    bases,
    outcomes,
    step_of,
)
from nabolag.spending.printed import Column, Corrected, Reason, checked_report

#: Living-condition indicators. A column with several of them holds each given the others.
INDICATORS = ("share_immigrants", "share_low_income", "share_single_parent", "share_low_education")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its standard error, and what it counts.

    `df` are the degrees of freedom of its t distribution; `None` is the normal one. `printed` is
    where it stands in the report, `None` for a reader's own. `inferred` tells that the report
    does not say in words what one step is.
    """

    value: float
    error: float
    df: int | None
    unit: Unit
    base: str
    step: Step
    printed: Corrected | None = None
    inferred: bool = False

    @property
    def name(self) -> str:
        """Return «14.5.share_single_parent», or an empty text for a reader's own."""
        if self.printed is None:
            return ""
        key = self.printed.cell.key
        return f"{key.table}.{key.model}.{key.term}"

    @property
    def column(self) -> Column | None:
        """The column of the report it stands in."""
        if self.printed is None:
            return None
        key = self.printed.cell.key
        return checked_report().printed.by_id[key.table].column(key.model)


def own(
    value: float,
    spread: float,
    unit: str = "nok",
    base: str = "inhabitants",
    step: str = "percentage_point",
    df: int | None = None,
) -> Estimate:
    """Return a reader's own coefficient. Raises `UserError` for what it cannot be."""
    for given, known, name in (
        (unit, UNITS, "unit"),
        (base, bases(), "base"),
        (step, STEPS, "step"),
    ):
        if given not in known:
            raise error("extra_cost_word", name=name, given=given, known=", ".join(known))
    if not isfinite(value) or not isfinite(spread) or spread < 0:
        raise error("extra_cost_own_number", value=value, error=spread)
    if df is not None and df < 1:
        raise error("extra_cost_df", given=df)
    return Estimate(value, spread, df, unit, base, step)  # type: ignore[arg-type]


def from_report(name: str) -> Estimate:
    """Return a coefficient of the report by «table.column.term», as the check corrects it.

    Raises `UserError` for a name that is none, an outcome whose unit the report does not state,
    a coefficient that is per nobody knows what, and one whose unit cannot be right.
    """
    parts = name.split(".")
    if len(parts) != 3 or not parts[1].isdigit():
        raise error("extra_cost_name", given=name)
    one = checked_report().at(parts[0], int(parts[1]), parts[2])
    facts, step = _facts_of(one)
    if any(mark.reason is Reason.UNIT for mark in one.marks):
        raise error("extra_cost_unit_wrong", given=name, table=one.cell.key.table)
    if facts is None:
        raise error("extra_cost_outcome", given=name, table=one.cell.key.table)
    if step is None:
        raise error("extra_cost_step", given=name, words=one.cell.words)
    return _estimate(one, facts, step)


@cache
def usable() -> tuple[Estimate, ...]:
    """Return every coefficient of the report that an extra cost can be computed from."""
    return tuple(_usable())


def _usable() -> Iterator[Estimate]:
    checked = checked_report()
    for cell in checked.printed.cells():
        one = checked.corrected(cell)
        facts, step = _facts_of(one)
        wrong = any(mark.reason is Reason.UNIT for mark in one.marks)
        if facts is not None and step is not None and not wrong:
            yield _estimate(one, facts, step)


def _facts_of(one: Corrected) -> tuple[OutcomeFacts | None, StepFacts | None]:
    key = one.cell.key
    outcome = checked_report().printed.by_id[key.table].column(key.model).outcome
    return outcomes().get(outcome), step_of(key.table, key.term)


def _estimate(one: Corrected, facts: OutcomeFacts, step: StepFacts) -> Estimate:
    return Estimate(
        value=float(one.coefficient),
        error=float(one.error),
        df=one.df,
        unit=facts.unit,
        base=facts.base,
        step=step.step,
        printed=one,
        inferred=step.inferred,
    )
