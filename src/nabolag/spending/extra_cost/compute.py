"""Extra cost: a coefficient times a change times how many, with the coefficient's interval.

Every amount is a constant times the coefficient, so its interval is the coefficient's t (or
normal) interval times the same constant, without approximation. For the difference between two
coefficients of a table the covariance is not printed; the widths are added, which is the widest
the interval can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from nabolag.core import Finding, Lang, error, label
from nabolag.spending.extra_cost.estimate import INDICATORS, Estimate
from nabolag.spending.extra_cost.scenario import Scenario, noticed, refuse_other_base, steps
from nabolag.spending.printed import Reason, checked_report

_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Amount:
    """One result: its unit (`nok`, `positions`, …; `per` where it is per one of the base)."""

    unit: str
    value: float
    lower: float
    upper: float
    per: str = ""

    @property
    def certain(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.lower > 0 or self.upper < 0

    def times(self, scale: float, unit: str, per: str = "") -> Amount:
        """Return the amount times a constant, in another unit."""
        low, high = sorted((self.lower * scale, self.upper * scale))
        return Amount(unit, self.value * scale, low, high, per)


@dataclass(frozen=True, slots=True)
class ExtraCost:
    """What a change goes together with: amounts from the coefficient's own unit to kroner.

    `amounts` begin per one of the base and end with the last that can be converted. `level` is
    the outcome's level with the change. `caveats` are codes of `extra_cost.caveat` in the labels.
    """

    estimate: Estimate
    minus: Estimate | None
    scenario: Scenario
    steps: float
    amounts: tuple[Amount, ...]
    level: Amount | None
    caveats: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def last(self) -> Amount:
        """The amount that answers: the last conversion."""
        return self.amounts[-1]

    def caveat_words(self, lang: Lang) -> tuple[str, ...]:
        """Return what a reader must know, in words."""
        return tuple(label(f"extra_cost.caveat.{code}", lang) for code in self.caveats)

    def __add__(self, other: object) -> NoReturn:
        """Refuse: extra costs of several sectors or coefficients are never summed."""
        raise error("extra_cost_never_summed")

    __radd__ = __add__


def total(costs: Iterable[ExtraCost]) -> NoReturn:
    """Refuse to add up extra costs, and say why."""
    raise error("extra_cost_never_summed")


def extra_cost(estimate: Estimate, scenario: Scenario, minus: Estimate | None = None) -> ExtraCost:
    """Return what a change goes together with (forms A–D of the report's chapter 5.1).

    A: coefficient × change × population. B: with `minus`, the difference between two groups.
    C: a change in points, and hours converted to positions. D: `scenario.mean` plus the change.
    Raises `UserError` where change or population do not fit the coefficient.
    """
    refuse_other_base(estimate, scenario)
    if minus is not None:
        _refuse_unlike(estimate, minus)
    count = steps(estimate, scenario)
    scale = count * (_PER_CENT if estimate.unit == "share" else 1)
    each = _per_one(estimate, minus, scenario).times(scale, _unit_of_one(estimate), estimate.base)
    amounts = (each, *_converted(each, estimate, scenario))
    level = None
    if scenario.mean is not None:
        mean = scenario.mean * (_PER_CENT if estimate.unit == "share" else 1)
        ends = (mean + each.value, mean + each.lower, mean + each.upper)
        level = Amount(each.unit, *ends, each.per)
    caveats = tuple(_caveats(estimate, minus, scenario))
    told = noticed(estimate, scenario)
    return ExtraCost(estimate, minus, scenario, count, amounts, level, caveats, told)


def quantile(df: int | None, level: float) -> float:
    """Return how many standard errors each side of an interval is."""
    from scipy import stats  # noqa: PLC0415

    tail = (1 - level) / 2
    return float(stats.norm.isf(tail) if df is None else stats.t.isf(tail, df))


def _per_one(estimate: Estimate, minus: Estimate | None, scenario: Scenario) -> Amount:
    value = estimate.value - (minus.value if minus else 0.0)
    half = sum(
        quantile(one.df, scenario.level) * one.error for one in (estimate, minus) if one is not None
    )
    return Amount("", value, value - half, value + half)


def _unit_of_one(estimate: Estimate) -> str:
    if estimate.unit in ("percent", "share"):
        return "percentage_points"
    return {"positions_per_1000": "positions", "count_per_1000": "count"}.get(
        estimate.unit, estimate.unit
    )


def _converted(each: Amount, estimate: Estimate, scenario: Scenario) -> Iterator[Amount]:
    """Go from one of the base to all of them, and on to positions and kroner where declared."""
    n = scenario.population
    if n is None:
        return
    match estimate.unit:
        case "nok" | "count" | "hours":
            whole = each.times(n, estimate.unit)
        case "positions_per_1000" | "count_per_1000":
            whole = each.times(n / 1000, each.unit)
        case "percent_of_position":
            whole = each.times(n / _PER_CENT, "positions")
        case "percent" | "share":
            whole = each.times(n / _PER_CENT, "of_base", estimate.base)
    yield whole
    if whole.unit == "hours" and scenario.hours_per_position is not None:
        whole = whole.times(1 / scenario.hours_per_position, "positions")
        yield whole
    if whole.unit == "positions" and scenario.cost_per_position is not None:
        yield whole.times(scenario.cost_per_position, "nok")


def _refuse_unlike(estimate: Estimate, minus: Estimate) -> None:
    """Refuse a difference between coefficients that are not of one column of one table."""
    one, other = estimate.printed, minus.printed
    same = one is not None and other is not None and one.cell.key[:2] == other.cell.key[:2]
    if not same or estimate.step != "group" or minus.step != "group":
        raise error("extra_cost_minus", given=estimate.name or "–", minus=minus.name or "–")


def _caveats(estimate: Estimate, minus: Estimate | None, scenario: Scenario) -> Iterator[str]:
    yield "not_causal"
    column, printed = estimate.column, estimate.printed
    if column is not None and printed is not None:
        yield f"sample_{column.sample}"
        yield from _caveats_of_column(estimate)
        if any(mark.reason is Reason.SPLIT_SCALE for mark in printed.marks):
            yield "shared_by_inference"
        elif printed.changed:
            yield "corrected"
    if estimate.inferred:
        yield "step_inferred"
    if estimate.step == "group":
        yield "group" if minus is None else "group_difference"
    if estimate.unit == "nok":
        yield "prices" if printed is not None else "own_prices"
    if scenario.hours_per_position is not None and estimate.unit == "hours":
        yield "hours_declared"
    if scenario.cost_per_position is not None:
        yield "cost_declared"


def _caveats_of_column(estimate: Estimate) -> Iterator[str]:
    """Say whether the coefficient is one of several indicators, and how errors were made."""
    assert estimate.printed is not None  # noqa: S101 - narrowing
    key = estimate.printed.cell.key
    table = checked_report().printed.by_id[key.table]
    beside = {cell.key.term for cell in table.cells if cell.key.model == key.model}
    if key.term in INDICATORS:
        yield "joint" if len(beside & set(INDICATORS)) > 1 else "alone"
    column = table.column(key.model)
    if column.sample == "oslo":
        yield "few_districts"
