"""Housing allowance of one household, with every step of the computation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.rules import (
    HousingAllowanceTerms,
    allowance_cost,
    allowance_own_share,
    housing_allowance,
    within_allowance_limit,
)


@dataclass(frozen=True, slots=True)
class Steps:
    """Kroner a month. `band` is the place of the band of the own share that income falls in."""

    persons: int
    income: float
    housing_cost: float
    ceiling: float
    approved: float
    band: int
    own_share: float
    left: float
    paid_percent: float
    limit: float
    within: bool
    paid: float


def steps(persons: int, income: float, housing_cost: float, terms: HousingAllowanceTerms) -> Steps:
    """Return every step for one household. `persons` is one or more."""
    row = _answers([income], persons, housing_cost, terms).row(0, named=True)
    begun = [at for at, low in enumerate(terms.own_share_from) if income >= low]
    return Steps(
        persons=persons,
        income=income,
        housing_cost=housing_cost,
        ceiling=_entry(terms.cost_ceilings, persons),
        approved=row["approved"],
        band=begun[-1] if begun else 0,
        own_share=row["own_share"],
        left=row["approved"] - row["own_share"],
        paid_percent=terms.paid_percent,
        limit=_entry(terms.income_limits, persons),
        within=row["within"],
        paid=row["paid"],
    )


def along_income(
    incomes: Sequence[float], persons: int, housing_cost: float, terms: HousingAllowanceTerms
) -> list[float]:
    """Return what one household is paid a month at each income."""
    return _answers(incomes, persons, housing_cost, terms)["paid"].to_list()


def terms_of(plain: Mapping[str, Any]) -> HousingAllowanceTerms:
    """Return terms from the plain data that a release keeps of them."""
    known = {field.name for field in fields(HousingAllowanceTerms)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in plain.items()
        if name in known
    }
    return HousingAllowanceTerms(since=None, **given)


def _answers(
    incomes: Sequence[float], persons: int, housing_cost: float, terms: HousingAllowanceTerms
) -> pl.DataFrame:
    frame = pl.DataFrame({"income": incomes}, schema={"income": pl.Float64()}).with_columns(
        persons=pl.lit(persons), housing_cost=pl.lit(float(housing_cost))
    )
    cost, income, size = nw.col("housing_cost"), nw.col("income"), nw.col("persons")
    return (
        nw.from_native(frame, eager_only=True)
        .select(
            approved=allowance_cost(cost, size, terms),
            own_share=allowance_own_share(income, terms),
            within=within_allowance_limit(income, size, terms),
            paid=housing_allowance(cost, income, size, terms),
        )
        .to_native()
    )


def _entry(table: Sequence[float], persons: int) -> float:
    return table[min(persons, len(table)) - 1]
