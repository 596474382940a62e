"""Coefficients as the report prints them, and as a sentence says them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from nabolag.core import Lang, has_label, label
from nabolag.publish.numbers import format_number
from nabolag.spending import Variable, variables
from nabolag.spending.spec import TIMES

_DIGITS: Final = 3
#: Below this a number is written with a power of ten, and from this on without decimals.
_TINY, _LARGE = 1e-4, 1_000.0
_MOST_DECIMALS: Final = 6
_UP: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def format_coefficient(value: float, lang: Lang) -> str:
    """Return three significant digits: «−0,0304», «2,07·10⁻⁵», «−160 304»."""
    size = abs(value)
    if not size:
        return format_number(0.0, lang, 0)
    if size >= _LARGE:
        return format_number(value, lang, 0)
    power = math.floor(math.log10(size))
    if size < _TINY:
        head = format_number(value / 10**power, lang, _DIGITS - 1)
        return f"{head}·10{str(power).translate(_UP)}"
    decimals = min(max(0, _DIGITS - 1 - power), _MOST_DECIMALS)
    return format_number(value, lang, decimals)


def with_stars(value: float, stars: int, lang: Lang) -> str:
    """Return a coefficient with its stars."""
    return f"{format_coefficient(value, lang)}{'*' * stars}"


def format_p(p: float, lang: Lang) -> str:
    """Return a p-value: «0,03», «under 0,001»."""
    if p < 0.001:
        return label("spending.under", lang, number=format_number(0.001, lang, 3))
    return format_number(p, lang, 3 if p < 0.1 else 2)


@dataclass(frozen=True, slots=True)
class Step:
    """How a term is moved in a sentence, and what a coefficient is multiplied by for it."""

    words: str
    times: float


def step_of(term: str, lang: Lang) -> Step | None:
    """Return how a term is moved by one; nothing for a product and for a yes or no."""
    variable = _variable(term)
    if TIMES in term or (variable is not None and variable.scale == "flag"):
        return None
    scale = variable.scale if variable else "amount"
    if scale in ("per_cent", "fraction"):
        return Step(label("spending.step.point", lang), 0.01 if scale == "fraction" else 1.0)
    key = f"spending.step.{variable.unit}" if variable and variable.unit else ""
    return Step(label(key if key and has_label(key) else "spending.step.one", lang), 1.0)


def amount_of(value: float, outcome: str, lang: Lang) -> str:
    """Return a size in the outcome's unit: «1 230 kr», «4,8 prosentpoeng»."""
    variable = _variable(outcome)
    size = abs(value)
    if variable is not None and (
        variable.scale in ("per_cent", "fraction") or outcome == "norm_met"
    ):
        points = size if variable.scale == "per_cent" else 100 * size
        return label("spending.amount.points", lang, number=_plain(points, lang))
    unit = variable.unit if variable else ""
    key = f"spending.amount.{unit}"
    number = _plain(size, lang)
    return label(key, lang, number=number) if unit and has_label(key) else number


def _plain(size: float, lang: Lang) -> str:
    """Return two or three digits that a person reads: «0,48», «12,3», «1 230»."""
    if size >= 100:
        return format_number(size, lang, 0)
    if size >= 10:
        return format_number(size, lang, 1)
    return (
        format_number(size, lang, 2) if size >= 0.01 or not size else format_coefficient(size, lang)
    )


def _variable(name: str) -> Variable | None:
    return variables().get(name)
