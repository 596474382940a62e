"""What a change of housing allowance does: household by household, then by area and size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals.stable.v2 as nw
import polars as pl

from nabolag.allocation.housing_allowance.spec import Reform
from nabolag.core import error
from nabolag.rules import HousingAllowanceTerms, housing_allowance, within_allowance_limit

#: What is simulated: one row a household. `income` and `housing_cost` are kroner a month; `group`
#: is the area it is counted in.
HOUSEHOLDS: Final[dict[str, pl.DataType]] = {
    "group": pl.String(),
    "persons": pl.Int16(),
    "income": pl.Float64(),
    "housing_cost": pl.Float64(),
}
#: One row an area and size of household. `households` are all of the size; `unknown` those whose
#: income is not known, which are in none of the others. `old` and `new` are households within the
#: income limits, `added` those that come within. `get_old` and `get_new` have a known housing cost
#: and are paid something; `paid_old` and `paid_new` are kroner a year.
COUNTS: Final[dict[str, pl.DataType]] = {
    "group": pl.String(),
    "size": pl.Int16(),
    "households": pl.Int64(),
    "unknown": pl.Int64(),
    "old": pl.Int64(),
    "added": pl.Int64(),
    "new": pl.Int64(),
    "get_old": pl.Int64(),
    "get_new": pl.Int64(),
    "paid_old": pl.Float64(),
    "paid_new": pl.Float64(),
}
_MONTHS: Final = 12
#: The highest raise that is tried, in tenths of a percentage point.
_MOST_STEPS: Final = 5000


def simulate(
    households: pl.DataFrame | pl.LazyFrame,
    before: HousingAllowanceTerms,
    after: HousingAllowanceTerms,
) -> pl.DataFrame:
    """Return counts by area and household size under the terms before and after (`COUNTS`).

    A household within the old limit and not within the new would be a loser: reforms here only
    raise limits, so there is none, and `added` is `new` less `old`.
    """
    frame = nw.from_native(households.lazy())
    cost, income, persons = nw.col("housing_cost"), nw.col("income"), nw.col("persons")
    answered = frame.with_columns(
        within_old=within_allowance_limit(income, persons, before),
        within_new=within_allowance_limit(income, persons, after),
        month_old=housing_allowance(cost, income, persons, before),
        month_new=housing_allowance(cost, income, persons, after),
    ).to_native()
    counted = answered.group_by("group", size=pl.col("persons")).agg(
        households=pl.len().cast(pl.Int64),
        unknown=pl.col("within_old").is_null().sum().cast(pl.Int64),
        old=pl.col("within_old").sum().cast(pl.Int64),
        new=pl.col("within_new").sum().cast(pl.Int64),
        get_old=(pl.col("month_old") > 0).sum().cast(pl.Int64),
        get_new=(pl.col("month_new") > 0).sum().cast(pl.Int64),
        paid_old=pl.col("month_old").sum() * _MONTHS,
        paid_new=pl.col("month_new").sum() * _MONTHS,
    )
    made = counted.with_columns(added=pl.col("new") - pl.col("old")).select(list(COUNTS))
    return made.sort("group", "size").collect()


def raised_for(
    households: pl.DataFrame, before: HousingAllowanceTerms, reform: Reform
) -> tuple[Reform, float]:
    """Return a reform whose raise of the income limit costs at most its budget, and what it costs.

    The raise is in tenths of a percentage point, up to five times the limit: the highest at which
    what is paid more in a year is within the budget. Everything else the reform changes is paid
    first. Raises `UserError` where that alone costs more.
    """
    budget, largest = reform.budget or 0.0, int(households["persons"].max() or 1)  # type: ignore[arg-type]

    def cost(steps: int) -> float:
        tried = reform.model_copy(update={"income_limit_raise": steps / 1000, "budget": None})
        found = simulate(households, before, tried.applied(before, largest))
        return float((found["paid_new"] - found["paid_old"]).sum())

    if cost(0) > budget:
        raise error("allowance_budget_too_small", budget=round(budget), least=round(cost(0)))
    low, high = 0, _MOST_STEPS
    if cost(high) <= budget:
        low = high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if cost(middle) <= budget else (low, middle)
    solved = reform.model_copy(update={"income_limit_raise": low / 1000, "budget": None})
    return solved, cost(low)


def of_sizes(counts: pl.DataFrame, sizes: Sequence[int]) -> pl.DataFrame:
    """Return the sizes that are asked for, by area, and their sum as size null.

    Where nobody lives in a household of a size, every count of it is 0.
    """
    place = [name for name in ("group", "level", "area") if name in counts.columns]
    asked = pl.DataFrame({"size": list(sizes)}, schema={"size": pl.Int16})
    every_place = counts.select(place).unique(maintain_order=True).join(asked, how="cross")
    chosen = (
        every_place.join(counts, on=[*place, "size"], how="left")
        .with_columns(pl.all().exclude(*place, "size").fill_null(0))
        .select(counts.columns)
    )
    whole = chosen.group_by(place).agg(pl.all().exclude("size").sum())
    every = whole.with_columns(size=pl.lit(None, pl.Int16)).select(counts.columns)
    return pl.concat([chosen, every]).sort(*place, "size", nulls_last=True)


def percent_more(old: float | None, new: float | None) -> float | None:
    """Return by how many per cent `new` is more than `old` (table B12); null of nothing."""
    if old is None or new is None or old <= 0:
        return None
    return (new - old) / old * 100
