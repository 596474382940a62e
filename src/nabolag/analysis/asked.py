"""What an analysis is asked about: which indicators and periods, checked, and their figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import polars as pl
from pydantic import AfterValidator

from nabolag.analysis.periods import step
from nabolag.core import (
    Finding,
    Indicator,
    Kind,
    Level,
    Period,
    Severity,
    Worse,
    raise_errors,
)
from nabolag.store.statuses import without_numbers


def _a_period(text: str) -> str:
    Period.parse(text)
    return text


#: A period as it is written, and the same where none may be given.
PeriodText: TypeAlias = Annotated[str, AfterValidator(_a_period)]
PeriodOrNone: TypeAlias = Annotated[str, AfterValidator(lambda text: text and _a_period(text))]


def refuse_twice(key: str, named: Sequence[Any]) -> None:
    """Raise `ValueError` where what stands under a key names something more than once."""
    if len(set(named)) != len(named):
        raise ValueError(f"something in {key} is named twice")


def refuse_unknown(
    analysis: str,
    indicators: Iterable[str],
    catalogue: Mapping[str, Indicator],
    *,
    background: bool,
) -> None:
    """Raise `UserError` for indicators that are unknown, or background where that is not allowed.

    Background is described, never an input to what orders or judges areas.
    """
    problems = {iid: _problem(catalogue.get(iid), background) for iid in indicators}
    raise_errors(
        Finding(code, Severity.ERROR, params={"indicator": iid, "id": analysis})
        for iid, code in problems.items()
        if code
    )


def _problem(indicator: Indicator | None, background: bool) -> str:
    if indicator is None:
        return "analysis_unknown_indicator"
    if indicator.kind is Kind.BACKGROUND and not background:
        return "analysis_background"
    return ""


def refuse_undirected(
    analysis: str, indicators: Iterable[str], catalogue: Mapping[str, Indicator]
) -> None:
    """Raise `UserError` for known indicators of which neither high nor low is a challenge."""
    raise_errors(
        Finding("analysis_no_direction", Severity.ERROR, params={"indicator": iid, "id": analysis})
        for iid in indicators
        if catalogue[iid].worse is Worse.NEITHER
    )


def figures_of(observations: pl.DataFrame, indicator: str, level: Level) -> pl.DataFrame:
    """Return the figures about everybody at a level, with no number under a status without one."""
    rows = observations.filter(
        pl.col("level") == level.value, pl.col("indicator") == indicator, pl.col("group") == ""
    )
    return without_numbers(rows)


def in_time_order(periods: Iterable[str]) -> list[str]:
    """Return periods of each kind in time order."""
    return sorted(set(periods), key=lambda text: step(Period.parse(text)))


def periods_of(figures: pl.DataFrame, asked: Sequence[str]) -> list[str]:
    """Return the periods asked for that have figures; not asked: the latest with a number."""
    held = in_time_order(figures.drop_nulls("value")["period"])
    if asked:
        return [period for period in asked if period in held]
    return [_last(held)] if held else []


def latest_with(figures: pl.DataFrame, indicators: int) -> str:
    """Return the last period in which so many indicators have a number; empty where none has."""
    told = figures.drop_nulls("value").group_by("period").agg(pl.col("indicator").n_unique())
    enough = told.filter(pl.col("indicator") >= indicators)["period"].to_list()
    return _last(enough) if enough else ""


def _last(periods: Iterable[str]) -> str:
    """Return the period that ends last, whatever their kinds."""
    return max(periods, key=lambda text: (Period.parse(text).end, step(Period.parse(text))))
