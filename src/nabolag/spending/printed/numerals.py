"""Numbers as they are printed: their digits kept, and how far rounding may have moved them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_STARS = re.compile(r"\*+$")
_FORM = re.compile(r"[-+]?(0|[1-9]\d*)?(\.\d+)?([eE][-+]?\d+)?")
_MINUS = ("\N{MINUS SIGN}", "\N{EN DASH}")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A printed number: its characters (decimal point) and what they say.

    `slack` is half of the last printed decimal, the most that rounding can have moved it.
    """

    text: str
    value: Decimal
    slack: Decimal

    @property
    def size(self) -> float:
        """The number without its sign."""
        return abs(float(self.value))

    @property
    def well_formed(self) -> bool:
        """False for digits nobody would print, as «005.86»."""
        return bool(_FORM.fullmatch(self.text))

    def shifted(self, power: int) -> Decimal:
        """Return the number times ten to a power, its digits kept."""
        return self.value.scaleb(power) if power else self.value


def numeral(text: str) -> Numeral:
    """Read «-0,0304», «2.07e-05» or «(0,0528)». Raises `ValueError` for anything else."""
    kept = text.strip().removeprefix("(").removesuffix(")").replace(",", ".")
    kept = kept.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    for sign in _MINUS:
        kept = kept.replace(sign, "-")
    try:
        value = Decimal(kept)
    except InvalidOperation as wrong:
        raise ValueError(text) from wrong
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(text)
    return Numeral(kept, value, Decimal(5).scaleb(exponent - 1))


def starred(text: str) -> tuple[str, int]:
    """Return a printed coefficient without its stars, and how many it had."""
    bare = text.strip()
    found = _STARS.search(bare)
    stars = len(found.group()) if found else 0
    return (bare[:-stars].strip() if stars else bare), stars
