"""Months written as bits: bit 0 is January, so that 4095 is the whole year.

Read by division alone, since engines do not agree on what `&` means between numbers.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from nabolag.rules.unknown import total

MONTHS = range(1, 13)


def in_month(mask: nw.Expr, month: int) -> nw.Expr:
    """Tell whether a month (1–12) is set. Unknown gives unknown."""
    return mask // (1 << month - 1) % 2 == 1


def in_any(mask: nw.Expr, first: int, last: int) -> nw.Expr:
    """Tell whether any month from the first to the last (both 1–12) is set."""
    return mask // (1 << first - 1) % (1 << last - first + 1) > 0


def count(mask: nw.Expr) -> nw.Expr:
    """Count the months that are set."""
    return total([mask // (1 << month - 1) % 2 for month in MONTHS])
