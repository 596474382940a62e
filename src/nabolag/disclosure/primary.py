"""The thresholds of a rule as an expression: which figures say too much about few people."""

from __future__ import annotations

from typing import Final

import polars as pl

from nabolag.core import Indicator, Unit, Worse
from nabolag.disclosure.rules import DisclosureRule

#: The columns that a hidden figure loses.
NUMBERS: Final = ("value", "numerator", "denominator", "lower", "upper")


def primary_reason(indicator: Indicator, rule: DisclosureRule) -> pl.Expr:
    """Return the reason to hide a figure, null where there is none; the first that holds.

    An expression over the columns of `OBSERVATIONS`, such as `numerator<5`.
    """
    if not rule.about_people:
        return pl.lit(None, pl.String)
    zero_numerator, zero_complement = _zeros_hidden(indicator, rule)
    counted = everybody(indicator)
    checks: list[tuple[pl.Expr, str]] = []
    if indicator.unit is Unit.COUNT:
        checks.append(_below(pl.col("value"), rule.numerator, rule.zero == "hide", "numerator"))
    if indicator.unit in (Unit.SHARE, Unit.RATE):
        checks.append(_below(pl.col("numerator"), rule.numerator, zero_numerator, "numerator"))
    if indicator.unit is Unit.SHARE:
        rest = counted - pl.col("numerator")
        checks.append(_below(rest, rule.complement, zero_complement, "complement"))
    checks.append(_below(counted, rule.denominator, True, "denominator"))
    reasons = [
        pl.when(holds.fill_null(value=False)).then(pl.lit(text)).otherwise(None)
        for holds, text in checks
    ]
    return pl.coalesce(reasons)


def everybody(indicator: Indicator) -> pl.Expr:
    """Return the denominator, worked out of share and numerator where the file lacks it.

    Anybody can do that division, so the thresholds must hold for its result as well.
    """
    if indicator.unit is not Unit.SHARE:
        return pl.col("denominator")
    implied = pl.when(pl.col("value") > 0).then(pl.col("numerator") / pl.col("value"))
    return pl.coalesce("denominator", implied)


def _below(count: pl.Expr, threshold: int, zero_too: bool, name: str) -> tuple[pl.Expr, str]:
    """Tell where a count is below its threshold. A count never runs below a hair under zero."""
    if threshold == 0:
        return pl.lit(value=False), ""
    low = count < threshold
    return (low if zero_too else low & (count != 0)), f"{name}<{threshold}"


def _zeros_hidden(indicator: Indicator, rule: DisclosureRule) -> tuple[bool, bool]:
    """Tell whether an exact zero is hidden, for the numerator and for the complement."""
    if rule.zero != "by_direction":
        return (rule.zero == "hide",) * 2
    return indicator.worse is not Worse.HIGH, indicator.worse is not Worse.LOW
