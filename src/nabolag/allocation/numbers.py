"""Exact numbers: kroner are integers, weights and needs are fractions, and no float decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, PlainSerializer

_SPACES = re.compile(r"[\s\u00a0\u202f]")


def exact(value: Any) -> Fraction:
    """Return a number as the decimal it is written as. Raises `ValueError` for what is none.

    A float stands for the shortest decimal that is read back as the same float, so 0.1 is a tenth.
    """
    if isinstance(value, bool):
        raise ValueError("a number is expected")
    if isinstance(value, Fraction):
        return value
    if isinstance(value, float):
        value = repr(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation as wrong:
        raise ValueError("a number is expected") from wrong
    if not number.is_finite():
        raise ValueError("a number is expected")
    return Fraction(number)


def read_number(text: str, decimal: str = "", thousands: str = "") -> Fraction | None:
    """Read a number, spaces between its thousands allowed; nothing for what is no number.

    `decimal` is the sign before decimals, both comma and point where it is empty. `thousands` is
    the sign between thousands, beside spaces.
    """
    plain = _SPACES.sub("", text).replace("\N{MINUS SIGN}", "-")
    if thousands:
        plain = plain.replace(thousands, "")
    other = {",": ".", ".": ","}.get(decimal, "")
    if other and other in plain:
        return None
    try:
        return exact(plain.replace(",", "."))
    except ValueError:
        return None


def could_be_thousands(text: str) -> bool:
    """Tell whether what looks like three decimals could as well be a group of thousands."""
    return re.fullmatch(r"\d{1,3}[.,]\d{3}", _SPACES.sub("", text)) is not None


def kroner(value: Fraction) -> int:
    """Return the nearest whole number of kroner, halves upwards."""
    return (value * 2 + 1) // 2


def whole(value: Fraction) -> bool:
    """Tell whether a number has no decimals."""
    return value.denominator == 1


def written(value: Fraction) -> str:
    """Return a number as the shortest decimal for configuration and addresses."""
    return f"{value.numerator}" if whole(value) else repr(float(value))


def spaced(value: Fraction | int) -> str:
    """Return kroner as messages write them, thousands apart: 10 000 000."""
    number = Fraction(value)
    return f"{int(number):,}".replace(",", "\u00a0") if whole(number) else written(number)


def total(values: Iterable[Fraction]) -> Fraction:
    """Add numbers without loss."""
    return sum(values, Fraction(0))


#: A number of a specification, kept as the decimal that was written.
Exact: TypeAlias = Annotated[
    Fraction, BeforeValidator(exact), PlainSerializer(float, return_type=float)
]
