"""No unit below what it is promised, and the way from today to a new model over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from nabolag.allocation.numbers import kroner, spaced, total
from nabolag.allocation.rounding import rounded
from nabolag.core import error


def raised_to(
    shares: Sequence[Fraction], least: Sequence[int], budget: int
) -> tuple[Fraction, ...]:
    """Return shares with nobody below `least`: max(least, λ · share), λ such that all is shared.

    The others pay in proportion to what they have. Raises `UserError` where the promises together
    are more than the budget.
    """
    if sum(least) > budget:
        short = spaced(sum(least) - budget)
        told = {"promised": spaced(sum(least)), "budget": spaced(budget), "short": short}
        raise error("allocation_guarantee_above", None, **told)
    held = {at for at, share in enumerate(shares) if not share}
    while True:
        bound = total(Fraction(least[at]) for at in held)
        free = total(share for at, share in enumerate(shares) if at not in held)
        scale = (budget - bound) / free if free else Fraction(0)
        below = {at for at, share in enumerate(shares)
                 if at not in held and share * scale < least[at]}  # fmt: skip
        if not below:
            break
        held |= below
    return _all_shared(shares, least, held, scale, budget)


def _all_shared(
    shares: Sequence[Fraction],
    least: Sequence[int],
    held: set[int],
    scale: Fraction,
    budget: int,
) -> tuple[Fraction, ...]:
    found = tuple(
        Fraction(least[at]) if at in held else share * scale for at, share in enumerate(shares)
    )
    over = budget - total(found)
    if over:  # everybody is held: what is left follows the promises
        whole = total(found)
        return tuple(one + over * one / whole for one in found)
    return found


@dataclass(frozen=True, slots=True)
class Transition:
    """The way from today to a model: `years` rows of whole kroner, the last the model's own."""

    ids: tuple[str, ...]
    years: tuple[tuple[int, ...], ...]
    budgets: tuple[int, ...]

    @property
    def table(self) -> pl.DataFrame:
        """One row a unit and year."""
        rows = [
            {"unit": unit, "year": year, "kroner": amount}
            for year, amounts in enumerate(self.years, start=1)
            for unit, amount in zip(self.ids, amounts, strict=True)
        ]
        return pl.DataFrame(rows, schema={"unit": pl.String, "year": pl.Int64, "kroner": pl.Int64})


def transition(
    ids: Sequence[str], today: Sequence[int | None], target: Sequence[int], years: int
) -> Transition:
    """Return equal steps from today to a target over `years`, each year's sum kept to the krone.

    A year's budget lies as far between the two sums, in whole kroner. Raises `UserError` for a unit
    without an amount today, and for fewer years than one.
    """
    if years < 1:
        raise error("allocation_years", given=years)
    lost = [unit for unit, has in zip(ids, today, strict=True) if has is None]
    if lost:
        raise error("allocation_guarantee_without_today", units=", ".join(lost[:8]), n=len(lost))
    start = [has or 0 for has in today]
    rows, budgets = [], []
    for year in range(1, years + 1):
        way = Fraction(year, years)
        exact = [a + (b - a) * way for a, b in zip(start, target, strict=True)]
        budget = kroner(total(exact))
        rows.append(rounded(_summing_to(exact, budget), list(ids), "largest_remainder"))
        budgets.append(budget)
    return Transition(tuple(ids), tuple(rows), tuple(budgets))


def _summing_to(amounts: Sequence[Fraction], budget: int) -> tuple[Fraction, ...]:
    """Return amounts scaled by less than a krone in all, so that they add up to whole kroner."""
    whole = total(amounts)
    if whole == budget or not whole:
        return tuple(amounts)
    return tuple(amount * budget / whole for amount in amounts)
