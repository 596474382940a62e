"""From exact shares to whole kroner, by a rule that is stated."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from nabolag.allocation.numbers import kroner, total

#: `largest_remainder`: everybody gets the whole kroner of their share, and what is left goes, one
#: krone each, to the largest remainders; the sum is the budget to the krone. `nearest`: each share
#: to its own nearest krone, as printed tables do; the sum may be off by some kroner.
Rounding: TypeAlias = Literal["largest_remainder", "nearest"]

#: Remainders are compared to the millionth of a krone, so that a spreadsheet, which does not
#: calculate exactly, makes the same order of them.
_MILLIONTH = 1_000_000


def rounded(shares: Sequence[Fraction], order: Sequence[str], rule: Rounding) -> tuple[int, ...]:
    """Return shares (kroner, none negative) as whole kroner.

    `order` are the units' ids: among equal remainders the first id in their order gets the krone,
    so that the order of the rows never decides. With `largest_remainder` the shares must add up to
    whole kroner; that is their budget.
    """
    if rule == "nearest":
        return tuple(kroner(share) for share in shares)
    budget = total(shares)
    if budget.denominator != 1:
        raise ValueError(f"shares must add up to whole kroner, not {budget}")
    millionths = [kroner(share * _MILLIONTH) for share in shares]
    floors = [one // _MILLIONTH for one in millionths]
    left = int(budget) - sum(floors)
    first = sorted(range(len(shares)), key=lambda i: (-(millionths[i] % _MILLIONTH), order[i]))
    for place in first[:left]:
        floors[place] += 1
    return tuple(floors)
