"""Amounts of money in words: the same on every page about money."""

from __future__ import annotations

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_number

_MILLION = 1_000_000


def kroner(amount: float, lang: Lang, decimals: int = 0) -> str:
    """Return «38 000 kroner», however much it is."""
    return label("money.kroner", lang, number=format_number(amount, lang, decimals))


def short_kroner(amount: float, lang: Lang) -> str:
    """Return an amount in words: millions with one decimal from one million, else kroner."""
    if abs(amount) < _MILLION:
        return kroner(amount, lang)
    return label("money.millions", lang, number=format_number(amount / _MILLION, lang, 1))
