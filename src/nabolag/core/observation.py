"""One figure about one place, and the arithmetic that respects its status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nabolag.core.status import Status, combine


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or the reason why there is none.

    Raises `ValueError` for a number without a status that allows it, and the reverse: a
    hidden figure that still carries its number is a leak waiting to happen.
    """

    value: float | None
    status: Status = Status.VALUE

    def __post_init__(self) -> None:
        """Keep value and status consistent."""
        if self.status.has_value != (self.value is not None):
            raise ValueError(f"status {self.status.value} cannot stand with value {self.value!r}")

    @classmethod
    def absent(cls, status: Status) -> Figure:
        """Return a figure without a number."""
        return cls(None, status)

    def __add__(self, other: Figure) -> Figure:
        """Add; the stronger status wins."""
        return add((self, other))

    def __sub__(self, other: Figure) -> Figure:
        """Subtract; the stronger status wins."""
        status = combine((self.status, other.status))
        if self.value is None or other.value is None:
            return Figure(None, status)
        return Figure(self.value - other.value, status)


ZERO = Figure(0.0)


def add(figures: Iterable[Figure]) -> Figure:
    """Sum figures. One hidden, missing or inapplicable part makes the sum so.

    The sum of no figures is a known zero.
    """
    parts = tuple(figures)
    status = combine(part.status for part in parts)
    if not status.has_value:
        return Figure(None, status)
    return Figure(float(sum(part.value for part in parts if part.value is not None)), status)


def ratio(numerator: Figure, denominator: Figure) -> Figure:
    """Divide. Nobody to count among (denominator 0) is `NOT_APPLICABLE`, never 0."""
    status = combine((numerator.status, denominator.status))
    if numerator.value is None or denominator.value is None:
        return Figure(None, status)
    if denominator.value == 0:
        return Figure(None, Status.NOT_APPLICABLE)
    return Figure(numerator.value / denominator.value, status)


@dataclass(frozen=True, slots=True)
class Share:
    """Numerator and denominator kept together, so that shares are re-aggregated honestly."""

    numerator: Figure
    denominator: Figure

    @property
    def value(self) -> Figure:
        """The share as a fraction of 1."""
        return ratio(self.numerator, self.denominator)

    def __add__(self, other: Share) -> Share:
        """Merge two groups of people: add above and below the line, then divide."""
        return Share(self.numerator + other.numerator, self.denominator + other.denominator)


def pool(shares: Iterable[Share]) -> Share:
    """Re-aggregate shares from their numerators and denominators. Never a mean of means."""
    parts = tuple(shares)
    return Share(add(p.numerator for p in parts), add(p.denominator for p in parts))
