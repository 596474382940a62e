"""Kroner as whole øre, so that sums are exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in Norwegian kroner, held as whole øre (1 krone = 100 øre)."""

    ore: int

    @classmethod
    def kroner(cls, amount: Decimal | int | str) -> Money:
        """Build from kroner. A float is refused: 0.1 is not a tenth of a krone."""
        if isinstance(amount, float):
            raise TypeError("give kroner as int, str or Decimal, not float")
        ore = (Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return cls(int(ore))

    def __add__(self, other: Money) -> Money:
        """Add two amounts."""
        return Money(self.ore + other.ore)

    def __sub__(self, other: Money) -> Money:
        """Subtract an amount."""
        return Money(self.ore - other.ore)

    @property
    def in_kroner(self) -> Decimal:
        """The amount in kroner."""
        return Decimal(self.ore) / 100
