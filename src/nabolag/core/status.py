"""The status of a figure. A status is not a zero."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from nabolag.core.text import Text, label_text


class Status(StrEnum):
    """Whether a figure is a number, and if not, why not.

    `UNRELIABLE` carries a number that must be shown with a warning; every other status
    than `VALUE` and `UNRELIABLE` carries none.
    """

    VALUE = "value"
    UNRELIABLE = "unreliable"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    SUPPRESSED_RULE = "suppressed_rule"
    SUPPRESSED_SECONDARY = "suppressed_secondary"
    SUPPRESSED_PRIMARY = "suppressed_primary"

    @property
    def has_value(self) -> bool:
        """True where a number stands behind the status."""
        return self in (Status.VALUE, Status.UNRELIABLE)

    @property
    def is_suppressed(self) -> bool:
        """True where a number exists but is hidden."""
        return self.value.startswith("suppressed")

    @property
    def rank(self) -> int:
        """Strength when figures meet: the strongest status wins."""
        return _RANK[self]

    @property
    def label(self) -> Text:
        """The status in words."""
        return label_text(f"status.{self.value}")


_RANK = {status: rank for rank, status in enumerate(Status)}
SUPPRESSED: tuple[Status, ...] = tuple(s for s in Status if s.is_suppressed)
WITH_VALUE: tuple[Status, ...] = tuple(s for s in Status if s.has_value)


def combine(statuses: Iterable[Status]) -> Status:
    """Return the status of a figure made of several: the strongest of theirs.

    Commutative, associative and idempotent, with `VALUE` as the neutral element, so the
    order in which figures are added can never change whether the sum may be shown.
    """
    return max(statuses, key=lambda s: s.rank, default=Status.VALUE)
