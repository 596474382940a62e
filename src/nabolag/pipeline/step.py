"""How a long run tells how far it has come."""

from __future__ import annotations

from typing import Protocol


class Step(Protocol):
    """Called with the name of the step, how much is done and how much there is."""

    def __call__(self, key: str, done: int, total: int) -> None:
        """Report progress."""


def no_progress(key: str, done: int, total: int) -> None:
    """Tell nobody."""


#: How many steps a build has after its deliveries are read.
BUILD_STEPS = 5
