"""Months written as bits: bit 0 is January, so that 4095 is the whole year.

Read by remainder alone, since engines do not agree on what `&` means between numbers: what is
left after the later months are taken away reaches 2ⁿ if and only if month n + 1, or a later one
of those that are left, is set.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

MONTHS = range(1, 13)


def in_month(mask: nw.Expr, month: int) -> nw.Expr:
    """Tell whether a month (1–12) is set. Unknown gives unknown."""
    return in_any(mask, month, month)


def in_any(mask: nw.Expr, first: int, last: int) -> nw.Expr:
    """Tell whether any month from the first to the last (both 1–12) is set."""
    return mask % (1 << last) >= 1 << (first - 1)
